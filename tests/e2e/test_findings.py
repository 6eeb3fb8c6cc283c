"""Findings: at the node, at the line, in the list, by pointer and by key; and nothing where nothing is wrong."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import line, open_page, recording_of, run_program, told, write_program

CASES = Path("tests/findings/cases")
FORGOTTEN = """import torch

w = torch.tensor(1.0, requires_grad=True)
for step in range(3):
    loss = (w * 2 - 1) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
"""
CLEARED = FORGOTTEN + "        w.grad = None\n"
DEAD = (CASES / "dead-relu" / "shows_one_neuron.py").read_text()
UNUSED = (CASES / "unused-parameter" / "shows.py").read_text()
TWO = DEAD.replace("loss =", "spare = torch.tensor(1.0, requires_grad=True)\nloss =")


def findings(page: Page) -> Locator:
    """The entries of the list."""
    return page.locator("gw-findings li")


def marks(page: Page) -> Locator:
    """The nodes of the stage that have a mark."""
    return page.locator("g.node:has(.finding .outline:not([d=''], :not([d])))")


def tab(page: Page) -> Locator:
    return page.get_by_role("tab", name="Findings")


@pytest.mark.parametrize(
    ("source", "severity", "at", "node"),
    [(FORGOTTEN, "error", 6, "w"), (DEAD, "warning", 6, "relu"), (UNUSED, "note", 4, "b")],
    ids=["error", "warning", "note"],
)
def test_each_severity_is_marked_at_its_node_and_its_line_and_told_in_the_list(
    page: Page, address: str, source: str, severity: str, at: int, node: str
) -> None:
    open_page(page, recording_of(page, address, source))
    expect(marks(page)).to_have_count(1)
    expect(marks(page).locator(f".finding.{severity}")).to_be_visible()
    expect(marks(page)).to_have_attribute("aria-label", re.compile(f", finding: {severity}$"))
    flagged = page.locator(".flagged")
    expect(flagged).to_have_text(str(at))
    expect(flagged).to_have_class(f"flagged {severity}")
    tab(page).click()
    expect(findings(page)).to_have_count(1)
    expect(findings(page)).to_contain_text(f"{severity.title()} in line {at}")
    expect(findings(page).locator(".todo")).not_to_be_empty()
    expect(findings(page).get_by_role("button", name=f"Show {node}")).to_be_visible()


def test_the_mark_lies_beside_the_number_of_its_line_and_can_be_seen(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD))
    mark = page.locator(".flagged svg")
    expect(mark).to_be_visible()
    box, text = mark.bounding_box(), line(page, 6).bounding_box()
    assert box
    assert text
    assert box["x"] < text["x"] + 10, "before the text"
    seen = page.evaluate(
        "([x, y]) => { let e = document.elementFromPoint(x, y);"
        " while (e?.shadowRoot) e = e.shadowRoot.elementFromPoint(x, y); return e?.closest('.flagged') !== null }",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] - 3],
    )
    assert seen, "nothing lies over it, and the gutter does not cut it"


def test_selecting_one_goes_to_its_iteration_step_and_node(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, FORGOTTEN))
    tab(page).click()
    expect(findings(page)).to_contain_text("In iteration 2")
    findings(page).get_by_role("button", name="Show w").click()
    expect(page.locator("gw-timeline")).to_contain_text("iteration 2 of 3")
    expect(told(page)).to_contain_text("w.grad")
    expect(page.locator("g.node.selected .finding.error")).to_be_visible()
    expect(findings(page)).to_have_attribute("aria-current", "true")


def test_the_keyboard_goes_from_one_to_the_next_and_round(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, TWO))
    expect(marks(page).first).to_be_visible()
    page.keyboard.press("w")
    expect(findings(page)).to_have_count(2)
    expect(findings(page).nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("w")
    expect(findings(page).nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("w")
    expect(findings(page).nth(0)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Shift+W")
    expect(findings(page).nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step")


def test_a_node_that_is_folded_away_is_opened_and_the_arrow_keys_still_step(page: Page, address: str) -> None:
    source = next((CASES / "vanishing-gradient").glob("shows*.py")).read_text()
    page.goto(recording_of(page, address, source))
    folded = page.locator("g.closed-room:has(.finding.warning)").first
    expect(folded).to_be_visible()
    expect(folded).to_have_attribute("aria-label", re.compile(", finding: warning$"))
    page.keyboard.press("w")
    expect(page.locator("g.node.selected .finding.warning")).to_be_visible()
    before = told(page).inner_text()
    page.keyboard.press("ArrowLeft")
    expect(told(page)).not_to_have_text(before)


def test_the_words_come_by_pointer_and_by_key_in_the_editor(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD))
    page.locator(".flagged").hover()
    card = page.locator(".flag-card")
    expect(card).to_contain_text("relu in line 6 gets −2.5")
    expect(card).to_contain_text("LeakyReLU")
    page.locator("gw-stage").hover()
    expect(card).to_have_count(0)
    line(page, 6).click()
    page.keyboard.press("Control+e")
    expect(card).to_contain_text("relu in line 6")
    expect(page.locator("gw-editor .cm-announced")).to_contain_text("Warning: relu in line 6")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.locator(".cm-content")).to_be_focused()
    line(page, 1).click()
    page.keyboard.press("Control+e")
    expect(page.locator("gw-editor .cm-announced")).to_contain_text("Nothing was found in line 1.")


def test_the_graph_as_text_tells_it_at_the_node(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD))
    expect(marks(page)).to_have_count(1)
    page.keyboard.press("a")
    entry = page.locator("gw-reading li.node").filter(has_text="ReLU, relu")
    expect(entry).to_contain_text("Warning: relu in line 6 gets −2.5")


def test_it_is_told_to_who_does_not_see_the_marks(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD))
    expect(page.get_by_role("status").filter(has_text="1 finding: 1 warning")).to_have_count(1)


@pytest.mark.parametrize("slug", ["tensor-product", "neuron", "module", "training-loop", "fan-out"])
def test_a_healthy_lesson_shows_nothing_and_gives_it_no_room(page: Page, address: str, slug: str) -> None:
    with page.expect_response("**/findings") as answer:
        open_page(page, f"{address}/lessons/{slug}")
    assert answer.value.json() == {"findings": []}
    expect(tab(page)).to_have_count(0)
    expect(marks(page)).to_have_count(0)
    expect(page.locator(".flagged")).to_have_count(0)
    page.keyboard.press("w")
    expect(page.locator("gw-notice")).to_contain_text("Nothing was found that goes wrong")


def test_while_typing_marks_stay_where_they_are(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD))
    expect(page.locator(".flagged")).to_have_text("6")
    page.keyboard.press("r")
    page.evaluate(
        "() => { const app = document.querySelector('gradwalk-app'); window.least = 9;"
        " const look = () => { const marks = app.shadowRoot.querySelector('gw-stage')?.shadowRoot"
        ".querySelectorAll('.finding.warning').length ?? 0; window.least = Math.min(window.least, marks);"
        " requestAnimationFrame(look) }; look() }"
    )
    with page.expect_response("**/findings"):
        write_program(page, "# a word before it\n" + DEAD)
    expect(page.locator(".flagged")).to_have_text("7")
    expect(marks(page)).to_have_count(1)
    assert page.evaluate("window.least") == 1, "the mark was there in every frame"


def test_what_was_put_right_is_gone(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, FORGOTTEN))
    page.keyboard.press("w")
    expect(findings(page)).to_have_count(1)
    run_program(page, CLEARED)
    expect(page.locator("gw-findings")).to_contain_text("Nothing goes wrong any more")
    expect(marks(page)).to_have_count(0)
    page.get_by_role("tab", name="Inspector").click()
    expect(tab(page)).to_have_count(0)


def test_without_a_network_the_run_stays_and_one_sentence_says_so(
    page: Page, address: str, expected: list[str]
) -> None:
    expected.append("Failed to load resource")
    page.route("**/findings", lambda route: route.abort())
    open_page(page, recording_of(page, address, DEAD))
    expect(page.locator("gw-notice")).to_contain_text("could not be looked up")
    expect(page.locator("g.node")).to_have_count(8)
    expect(tab(page)).to_have_count(0)


def test_the_projector_has_no_list_and_says_it(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DEAD))
    expect(marks(page)).to_have_count(1)
    page.keyboard.press("f")
    page.keyboard.press("w")
    expect(page.locator("gw-notice")).to_contain_text("Warning: relu in line 6 gets −2.5")
    expect(page.locator("g.node.selected .finding.warning")).to_be_visible()
