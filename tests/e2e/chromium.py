"""The system's Chromium, without a window: the shell that is made for that where it is installed, for it opens a page
in less than half the time of the whole browser.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
"""What the systems call it, the best first."""

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, closed at the end."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    assert executable, "Chromium from the system's packages is needed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS.split())
        yield browser
        browser.close()
