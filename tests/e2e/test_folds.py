"""Graphs that are too large to be read at once: what folds, how it opens, and how a reader finds the way in it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import closed, open_large, recording_of, room, told
from tests.e2e.networks import NETWORKS, RESIDUAL, SHARED, chain
from tests.e2e.picture import picture
from tests.tiers import rest_at_night

TRAINING = f"""{RESIDUAL.replace("loss = ((net(x) - y) ** 2).mean()", "").replace("loss.backward()", "")}
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(3):
    optimizer.zero_grad()
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
"""
FAILING = SHARED.replace("loss = h.square().sum()", "h = torch.stack([h, h])\nloss = fc(h.reshape(-1, 3))")


SLOW = 1500
SLOW_WORKERS = f"""Worker = class extends Worker {{
  postMessage(...message) {{
    setTimeout(() => super.postMessage(...message), {SLOW})
  }}
}}"""


def middle(card: Locator) -> tuple[float, float]:
    """In CSS pixels of the page."""
    box = card.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def width_of(card: Locator) -> float:
    """In CSS pixels."""
    box = card.bounding_box()
    assert box
    return box["width"]


def places(page: Page) -> dict[str, str]:
    """Where every card and room stands on the stage's plane."""
    found: dict[str, str] = page.locator("gw-stage").evaluate(
        """stage => Object.fromEntries([...stage.shadowRoot.querySelectorAll('g.node, g.closed-room, g.room')]
             .map(e => [e.dataset.node ?? e.dataset.fold, e.getAttribute('transform')]))"""
    )
    return found


def test_layers_of_equal_structure_are_one_card_that_opens_to_them(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, RESIDUAL))
    expect(closed(page, "net")).to_contain_text("98 operations")
    closed(page, "net").click()
    expect(room(page, "net")).to_be_visible()
    closed(page, "Block × 24").click()
    closed(page, "1–10").click()
    closed(page, "blocks.3").focus()
    page.keyboard.press("Enter")
    expect(closed(page, "fc1")).to_be_visible()
    page.wait_for_url(re.compile(r"open=g0,f\d+,f\d+,g\d+"))
    page.reload()
    expect(closed(page, "fc1")).to_be_visible()
    room(page, "net").focus()
    page.keyboard.press("Enter")
    expect(page.locator("g.closed-room")).to_have_count(1)


def test_groups_open_and_close_by_keyboard_and_keep_the_focus(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, RESIDUAL))
    closed(page, "net").focus()
    page.keyboard.press("Enter")
    expect(room(page, "net")).to_be_focused()
    page.keyboard.press("Enter")
    expect(closed(page, "net")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(page.locator("g.closed-room")).to_have_count(0)
    expect(page.locator("g.node")).to_have_count(203)
    page.keyboard.press("Shift+Enter")
    expect(page.locator("g.closed-room")).to_have_count(1)


def test_an_opened_card_stays_where_the_reader_looks(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, RESIDUAL))
    closed(page, "net").click()
    for name in ("Block × 24", "11–20", "blocks.15", "fc1"):
        closed(page, name).focus()
        (left, top), step = middle(closed(page, name)), told(page).inner_text()
        page.keyboard.press("Enter")
        title = room(page, name).bounding_box()
        assert title
        assert title["x"] - 60 < left < title["x"] + title["width"] + 60
        assert title["y"] < top + 60
        expect(room(page, name)).to_be_in_viewport()
        assert told(page).inner_text() == step


def test_cards_glide_to_their_new_places(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="no-preference")
    open_large(page, recording_of(page, address, RESIDUAL))
    closed(page, "net").click()
    stage = page.locator("gw-stage")
    assert stage.evaluate("stage => stage.shadowRoot.getAnimations().length") > 3
    page.wait_for_timeout(600)
    assert stage.evaluate("stage => stage.shadowRoot.getAnimations().length") == 0
    assert picture(page).entangled() == []


def test_a_step_inside_a_closed_card_lights_the_card(page: Page, address: str) -> None:
    url = recording_of(page, address, NETWORKS["recurrent"])
    open_large(page, f"{url}?step=100")
    loop = closed(page, "lines 7–8 × 50")
    expect(loop).to_have_class(re.compile("active in-forward"))
    expect(loop).to_contain_text(re.compile(r"at \d+ of 50"))
    page.keyboard.press("End")
    expect(loop).not_to_have_class(re.compile("active"))
    expect(loop).to_contain_text("250 operations")
    expect(page.locator("g.node.parameter .below").first).not_to_be_empty()
    page.keyboard.press("ArrowLeft")
    page.goto(f"{url}?step=300")
    expect(loop).to_have_class(re.compile("active in-backward"))
    expect(loop.locator("g.below")).not_to_be_empty()


@pytest.mark.slow
def test_ten_thousand_operations_are_few_cards(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, chain(10_000)))
    expect(closed(page, "lines 4–6 × 5000").or_(closed(page, "lines 5–6 × 5000"))).to_contain_text("10,000 operations")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".work")).to_contain_text("More than 1,000 cards cannot be read at once")
    cards = page.locator("g.node, g.closed-room")
    expect(cards.nth(100)).to_be_attached()
    assert cards.count() <= 1000


def test_the_overview_shows_where_the_reader_is_and_moves_there(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, SHARED))
    overview = page.locator("gw-minimap")
    expect(overview).to_have_count(0)
    page.keyboard.press("Shift+Enter")
    expect(overview).to_have_count(1)
    last = page.locator("g.node").last
    box = overview.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    expect(last).to_be_in_viewport()
    far = middle(last)[0]
    overview.locator("svg").focus()
    page.keyboard.press("ArrowLeft")
    assert middle(last)[0] > far + 100
    expect(told(page)).to_contain_text("Step 1 of")


def test_zoom_and_fit_have_their_keys(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, SHARED))
    card = page.locator("g.closed-room rect.front").first
    width = width_of(card)
    page.keyboard.press("+")
    assert width_of(card) == pytest.approx(width * 1.25, rel=0.02)
    page.keyboard.press("-")
    page.keyboard.press("-")
    assert width_of(card) == pytest.approx(width / 1.25, rel=0.02)
    page.keyboard.press("0")
    assert width_of(card) == pytest.approx(width, rel=0.02)


def test_a_search_opens_the_way_to_a_node_in_closed_groups(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, RESIDUAL))
    page.keyboard.press("/")
    page.keyboard.type("blocks.22.fc2.weight")
    page.keyboard.press("Enter")
    found = page.locator("g.node.selected")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("weight")
    stage = page.locator("gw-stage").bounding_box()
    assert stage
    x, y = middle(found)
    assert stage["x"] < x < stage["x"] + stage["width"]
    assert stage["y"] < y < stage["y"] + stage["height"]


def test_what_failed_is_open_and_in_place(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, FAILING))
    expect(page.locator("g.node.failed")).to_have_count(1)


def test_two_runs_of_a_program_stand_alike(page: Page, address: str) -> None:
    drawn = []
    for _ in range(2):
        open_large(page, recording_of(page, address, RESIDUAL))
        closed(page, "net").click()
        closed(page, "Block × 24").click()
        expect(closed(page, "1–10")).to_be_visible()
        drawn.append(places(page))
    assert len(drawn[0]) > 8
    assert drawn[0] == drawn[1]


def test_iterations_stand_alike(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, TRAINING))
    closed(page, "net").click()
    expect(closed(page, "Block × 24")).to_be_visible()
    before = places(page)
    page.keyboard.press("]")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 2 of 3")
    assert places(page) == before
    expect(closed(page, "Block × 24")).to_be_visible()


def test_a_browser_without_workers_arranges_the_same(page: Page, address: str) -> None:
    url = recording_of(page, address, RESIDUAL)
    drawn = []
    for script in ("", "delete window.Worker"):
        other = page.context.new_page()
        other.add_init_script(script)
        open_large(other, url)
        other.keyboard.press("Shift+Enter")
        expect(other.locator("g.node")).to_have_count(203)
        drawn.append(places(other))
    assert drawn[0] == drawn[1]


def test_a_browser_without_workers_says_that_nothing_is_lost(page: Page, address: str) -> None:
    page.add_init_script("delete window.Worker")
    open_large(page, recording_of(page, address, RESIDUAL))
    said = page.locator("gw-stage").evaluate(
        """async stage => {
          stage.toggleAll()
          while (!(await stage.updateComplete)) {}
          return stage.shadowRoot.querySelector('.work').textContent
        }"""
    )
    assert "Arranging 203 cards" in said
    assert "nothing is lost" in said
    expect(page.locator(".work")).to_be_empty()
    expect(page.locator("g.node")).to_have_count(203)


def test_a_long_arrangement_is_told_keeps_the_picture_and_can_be_given_up(page: Page, address: str) -> None:
    page.add_init_script(SLOW_WORKERS)
    open_large(page, recording_of(page, address, RESIDUAL))
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".work")).to_contain_text("Arranging 203 cards")
    expect(closed(page, "net")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 2 of")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".work")).to_be_empty()
    page.wait_for_timeout(SLOW)
    expect(closed(page, "net")).to_be_visible()
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".work")).to_contain_text("Arranging 203 cards")
    closed(page, "net").click()
    expect(room(page, "net")).to_be_visible()
    expect(page.locator(".work")).to_be_empty()
    page.wait_for_timeout(SLOW)
    expect(closed(page, "Block × 24")).to_be_visible()


@pytest.mark.parametrize("name", rest_at_night(NETWORKS, {"residual", "encoder"}))
def test_nothing_is_entangled_whatever_is_open(page: Page, address: str, name: str) -> None:
    open_large(page, f"{recording_of(page, address, NETWORKS[name])}?step=60")
    for _ in range(4):
        assert picture(page).entangled() == []
        cards = page.locator("g.closed-room")
        if cards.count() == 0:
            break
        shown = page.locator("g.room").count()
        cards.last.dispatch_event("click")
        expect(page.locator("g.room")).to_have_count(shown + 1)
