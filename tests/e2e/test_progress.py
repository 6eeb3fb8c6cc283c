"""While a program waits and runs: what the page says, that nothing jumps, and that giving up ends the program."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

from gradwalk.lessons import Lessons
from tests.e2e.acting import button, open_page, told, write_program

TRAINING = """\
import time, torch
w = torch.tensor([2.0], requires_grad=True)
for step in range(60):
    loss = (w * 3 - 1).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None
    time.sleep(0.05)
print("trained")
"""
ENDLESS = "while True:\n    pass\n"
WALL_SECONDS = 5


def says(page: Page) -> Locator:
    return page.locator("gw-notice .what")


def spoken(page: Page) -> Locator:
    """What a screen reader is told."""
    return page.locator("gw-notice .spoken")


def start(page: Page, source: str) -> None:
    write_program(page, source)
    page.keyboard.press("Control+Enter")


def boxes(page: Page) -> list[object]:
    """Where everything lies beside the notice."""
    names = ("gw-stage", "gw-editor", "gw-timeline", "gw-header .about", "gw-header .strong", "gw-header .square")
    return [page.locator(name).first.bounding_box() for name in names]


def box(page: Page) -> object:
    """Where the notice lies."""
    return page.locator("gw-notice .box").bounding_box()


def test_a_training_is_followed_iteration_by_iteration_and_nothing_jumps(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    page.evaluate(
        """() => {
            window.heard = new Set()
            const spoken = document.querySelector('gradwalk-app').shadowRoot.querySelector('gw-notice')
                .shadowRoot.querySelector('.spoken')
            new MutationObserver(() => heard.add(spoken.textContent)).observe(
                spoken, { childList: true, characterData: true, subtree: true })
        }"""
    )
    at_rest = boxes(page)
    start(page, TRAINING)
    expect(says(page)).to_have_text(re.compile(r"^Running, iteration \d+ \(step \d+\), loss \d"))
    first, before = says(page).inner_text(), box(page)
    expect(says(page)).not_to_have_text(first)
    expect(says(page)).to_have_text(re.compile(r"^Running, iteration [2-5]\d \(step \d+\), loss \d"))
    assert (box(page), boxes(page)) == (before, at_rest)
    expect(page.locator("g.node")).to_have_count(8)  # the picture from before stays meanwhile
    expect(page.locator("gw-console")).to_contain_text("trained")
    expect(page.locator("gw-notice .box")).to_have_count(0)
    heard = page.evaluate("[...heard]")
    assert 1 <= len([text for text in heard if "Running" in text]) <= 3, heard


def test_a_second_tab_waits_for_the_first_and_another_browser_does_not(
    page: Page, browser: Browser, address: str
) -> None:
    open_page(page, f"{address}/lessons/neuron")
    second = page.context.new_page()
    open_page(second, f"{address}/lessons/neuron")
    other = browser.new_context().new_page()
    open_page(other, f"{address}/lessons/neuron")
    start(page, TRAINING)
    expect(says(page)).to_contain_text("Running")
    start(second, "print('second')")
    expect(says(second)).to_have_text("1 run before yours")
    expect(spoken(second)).to_have_text("1 run before yours")
    start(other, "print('other')")
    expect(other.locator("gw-console")).to_contain_text("other")
    expect(says(second)).to_have_text("1 run before yours")
    expect(page.locator("gw-console")).to_contain_text("trained")
    expect(second.locator("gw-console")).to_contain_text("second")
    other.context.close()


def answered_long_before_the_wall(act: Callable[[], None]) -> None:
    """The program before it was ended, or this one would have had to wait for its wall."""
    began = time.monotonic()
    act()
    assert time.monotonic() - began < WALL_SECONDS - 1


def test_cancel_ends_the_program_and_says_so(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=9")
    start(page, ENDLESS)
    expect(says(page)).to_contain_text("Running the program")

    def cancel_and_run_another() -> None:
        page.locator("gw-header").get_by_role("button", name="Cancel").click()
        expect(page.locator("gw-notice")).to_contain_text("The run was cancelled")
        expect(told(page)).to_contain_text("Step 9 of 14")
        expect(page.locator(".cm-content")).to_contain_text("while True")
        button(page, "OK").click()
        expect(page.locator("gw-notice .box")).to_have_count(0)
        start(page, "print('next')")
        expect(page.locator("gw-console")).to_contain_text("next")

    answered_long_before_the_wall(cancel_and_run_another)


def test_to_leave_the_page_is_to_cancel(page: Page, address: str) -> None:
    second = page.context.new_page()
    open_page(second, f"{address}/lessons/neuron")
    open_page(page, f"{address}/lessons/neuron")
    start(page, ENDLESS)
    expect(says(page)).to_contain_text("Running the program")

    def leave_and_run_another() -> None:
        page.close()
        start(second, "print('next')")
        expect(second.locator("gw-console")).to_contain_text("next")

    answered_long_before_the_wall(leave_and_run_another)


def test_another_lesson_gives_the_run_up(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    start(page, ENDLESS)
    expect(says(page)).to_contain_text("Running the program")

    def go_on() -> None:
        page.locator("gw-lesson-menu button").focus()
        for key in ("Enter", "End", "ArrowUp", "Enter"):  # the map stands below the last lesson
            page.keyboard.press(key)
        page.wait_for_url(re.compile(f"/lessons/{Lessons.built_in().all()[-1].slug}"))
        start(page, "print('next')")
        expect(page.locator("gw-console")).to_contain_text("next")

    answered_long_before_the_wall(go_on)
