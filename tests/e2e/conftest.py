"""A real server and a real Chromium. Every page fails its test when it logs an error or breaks the CSP."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.chromium import chromium
from tests.lesson_data import wait_for_lessons
from tests.processes import ServerProcess


@pytest.fixture(scope="session")
def address(gradwalk_server: ServerProcess) -> str:
    """Return where a real server answers that has run its lessons: what the tests wait for is then their own."""
    with gradwalk_server.client() as client:
        wait_for_lessons(client)
    return gradwalk_server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def expected() -> list[str]:
    """Parts of the log entries that a test causes on purpose: a request that it makes fail."""
    return []


@pytest.fixture
def page(browser: Browser, expected: list[str]) -> Iterator[Page]:
    """An empty tab. After the test, its context must have logged no error and broken no CSP."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    complaints: list[str] = []
    context.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    context.on("weberror", lambda e: complaints.append(str(e.error)))
    context.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
    )
    yield context.new_page()
    context.close()
    assert [complaint for complaint in complaints if not any(part in complaint for part in expected)] == []
