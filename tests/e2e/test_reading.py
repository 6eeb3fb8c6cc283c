"""The graph as text: what it says, how it is opened and left, and that a long program opens in it too."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import open_large, open_page, recording_of, told

LONG = "import torch\nx = torch.ones(2, requires_grad=True)\nfor i in range(3000):\n    x = x * 1.0001\n"


def text(page: Page) -> Locator:
    """The dialog."""
    return page.get_by_role("dialog", name="The graph as text")


def here(page: Page) -> Locator:
    """The entry of this step's node."""
    return text(page).locator("[aria-current=step]")


def test_a_neuron_as_text_at_a_step(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("a")
    expect(text(page).get_by_role("listitem")).to_have_count(8)
    addition = text(page).get_by_role("listitem").filter(has_text="addition, z")
    expect(addition).to_contain_text("line 11")
    expect(addition).to_contain_text("Takes x × w and b.")
    expect(addition).to_contain_text("Value 2.42.")
    expect(addition).to_contain_text("Its gradient comes in step 10.")
    expect(here(page)).to_contain_text("binary cross entropy, loss")
    expect(here(page)).to_be_focused()
    expect(here(page)).to_be_in_viewport()
    addition.get_by_role("button", name="Go to step 10, gradient of addition z").click()
    expect(addition).to_contain_text("Gradient −0.0817.")
    expect(here(page)).to_contain_text("sigmoid, a")
    expect(text(page).get_by_role("status")).to_contain_text("Step 10 of 14, backward.")


def test_links_lead_to_the_entries_of_what_a_node_takes(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=9")
    page.keyboard.press("a")
    expect(here(page)).to_contain_text("sigmoid, prediction")
    headings = text(page).get_by_role("heading").all_inner_texts()
    assert [one for one in headings if "operation" in one], headings
    # closed, and opened again by the link into it
    first = text(page).get_by_role("button", expanded=True).first
    first.click()
    expect(here(page)).to_have_count(0)
    page.keyboard.press("Enter")
    here(page).get_by_role("button", name="linear", exact=True).click()
    expect(text(page).locator("li.node:focus")).to_contain_text("Takes hidden")


def test_select_leads_back_to_the_picture(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("a")
    text(page).get_by_role("button", name="Select parameter w").click()
    expect(text(page)).to_have_count(0)
    expect(page.locator("g.node.selected")).to_have_attribute("data-node", "n2")


def test_the_button_after_the_graph_is_seen_when_it_has_the_focus(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.locator("gw-stage svg [tabindex='0']").focus()
    page.keyboard.press("Tab")
    opener = page.get_by_role("button", name="Read the graph as text")
    expect(opener).to_be_focused()
    box = opener.bounding_box()
    assert box
    assert box["width"] > 100
    page.keyboard.press("Enter")
    expect(text(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_pointer_finds_it_in_the_list_of_keys(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.get_by_role("button", name="All keys").click()
    page.get_by_role("dialog", name="All keys").get_by_role("button", name="Read the graph as text").click()
    expect(text(page)).to_be_visible()


def test_a_long_program_is_read_group_by_group(page: Page, address: str) -> None:
    open_large(page, recording_of(page, address, LONG))
    page.keyboard.press("End")
    page.keyboard.press("a")
    expect(here(page)).to_be_focused()
    expect(text(page)).to_contain_text("3,001 nodes")
    assert text(page).get_by_role("listitem").count() < 300
    before = told(page).inner_text()
    text(page).get_by_role("button", name="Previous step").click()
    expect(told(page)).not_to_have_text(before)
    expect(here(page)).to_be_in_viewport()


def test_without_the_server_it_says_so_and_the_picture_still_works(
    page: Page, address: str, expected: list[str]
) -> None:
    expected.append("Failed to load resource")
    expected.append("reading-dialog")
    page.route("**/reading-dialog*.js", lambda route: route.abort())
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("a")
    expect(page.locator("gw-notice")).to_contain_text("The graph as text could not be loaded")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 9 of")


def test_it_fits_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/lessons/training-loop?step=8")
    expect(page.locator("g.node, g.closed-room").first).to_be_attached()
    page.keyboard.press("a")
    expect(here(page)).to_be_in_viewport()
    assert text(page).evaluate("one => one.scrollWidth <= one.clientWidth")
    assert text(page).locator(".text").evaluate("one => one.scrollWidth <= one.clientWidth")
