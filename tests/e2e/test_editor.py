"""The editor: completion, what a name is, shapes behind lines, failing lines, run on change, drafts. By keyboard."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from gradwalk.lessons import Lessons
from tests.e2e.acting import button, line, open_page, run_program, told, write_program

LOOP = """\
import torch
x = torch.ones(2)
for i in range(3):
    x = x * 2
y = x.sum()
"""


def card(page: Page) -> Locator:
    """What is shown of a name."""
    return page.locator("gw-variable")


def offered(page: Page) -> Locator:
    """The names that are offered."""
    return page.locator(".cm-tooltip-autocomplete li")


def at(page: Page, number: int, column: int) -> None:
    """Puts the cursor into a line, from 1, at a column, from 0."""
    line(page, number).click()
    page.keyboard.press("Home")
    page.keyboard.press("Home")
    for _ in range(column):
        page.keyboard.press("ArrowRight")


def helped(page: Page) -> None:
    """Waits until completion is there: it comes a moment after the editor."""
    expect(page.locator(".cm-content[aria-autocomplete=list]")).to_be_visible()


def test_after_a_dot_only_names_of_that_room_are_offered(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    helped(page)
    write_program(page, "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n")
    page.keyboard.type("F.")
    expect(offered(page).filter(has_text="binary_cross_entropy_with_logits")).to_have_count(0)
    page.keyboard.type("binary")
    expect(offered(page).first).to_have_text(re.compile("binary_cross_entropy$"))
    info = page.locator(".cm-completionInfo")
    expect(info).to_contain_text("binary_cross_entropy(input, target, weight=None")
    expect(info).to_contain_text("Binary cross-entropy of probabilities.")
    page.keyboard.press("Escape")
    expect(offered(page)).to_have_count(0)
    page.keyboard.press("Control+A")
    page.keyboard.type("nn.Lin")
    expect(offered(page).first).to_have_text(re.compile("Linear$"))
    assert "linear" not in page.locator(".cm-completionLabel").all_inner_texts()


def test_enter_and_tab_take_a_name_and_escape_takes_none(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    helped(page)
    write_program(page, "import torch\n")
    for key in ("Enter", "Tab"):
        page.keyboard.type("torch.manual_se")
        expect(offered(page).first).to_be_visible()
        page.wait_for_timeout(150)
        page.keyboard.press(key)
        expect(page.locator(".cm-line").last).to_have_text("torch.manual_seed")
        page.keyboard.press("Enter")
    page.keyboard.type("torch.manual_se")
    expect(offered(page).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.type("x")
    assert page.locator(".cm-line").all_inner_texts()[-2:] == ["torch.manual_se", "x"]


def test_enter_behind_a_whole_word_is_a_new_line(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    helped(page)
    write_program(page, "import torch\nvalue = 1\nvalues = 2\n")
    page.keyboard.type("value")
    expect(offered(page).first).to_be_visible()
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    page.keyboard.type("z")
    assert page.locator(".cm-line").all_inner_texts()[-2:] == ["value", "z"]


def test_a_tensor_has_the_methods_of_tensors(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    helped(page)
    at(page, 16, 0)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("w.requires")
    expect(offered(page)).to_have_count(2)
    expect(offered(page).first).to_have_text(re.compile("requires_grad$"))


def test_names_of_the_program_are_offered_on_request_and_nothing_in_comments(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    helped(page)
    at(page, 20, 0)
    page.keyboard.press("Control+ ")
    expect(offered(page).filter(has_text=re.compile("loss$"))).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.type("# torch.re")
    page.wait_for_timeout(400)
    expect(offered(page)).to_have_count(0)


def test_tab_indents_and_after_escape_leaves(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    at(page, 20, 0)
    page.keyboard.press("Tab")
    expect(page.locator(".cm-content")).to_be_focused()
    assert page.locator(".cm-line").last.evaluate("line => line.textContent.length") == 4
    page.keyboard.press("Escape")
    expect(page.locator(".cm-content")).not_to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("gw-editor-bar").get_by_role("button", name="Undo all edits")).to_be_focused()


def test_a_name_is_shown_as_it_is_at_the_step(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=1")
    helped(page)
    run_program(page, LOOP)
    page.keyboard.press("Escape")
    for step, value in ((2, "2"), (3, "4"), (4, "8")):
        page.keyboard.press("Home")
        for _ in range(step - 1):
            page.keyboard.press("ArrowRight")
        expect(told(page)).to_contain_text(f"Step {step} of")
        at(page, 4, 4)
        page.keyboard.press("Control+i")
        expect(card(page)).to_contain_text("[2] · float32")
        expect(card(page).locator("td").first).to_have_text(value)
        again = "binds x to another tensor"
        (expect(card(page)).to_contain_text if step < 4 else expect(card(page)).not_to_contain_text)(again)
        page.keyboard.press("Escape")
        expect(card(page)).to_have_count(0)
        page.keyboard.press("Escape")
    at(page, 5, 0)
    page.keyboard.press("Control+i")
    expect(card(page)).to_contain_text("Not computed yet. Step 5 (line 5) makes it.")


def test_a_gradient_is_shown_when_it_is_there_also_under_the_pointer(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    helped(page)
    at(page, 11, 0)
    page.keyboard.press("Control+i")
    expect(card(page)).to_contain_text("2.42")
    expect(card(page)).not_to_contain_text("gradient")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    box = line(page, 11).bounding_box()
    assert box
    page.mouse.move(box["x"] + 12, box["y"] + 8)
    expect(card(page)).to_contain_text("gradient ∂L/∂z")
    expect(card(page)).to_contain_text("−0.0817")


def test_who_asks_is_told_that_there_is_nothing(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop?step=3&iteration=4")
    helped(page)
    optimizer = page.locator(".cm-line", has_text="optimizer.zero_grad")
    optimizer.click(position={"x": 70, "y": 8})
    page.wait_for_timeout(600)
    expect(card(page)).to_have_count(0)
    page.keyboard.press("Control+i")
    expect(card(page)).to_contain_text("No tensor of this name was recorded in this iteration.")


def test_what_the_cards_say_is_announced(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=12")
    helped(page)
    at(page, 11, 0)
    page.keyboard.press("Control+i")
    expect(page.locator(".cm-announced")).to_contain_text("z. [1] · float32. value: 2.42")


def test_shapes_stand_behind_the_lines_and_are_no_part_of_the_text(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, f"{address}/lessons/module?step=1")
    page.keyboard.press("End")
    prediction = line(page, 27)
    expect(prediction.locator(".hint")).to_have_attribute("data-shape", "[4, 1]")
    page.keyboard.press("Home")
    expect(prediction.locator(".hint")).to_have_count(0)
    expect(line(page, 23).locator(".hint")).to_have_attribute("data-shape", "[4, 10]")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    assert "[4, 10]" not in line(page, 23).inner_text()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "x = torch.randn(4, 10)\n" in copied
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("gw-editor .hint")).to_have_count(0)
    page.reload()
    expect(page.locator(".cm-content")).to_be_visible()
    expect(page.get_by_role("switch", name="Shapes")).not_to_be_checked()
    expect(page.locator("gw-editor .hint")).to_have_count(0)


def test_shapes_move_no_line_and_are_never_cut(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=7")
    heights = "lines => lines.map(line => line.getBoundingClientRect().height)"
    expect(line(page, 27).locator(".hint")).to_be_visible()
    with_shapes = page.locator(".cm-line").evaluate_all(heights)
    right = page.locator(".cm-scroller").evaluate("e => e.getBoundingClientRect().right")
    for hint in page.locator("gw-editor .hint:not(.cut)").all():
        box = hint.bounding_box()
        assert box
        assert box["x"] + box["width"] <= right
    assert page.locator(".cm-scroller").evaluate("e => e.scrollWidth <= e.clientWidth")
    page.keyboard.press("s")
    expect(page.locator("gw-editor .hint")).to_have_count(0)
    assert page.locator(".cm-line").evaluate_all(heights) == with_shapes


def test_an_edit_takes_the_shapes_of_its_lines_only(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    expect(line(page, 11).locator(".hint")).to_have_attribute("data-shape", "[1]")
    at(page, 11, 0)
    page.keyboard.press("Enter")
    expect(line(page, 12).locator(".hint")).to_have_attribute("data-shape", "[1]")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("v = 3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type(" + v")
    expect(line(page, 12).locator(".hint")).to_have_count(0)
    expect(line(page, 13).locator(".hint")).to_have_attribute("data-shape", "[1]")
    expect(line(page, 14)).to_have_class(re.compile("lit"))


def test_a_failing_line_says_why_and_what_to_do_until_it_is_edited(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, "import torch\nx = torch.ones(2, 3)\ny = x @ torch.ones(2, 3)\n")
    message = page.locator(".cm-content .message")
    expect(message.locator(".what")).to_contain_text("mat1 and mat2 shapes cannot be multiplied")
    expect(message.locator(".advice")).to_contain_text("inner sizes")
    assert message.locator(".advice").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 14
    expect(page.locator(".cm-lineNumbers .failed-number")).to_have_text("3")
    at(page, 3, 0)
    page.keyboard.press("End")
    page.keyboard.type(".T")
    expect(message).to_have_count(0)
    expect(page.locator(".failed-number")).to_have_count(0)


@pytest.fixture
def live(page: Page, address: str) -> Page:
    """The neuron at its eighth step, run on change."""
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("r")
    expect(page.get_by_role("switch", name="Run on change")).to_be_checked()
    return page


def test_a_pause_in_typing_runs_the_program_at_the_same_step(live: Page) -> None:
    at(live, 4, len("x = torch.tensor([1"))
    live.keyboard.press("Delete")
    live.keyboard.press("Delete")
    live.keyboard.type(".5")
    expect(live.locator("g.node[data-node=n0] .number.value")).to_have_text("1.5")
    expect(told(live)).to_contain_text("Step 8 of 14")
    expect(live.locator(".cm-content")).to_be_focused()
    live.wait_for_url(re.compile("/s/.*step=8"))
    expect(live.locator("gw-editor-bar .edited")).to_have_count(0)


def test_an_unfinished_line_is_not_sent(live: Page) -> None:
    sent: list[str] = []
    live.on("request", lambda request: sent.append(request.url) if request.url.endswith("/runs") else None)
    at(live, 11, 0)
    live.keyboard.press("End")
    live.keyboard.type(" + (2 *")
    live.wait_for_timeout(1500)
    assert sent == []
    expect(live.locator(".cm-content .message")).to_have_count(0)
    expect(live.locator("gw-editor-bar .edited")).to_contain_text("Line 11 is not finished.")
    live.keyboard.type(" 3")
    expect(live.locator("g.node")).to_have_count(9)
    assert len(sent) == 1


def test_a_failing_change_is_marked_and_the_picture_stays(live: Page) -> None:
    at(live, 11, 0)
    live.keyboard.press("End")
    live.keyboard.type(" + nothing")
    message = live.locator(".cm-content .message")
    expect(message).to_contain_text("name 'nothing' is not defined")
    expect(live.locator("gw-editor-bar .edited")).to_contain_text("Line 11 fails: the picture stays.")
    expect(live.locator("g.node")).to_have_count(8)
    expect(told(live)).to_contain_text("Step 8 of 14")
    assert "/lessons/neuron" in live.url
    for _ in "nothing":
        live.keyboard.press("Backspace")
    expect(message).to_have_count(0)
    live.keyboard.type("w")
    expect(live.locator("g.node")).to_have_count(9)


def test_a_newer_change_gives_up_the_older_run(live: Page, expected: list[str]) -> None:
    with live.expect_request(re.compile("/runs$")):
        write_program(live, "import torch\nx = torch.ones(2)\nwhile True:\n    pass\n")
    with live.expect_event("requestfailed", lambda request: request.url.endswith("/runs")):
        live.keyboard.press("Control+A")
        live.keyboard.insert_text("import torch\nx = torch.full((1,), 7.0)\n")
    expect(live.locator("g.node")).to_have_count(1)
    expect(live.locator("g.node .number.value")).to_have_text("7")


def test_a_draft_survives_a_closed_tab_and_can_be_discarded(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "# my draft")
    context = page.context
    page.close()
    again = context.new_page()
    open_page(again, f"{address}/lessons/neuron")
    expect(again.locator(".cm-content")).to_have_text("# my draft")
    expect(again.locator("gw-editor-bar .edited")).to_contain_text("Your draft of ")
    button(again, "Discard draft").focus()
    again.keyboard.press("Enter")
    expect(line(again, 1)).to_have_text("import torch")
    again.reload()
    expect(line(again, 1)).to_have_text("import torch")


def test_two_tabs_keep_their_own_drafts(page: Page, address: str) -> None:
    context: BrowserContext = page.context
    other = context.new_page()
    for tab in (page, other):
        open_page(tab, f"{address}/lessons/neuron")
    write_program(page, "# of the first tab")
    expect(other.locator("gw-editor-bar .other")).to_contain_text("Also open in another tab")
    expect(line(other, 1)).to_have_text("import torch")
    write_program(other, "# of the second tab")
    expect(page.locator("gw-editor-bar .other")).to_contain_text("Also open in another tab")
    expect(page.locator(".cm-content")).to_have_text("# of the first tab")
    page.reload()
    expect(page.locator(".cm-content")).to_have_text("# of the first tab")
    button(page, "Show the other text").click()
    expect(page.locator(".cm-content")).to_have_text("# of the second tab")
    button(page, "Show the other text").click()
    expect(page.locator(".cm-content")).to_have_text("# of the first tab")


def test_storage_that_is_full_says_so_once(page: Page, address: str) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }")
    open_page(page, f"{address}/lessons/neuron")
    write_program(page, "# mine")
    expect(page.locator("gw-notice .info")).to_contain_text("Your program is here until this tab is closed")
    button(page, "OK").click()
    page.locator(".cm-content").click()
    page.keyboard.type("and more")
    expect(page.locator(".cm-content")).to_contain_text("and more")
    expect(page.locator("gw-notice .info")).to_have_count(0)


def test_another_lesson_does_not_come_back_by_undo(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    page.locator("gw-lesson-menu button").focus()
    for key in ("Enter", "End", "ArrowUp", "Enter"):  # the map stands below the last lesson
        page.keyboard.press(key)
    page.wait_for_url(re.compile(f"/lessons/{Lessons.built_in().all()[-1].slug}"))
    expect(page.locator(".cm-content")).to_contain_text("autograd.Function")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+z")
    expect(page.locator("gw-editor-bar .edited")).to_have_count(0)
    expect(page.locator(".cm-content")).not_to_contain_text("binary_cross_entropy")


def test_the_switches_are_worked_by_keyboard(page: Page, address: str) -> None:
    open_page(page, address)
    shapes = page.get_by_role("switch", name="Shapes")
    shapes.focus()
    expect(shapes).to_be_checked()
    page.keyboard.press("Space")
    expect(shapes).not_to_be_checked()
    expect(told(page)).to_contain_text("Step 1 of")
