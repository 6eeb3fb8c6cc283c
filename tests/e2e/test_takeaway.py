"""What is taken away from the page: files that work where there is no server, links, pages for frames and for paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.acting import count_of_steps, open_page, recording_of, told

NEURON_BYTES = 1_500_000
TRAINING = """import torch
w = torch.tensor(1.0, requires_grad=True)
for step in range(5):
    loss = (w - 3) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad = None
"""


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A tab without any network, which fails its test when it logs an error or asks for anything but its own file."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_offline(True)
    complaints: list[str] = []

    def refuse(route: Route) -> None:
        complaints.append(f"asked for {route.request.url}")
        route.abort()

    context.route(re.compile("^(?!file:|blob:|data:)"), refuse)
    context.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    context.on("weberror", lambda e: complaints.append(str(e.error)))
    context.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
    )
    yield context.new_page()
    context.close()
    assert complaints == []


def sentences(page: Page) -> list[str]:
    """Every step's sentence from here to the end, by keyboard."""
    expect(told(page)).not_to_be_empty()
    count = count_of_steps(page)
    heard = [told(page).inner_text()]
    for number in range(2, count + 1):
        page.keyboard.press("ArrowRight")
        expect(told(page)).to_contain_text(f"Step {number} of {count}")
        heard.append(told(page).inner_text())
    return heard


def saved(page: Page, url: str, path: Path) -> Path:
    """A file of the server's, on the disk."""
    answer = page.request.get(url)
    assert answer.status == 200, answer.text()
    path.write_bytes(answer.body())
    return path


def snapshot_shown(page: Page, address: str, slug: str) -> str:
    """The id of a lesson's snapshot."""
    snapshot: str = page.request.get(f"{address}/api/v1/lessons/{slug}").json()["snapshot"]
    return snapshot


def test_a_file_plays_the_whole_walk_without_a_server(page: Page, offline: Page, address: str, tmp_path: Path) -> None:
    open_page(page, f"{address}/lessons/neuron?step=1")
    real = sentences(page)
    snapshot = snapshot_shown(page, address, "neuron")
    file = saved(page, f"{address}/api/v1/snapshots/{snapshot}/export/html", tmp_path / "neuron.html")
    assert file.stat().st_size <= NEURON_BYTES
    offline.goto(file.as_uri())
    assert sentences(offline) == real
    assert len(real) > 10
    expect(offline).to_have_title("One neuron · Gradwalk")
    expect(offline.locator("g.node")).to_have_count(8)
    expect(offline.locator("gw-inspector")).to_contain_text("w.grad")
    # the address names the step, and opens there again
    offline.wait_for_url(re.compile(f"#step={len(real)}&"))
    offline.goto(f"{file.as_uri()}#step=7")
    expect(told(offline)).to_have_text(real[6])


def test_a_file_with_some_iterations_says_which(page: Page, offline: Page, address: str, tmp_path: Path) -> None:
    snapshot = recording_of(page, address, TRAINING).rsplit("/", 1)[1]
    url = f"{address}/api/v1/snapshots/{snapshot}/export/html?iterations=1-2"
    offline.goto(saved(page, url, tmp_path / "training.html").as_uri())
    where = offline.locator("gw-iterations")
    expect(where).to_contain_text("iteration 2 of 5")
    offline.keyboard.press("]")
    expect(where).to_contain_text("iteration 3 of 5")
    offline.keyboard.press("]")
    expect(offline.locator("gw-notice")).to_contain_text("Iteration 4 is not in this file: it holds iterations 2 to 3")
    expect(where).to_contain_text("iteration 3 of 5")
    expect(offline.locator("gw-iterations button")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_file_follows_the_theme(page: Page, offline: Page, address: str, tmp_path: Path, theme: str) -> None:
    snapshot = snapshot_shown(page, address, "neuron")
    file = saved(page, f"{address}/api/v1/snapshots/{snapshot}/export/html", tmp_path / "neuron.html")
    offline.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    offline.goto(file.as_uri())
    expect(offline.locator("g.node").first).to_be_visible()
    assert offline.evaluate("document.documentElement.dataset.theme") == theme
    assert offline.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_large_graph_in_a_file_is_laid_out_by_a_worker(
    page: Page, offline: Page, address: str, tmp_path: Path
) -> None:
    source = "import torch\nx = torch.tensor(1.0, requires_grad=True)\ny = x\n" + "".join(
        f"y = y * {k % 7 + 1}.0 + torch.sin(y)\n" for k in range(60)
    )
    snapshot = recording_of(page, address, source).rsplit("/", 1)[1]
    file = saved(page, f"{address}/api/v1/snapshots/{snapshot}/export/html", tmp_path / "large.html")
    workers: list[str] = []
    offline.on("worker", lambda worker: workers.append(worker.url))
    offline.goto(file.as_uri())
    expect(told(offline)).not_to_be_empty()
    offline.keyboard.press("Shift+Enter")
    expect(offline.locator("g.node, g.closed-room").first).to_be_visible()
    assert [url[:5] for url in workers] == ["blob:"] * len(workers)
    assert workers
