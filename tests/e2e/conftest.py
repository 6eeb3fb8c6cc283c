"""A real server and a real Chromium. Every page fails its test when it logs an error or breaks the CSP."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.chromium import chromium

SECONDS_TO_START = 60
SECONDS_TO_RUN_THE_LESSONS = 120


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real `gradwalk serve` answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gradwalk = Path(sys.executable).with_name("gradwalk")
    environment = {**os.environ, "GRADWALK_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    server = subprocess.Popen([gradwalk, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/v1/health", server)
        wait_for_lessons(f"http://127.0.0.1:{port}/api/v1/lessons")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Waits until the address answers 200; fails the tests when it does not or the server ends."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not become healthy")


def wait_for_lessons(address: str) -> None:
    """Waits until the server has run the last lesson: what the tests wait for is then their own."""
    last = json.load(urllib.request.urlopen(address))["lessons"][-1]["slug"]
    deadline = time.monotonic() + SECONDS_TO_RUN_THE_LESSONS
    while json.load(urllib.request.urlopen(f"{address}/{last}"))["snapshot"] is None:
        assert time.monotonic() < deadline, "the lessons were not run in time"
        time.sleep(0.2)


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
