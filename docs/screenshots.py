"""Makes the screenshots in this folder again: python docs/screenshots.py, after make build."""

import base64
import struct
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

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

PIXELS = """async png => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')
  canvas.drawImage(image, 0, 0)
  const { data } = canvas.getImageData(0, 0, image.width, image.height)
  let text = ''
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768))
  return [image.width, image.height, btoa(text)]
}"""


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
        return small(context.new_page(), page.screenshot())


def small(page: Page, png: bytes) -> bytes:
    """The picture with a palette: a third of the size. `page`: an empty one, whose decoder is used."""
    width, height, text = page.evaluate(PIXELS, base64.b64encode(png).decode())
    rgb = np.frombuffer(base64.b64decode(text), np.uint8).reshape(-1, 4)[:, :3]
    colours, index, counts = np.unique(rgb, axis=0, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:COLOURS]
    palette = colours[kept].astype(np.int64)
    nearest = np.array([np.argmin(((palette - colour) ** 2).sum(1)) for colour in colours.astype(np.int64)], np.uint8)
    return encoded(nearest[index.reshape(-1)].reshape(height, width), palette.astype(np.uint8))


def encoded(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """A PNG of 8 bits for each pixel."""
    height, width = indices.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), indices])
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    ]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


if __name__ == "__main__":
    main()
