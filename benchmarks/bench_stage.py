"""Graphs of any size: how long a layout takes, how smoothly steps play, how soon 10,000 operations are open.

Measured in a real Chromium on what a real server recorded, next to the figures asked. Frame times are the distances
between animation frames while the page plays a step with its animation; Chromium draws without a graphics card here.
"""

import statistics
import time

import httpx
from playwright.sync_api import Browser, Page

from benchmarks.bench_page import wait_for_step
from benchmarks.serving import serving
from tests.e2e.chromium import chromium
from tests.e2e.networks import chain

LOADS = 5
STEPS = 12
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

FRAMES = """count => new Promise(resolve => {
  const times = []
  let before = performance.now()
  const tick = now => {
    times.push(now - before)
    before = now
    times.length < count ? requestAnimationFrame(tick) : resolve(times.slice(1))
  }
  requestAnimationFrame(tick)
})"""


def main() -> None:
    """Starts a real server and a real browser, and prints the figures."""
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
        print(f"unfolding to {shown} visible nodes, laid out and drawn{limit}: {spread(times)}", flush=True)
        frames = stepping(page)
        print(f"frames while stepping at {shown} visible nodes  (asked: 16.7 ms at 300): {spread(frames)}", flush=True)


def stepping(page: Page) -> list[float]:
    """Milliseconds between frames while steps play one after the other, at the start and in the backward pass."""
    frames: list[float] = []
    for _ in range(STEPS):
        page.keyboard.press("ArrowRight")
        frames += page.evaluate(FRAMES, 36)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(1500)
    for _ in range(STEPS):
        page.keyboard.press("ArrowRight")
        frames += page.evaluate(FRAMES, 36)
    return frames


def bench_opening(browser: Browser, address: str) -> None:
    """From navigation to the answer to an arrow key, with an empty cache."""
    url = recording(address, chain(10_000))
    times, frames = [], list[float]()
    for _ in range(LOADS):
        with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
            page = context.new_page()
            began = time.perf_counter()
            page.goto(url, wait_until="commit")
            wait_for_step(page, 1)
            page.keyboard.press("ArrowRight")
            wait_for_step(page, 2)
            times.append((time.perf_counter() - began) * 1000)
            frames = stepping(page)
    print(f"frames while stepping in a program of 10,000 operations  (asked: 16.7 ms): {spread(frames)}")
    print(f"opening a program of 10,000 operations until → has stepped  (asked: 2000 ms): {spread(times)}")


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


if __name__ == "__main__":
    main()
