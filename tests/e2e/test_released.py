"""Links, frames and exported pages of earlier releases open in the browser at the place that they name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acting import told
from tests.processes import server, until
from tests.released.releases import VERSIONS, Release

SECONDS_TO_RUN_THE_FIRST_LESSON = 60
LINKS = [(version, link) for version in VERSIONS for link in Release(version).links()]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """For each release the address of a server on a copy of its data folder."""
    found: dict[str, str] = {}
    for version in VERSIONS:
        folder = Release(version).copy_data(tmp_path_factory.mktemp("released"))
        with server(folder) as running, running.client() as client:

            def is_first_lesson_there() -> bool:
                return client.get("/api/v1/lessons/neuron").json()["snapshot"] is not None

            assert until(is_first_lesson_there, SECONDS_TO_RUN_THE_FIRST_LESSON)
            found[version] = running.url
            yield found


@pytest.mark.parametrize(("version", "link"), LINKS, ids=lambda one: one if isinstance(one, str) else one["shows"])
def test_a_link_opens_at_its_place(
    page: Page, addresses: dict[str, str], version: str, link: dict[str, str | None]
) -> None:
    page.goto(f"{addresses[version]}{link['address']}")
    expect(page.locator(str(link["shows"])).first).to_be_visible()
    if link["step"] is not None:
        # beside a second run there are two sentences
        expect(told(page).first).to_contain_text(link["step"])
        expect(page.locator("g.node, g.closed-room").first).to_be_visible()
    # only the error of a program that failed stands there
    expect(page.get_by_role("alert")).to_have_count(page.locator("gw-outcome").count())


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A tab without a network that fails its test when something is logged."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce", offline=True)
    complaints: list[str] = []
    context.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    context.on("weberror", lambda e: complaints.append(str(e.error)))
    yield context.new_page()
    context.close()
    assert complaints == []


@pytest.mark.parametrize("version", VERSIONS)
def test_an_exported_page_walks_without_a_server(offline: Page, version: str, tmp_path: Path) -> None:
    file = tmp_path / "neuron.html"
    file.write_bytes(Release(version).player())
    offline.goto(file.as_uri())
    # the sentence as the released pages have it
    sentence = offline.locator("gw-narration [aria-hidden=true]")
    expect(sentence).not_to_be_empty()
    found = re.search(r"of (\d+)", sentence.inner_text())
    assert found
    count = int(found[1])
    offline.keyboard.press("Home")
    for number in range(1, count + 1):
        expect(sentence).to_contain_text(f"Step {number} of {count}")
        offline.keyboard.press("ArrowRight")
    expect(offline.locator("gw-inspector")).to_contain_text("w.grad")
    offline.goto(f"{file.as_uri()}#step=7")
    expect(sentence).to_contain_text("Step 7 of")


COURSE = """<!doctype html><html lang="en"><title>A course</title><link rel="icon" href="data:,">
<iframe src="%s" title="A walk" width="1000" height="600"></iframe></html>"""


class Course(BaseHTTPRequestHandler):
    """A page of another server that frames an address."""

    framed = ""

    def do_GET(self) -> None:
        """Answer every address with the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write((COURSE % self.framed).encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Log nothing."""


@contextmanager
def course(framed: str) -> Iterator[str]:
    """The address of another server whose page frames an address."""
    handler = type("Framing", (Course,), {"framed": framed})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("version", VERSIONS)
def test_another_page_shows_it_in_a_frame(page: Page, addresses: dict[str, str], version: str) -> None:
    snapshot = Release(version).snapshots["neuron"]
    with course(f"{addresses[version]}/embed/s/{snapshot}?step=10&iteration=0") as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        sentence = frame.locator("gw-narration [role=status]")
        expect(sentence).to_contain_text("Step 10 of 14")
        frame.get_by_role("slider", name="Step").focus()
        page.keyboard.press("ArrowRight")
        expect(sentence).to_contain_text("Step 11 of 14")
