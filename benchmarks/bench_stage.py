"""Graphs of any size: how long a layout takes, how soon a program is open, how smoothly steps play.

Measured in a real Chromium on what a real server recorded, next to the figures asked. Chromium draws without a
graphics card here: it fills every pixel on the processor, which other programs share. So three figures stand beside the
distance between two frames: what the page's own scripts take of the processor in each, with the layouts that they ask
for; what the browser takes on the same thread to lay out and to paint; and what it takes on others to fill the pixels,
which is a graphics card's work elsewhere.
"""

import os
import statistics
import time
from collections.abc import Callable

import httpx
from playwright.sync_api import Browser, Page

from benchmarks.bench_page import wait_for_step
from benchmarks.frame_costs import FrameCosts, traced
from benchmarks.serving import serving
from tests.e2e.chromium import chromium
from tests.e2e.networks import chain

LOADS = 5
STEPS = 10
FRAME = 16.7
"""Milliseconds."""
LATE = FRAME + 1
"""Two frames are 16.6 to 16.8 ms apart, 33.3 where one was left out."""
WIDE = """import torch
w = torch.tensor(0.5, requires_grad=True)
x = torch.tensor(1.0)
for i in range({turns}):
    y = torch.tanh(x * w)
    x = x + y
loss = x.square()
loss.backward()
"""
# visible nodes, and how long their layout may take: milliseconds; null where nothing is asked
SIZES = ((30, None), (300, 200), (1000, 1000))

LAYOUT_TIME = """stage => new Promise(resolve => {
  const canvas = stage.shadowRoot.querySelector('g.canvas')
  const began = performance.now()
  const watch = new MutationObserver(() => {
    if (canvas.querySelectorAll('g.closed-room').length > 0) return
    watch.disconnect()
    resolve([performance.now() - began, canvas.querySelectorAll('g.node').length])
  })
  watch.observe(canvas, { childList: true, subtree: true })
  stage.toggleAll()
})"""

FRAMES = """milliseconds => new Promise(resolve => {
  const times = []
  const began = performance.now()
  let before = null
  const tick = now => {
    if (before !== null) times.push(now - before)
    before = now
    now - began < milliseconds ? requestAnimationFrame(tick) : resolve(times)
  }
  requestAnimationFrame(tick)
})"""
STEP_MS = 650
"""A step with its animation."""


def main() -> None:
    """Starts a real server and a real browser, and prints the figures."""
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; Chromium draws in software")
    with serving() as address, chromium() as browser:
        for visible, asked in SIZES:
            bench_size(browser, address, visible, asked)
        bench_opening(browser, address)


def bench_size(browser: Browser, address: str, visible: int, asked: int | None) -> None:
    """A loop of three operations a turn, all of it unfolded."""
    url = recording(address, WIDE.format(turns=(visible - 3) // 3))
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        page = context.new_page()
        page.goto(url)
        wait_for_step(page, 1)
        times, shown = [], 0
        for _ in range(LOADS):
            page.locator("gw-stage").evaluate("stage => { stage.open = [] }")
            if page.locator("g.closed-room").count() == 0 and visible > 30:
                page.locator("g.closed-room").first.wait_for()
            taken, shown = page.locator("gw-stage").evaluate(LAYOUT_TIME)
            times.append(taken)
        limit = f"  (asked: {asked} ms)" if asked else ""
        print(f"{shown} visible nodes")
        print(f"  unfolded, laid out and drawn{limit}: {spread(times)}", flush=True)
        opened = [opening(browser, url, unfolded=True) for _ in range(LOADS)]
        print(f"  opened and unfolded, until → has stepped: {spread(opened)}", flush=True)
        print_stepping(browser, page)


def opening(browser: Browser, url: str, unfolded: bool = False) -> float:
    """Milliseconds from navigation, with an empty cache, until → has stepped, if asked with all nodes in sight."""
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        wait_for_step(page, 1)
        if unfolded and page.locator("g.closed-room").count() > 0:
            page.locator("gw-stage").evaluate(LAYOUT_TIME)
        page.keyboard.press("ArrowRight")
        wait_for_step(page, 2)
        return (time.perf_counter() - began) * 1000


def print_stepping(browser: Browser, page: Page) -> None:
    """Steps with the animations as a reader sees them: → in the forward and in the backward pass, and ← back again."""
    page.keyboard.press("Home")
    page.wait_for_timeout(1000)
    print_frames("→ forward pass", browser, page, lambda: steps(page, "ArrowRight"))
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(1500)
    print_frames("→ backward pass", browser, page, lambda: steps(page, "ArrowRight"))
    print_frames("← back", browser, page, lambda: steps(page, "ArrowLeft"))


def steps(page: Page, key: str) -> list[float]:
    """Milliseconds between frames while one step after the other plays."""
    frames: list[float] = []
    for _ in range(STEPS):
        page.keyboard.press(key)
        frames += page.evaluate(FRAMES, STEP_MS)
    return frames


def print_frames(name: str, browser: Browser, page: Page, work: Callable[[], list[float]]) -> None:
    """Prints how far the frames are apart while `work` is done, and what each costs."""
    frames, costs = traced(browser, page, work)
    print(f"  {name}, between two frames  (asked: {FRAME} ms at 300): {spread(frames)}, {share(frames, LATE)} late")
    for what, times in shown_costs(costs):
        print(f"    {what}: {spread(times)}, {share(times, FRAME)} over {FRAME} ms", flush=True)


def shown_costs(costs: FrameCosts) -> list[tuple[str, list[float]]]:
    """With names."""
    return [
        ("the page's scripts in each", costs.script),
        ("and the browser's layout and painting", costs.painting),
        ("and filling pixels, on other threads", costs.raster),
    ]


def bench_opening(browser: Browser, address: str) -> None:
    """A long program."""
    url = recording(address, chain(10_000))
    times = [opening(browser, url) for _ in range(LOADS)]
    print("10,000 operations")
    print(f"  opened, until → has stepped  (asked: 2000 ms): {spread(times)}", flush=True)
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        page = context.new_page()
        page.goto(url)
        wait_for_step(page, 1)
        print_stepping(browser, page)


def recording(address: str, source: str) -> str:
    """Runs a program on the server; where its recording is shown."""
    answer = httpx.post(f"{address}/api/v1/runs", json={"source": source, "seed": 0, "overrides": []}, timeout=120)
    answer.raise_for_status()
    return f"{address}/s/{answer.json()['snapshot']}"


def spread(times: list[float]) -> str:
    """In words."""
    ordered = sorted(times)
    slow = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    median = statistics.median(times)
    return f"median {median:.1f} ms, 95 % within {slow:.1f} ms, longest {ordered[-1]:.1f} ms, {len(times)} times"


def share(times: list[float], limit: float) -> str:
    """How many of them are longer."""
    return f"{100 * sum(one > limit for one in times) / len(times):.1f} %"


if __name__ == "__main__":
    main()
