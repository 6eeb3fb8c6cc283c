"""What a student does: open the page, walk to the last step and back, share a step, run an own program."""

import gzip
import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

DIST = Path(__file__).parent.parent.parent / "static" / "dist"
SHAPE_ERROR = "import torch\nx = torch.ones(2, 3)\ny = x @ torch.ones(2, 3)\nprint(y)\n"


def narration(page: Page) -> str:
    return page.locator("gw-narration [role=status]").inner_text()


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("gw-narration [role=status]")).not_to_be_empty()
    expect(page.locator("g.node").first).to_be_visible()


def steps_of(page: Page) -> int:
    found = re.search(r"of (\d+)", narration(page))
    assert found
    return int(found[1])


def write_program(page: Page, source: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def test_the_neuron_walks_to_its_last_step_and_back_by_keyboard(page: Page, address: str) -> None:
    open_page(page, address)
    count = steps_of(page)
    forth = [narration(page)]
    for number in range(2, count + 1):
        page.keyboard.press("ArrowRight")
        expect(page.locator("gw-narration [role=status]")).to_contain_text(f"Step {number} of {count}")
        forth.append(narration(page))
    assert len(set(forth)) == count
    assert "−0.0898" in forth[-1]
    back = [forth[-1]]
    for number in range(count - 1, 0, -1):
        page.keyboard.press("ArrowLeft")
        expect(page.locator("gw-narration [role=status]")).to_contain_text(f"Step {number} of {count}")
        back.append(narration(page))
    assert back == forth[::-1]


def test_the_address_of_step_7_shows_step_7_in_a_new_tab(page: Page, address: str) -> None:
    open_page(page, address)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator("gw-narration [role=status]")).to_contain_text("Step 7 of")
    page.wait_for_url(re.compile(r"step=7"))
    told = narration(page)
    other = page.context.new_page()
    open_page(other, page.url)
    assert narration(other) == told


def test_gradients_stand_at_the_leaves_at_the_end(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    page.keyboard.press("End")
    expect(page.locator("g.node[data-node=n2] .number.gradient")).to_have_text("−0.0898")
    expect(page.locator("g.node[data-node=n3] .number.gradient")).to_have_text("−0.0817")


def test_a_shape_error_marks_its_line_and_its_node(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, SHAPE_ERROR)
    page.keyboard.press("Control+Enter")
    expect(page.locator("g.node.failed")).to_have_count(1)
    expect(page.locator("gw-console")).to_contain_text("mat1 and mat2 shapes cannot be multiplied")
    expect(page.locator(".cm-line").nth(2)).to_have_class(re.compile("failed"))


def test_an_own_program_runs_and_prints_as_text(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "import torch\nx = torch.ones(2)\nprint('<img src=x onerror=alert(1)>', x * 2)\n")
    page.keyboard.press("Control+Enter")
    expect(page.locator("gw-console")).to_contain_text("<img src=x onerror=alert(1)> tensor([2., 2.])")
    assert page.locator("img").count() == 0


def test_rooms_close_and_open(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module")
    shown = page.locator("g.node").count()
    page.locator("g.room g.title").first.click()
    expect(page.locator("g.closed-room")).to_have_count(1)
    assert page.locator("g.node").count() < shown
    page.locator("g.closed-room").click()
    expect(page.locator("g.node")).to_have_count(shown)


def test_iterations_are_scrubbed_by_keyboard_and_the_loss_falls(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop")
    loss = page.locator("gw-timeline .loss-number")
    first = float(loss.inner_text())
    for _ in range(5):
        page.keyboard.press("]")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 6 of 20")
    assert float(loss.inner_text()) < first


def test_both_themes_and_the_list_of_keys(page: Page, address: str) -> None:
    open_page(page, address)
    before = page.evaluate("document.documentElement.dataset.theme")
    page.get_by_role("button", name=re.compile("theme", re.IGNORECASE)).click()
    assert page.evaluate("document.documentElement.dataset.theme") != before
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").first).to_be_visible()


def test_the_scripts_are_small() -> None:
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text())
    scripts = {entry["file"] for entry in manifest.values() if entry["file"].endswith(".js")}
    size = sum(len(gzip.compress((DIST / name).read_bytes())) for name in scripts)
    assert size <= 300_000
