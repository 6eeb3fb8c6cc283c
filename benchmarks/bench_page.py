"""How soon the page of a warm server answers an arrow key, and how large its scripts are."""

import gzip
import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.serving import serving
from tests.e2e.chromium import chromium

DIST = Path(__file__).parent.parent / "static" / "dist"
LOADS = 12


def main() -> None:
    """Starts a real server and a real browser, and prints the figures."""
    with serving() as address, chromium() as browser:
        load(browser, address)
        times = [load(browser, address) for _ in range(LOADS)]
    print(
        f"opening the page until → has stepped  (asked: 1000 ms): "
        f"median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms, {LOADS} loads"
    )
    size = sum(len(gzip.compress(script.read_bytes())) for script in DIST.glob("*.js"))
    print(f"JavaScript, gzipped  (asked: 300 kB): {size / 1000:.0f} kB")


def load(browser: Browser, address: str) -> float:
    """Milliseconds from opening the first lesson, with an empty cache, to its second step."""
    with browser.new_context(viewport={"width": 1280, "height": 720}) as context:
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        wait_for_step(page, 1)
        page.keyboard.press("ArrowRight")
        wait_for_step(page, 2)
        return (time.perf_counter() - began) * 1000


def wait_for_step(page: Page, number: int) -> None:
    """Waits until the page narrates this step."""
    page.locator("gw-narration [aria-hidden=true]", has_text=f"Step {number} of").wait_for(state="attached")


if __name__ == "__main__":
    main()
