"""A whole lesson without a pointer: every part of the page is used and left by keys, and the focus is always seen."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acting import open_page, told
from tests.tiers import rest_at_night

FOCUSED = """
() => {
  let one = document.activeElement
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement
  return one
}
"""
"""What has the focus, through all shadow roots."""

NAME = f"""
() => {{
  const one = ({FOCUSED})()
  const data = one.dataset.node ?? one.dataset.fold ?? ''
  const name = one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40)
  return [one.localName, name, data, one.className].join('|')
}}
"""

SEEN = f"""
() => {{
  const one = ({FOCUSED})()
  const ringed = (look) => look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0
  // the handles between the panels are lines that fill with colour
  const filled = getComputedStyle(one, '::after').backgroundColor
  const box = one.getBoundingClientRect()
  if (one === document.body) return 'nothing has the focus'
  if (box.width < 2 || box.height < 2) return 'it is too small to be seen'
  if (box.right < 0 || box.bottom < 0 || box.left > innerWidth || box.top > innerHeight) return 'it is out of view'
  if (ringed(getComputedStyle(one))) return ''
  if (one.role === 'separator' && !/, 0\\)|transparent/.test(filled)) return ''
  return one.matches('.cm-content') && ringed(getComputedStyle(one.closest('.cm-editor'))) ? '' : 'it has no ring'
}}
"""
"""Why nobody can see where the focus is; empty when it can be seen."""

MANY = 200
"""More stops than any page of the lessons has."""


def focused(page: Page) -> str:
    """A name for what has the focus."""
    name: str = page.evaluate(NAME)
    return name


def seen(page: Page) -> None:
    """Fails where nobody can see what has the focus."""
    why: str = page.evaluate(SEEN)
    # the editor draws its ring a moment after it has the focus
    for _ in range(20):
        if why == "":
            return
        page.wait_for_timeout(50)
        why = page.evaluate(SEEN)
    assert why == "", f"{focused(page)}: {why}"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses Tab until the target has the focus; the focus is seen at every stop."""
    for _ in range(MANY):
        page.keyboard.press(key)
        # where the page ends, the browser's own bar has the focus
        if page.evaluate(f"({FOCUSED})() === document.body"):
            continue
        seen(page)
        if target.evaluate("one => one.matches(':focus')"):
            return
        leave_program(page)
    pytest.fail(f"{target} is not reached by {key}")


def leave_program(page: Page) -> None:
    """Tab indents in the program, as its help says; Esc leaves it."""
    if "cm-content" in focused(page):
        page.keyboard.press("Escape")


def around(page: Page, key: str) -> list[str]:
    """The stops from the beginning of the page, until the first one comes again."""
    stops: list[str] = []
    for _ in range(MANY):
        page.keyboard.press(key)
        # where the page ends, the browser's own bar has the focus
        if page.evaluate(f"({FOCUSED})() === document.body"):
            continue
        name = focused(page)
        if name in stops[:1]:
            return stops
        seen(page)
        stops.append(name)
        leave_program(page)
    pytest.fail(f"{key} does not come around: {stops[-5:]}")


@pytest.mark.parametrize("path", ["/lessons/neuron?step=8", "/lessons/module?step=9&node=n4", "/lessons/training-loop"])
def test_tab_goes_around_the_page_and_is_seen_at_every_stop(page: Page, address: str, path: str) -> None:
    open_page(page, f"{address}{path}")
    stops = around(page, "Tab")
    assert len(stops) > 15
    for part in (
        "Lesson",
        "Run",
        "All keys",
        "Width of the program",
        "Read the graph as text",
        "Width of the inspector",
    ):
        assert any(part in stop for stop in stops), part
    assert len([stop for stop in stops if stop.startswith("g|")]) == 1
    back = around(page, "Shift+Tab")
    assert {stop for stop in back if not stop.startswith("g|")} == {stop for stop in stops if not stop.startswith("g|")}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("?", "All keys"),
        ("/", "Search a node"),
        ("a", "The graph as text"),
        ("l", "Take this step away"),
        ("c", "Compare this run with …"),
    ],
)
def test_a_dialog_holds_the_focus_and_gives_it_back(page: Page, address: str, key: str, name: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    opener = page.get_by_role("separator", name="Width of the inspector")
    opener.focus()
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate(f"""() => {{
            let at = ({FOCUSED})()
            if (at === document.body) return true
            for (; at; at = at.assignedSlot ?? at.parentNode ?? at.host) if (at.localName === 'dialog') return true
            return false
        }}""")
        assert inside, focused(page)
        if not page.evaluate(f"({FOCUSED})() === document.body"):
            seen(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize("first", rest_at_night(["?", "/", "a", "l"], {"?", "l"}))
def test_the_key_right_after_the_one_that_closed_a_dialog_is_heard(page: Page, address: str, first: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press(first)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    # both before the next picture is drawn
    page.evaluate(f"""() => {{
        const dialog = [...document.querySelector('gradwalk-app').shadowRoot.querySelectorAll('*')]
            .map((one) => one.shadowRoot?.querySelector('dialog[open]')).find(Boolean)
        const within = ({FOCUSED})()
        dialog.close()
        const how = {{ key: 'c', bubbles: true, composed: true, cancelable: true }}
        within.dispatchEvent(new KeyboardEvent('keydown', how))
    }}""")
    expect(page.get_by_role("dialog", name="Compare this run with …")).to_be_visible()


def test_esc_closes_a_dialog_that_tab_has_left(page: Page, address: str) -> None:
    """The search has one stop: after it nothing on the page has the focus, and yet the keys are not the page's."""
    open_page(page, f"{address}/lessons/neuron?step=8&node=n2")
    press(page, "/")
    expect(page.get_by_role("combobox")).to_be_focused()
    press(page, "Tab", "ArrowRight", "Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(told(page)).to_contain_text("Step 8 of")
    expect(page.locator("g.node.selected")).to_have_count(1)


def test_c_after_esc_by_real_keys(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    for _ in range(5):
        press(page, "?")
        expect(page.get_by_role("dialog", name="All keys")).to_be_visible()
        press(page, "Escape", "c")
        expect(page.get_by_role("dialog", name="Compare this run with …")).to_be_visible()
        press(page, "Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_lesson_is_opened_read_and_walked(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/tensor-product")
    menu = page.locator("gw-lesson-menu button")
    tab_to(page, menu)
    press(page, "ArrowDown")
    expect(page.get_by_role("menu")).to_be_visible()
    seen(page)
    while "neuron" not in page.evaluate(f"({FOCUSED})().href"):
        press(page, "ArrowDown")
        seen(page)
    press(page, "Enter")
    page.wait_for_url(re.compile("/lessons/neuron"))
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(told(page)).to_contain_text("Step 1 of 14")
    seen(page)
    # the lesson's text, then the inspector
    lesson = page.get_by_role("tab", name="Lesson")
    tab_to(page, lesson)
    press(page, "Enter")
    expect(page.locator("gw-lesson nav")).to_be_visible()
    tab_to(page, page.get_by_role("tab", name="Inspector"), "Shift+Tab")
    press(page, "Enter")
    expect(page.locator("gw-inspector")).to_be_visible()
    press(page, ".", ".", "Shift+ArrowRight")
    expect(told(page)).to_contain_text("Step 5 of 14, forward")


def test_a_node_is_walked_to_selected_and_looked_at(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/module?step=7")
    tab_to(page, page.locator("gw-stage svg [tabindex='0']"))
    press(page, "Home", "ArrowRight")
    seen(page)
    press(page, "Enter")
    expect(page.locator("g.node.selected")).to_have_count(1)
    expect(page.locator("gw-inspector")).to_be_visible()
    inspector = page.locator("gw-inspector")
    forms = inspector.get_by_role("tablist", name="Shown as").first
    tab_to(page, forms.locator("[tabindex='0']"))
    shown = set()
    for _ in range(3):
        press(page, "ArrowRight")
        chosen = forms.get_by_role("tab", selected=True)
        expect(chosen).to_be_focused()
        seen(page)
        shown.add(chosen.inner_text())
    assert shown == {"Table", "Heatmap", "Histogram"}
    enlarge = inspector.get_by_role("button", name="Enlarge").first
    tab_to(page, enlarge, "Shift+Tab")
    press(page, "Enter")
    expect(page.locator("dialog[open]")).to_have_count(1)
    press(page, "Tab")
    seen(page)
    press(page, "Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(enlarge).to_be_focused()
    seen(page)


def test_a_panel_is_resized_closed_and_opened(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    handle = page.get_by_role("separator", name="Width of the program")
    tab_to(page, handle)
    before = int(handle.get_attribute("aria-valuenow") or 0)
    press(page, "ArrowRight")
    expect(handle).not_to_have_attribute("aria-valuenow", str(before))
    press(page, "Enter")
    expect(page.locator("section.program")).to_be_hidden()
    expect(handle).to_be_focused()
    seen(page)
    press(page, "Enter")
    expect(page.locator("section.program")).to_be_visible()
    expect(told(page)).to_contain_text("Step 8 of")


def test_the_training_is_opened_walked_and_closed(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop")
    press(page, "t")
    curve = page.locator("gw-loss-chart [tabindex='0']").first
    expect(curve).to_be_visible()
    tab_to(page, curve)
    press(page, "ArrowRight", "ArrowRight", "Enter")
    page.wait_for_url(re.compile(r"iteration=\d"))
    seen(page)
    press(page, "t")
    expect(page.locator("gw-training-drawer")).to_be_hidden()
    press(page, "]")
    page.wait_for_url(re.compile(r"iteration=\d"))


def test_search_text_share_projector_and_theme(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    press(page, "/")
    expect(page.get_by_role("combobox", name=re.compile("^Search a node"))).to_be_focused()
    seen(page)
    page.keyboard.type("sigmoid")
    press(page, "Enter")
    expect(page.locator("g.node.selected")).to_have_attribute("data-node", "n6")
    press(page, "a")
    expect(page.locator("li.node[aria-current]")).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page.locator("li.node:focus")).to_contain_text("sigmoid, a")
    seen(page)
    press(page, "Escape", "l")
    expect(page.get_by_role("textbox", name="Link to this step")).to_be_focused()
    press(page, "Escape", "f")
    expect(page.locator("gw-header")).to_be_hidden()
    press(page, "Escape", "Escape")
    expect(page.locator("gw-header")).to_be_visible()
    theme = page.get_by_role("button", name=re.compile("Switch to the .* theme"))
    tab_to(page, theme)
    name = theme.get_attribute("aria-label") or ""
    press(page, "Enter")
    expect(page.get_by_role("button", name=name)).to_have_count(0)
    seen(page)


def test_the_program_is_changed_left_and_run(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    program = page.locator(".cm-content")
    tab_to(page, program)
    press(page, "Control+End", "Enter")
    page.keyboard.type("print('changed by keys')")
    press(page, "Escape")
    if program.evaluate("one => one.matches(':focus')"):
        press(page, "Escape")
    expect(program).not_to_be_focused()
    press(page, "ArrowRight")
    expect(told(page)).to_contain_text("Step 9 of")
    press(page, "Control+Enter")
    page.wait_for_url(re.compile("/s/"))
    expect(page.locator("gw-console")).to_contain_text("changed by keys")
