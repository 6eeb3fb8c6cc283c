"""Stopping at nodes and lines, the next gradient that reaches a node, stepping over a group."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.acting import button, count_of_steps, line, open_page, recording_of, room, told, write_program

DETACHED = """import torch
w = torch.tensor(2.0, requires_grad=True)
v = torch.tensor(3.0, requires_grad=True)
loss = w.detach() * v
loss.backward()
"""


def margin(page: Page, number: int) -> None:
    """Clicks left of a line's number."""
    page.locator(".cm-breaks .cm-gutterElement").nth(number - 1).click()


def test_playing_stops_at_a_node_and_goes_on(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=1&break=n6")
    page.keyboard.press("5")
    page.keyboard.press("Space")
    expect(told(page)).to_contain_text("Step 7 of 14")
    expect(button(page, "Play")).to_be_visible()
    page.keyboard.press("Space")
    expect(told(page)).to_contain_text("Step 10 of 14")
    expect(button(page, "Play")).to_be_visible()
    page.keyboard.press("Space")
    expect(told(page)).to_contain_text("Step 14 of 14")


def test_a_breakpoint_shows_on_the_card_on_the_ticks_and_in_the_address(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    card = page.locator("g.node[data-node=n6]")
    card.click()
    page.keyboard.press("b")
    expect(card.locator(".stop")).to_be_visible()
    expect(card).to_have_attribute("aria-label", re.compile("breakpoint"))
    expect(page.locator("gw-timeline .stop")).to_have_count(2)
    expect(button(page, "⬣ Breakpoint")).to_have_attribute("aria-pressed", "true")
    page.wait_for_url(re.compile("break=n6"))
    page.reload()
    expect(card.locator(".stop")).to_be_visible()
    button(page, "⬣ Breakpoint").click()
    expect(card.locator(".stop")).to_be_hidden()
    page.wait_for_url(lambda url: "break=" not in url)


def test_a_line_is_set_by_pointer_or_key_and_walked_by_key(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=1")
    margin(page, 12)
    expect(page.locator(".cm-breaks .break")).to_have_count(1)
    page.wait_for_url(re.compile("break=l12"))
    for key, step in [("g", 7), ("g", 10), ("g", 10), ("G", 7)]:
        page.keyboard.press(key)
        expect(told(page)).to_contain_text(f"Step {step} of 14")
    line(page, 13).click()
    page.keyboard.press("Control+b")
    expect(page.locator(".cm-breaks .break")).to_have_count(2)
    margin(page, 12)
    page.wait_for_url(re.compile(r"break=l13\b"))


def test_a_line_keeps_its_breakpoint_while_the_program_is_edited_and_run(page: Page, address: str) -> None:
    url = recording_of(page, address, DETACHED)
    open_page(page, f"{url}?step=1&break=l4")
    write_program(page, DETACHED.replace("import torch\n", "import torch\n\n\n"))
    stop = page.locator(".cm-breaks .break")
    expect(stop).to_have_count(1)
    beside = stop.bounding_box()
    text = line(page, 6).bounding_box()
    assert beside
    assert text
    assert abs(beside["y"] - text["y"]) < text["height"]
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"break=l6\b"))


def test_the_next_gradient_of_a_parameter_goes_on_in_the_next_iteration(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop?step=1")
    page.locator("g.node.parameter").first.click()
    page.keyboard.press("n")
    expect(told(page)).to_contain_text("backward")
    while "iteration=0" in page.url and told(page).inner_text():
        before = told(page).inner_text()
        page.keyboard.press("n")
        expect(told(page)).not_to_have_text(before)
        page.wait_for_timeout(250)
    expect(page.locator("gw-notice")).to_contain_text("this is iteration 2")
    expect(told(page)).to_contain_text("backward")
    page.keyboard.press("N")
    expect(page.locator("gw-notice")).to_contain_text("this is iteration 1")


def test_a_parameter_without_gradient_says_why(page: Page, address: str) -> None:
    open_page(page, recording_of(page, address, DETACHED))
    page.locator("g.node.parameter").first.click()
    page.keyboard.press("n")
    expect(page.locator("gw-notice")).to_contain_text(
        "No gradient reaches w: detach in line 4 cuts the way back from the loss"
    )
    page.keyboard.press("End")
    expect(page.locator("g.node .without", has_text="None")).to_have_count(1)


def test_a_group_is_stepped_over_both_ways_open_and_closed(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=3")
    inside = told(page).inner_text()
    page.keyboard.press("o")
    expect(told(page)).to_contain_text("Step 4 of")
    page.keyboard.press("ArrowLeft")
    expect(told(page)).to_have_text(inside)
    room(page, "net").click()
    expect(page.locator("g.closed-room.active")).to_have_count(1)
    page.keyboard.press("o")
    expect(told(page)).to_contain_text("loss")
    page.keyboard.press("Shift+O")
    expect(page.locator("g.closed-room.active")).to_have_count(1)
    page.keyboard.press("Shift+O")
    assert int(told(page).inner_text().split()[1]) < 3
    assert count_of_steps(page) > 10
