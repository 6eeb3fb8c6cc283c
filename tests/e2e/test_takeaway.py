"""What is taken away from the page: files that work where there is no server, links, pages for frames and for paper."""

import io
import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from pypdf import PdfReader

from tests.e2e.acting import button, count_of_steps, open_page, recording_of, told
from tests.e2e.networks import NETWORKS
from tests.tiers import rest_at_night

NEURON_BYTES = 1_500_000
SVG = "{http://www.w3.org/2000/svg}"
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
    expect(offline.locator("gw-notice")).to_contain_text(
        "Iteration 4 (step 3) is not in this file: it holds iterations 2 (step 1) to 3 (step 2)"
    )
    expect(where).to_contain_text("iteration 3 of 5")
    expect(offline.locator("gw-iterations button")).to_have_count(0)


def test_a_file_marks_what_the_page_marks(page: Page, offline: Page, address: str, tmp_path: Path) -> None:
    """The observations are in the file, too: an infinity that began here, and a gradient that was not cleared."""
    source = """import torch
w = torch.tensor(2.0, requires_grad=True)
a, b, c = w * 3, w * w, torch.log(torch.tensor(0.0))
a.backward()
b.backward()
"""
    snapshot = recording_of(page, address, source).rsplit("/", 1)[1]
    observed = page.request.get(f"{address}/api/v1/snapshots/{snapshot}/iterations/0/observations").json()
    (origin,) = observed["non_finite"]
    url = f"{address}/api/v1/snapshots/{snapshot}/export/html?iterations=0"
    file = saved(page, url, tmp_path / "marks.html").as_uri()
    offline.goto(f"{file}#step={origin['step'] + 1}")
    expect(told(offline)).to_contain_text("The first −∞ of this iteration begins here.")
    expect(offline.locator("g.remark.origin")).to_have_count(1)
    (stale,) = observed["stale_gradients"]
    offline.goto(f"{file}#step={stale['step'] + 1}")
    expect(told(offline)).to_contain_text("The old w.grad was still there")


def test_a_file_shows_the_program_and_leads_from_line_to_step(
    page: Page, offline: Page, address: str, tmp_path: Path
) -> None:
    snapshot = snapshot_shown(page, address, "neuron")
    file = saved(page, f"{address}/api/v1/snapshots/{snapshot}/export/html", tmp_path / "neuron.html")
    offline.goto(f"{file.as_uri()}#step=10")
    lit = offline.locator("gw-listing li.lit")
    expect(lit).to_have_text("a = torch.sigmoid(z)")
    expect(lit).to_have_class(re.compile("backward"))
    offline.locator("gw-listing li").filter(has_text="w = torch.tensor").click()
    expect(told(offline)).to_contain_text("w.grad")
    expect(lit).to_have_text("w = torch.tensor([2.2], requires_grad=True)")
    offline.locator("g.node").first.click()
    expect(offline.locator("g.node.selected")).to_have_count(1)
    offline.set_viewport_size({"width": 1000, "height": 700})
    expect(offline.locator("gw-listing")).to_be_hidden()
    expect(offline.locator("gw-inspector")).to_be_visible()


@pytest.mark.parametrize("theme", rest_at_night(["light", "dark"], {"dark"}))
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


def open_dialog(page: Page, url: str) -> None:
    """The page at an address, with all that can be taken away from it."""
    open_page(page, url)
    page.keyboard.press("l")
    expect(page.get_by_role("dialog", name="Take this step away")).to_be_visible()
    expect(button(page, "QR code")).to_be_visible()


def taken(page: Page, name: str) -> tuple[str, bytes]:
    """What a button of the dialog saves: the file's name and what is in it."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("gw-takeaway [role=status]")).to_have_text("Saved.")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("theme", rest_at_night(["light", "dark"], {"dark"}))
@pytest.mark.parametrize("large", [False, True])
def test_a_camera_reads_the_link_from_the_screen(page: Page, address: str, theme: str, large: bool) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    code = button(page, "QR code")
    if large:
        code.click()
    picture = Image.open(io.BytesIO(page.screenshot()))
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text == f"{address}/lessons/neuron?step=10&iteration=0"
    box = code.bounding_box()
    assert box
    assert box["height"] >= (450 if large else 280)
    assert box["y"] + box["height"] <= 720
    expect(page.get_by_role("dialog")).to_contain_text("A phone cannot reach 127.0.0.1")


def test_a_picture_of_the_step_stands_alone(page: Page, offline: Page, address: str, tmp_path: Path) -> None:
    open_dialog(page, f"{address}/lessons/module?step=14")
    # of the whole graph, whatever the reader looks at
    shown = page.locator("gw-stage svg g.canvas text").all_text_contents()
    for theme, paper in (("light", "#fbfbfa"), ("dark", "#15171a")):
        page.get_by_label("Theme of the picture").select_option(theme)
        name, svg = taken(page, "SVG")
        assert name == "module-step-14.svg"
        root = ElementTree.fromstring(svg)
        pictured = ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]
        # the remark that has no room beside the sentence has room here
        assert [text for text in pictured if text != "upstream.sum(0)"] == shown
        assert pictured.count("upstream.sum(0)") == 1
        assert root.findtext(f"{SVG}title") == "A network of two layers, step 14"
        assert "Step 14 of" in (root.findtext(f"{SVG}desc") or "")
        (background,) = [e for e in root if e.tag == f"{SVG}rect"]
        assert background.get("fill") == paper
        assert not re.search(rb"var\(|class=|style=|href|<script| on\w+=", svg)
        (tmp_path / name).write_bytes(svg)
        offline.goto((tmp_path / name).as_uri())
        outside = offline.evaluate(
            """() => { const frame = document.querySelector('svg > rect').getBoundingClientRect()
            return [...document.querySelectorAll('text')].map((t) => t.getBoundingClientRect()).filter((box) =>
              box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom)
            .length }"""
        )
        assert outside == 0
    assert page.locator("gw-stage svg > g").count() == 1


def test_pixels_are_twice_as_many(page: Page, address: str) -> None:
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    _, svg = taken(page, "SVG")
    name, png = taken(page, "PNG")
    assert name == "neuron-step-10.png"
    root = ElementTree.fromstring(svg)
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    assert picture.size == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))
    colours = {colour for _, colour in picture.getcolors(1 << 20) or []}
    assert {(0xFB, 0xFB, 0xFA), (0xD5, 0x5E, 0x00), (0x00, 0x6D, 0xA8)} <= colours


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("HTML player", b"<!doctype html>"),
        ("JSON", b'{"schema_version"'),
        ("Graphviz (DOT)", b"digraph"),
        ("Drawing (SVG)", b"<?xml"),
    ],
)
def test_files_are_taken_from_the_server(page: Page, address: str, name: str, start: bytes) -> None:
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    file, content = taken(page, name)
    assert re.fullmatch(r"gradwalk-[\w-]+\.(html|json|dot|svg)", file)
    assert content.startswith(start)


def test_a_file_that_cannot_be_had_says_why(page: Page, address: str, expected: list[str]) -> None:
    expected += ["status of 422", "ERR_FAILED"]
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    said = page.locator("gw-takeaway [role=status]")
    problem = '{"code": "export_too_large", "detail": "Choose fewer iterations."}'
    page.route("**/export/html", lambda route: route.fulfill(status=422, body=problem))
    button(page, "HTML player").click()
    expect(said).to_have_text("Choose fewer iterations.")
    page.route("**/export/json", lambda route: route.abort())
    page.get_by_role("button", name="JSON", exact=True).click()
    expect(said).to_contain_text("The server cannot be reached")


def test_the_code_of_a_frame_is_copied(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    button(page, "Copy code").click()
    expect(page.locator("gw-takeaway [role=status]")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f'src="{address}/embed/lessons/neuron?step=10&amp;iteration=0" title="One neuron, step by step' in copied


def test_a_small_window_holds_the_dialog(page: Page, address: str) -> None:
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    for width, height in ((640, 360), (390, 800)):
        page.set_viewport_size({"width": width, "height": height})
        box = page.locator("gw-share dialog").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] <= height
        assert page.locator("gw-share dialog").evaluate("(d) => d.scrollWidth <= d.clientWidth")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another origin, and the folder whose pages it serves."""
    folder = tmp_path / "course"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


COURSE = '<!doctype html><html lang="en"><title>A course</title><link rel="icon" href="data:,"><h1>Week 3</h1>%s</html>'


def test_a_course_shows_the_step_in_a_frame(page: Page, address: str, elsewhere: tuple[str, Path]) -> None:
    origin, folder = elsewhere
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    code = page.get_by_label("Code of the frame").input_value()
    (folder / "index.html").write_text(COURSE % code)
    page.goto(origin)
    expect(page.get_by_title("One neuron, step by step (Gradwalk)")).to_be_visible()
    frame = page.frame_locator("iframe")
    sentence = frame.locator("gw-narration [role=status]")
    expect(sentence).to_contain_text("Step 10 of 14")
    expect(frame.locator("g.node")).to_have_count(8)
    for absent in ("gw-inspector", "gw-editor", "gw-header", "[contenteditable]"):
        expect(frame.locator(absent)).to_have_count(0)
    frame.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowRight")
    expect(sentence).to_contain_text("Step 11 of 14")
    link = frame.get_by_role("link", name="Open in Gradwalk")
    expect(link).to_have_attribute("href", "/lessons/neuron?step=11&iteration=0")
    with page.context.expect_page() as opened:
        link.click()
    expect(told(opened.value)).to_contain_text("Step 11 of 14")
    assert opened.value.url.startswith(f"{address}/lessons/neuron")


def test_the_whole_page_cannot_be_framed(
    page: Page, address: str, elsewhere: tuple[str, Path], expected: list[str]
) -> None:
    expected.append("frame-ancestors")
    origin, folder = elsewhere
    (folder / "index.html").write_text(COURSE % f'<iframe src="{address}/lessons/neuron" title="x"></iframe>')
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text))
    page.goto(origin)
    expect(page.get_by_title("x")).to_be_visible()
    expect(page.frame_locator("iframe").locator("gradwalk-app")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refused)


@pytest.mark.parametrize(
    ("width", "height"),
    [pytest.param(960, 600, marks=pytest.mark.slow), pytest.param(640, 400, marks=pytest.mark.slow), (390, 700)],
)
def test_a_frame_of_any_size_can_be_read(page: Page, address: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    snapshot = snapshot_shown(page, address, "fan-out")
    page.goto(f"{address}/embed/s/{snapshot}?step=8")
    expect(told(page)).to_contain_text("Step 8 of")
    for part in ("gw-narration", "gw-timeline", "gw-stage", "header a"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_frame_of_what_is_gone_says_so(page: Page, address: str, expected: list[str]) -> None:
    expected.append("status of 404")
    page.goto(f"{address}/embed/s/nothing")
    expect(page.get_by_role("heading", name="There is no such snapshot")).to_be_visible()


def printed(page: Page, url: str) -> PdfReader:
    """A handout as it comes out of the printer."""
    page.goto(url)
    expect(page.locator("gradwalk-handout table.steps")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def letters(text: str) -> str:
    """A text without spaces and ligatures, which differ on paper."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def test_a_handout_holds_everything_and_cuts_no_row(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=1")
    heard = [re.sub(r"^Step \d+ of \d+, \w+\. ", "", sentence) for sentence in sentences(page)]
    program = page.request.get(f"{address}/api/v1/lessons/module").json()["source"]
    snapshot = snapshot_shown(page, address, "module")
    paper = printed(page, f"{address}/print/s/{snapshot}?iteration=0")
    for sheet in paper.pages:
        assert [round(float(side)) for side in sheet.mediabox[2:]] == pytest.approx([595, 842], abs=1)
    pages = [letters(sheet.extract_text()) for sheet in paper.pages]
    assert len(pages) >= 2
    for sentence in heard:
        assert any(letters(sentence) in text for text in pages), f"cut or missing: {sentence}"
    for number, line in enumerate(program.rstrip().splitlines(), 1):
        assert any(letters(f"{number}{line}") in text for text in pages), f"line {number}"
    whole = "".join(pages)
    for name in ("net.fc1.weight", "net.fc1.bias", "net.fc2.weight", "net.fc2.bias"):
        assert whole.count(name) >= 2
    assert "Thisishowitwilllook" not in whole


def test_a_handout_is_black_on_white_and_its_drawing_is_there(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    snapshot = snapshot_shown(page, address, "neuron")
    page.goto(f"{address}/print/s/{snapshot}")
    expect(page.locator("gradwalk-handout figure img")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.locator("gradwalk-handout img").evaluate("(image) => image.naturalWidth") > 300
    look = page.locator("gradwalk-handout").evaluate(
        "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    )
    assert look == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    heights = page.locator("table.program tr").evaluate_all("(rows) => rows.map((row) => row.offsetHeight)")
    assert len(heights) == 19
    assert max(heights) < 1.5 * min(heights), "a line number or a short line is broken"
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(".head").screenshot())))
    assert read.text == f"{address}/s/{snapshot}?iteration=0"


def test_a_graph_too_large_for_paper_says_so(page: Page, address: str, expected: list[str]) -> None:
    expected.append("status of 422")
    paper = printed(page, recording_of(page, address, NETWORKS["recurrent"]).replace("/s/", "/print/s/"))
    expect(page.locator("gradwalk-handout")).to_contain_text("too large for one drawing on paper")
    text = letters("".join(sheet.extract_text() for sheet in paper.pages))
    assert "toolargeforonedrawing" in text


def test_a_program_without_tensors_has_a_handout(page: Page, address: str) -> None:
    page.goto(recording_of(page, address, "print('hello')").replace("/s/", "/print/s/"))
    expect(page.locator("gradwalk-handout")).to_contain_text("there is nothing to draw")


def test_the_way_to_paper(page: Page, address: str) -> None:
    open_dialog(page, f"{address}/lessons/neuron?step=10")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Print …").click()
    expect(opened.value.get_by_role("button", name="Print")).to_be_visible()
    expect(opened.value.get_by_role("heading", name="One neuron")).to_be_visible()
