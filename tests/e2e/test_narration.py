"""What a screen reader is given to speak: one sentence where a step rests, no flood of them while steps pass by."""

import itertools

from playwright.sync_api import Page, expect

from tests.e2e.acting import heard, open_page, told

RECORD = """
region => {
  window.heard = []
  const note = () => window.heard.push({ text: region.textContent, at: performance.now() })
  new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true })
}
"""
REST = 300
"""Milliseconds after which a step is told."""


def record(page: Page) -> None:
    """From now on, writes down every change of the live region."""
    expect(heard(page)).not_to_be_empty()
    heard(page).evaluate(RECORD)


def told_so_far(page: Page) -> list[str]:
    sentences: list[str] = page.evaluate("window.heard.map(({ text }) => text)")
    return sentences


def hold(page: Page, key: str, times: int, every: int) -> None:
    """A key that is held repeats."""
    for _ in range(times):
        page.keyboard.down(key)
        page.wait_for_timeout(every)
    page.keyboard.up(key)


def test_each_step_that_rests_is_told_once(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=1")
    record(page)
    for number in range(2, 6):
        page.keyboard.press("ArrowRight")
        expect(heard(page)).to_contain_text(f"Step {number} of")
    page.wait_for_timeout(2 * REST)
    assert [one.split(" of")[0] for one in told_so_far(page)] == [f"Step {number}" for number in range(2, 6)]


def test_a_held_key_tells_only_where_it_ends(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=1")
    record(page)
    hold(page, "ArrowRight", 12, 30)
    expect(heard(page)).to_contain_text("Step 13 of")
    page.wait_for_timeout(2 * REST)
    # a busy machine may pause between two of the keys; not between most of them
    sentences = told_so_far(page)
    assert sentences[-1] == heard(page).inner_text() == told(page).inner_text()
    assert len(sentences) <= 3


def test_playing_fast_tells_no_more_than_can_be_heard(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=1")
    record(page)
    page.keyboard.press("5")
    page.keyboard.press(" ")
    expect(told(page)).to_contain_text("Step 20 of 20", timeout=60_000)
    expect(heard(page)).to_contain_text("Step 20 of 20")
    page.wait_for_timeout(2 * REST)
    steps: list[dict[str, float | str]] = page.evaluate("window.heard")
    assert len(steps) < 10
    # but for the last, which is told as soon as the playing ends
    for one, other in list(itertools.pairwise(steps))[:-1]:
        assert float(other["at"]) - float(one["at"]) >= 40 * len(str(one["text"])) - 50
