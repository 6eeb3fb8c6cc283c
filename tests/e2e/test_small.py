"""A page at 200 % and 400 %, a phone under a finger, wide letters, the system's own colours, no motion."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acting import told

ZOOMED = {200: (640, 360), 400: (320, 256)}
PHONES = [(390, 844), (360, 640)]

TARGETS = """
() => {
  const found = []
  const walk = (root) => {
    for (const one of root.querySelectorAll('*')) {
      if (one.matches('button, [role=tab], [role=switch], input, a[href]') && one.checkVisibility()) {
        const { width, height } = one.getBoundingClientRect()
        const inText = getComputedStyle(one).display === 'inline' || one.matches('.link')
        if (width > 0 && !inText) found.push([one.ariaLabel ?? one.textContent.trim(), width, height])
      }
      if (one.shadowRoot) walk(one.shadowRoot)
    }
  }
  walk(document)
  return found
}
"""


@pytest.fixture
def touch(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def open_at(page: Page, url: str) -> None:
    page.goto(url)
    expect(told(page)).not_to_be_empty()
    expect(page.locator("g.node").first).to_be_attached()


def box(page: Page, name: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    found = page.locator(name).bounding_box()
    assert found
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


@pytest.mark.parametrize("percent", ZOOMED)
def test_a_zoomed_page_has_a_picture_and_cuts_nothing(page: Page, address: str, percent: int) -> None:
    width, height = ZOOMED[percent]
    page.set_viewport_size({"width": width, "height": height})
    open_at(page, f"{address}/lessons/neuron?step=10")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    stage, narration, footer = (box(page, name) for name in ("gw-stage", "gw-narration", "footer"))
    assert stage[3] - stage[1] >= 90, "the picture has a usable height"
    assert stage[3] <= narration[1] + 1, "the sentence is not over the picture"
    assert narration[3] <= footer[1] + 1
    for name in ("Step back", "Play", "Step forward"):
        control = page.get_by_role("button", name=name, exact=True)
        control.scroll_into_view_if_needed()
        found = control.bounding_box()
        assert found
        assert found["y"] >= 0
        assert found["y"] + found["height"] <= height + 1
    page.get_by_role("tab", name="Program").click()
    expect(page.locator("gw-editor")).to_be_visible()
    page.get_by_role("tab", name="Details").click()
    expect(page.locator(".side")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), PHONES)
def test_a_phone_follows_with_picture_sentence_and_large_buttons_on_one_screen(
    touch: Page, address: str, width: int, height: int
) -> None:
    touch.set_viewport_size({"width": width, "height": height})
    open_at(touch, f"{address}/lessons/neuron?step=9")
    stage, narration, footer = (box(touch, name) for name in ("gw-stage", "gw-narration", "footer"))
    assert stage[3] - stage[1] >= 150
    assert stage[3] <= narration[1] + 1
    assert narration[3] <= footer[1] + 1
    assert footer[3] <= height + 1
    forward = touch.get_by_role("button", name="Step forward", exact=True)
    found = forward.bounding_box()
    assert found
    assert found["width"] >= 44
    assert found["height"] >= 44
    forward.tap()
    expect(told(touch)).to_contain_text("Step 10 of")
    small = [one for one in touch.evaluate(TARGETS) if min(one[1], one[2]) < 24]
    assert small == []


def test_fingers_select_move_and_zoom_the_picture(touch: Page, address: str) -> None:
    open_at(touch, f"{address}/lessons/neuron?step=9")
    place = "g.canvas"
    before = touch.locator(place).get_attribute("transform") or ""
    left, _, right, bottom = box(touch, "gw-stage")
    x, y = (left + right) / 2, bottom - 30
    client = touch.context.new_cdp_session(touch)

    def fingers(kind: str, *points: tuple[float, float]) -> None:
        sent = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": sent})

    fingers("touchStart", (x, y))
    fingers("touchMove", (x - 60, y - 20))
    fingers("touchEnd")
    moved = touch.locator(place).get_attribute("transform") or ""
    assert moved != before
    fingers("touchStart", (x - 20, y - 40), (x + 20, y - 40))
    fingers("touchMove", (x - 80, y - 40), (x + 80, y - 40))
    fingers("touchEnd")
    zoomed = touch.locator(place).get_attribute("transform") or ""
    scale = [float(one.split("scale(")[1].rstrip(")")) for one in (moved, zoomed)]
    assert scale[1] > 1.5 * scale[0]
    open_at(touch, f"{address}/lessons/neuron?step=9")
    card = touch.locator("g.node[data-node=n7] .card").bounding_box()
    assert card
    touch.touchscreen.tap(card["x"] + 8, card["y"] + card["height"] / 2)
    expect(touch.locator("g.node.selected")).to_have_attribute("data-node", "n7")


def test_wide_letters_and_lines_cut_nothing(page: Page, address: str) -> None:
    """WCAG 1.4.12."""
    open_at(page, f"{address}/lessons/neuron?step=10")
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
            word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`)
          const walk = (root) => {
            root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
            for (const one of root.querySelectorAll('*')) if (one.shadowRoot) walk(one.shadowRoot)
          }
          walk(document)
        }"""
    )
    cut = page.locator("button:visible").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    expect(page.locator("gw-narration")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_takes_the_colours_of_the_system(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        forced_colors="active",
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    open_at(page, f"{address}/lessons/neuron?step=10")
    canvas, ink = page.evaluate(
        """() => ['Canvas', 'CanvasText'].map((name) => {
          const one = document.body.appendChild(document.createElement('i'))
          one.style.color = name
          return getComputedStyle(one).color
        })"""
    )
    assert canvas != ink
    assert page.locator("g.node .sign").first.evaluate("one => getComputedStyle(one).fill") == ink
    assert page.locator("g.node .card").first.evaluate("one => getComputedStyle(one).fill") == canvas
    context.close()


def test_without_motion_a_step_is_there_at_once(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=4")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 5 of")
    assert page.evaluate("document.getAnimations({ subtree: true }).length") == 0
    page.locator("gw-stage").evaluate("stage => stage.toggleAll()")
    running = "stage => stage.shadowRoot.getAnimations().length"
    assert page.locator("gw-stage").evaluate(running) == 0
