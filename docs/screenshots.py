"""Makes the screenshots in this folder again: python docs/screenshots.py, after make build."""

import io
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser

from benchmarks.serving import serving
from tests.e2e.chromium import chromium

HERE = Path(__file__).parent
SHOTS = {
    "neuron-forward": "/lessons/neuron?step=7",
    "neuron-backward": "/lessons/neuron?step=10",
    "neuron-backward-loss": "/lessons/neuron?step=9",
    "neuron-backward-weight": "/lessons/neuron?step=14",
    "neuron-checked": "/lessons/neuron?step=14",
    "custom-function-measured": "/lessons/custom-function?step=9",
    "module-update": "/lessons/module?step=17",
    "fan-out": "/lessons/fan-out?step=8",
    "training-loop": "/lessons/training-loop?step=7&iteration=12",
    "tiny-gpt-forward": "tiny_gpt.py?step=22&open=g0,g3",
    "tiny-gpt-backward": "tiny_gpt.py?step=66&open=g0,g3",
    "five-hundred-iterations": "five_hundred_iterations.py?step=13&iteration=40&training=1",
}
"""Where each shot is taken: a lesson's address, or a program of `programs` and the place in its snapshot."""
ASKED = {
    "neuron-checked": ("Check it", "gw-check .good"),
    "custom-function-measured": ("Measure it", "gw-explain .warning"),
}
"""Where a button of the inspector is pressed first, and what appears then."""
COLOURS = 256


def main() -> None:
    """Every shot, light and dark."""
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    with serving() as address, chromium() as browser:
        for theme in themes:
            for name, place in SHOTS.items():
                png = shot(browser, whole(address, place), theme, ASKED.get(name))
                (HERE / f"{name}-{theme}.png").write_bytes(png)
                print(f"{name}-{theme}.png: {len(png) / 1000:.0f} kB")


def whole(address: str, place: str) -> str:
    """The whole address of a place; a program is run for it."""
    if place.startswith("/"):
        return address + place
    name, _, query = place.partition("?")
    answer = httpx.post(f"{address}/api/v1/runs", json={"source": (HERE / "programs" / name).read_text()}, timeout=60)
    return f"{address}/s/{answer.raise_for_status().json()['snapshot']}?{query}"


def shot(browser: Browser, url: str, theme: Literal["light", "dark"], asked: tuple[str, str] | None) -> bytes:
    """The page at 1280x720, its step at rest and explained; `asked`: and what is said when a button is pressed."""
    with browser.new_context(
        viewport={"width": 1280, "height": 720}, reduced_motion="reduce", color_scheme=theme
    ) as context:
        page = context.new_page()
        page.goto(url)
        # after the start of the server a lesson's picture comes by itself
        page.locator("g.node").first.wait_for()
        page.locator(".cm-line.lit").wait_for()
        page.wait_for_timeout(1000)
        if asked is not None:
            button, answer = asked
            page.get_by_role("button", name=button).first.click()
            page.locator(answer).wait_for()
            page.locator(answer).scroll_into_view_if_needed()
            page.wait_for_timeout(500)
        return small(page.screenshot())


def small(png: bytes) -> bytes:
    """The picture with a palette: a third of the size."""
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
