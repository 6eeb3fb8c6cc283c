"""Makes the screenshots in this folder again: python docs/screenshots.py, after make build."""

import io
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser

from benchmarks.serving import serving
from tests.e2e.chromium import chromium

HERE = Path(__file__).parent
SHOTS = {
    "neuron-forward": "/lessons/neuron?step=7",
    "neuron-backward": "/lessons/neuron?step=10",
    "module-update": "/lessons/module?step=17",
    "fan-out": "/lessons/fan-out?step=8",
    "training-loop": "/lessons/training-loop?step=7&iteration=12",
}
COLOURS = 256


def main() -> None:
    """Every shot, light and dark."""
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    with serving() as address, chromium() as browser:
        for theme in themes:
            for name, place in SHOTS.items():
                png = shot(browser, address + place, theme)
                (HERE / f"{name}-{theme}.png").write_bytes(png)
                print(f"{name}-{theme}.png: {len(png) / 1000:.0f} kB")


def shot(browser: Browser, url: str, theme: Literal["light", "dark"]) -> bytes:
    """The page at 1280x720, its step at rest."""
    with browser.new_context(
        viewport={"width": 1280, "height": 720}, reduced_motion="reduce", color_scheme=theme
    ) as context:
        page = context.new_page()
        page.goto(url)
        # after the start of the server a lesson's picture comes by itself
        page.locator("g.node").first.wait_for()
        page.locator(".cm-line.lit").wait_for()
        page.wait_for_timeout(500)
        return small(page.screenshot())


def small(png: bytes) -> bytes:
    """The picture with a palette: a third of the size."""
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
