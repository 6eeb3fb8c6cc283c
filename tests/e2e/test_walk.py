"""Walking through a recording: steps both ways, iterations, rooms, and the address that shows the same step."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import button, count_of_steps, line, open_page, told
from tests.e2e.lessons import WALKS


def test_the_neuron_walks_to_its_last_step_and_back_by_keyboard(page: Page, address: str) -> None:
    open_page(page, address)
    count = count_of_steps(page)
    forth = [told(page).inner_text()]
    for number in range(2, count + 1):
        page.keyboard.press("ArrowRight")
        expect(told(page)).to_contain_text(f"Step {number} of {count}")
        forth.append(told(page).inner_text())
    assert len(set(forth)) == count
    assert "−0.0898" in forth[-1]
    back = [forth[-1]]
    for number in range(count - 1, 0, -1):
        page.keyboard.press("ArrowLeft")
        expect(told(page)).to_contain_text(f"Step {number} of {count}")
        back.append(told(page).inner_text())
    assert back == forth[::-1]


def test_the_narration_is_another_sentence_at_every_step_not_only_another_number(page: Page, address: str) -> None:
    open_page(page, address)
    sentences = []
    for number in range(1, count_of_steps(page) + 1):
        expect(told(page)).to_contain_text(f"Step {number} of")
        sentences.append(re.sub(r"^Step \d+ of \d+, ", "", told(page).inner_text()))
        page.keyboard.press("ArrowRight")
    assert all(one != other for one, other in itertools.pairwise(sentences))


def test_the_address_of_step_7_shows_step_7_in_a_new_tab(page: Page, address: str) -> None:
    open_page(page, address)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 7 of")
    page.wait_for_url(re.compile(r"step=7\b"))
    other = page.context.new_page()
    open_page(other, page.url)
    assert told(other).inner_text() == told(page).inner_text()


PHASES = [
    ("Home", "initialise"),
    ("Shift+ArrowRight", "forward"),
    ("Shift+ArrowRight", "loss"),
    ("Shift+ArrowRight", "backward"),
    ("Shift+ArrowLeft", "loss"),
]


def test_phases_and_ends_have_their_keys(page: Page, address: str) -> None:
    open_page(page, address)
    count = count_of_steps(page)
    for key, phase in PHASES:
        page.keyboard.press(key)
        expect(told(page)).to_contain_text(phase)
    page.keyboard.press("End")
    expect(told(page)).to_contain_text(f"Step {count} of")
    page.keyboard.press("Home")
    expect(told(page)).to_contain_text("Step 1 of")


def test_space_plays_to_the_end_and_pauses(page: Page, address: str) -> None:
    open_page(page, address)
    page.keyboard.press("5")
    page.keyboard.press("Space")
    expect(button(page, "Pause")).to_be_visible()
    expect(told(page)).to_contain_text("Step 14 of 14")
    expect(button(page, "Play")).to_be_visible()


def test_gradients_stand_at_the_leaves_at_the_end(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    page.keyboard.press("End")
    expect(page.locator("g.node[data-node=n2] .number.gradient")).to_have_text("−0.0898")
    expect(page.locator("g.node[data-node=n3] .number.gradient")).to_have_text("−0.0817")


def test_the_line_of_the_step_is_lit_and_a_line_leads_to_its_step(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    expect(page.locator(".cm-line.lit")).to_have_text("a = torch.sigmoid(z)")
    expect(line(page, 12)).to_have_class(re.compile("backward"))
    page.locator(".cm-lineNumbers .cm-gutterElement", has_text=re.compile("^4$")).click()
    expect(told(page)).to_contain_text("Step 1 of")
    expect(page.locator(".cm-line.lit")).to_have_text("x = torch.tensor([1.1])")


def test_rooms_close_and_open_and_the_address_keeps_them(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module")
    shown = page.locator("g.node").count()
    page.locator("g.room g.title").first.click()
    expect(page.locator("g.closed-room")).to_have_count(1)
    assert page.locator("g.node").count() < shown
    page.wait_for_url(re.compile("open="))
    page.reload()
    expect(page.locator("g.closed-room")).to_have_count(1)
    page.locator("g.closed-room").click()
    expect(page.locator("g.node")).to_have_count(shown)


def test_iterations_are_scrubbed_by_keyboard_and_the_loss_falls(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop")
    loss = page.locator("gw-timeline .loss-number")
    first = float(loss.inner_text())
    for number in range(2, 7):
        page.keyboard.press("]")
        expect(page.locator("gw-timeline")).to_contain_text(f"iteration {number} of 20")
    assert float(loss.inner_text()) < first
    page.wait_for_url(re.compile(r"iteration=5\b"))
    page.keyboard.press("[")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 5 of 20")


@pytest.mark.parametrize("slug", WALKS)
def test_every_lesson_walks_to_its_end(page: Page, address: str, slug: str) -> None:
    open_page(page, f"{address}/lessons/{slug}")
    count = count_of_steps(page)
    for number in range(2, count + 1):
        page.keyboard.press("ArrowRight")
        expect(told(page)).to_contain_text(f"Step {number} of {count}")
    expect(page.locator("gw-inspector, gw-lesson").first).to_be_visible()
