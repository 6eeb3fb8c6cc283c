"""Predict before you see: the walk stops, asks, judges, explains, keeps score."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.acting import button, open_page, recording_of, told
from tests.e2e.test_keyboard import FOCUSED

FAN_OUT = "lessons/fan-out?step=1&predict=1"
ANSWERS = "**/api/v1/snapshots/*/answers"
QUESTIONS = "**/api/v1/snapshots/*/questions?*"


def asking(page: Page) -> Locator:
    """The card while it asks or replies."""
    return page.get_by_role("region", name="Predict before you see")


def strip(page: Page) -> Locator:
    """What stands there between two questions."""
    return page.locator("gw-predict .strip")


def score(page: Page) -> Locator:
    return page.locator("gw-predict .score")


def step(page: Page) -> int:
    """The step that the sentence is about, from 1."""
    found = re.search(r"Step (\d+) of", told(page).text_content() or "")
    assert found
    return int(found[1])


def kinds(page: Page, address: str) -> list[tuple[str, int]]:
    """The kinds of the questions of a lesson and the steps before which they are asked, from 1."""
    snapshot = page.request.get(f"{address}/api/v1/lessons/fan-out").json()["snapshot"]
    listed = page.request.get(f"{address}/api/v1/snapshots/{snapshot}/questions?seed=1").json()["questions"]
    return [(one["kind"], one["step"] + 1) for one in listed]


def right_answer(page: Page, address: str, lesson: str, nth: int) -> tuple[dict[str, object], object]:
    """A question of a lesson with the answer that the server expects."""
    snapshot = page.request.get(f"{address}/api/v1/lessons/{lesson}").json()["snapshot"]
    base = f"{address}/api/v1/snapshots/{snapshot}"
    question = page.request.get(f"{base}/questions?seed=1").json()["questions"][nth]
    given = 0 if question["form"] == "number" else [question["choices"][0]["value"]]
    verdict = page.request.post(f"{base}/answers", data={"question": question["id"], "answer": given}).json()
    return question, verdict["expected"]


def give(page: Page, question: dict[str, object], answer: object) -> None:
    """Answers by keyboard alone."""
    if question["form"] == "number":
        page.keyboard.type(f"{answer:.4g}")
    else:
        values = [choice["value"] for choice in question["choices"]]  # type: ignore[attr-defined]
        for value in answer:  # type: ignore[attr-defined]
            page.keyboard.press(str(values.index(value) + 1))
    page.keyboard.press("Enter")


def test_a_key_switches_it_on_and_off_and_the_address_says_so(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/fan-out?step=1")
    expect(page.locator("gw-predict")).to_have_count(0)
    page.keyboard.press("q")
    # before step 2 something may be asked already
    expect(page.locator("gw-predict .strip b, gw-predict .asking")).to_be_visible()
    page.wait_for_url(re.compile(r"predict=\d+"))
    expect(button(page, "Predict")).to_have_attribute("aria-pressed", "true")
    button(page, "Predict").click()
    expect(page.locator("gw-predict")).to_have_count(0)
    page.wait_for_url(lambda url: "predict" not in url)


def test_the_whole_lesson_by_keyboard_alone(page: Page, address: str) -> None:
    """Every question is answered right; what is asked is not on show before."""
    open_page(page, f"{address}/{FAN_OUT}")
    count = len(kinds(page, address))
    assert count >= 5
    for nth in range(count):
        for _ in range(12):
            if asking(page).count():
                break
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(50)
        question, answer = right_answer(page, address, "fan-out", nth)
        expect(asking(page)).to_contain_text(str(question["text"]))
        assert step(page) == question["step"]
        # the walk is held
        assert page.evaluate(f"({FOCUSED})().localName") == "input"
        give(page, question, answer)
        expect(asking(page)).to_contain_text("✓ Right")
        expect(score(page)).to_contain_text(f"{nth + 1} of {nth + 1} right")
        page.keyboard.press("Enter")
        if asking(page).get_by_text("Go on").count():
            assert step(page) == int(str(question["step"])) + 1
            page.keyboard.press("ArrowRight")
    expect(score(page).or_(strip(page))).to_contain_text(f"{count} in a row")
    page.keyboard.press("End")
    expect(strip(page)).to_contain_text("no question is left")
    # and it is kept
    page.reload()
    expect(strip(page)).to_contain_text(f"{count} of {count} right")


def test_the_number_is_not_on_the_page_before(page: Page, address: str) -> None:
    open_page(page, f"{address}/{FAN_OUT}")
    page.keyboard.press("End")
    first = next(at for kind, at in kinds(page, address))
    expect(asking(page)).to_be_visible()
    assert step(page) == first - 1
    assert "20" not in page.locator("gw-stage").inner_text()
    expect(page.locator("gw-console")).to_be_hidden()
    button(page, "Stop").click()
    expect(page.locator("gw-console")).not_to_contain_text("20")
    page.locator("gw-console").get_by_role("button", name="Show the output").click()
    expect(page.locator("gw-console")).to_contain_text("grad w.r.t. x: 20.0")


def test_playing_stops_for_a_question(page: Page, address: str) -> None:
    open_page(page, f"{address}/{FAN_OUT}")
    expect(page.locator("gw-predict .strip b, gw-predict .asking")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(asking(page)).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert step(page) == kinds(page, address)[0][1] - 1


def test_a_wrong_answer_is_explained_and_leads_to_the_inspector(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=9&predict=1")
    expect(asking(page)).to_contain_text("Which number will the gradient of z be?")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(asking(page)).to_contain_text("✗ Not quite")
    expect(asking(page)).to_contain_text("−1.089 × 0.075 = −0.0817")
    expect(asking(page).get_by_role("button", name="Show")).to_be_focused()
    expect(score(page)).to_contain_text("0 of 1 right")
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("Step 10 of 14")
    asking(page).get_by_role("button", name="Inspect").click()
    expect(page.locator("gw-inspector")).to_contain_text("sigmoid")
    expect(page.locator("gw-inspector")).to_contain_text("Chain rule", ignore_case=True)


def test_nodes_are_ticked_on_the_stage_too(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8&predict=1")
    expect(asking(page)).to_contain_text("no gradient at all")
    page.locator("g.node[data-node=n0]").click()
    page.locator("g.node[data-node=n1]").click()
    assert asking(page).get_by_role("checkbox", checked=True).count() == 2
    expect(page.locator("g.node[data-node=n0]")).to_have_attribute("data-predict", "ticked")
    # a tick is no selection
    assert "node=" not in page.url
    page.locator("g.node[data-node=n2]").click()
    page.locator("g.node[data-node=n2]").click()
    asking(page).get_by_role("button", name="Check").click()
    expect(asking(page)).to_contain_text("✓ Right")
    expect(page.locator("g.node[data-predict]")).to_have_count(0)


def test_everybody_with_the_link_is_asked_the_same(page: Page, browser: Browser, address: str) -> None:
    open_page(page, f"{address}/{FAN_OUT}")
    page.keyboard.press("End")
    text = asking(page).inner_text()
    other = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    open_page(other, page.url.replace(address, address))
    other.keyboard.press("End")
    expect(asking(other)).to_be_visible()
    assert asking(other).inner_text() == text
    other.close()


def test_skipping_and_other_questions(page: Page, address: str) -> None:
    open_page(page, f"{address}/{FAN_OUT}")
    page.keyboard.press("End")
    before = step(page)
    asking(page).get_by_role("button", name="Skip").click()
    expect(told(page)).to_contain_text(f"Step {before + 1} of")
    page.locator("gw-predict").get_by_role("button", name="Other questions").click()
    page.wait_for_url(lambda url: "predict=1&" not in url and not url.endswith("predict=1"))
    expect(told(page)).to_contain_text("Step 1 of")


def test_escape_gives_the_keys_back_to_the_walk(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8&predict=1")
    expect(asking(page)).to_be_visible()
    before = step(page)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    expect(told(page)).to_contain_text(f"Step {before - 1} of")
    expect(asking(page)).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(asking(page)).to_be_visible()
    page.keyboard.press("ArrowRight")
    assert step(page) == before


def test_nothing_is_sent_without_an_answer_or_with_one_that_is_no_number(
    page: Page, address: str, expected: list[str]
) -> None:
    expected.append("422")
    open_page(page, f"{address}/lessons/neuron?step=4&predict=1")
    expect(asking(page).get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Enter")
    expect(asking(page).get_by_role("alert")).to_contain_text("Write a number first")
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(asking(page).get_by_role("alert")).to_contain_text("write it with digits")
    expect(asking(page).get_by_role("textbox")).to_have_value("many")
    page.keyboard.press("Control+A")
    page.keyboard.type("2,4")
    page.keyboard.press("Enter")
    expect(asking(page)).to_contain_text("✓ Right")


def test_without_a_network_the_question_stays(page: Page, address: str, expected: list[str]) -> None:
    expected.append("ERR_FAILED")
    open_page(page, f"{address}/lessons/neuron?step=4&predict=1")
    expect(asking(page).get_by_role("textbox")).to_be_focused()
    page.route(ANSWERS, lambda route: route.abort())
    page.keyboard.type("2.4")
    page.keyboard.press("Enter")
    expect(asking(page).get_by_role("alert")).to_contain_text("server cannot be reached")
    expect(asking(page)).to_contain_text("Which number")
    page.unroute(ANSWERS)
    page.keyboard.press("Enter")
    expect(asking(page)).to_contain_text("✓ Right")


def test_questions_that_do_not_come_hold_nobody_up(page: Page, address: str, expected: list[str]) -> None:
    expected.append("ERR_FAILED")
    page.route(QUESTIONS, lambda route: route.abort())
    open_page(page, f"{address}/{FAN_OUT}")
    expect(strip(page)).to_contain_text("server cannot be reached")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("Step 8 of 8")
    page.keyboard.press("Home")
    page.unroute(QUESTIONS)
    strip(page).get_by_role("button", name="Try again").click()
    page.keyboard.press("Escape")
    expect(page.locator("gw-predict .strip b, gw-predict .asking")).to_be_visible()
    page.keyboard.press("End")
    expect(asking(page)).to_be_visible()


def test_while_the_questions_come_the_walk_waits(page: Page, address: str) -> None:
    held: list[Route] = []
    page.route(QUESTIONS, lambda route: held.append(route))
    open_page(page, f"{address}/lessons/neuron?step=1&predict=1")
    expect(page.locator("gw-predict")).to_contain_text("Getting the questions")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("Step 1 of")
    held[0].continue_()
    # and then it goes as far as it was asked to
    expect(asking(page)).to_be_visible()
    assert step(page) == 4


def test_a_program_with_nothing_to_ask(page: Page, address: str) -> None:
    url = recording_of(page, address, "import torch\ntorch.manual_seed(0)\nx = torch.rand(40, 40).sin()\n")
    open_page(page, f"{url}?predict=1")
    expect(strip(page)).to_contain_text("There is nothing to ask here")


def test_every_iteration_has_its_questions(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/training-loop?iteration=0&step=1&predict=1")
    page.keyboard.press("End")
    expect(asking(page)).to_be_visible()
    first = asking(page).inner_text()
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    with page.expect_response(QUESTIONS):
        page.keyboard.press("]")
    expect(strip(page)).to_contain_text("Next question")
    page.keyboard.press("End")
    expect(asking(page)).to_be_visible()
    assert asking(page).inner_text() != first


def test_two_runs_are_not_asked_about(page: Page, address: str) -> None:
    first = page.request.get(f"{address}/api/v1/lessons/neuron").json()["snapshot"]
    page.goto(f"{address}/lessons/neuron?step=8&compare={first}")
    expect(page.locator("gw-compare")).to_be_visible()
    page.keyboard.press("q")
    expect(page.locator("gw-notice")).to_contain_text("end the comparison first")
    assert "predict" not in page.url


def test_a_program_without_a_picture_is_not_asked_about(page: Page, address: str, expected: list[str]) -> None:
    expected.append("404")  # the page's head asks for the first iteration in advance
    page.goto(recording_of(page, address, "import torch\nx = = 1\n"))
    expect(page.locator("section.stage")).to_contain_text("stopped before it made a tensor")
    page.keyboard.press("q")
    expect(page.locator("gw-notice")).to_contain_text("There is nothing to ask yet")


def test_with_motion_the_question_waits_for_the_step_to_end(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    open_page(page, f"{address}/lessons/neuron?step=6&predict=1")
    expect(strip(page)).to_contain_text("Predict")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(asking(page)).to_be_visible()
    assert step(page) == 8
    expect(page.locator("g.travels *")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(asking(page)).to_contain_text("✓ Right")
    page.close()


def test_it_is_heard(page: Page, address: str) -> None:
    """The question names the group of its answers, and the reply is told."""
    open_page(page, f"{address}/lessons/neuron?step=9&predict=1")
    group = page.get_by_role("group", name=re.compile("Which number will the gradient of z be"))
    expect(group.get_by_role("radio", name="−0.0817")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("gw-predict [role=status]")).to_contain_text(
        "Not quite: −0.0817. −1.089 is the upstream gradient alone"
    )


@pytest.mark.parametrize(("width", "height"), [(390, 844), pytest.param(640, 360, marks=pytest.mark.slow)])
def test_small_pages(page: Page, address: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/lessons/neuron?step=8&predict=1")
    check = asking(page).get_by_role("button", name="Check")
    check.scroll_into_view_if_needed()
    expect(check).to_be_in_viewport(ratio=1)
    asking(page).get_by_role("checkbox", name="x").check()
    asking(page).get_by_role("checkbox", name="y").check()
    check.click()
    expect(asking(page)).to_contain_text("✓ Right")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_class_is_asked_on_the_projector(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8&predict=1")
    expect(asking(page)).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator("gw-header")).to_be_hidden()
    size = page.evaluate(
        "getComputedStyle(document.querySelector('gradwalk-app').shadowRoot.querySelector('gw-predict')).fontSize"
    )
    assert float(size.removesuffix("px")) >= 19
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(asking(page)).to_contain_text("✓ Right")
    expect(asking(page).get_by_role("button", name="Inspect")).to_be_hidden()
