"""The system's Chromium, without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, closed at the end."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "Chromium from the system's packages is needed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS.split())
        yield browser
        browser.close()
