"""Makes the screenshots in this folder again: python -m docs.screenshots, after make build.

python -m docs.screenshots --walk   only the moving picture of the README
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image, ImageChops
from playwright.sync_api import Browser

from benchmarks.serving import serving
from tests.e2e.chromium import chromium

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Shot:
    """Where a shot is taken: a lesson's address, or a program of `programs` and the place in its snapshot. `key`: is
    pressed there, or the `button` of this name, until `shows` is on the page.
    """

    place: str
    key: str = ""
    button: str = ""
    shows: str = "g.node"


SHOTS = {
    "neuron-forward": Shot("/lessons/neuron?step=7"),
    "neuron-backward": Shot("/lessons/neuron?step=10"),
    "neuron-backward-loss": Shot("/lessons/neuron?step=9"),
    "neuron-backward-weight": Shot("/lessons/neuron?step=14"),
    "neuron-checked": Shot("/lessons/neuron?step=14", key="v", shows="gw-check table"),
    "custom-function-measured": Shot(
        "/lessons/custom-function?step=9", button="Measure it", shows="gw-explain .warning"
    ),
    "module-update": Shot("/lessons/module?step=17"),
    "fan-out": Shot("/lessons/fan-out?step=8"),
    "lesson": Shot("/lessons/fan-out?stop=4", shows="gw-lesson"),
    "predict": Shot("/lessons/fan-out?step=4&predict=1", key=".", shows="gw-predict"),
    "findings": Shot("/lessons/dead-relu?step=1", key="w", shows="gw-findings"),
    "builder": Shot("/lessons/neuron?step=1", key="m", shows="gw-builder dialog[open] pre"),
    "attention": Shot("/lessons/tiny-gpt?step=25", shows="gw-heads td"),
    "training-loop": Shot("/lessons/training-loop?step=7&iteration=12"),
    "pretraining": Shot("/lessons/pretraining?step=20&iteration=12&training=1"),
    "tiny-gpt-forward": Shot("tiny_gpt.py?step=22&open=g0,g3"),
    "tiny-gpt-backward": Shot("tiny_gpt.py?step=66&open=g0,g3"),
    "five-hundred-iterations": Shot("five_hundred_iterations.py?step=13&iteration=40&training=1"),
}
COLOURS = 256

WALKED = "/lessons/neuron?step=10"
"""The lesson of the moving picture, which plays all of it; a later step loads what explains steps."""
WALK_SIZE = (960, 540)
"""In pixels, of the page at 1280x720."""
WALK_FRAME_MS = 60
"""Of the page's own clock: a step travels for 600 ms and then rests for 500 ms."""
WALK_LAST_MS = 2500
"""How long the last picture stands before the walk begins again."""
WALK_QUALITY = 75
WALK_MOST_FRAMES = 1000


def main() -> None:
    """Make every shot, light and dark, and the moving picture; with --walk only the moving picture."""
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    with serving() as address, chromium() as browser:
        moving = walk(browser, address + WALKED)
        (HERE / "walk.webp").write_bytes(moving)
        print(f"walk.webp: {len(moving) / 1000:.0f} kB")
        for theme in themes if "--walk" not in sys.argv else ():
            for name, wanted in SHOTS.items():
                png = shot(browser, whole(address, wanted.place), wanted, theme)
                (HERE / f"{name}-{theme}.png").write_bytes(png)
                print(f"{name}-{theme}.png: {len(png) / 1000:.0f} kB")


def whole(address: str, place: str) -> str:
    """The whole address of a place; a program is run for it."""
    if place.startswith("/"):
        return address + place
    name, _, query = place.partition("?")
    answer = httpx.post(f"{address}/api/v1/runs", json={"source": (HERE / "programs" / name).read_text()}, timeout=60)
    return f"{address}/s/{answer.raise_for_status().json()['snapshot']}?{query}"


def shot(browser: Browser, url: str, wanted: Shot, theme: Literal["light", "dark"]) -> bytes:
    """The page at 1280x720, its step at rest and explained."""
    with browser.new_context(
        viewport={"width": 1280, "height": 720}, reduced_motion="reduce", color_scheme=theme
    ) as context:
        page = context.new_page()
        page.goto(url)
        # after the start of the server a lesson's picture comes by itself
        page.locator("g.node").first.wait_for(timeout=60_000)
        page.locator(".cm-line.lit").wait_for()
        page.wait_for_timeout(1000)
        if wanted.key:
            page.keyboard.press(wanted.key)
        if wanted.button:
            page.get_by_role("button", name=wanted.button).click()
        shown = page.locator(wanted.shows).first
        shown.wait_for()
        shown.scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        return small(page.screenshot())


def walk(browser: Browser, url: str) -> bytes:
    """Return the whole walk as an animated WebP.

    The page's clock is turned by hand, so that a slow machine makes the same frames.
    """
    with browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light") as context:
        page = context.new_page()
        page.goto(url)
        page.locator("g.node").first.wait_for(timeout=60_000)
        page.locator(".cm-line.lit").wait_for()
        page.wait_for_timeout(1000)
        page.keyboard.press("Home")
        page.wait_for_timeout(1000)
        page.clock.install(time=0)
        page.clock.pause_at(60)
        page.keyboard.press("Space")
        frames: list[tuple[Image.Image, int]] = []
        while len(frames) < WALK_MOST_FRAMES:
            page.clock.run_for(WALK_FRAME_MS)
            page.wait_for_load_state("networkidle")
            image = Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize(WALK_SIZE, Image.Resampling.LANCZOS)
            if frames and ImageChops.difference(frames[-1][0], image).getbbox() is None:
                frames[-1] = (image, frames[-1][1] + WALK_FRAME_MS)
                if frames[-1][1] > WALK_LAST_MS:
                    break
            else:
                frames.append((image, WALK_FRAME_MS))
    images = [image for image, _ in frames]
    written = io.BytesIO()
    images[0].save(
        written,
        "WEBP",
        save_all=True,
        append_images=images[1:],
        duration=[milliseconds for _, milliseconds in frames],
        loop=0,
        quality=WALK_QUALITY,
        method=6,
        minimize_size=True,
    )
    return written.getvalue()


def small(png: bytes) -> bytes:
    """The picture with a palette: a third of the size."""
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
