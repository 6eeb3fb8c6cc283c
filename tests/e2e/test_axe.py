"""axe-core finds nothing on any page, in both themes, on a small projector and on a phone."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.acting import open_page, recording_of, told
from tests.e2e.axe import violations
from tests.e2e.test_program import SHAPE_ERROR
from tests.tiers import rest_at_night

LESSONS = rest_at_night(["tensor-product", "neuron", "module", "training-loop", "fan-out"], {"module"})
LARGE, PHONE = (1280, 720), (390, 844)
VIEWS = list(product(("light", "dark"), (LARGE, PHONE)))
ONE = rest_at_night(VIEWS, {("dark", LARGE)})
"""On a push each thing is looked at in one view, at night in all four."""
TWO = rest_at_night(VIEWS, {("light", PHONE), ("dark", LARGE)})
"""Rules of structure do not depend on the theme, contrast does not on the size: two views hold each of both once. What
has most of the page on it has both on a push.
"""
in_two_views = pytest.mark.parametrize("page", TWO, ids=str, indirect=True)


@pytest.fixture(params=ONE, ids=str)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    theme, (width, height) = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme=theme
    )
    yield context.new_page()
    context.close()


def clean(page: Page, what: str) -> None:
    """Fails with every violation. Prints how many there are."""
    found = violations(page)
    print(f"axe: {what}: {len(found)} violations")
    assert found == [], "\n".join(found)


def open_at(page: Page, url: str) -> None:
    """Opens an address and waits for the picture, whatever view a phone shows."""
    page.goto(url)
    expect(told(page)).not_to_be_empty()
    expect(page.locator("g.node, g.closed-room").first).to_be_attached()


def is_phone(page: Page) -> bool:
    size = page.viewport_size
    return size is not None and size["width"] < 900


def views(page: Page) -> list[str]:
    """The views between which a phone switches; a large screen shows all at once."""
    return page.locator("nav.views [role=tab]").all_inner_texts() if is_phone(page) else []


@in_two_views
@pytest.mark.parametrize("slug", LESSONS)
def test_a_lesson_with_its_text_and_in_the_middle_of_its_steps(page: Page, address: str, slug: str) -> None:
    open_at(page, f"{address}/lessons/{slug}")
    clean(page, slug)
    for view in views(page):
        page.get_by_role("tab", name=view).click()
        clean(page, f"{slug}, {view}")
    open_at(page, f"{address}/lessons/{slug}?step=6&node=n2")
    clean(page, f"{slug}, step 6")
    for view in views(page):
        page.get_by_role("tab", name=view).click()
        clean(page, f"{slug}, step 6, {view}")


def test_the_heads_of_an_attention(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/tiny-gpt?step=25")
    if is_phone(page):
        page.get_by_role("tab", name="Details").click()
    expect(page.locator("gw-heads td").first).to_be_visible()
    clean(page, "heads")
    page.locator("gw-tensor-card .enlarge").first.click()
    expect(page.locator("dialog[open] gw-heads td").first).to_be_visible()
    clean(page, "heads, enlarged")


@in_two_views
def test_an_explanation_with_its_check(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=14&node=n2")
    if is_phone(page):
        page.get_by_role("tab", name="Details").click()
    expect(page.locator("gw-explain gw-math").first).to_be_attached()
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("gw-check table")).to_be_visible(timeout=30_000)
    page.locator("gw-explain summary").first.click()
    clean(page, "explanation")
    open_at(page, f"{address}/lessons/module?step=17")
    if is_phone(page):
        page.get_by_role("tab", name="Details").click()
    expect(page.locator("gw-explain fieldset").first).to_be_visible()
    clean(page, "explanation of an update, with its element")


def test_an_explanation_that_is_measured(page: Page, address: str) -> None:
    source = Path("app/gradwalk/lessons/programs/custom-function.py").read_text("utf-8")
    open_at(page, f"{recording_of(page, address, source)}?step=11&node=n5")
    if is_phone(page):
        page.get_by_role("tab", name="Details").click()
    measure = page.get_by_role("button", name="Measure it")
    expect(measure).to_be_visible()
    clean(page, "explanation that can be measured")
    measure.click()
    expect(page.locator("gw-explain .warning")).to_be_visible(timeout=30_000)
    page.locator("gw-explain summary").last.click()
    clean(page, "explanation that was measured, with its warning")


@in_two_views
def test_a_program_that_fails(page: Page, address: str) -> None:
    open_at(page, recording_of(page, address, SHAPE_ERROR))
    expect(page.locator("gw-outcome")).to_be_attached()
    clean(page, "failed")
    for view in views(page):
        page.get_by_role("tab", name=view).click()
        clean(page, f"failed, {view}")


def test_a_program_without_a_picture(page: Page, address: str) -> None:
    page.goto(recording_of(page, address, "import torch\nx = = 1\n"))
    expect(page.locator("section.stage")).to_contain_text("stopped before it made a tensor")
    clean(page, "no picture")


def test_the_training_over_time(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/training-loop?step=4&iteration=2")
    page.keyboard.press("t")
    expect(page.locator("gw-training")).to_be_visible()
    expect(page.locator("gw-loss-chart")).to_be_visible()
    clean(page, "training")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("?", "All keys"),
        ("/", "Search a node"),
        ("a", "The graph as text"),
        ("c", "Compare this run with …"),
        ("d", "Glossary"),
        ("u", "Map of the course"),
    ],
)
def test_a_dialog_of_the_keyboard(page: Page, address: str, key: str, name: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press(key)
    expect(page.get_by_role("dialog", name=name)).to_be_visible()
    clean(page, name)


def test_a_network_as_text(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/module?step=9")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="The graph as text")
    expect(dialog).to_be_visible()
    clean(page, "a network as text")
    dialog.get_by_role("button", name="net", expanded=True).first.click()
    clean(page, "a network as text, closed")


@in_two_views
def test_what_goes_wrong(page: Page, address: str) -> None:
    open_at(
        page,
        recording_of(
            page,
            address,
            "import torch\nw = torch.tensor(-1.0, requires_grad=True)\n"
            "loss = (torch.relu(w) - 1) ** 2\nloss.backward()\n",
        ),
    )
    expect(page.locator(".finding.warning").first).to_be_attached()
    page.keyboard.press("w")
    expect(page.locator("gw-findings li[aria-current]")).to_be_attached()
    clean(page, "findings")
    for view in views(page):
        page.get_by_role("tab", name=view).click()
        clean(page, f"findings, {view}")


def test_the_builder(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Build a network")
    expect(dialog).to_contain_text("17 numbers learn")
    clean(page, "builder")
    dialog.get_by_label("learning rate").fill("7")
    expect(dialog).to_contain_text("One thing does not fit yet")
    clean(page, "builder, something does not fit")


def test_the_link_to_share(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=8")
    page.locator("gw-header button", has_text="Share").dispatch_event("click")
    expect(page.locator("gw-share dialog")).to_be_visible()
    clean(page, "share")


@pytest.mark.parametrize("place", ["embed/lessons/neuron?step=10", "print"])
def test_what_is_taken_away(page: Page, address: str, place: str) -> None:
    if place == "print":
        place = f"print/s/{page.request.get(f'{address}/api/v1/lessons/module').json()['snapshot']}"
    page.goto(f"{address}/{place}")
    expect(page.locator("gradwalk-player, gradwalk-handout").first).to_be_visible()
    expect(page.locator("svg").first).to_be_visible()
    clean(page, place.partition("/s/")[0])


def test_a_question_before_a_step(page: Page, address: str) -> None:
    card = page.get_by_role("region", name="Predict before you see")
    open_at(page, f"{address}/lessons/neuron?step=1&predict=1")
    expect(page.locator("gw-predict .strip b")).to_be_visible()
    clean(page, "between questions")
    for at, what in ((4, "a number is asked for"), (8, "several of some nodes"), (9, "one of some numbers")):
        open_at(page, f"{address}/lessons/neuron?step={at}&predict=1")
        expect(card).to_be_visible()
        clean(page, what)
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("Not quite")
    clean(page, "a wrong answer")
    page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="Go on")).to_be_visible()
    clean(page, "the step is shown")


def test_the_menu_of_lessons(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=8")
    page.locator("gw-lesson-menu button").click()
    expect(page.get_by_role("menu")).to_be_visible()
    clean(page, "menu")


def test_what_the_menu_finds_and_does_not_find(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=8")
    page.locator("gw-lesson-menu button").click()
    expect(page.get_by_role("menuitem", name="One neuron")).to_be_focused()
    page.keyboard.type("training loop")
    expect(page.get_by_role("menuitem").first).to_contain_text("training loop")
    clean(page, "menu, found")
    page.keyboard.type("xyz")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    clean(page, "menu, nothing found")


@pytest.mark.parametrize(("stop", "wrong", "right"), [(6, "b", "w"), (7, "9", "-0.1634")])
def test_a_stop_of_a_lesson_with_its_question(page: Page, address: str, stop: int, wrong: str, right: str) -> None:
    open_at(page, f"{address}/lessons/neuron?stop={stop}")
    question = page.locator("section.current gw-question")
    for answer, told_so in [(wrong, "Not yet"), (right, "Right")]:
        question.locator("input").first.wait_for()
        field = question.get_by_role("textbox")
        if field.count():
            field.fill(answer)
        else:
            question.get_by_role("radio", name=answer, exact=True).check()
        question.get_by_role("button", name="Check").click()
        expect(question.locator(".verdict")).to_contain_text(told_so)
        clean(page, f"stop {stop}, {told_so}")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("section.current .aside")).to_be_visible()
    clean(page, f"stop {stop}, the stage elsewhere")
    page.locator("gw-lesson nav button").last.click()
    clean(page, f"stop {stop + 1}")


def test_the_projector(page: Page, address: str) -> None:
    open_at(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("f")
    expect(page.locator("gw-header")).to_be_hidden()
    clean(page, "projector")


def test_a_notice(page: Page, address: str) -> None:
    page.route("**/api/v1/runs", lambda route: route.abort())
    open_page(page, f"{address}/lessons/neuron") if not is_phone(page) else open_at(page, f"{address}/lessons/neuron")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    clean(page, "notice")


@pytest.mark.parametrize("path", ["/lessons/none", "/s/none", "/nothing"])
def test_a_page_that_is_not_there(page: Page, address: str, path: str) -> None:
    answer = page.goto(f"{address}{path}")
    assert answer is not None
    assert answer.status == 404
    clean(page, path)


def test_axe_finds_what_is_wrong(page: Page, address: str) -> None:
    """A test that cannot fail would show nothing."""
    open_at(page, f"{address}/lessons/neuron")
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any("button-name" in one for one in violations(page))
