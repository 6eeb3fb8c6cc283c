"""Walking in the graph by keyboard: one stop of the Tab key, arrow keys along the edges, and the steps undisturbed."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import open_page, told

HERE = "g.node:focus, g.closed-room:focus, g.title:focus"


def here(page: Page) -> Locator:
    """The card that has the focus."""
    return page.locator(HERE)


def tab_into_graph(page: Page) -> None:
    """From the handle before the stage."""
    page.get_by_role("separator", name="Width of the program").focus()
    page.keyboard.press("Tab")
    expect(here(page)).to_have_count(1)


def test_the_graph_is_one_stop_that_names_what_is_there(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    expect(page.locator("gw-stage svg [tabindex='0']")).to_have_count(1)
    tab_into_graph(page)
    expect(here(page)).to_have_attribute("data-node", "n6")
    name = here(page).get_attribute("aria-label")
    assert name == "sigmoid, a, value 0.9183, gradient −1.089, input z, line 12"
    expect(page.locator("gw-stage .walking")).to_be_visible()
    page.keyboard.press("Tab")
    expect(here(page)).to_have_count(0)
    expect(page.locator("gw-stage .walking")).to_have_count(0)


def test_arrow_keys_follow_the_edges_and_the_step_stays(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    tab_into_graph(page)
    for key, node in [
        ("Home", "n0"),
        ("ArrowRight", "n4"),
        ("ArrowRight", "n5"),
        ("ArrowLeft", "n4"),
        ("Home", "n0"),
        ("ArrowDown", "n2"),
        ("ArrowUp", "n0"),
        ("End", "n7"),
        ("ArrowRight", "n7"),
    ]:
        page.keyboard.press(key)
        expect(here(page)).to_have_attribute("data-node", node)
    expect(told(page)).to_contain_text("Step 10 of")
    page.keyboard.press(".")
    expect(told(page)).to_contain_text("Step 11 of")
    page.keyboard.press(",")
    expect(told(page)).to_contain_text("Step 10 of")


def test_enter_selects_and_escape_gives_the_arrows_back(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    tab_into_graph(page)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(page.locator("g.node.selected")).to_have_attribute("data-node", "n0")
    page.keyboard.press("Escape")
    expect(page.locator("gw-stage .walking")).to_have_count(0)
    expect(here(page)).to_have_attribute("data-node", "n0")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 11 of")
    page.keyboard.press("Enter")
    expect(page.locator("gw-stage .walking")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(here(page)).to_have_attribute("data-node", "n4")
    expect(told(page)).to_contain_text("Step 11 of")


def test_after_a_click_on_a_card_the_arrows_still_step(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    card = page.locator("g.node[data-node=n4] .card").bounding_box()
    assert card
    page.mouse.click(card["x"] + 8, card["y"] + card["height"] / 2)
    expect(page.locator("g.node.selected")).to_have_attribute("data-node", "n4")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 11 of")
    page.keyboard.press("ArrowLeft")
    expect(told(page)).to_contain_text("Step 10 of")


def test_a_room_is_closed_and_opened_in_place(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module")
    nodes = page.locator("g.node").count()
    tab_into_graph(page)
    page.locator("g.title").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("g.closed-room:focus")).to_have_count(1)
    expect(page.locator("gw-stage svg [tabindex='0']")).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("g.closed-room:focus")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("g.node")).to_have_count(nodes)
    expect(page.locator("g.title:focus")).to_have_count(1)


def test_what_has_the_focus_is_in_view_and_has_a_ring(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module")
    for _ in range(4):
        page.keyboard.press("+")
    tab_into_graph(page)
    stage = page.locator("gw-stage").bounding_box()
    assert stage
    for key in ["Home", *["ArrowRight"] * 6, *["ArrowLeft"] * 3, "ArrowUp", "ArrowDown", "End"]:
        page.keyboard.press(key)
        card = here(page).locator("rect").first.bounding_box()
        assert card
        assert stage["x"] <= card["x"] + card["width"] / 2 <= stage["x"] + stage["width"], key
        assert stage["y"] <= card["y"] + card["height"] / 2 <= stage["y"] + stage["height"], key
        outline = here(page).evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).outlineWidth")
        assert outline == "solid3px"
