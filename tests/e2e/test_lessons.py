"""Every lesson is walked from its opening to its end by keyboard, and its questions are answered wrong, then right."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from gradwalk.lessons import Lessons
from tests.e2e.acting import run_program, told
from tests.e2e.lessons import WALKS

LESSONS = Lessons.built_in()
SLUGS = [lesson.slug for lesson in LESSONS.all()]
NEURON = LESSONS.get("neuron")
SECONDS_TO_RUN_ALL = 120


def open_lesson(page: Page, url: str) -> None:
    """Opens an address and waits for the picture and the text beside it."""
    page.goto(url)
    expect(told(page)).not_to_be_empty()
    expect(page.locator("gw-lesson nav")).to_be_visible()


def lesson_of(page: Page, address: str, slug: str) -> dict[str, Any]:
    """What the server tells of a lesson, once it has run it."""
    deadline = time.monotonic() + SECONDS_TO_RUN_ALL
    while time.monotonic() < deadline:
        lesson: dict[str, Any] = page.request.get(f"{address}/api/v1/lessons/{slug}").json()
        if lesson["snapshot"] is not None:
            return lesson
        time.sleep(0.2)
    pytest.fail(f"the lesson {slug} was not run")


def current(page: Page) -> Locator:
    """The stop that stands out."""
    return page.locator("gw-lesson section[aria-current=step]")


def phase_at(page: Page, address: str, snapshot: str, stop: dict[str, Any]) -> re.Pattern[str]:
    """What the sentence of a stop's step begins with. The page calls the leaves that come first the initialisation."""
    body = page.request.get(f"{address}/api/v1/snapshots/{snapshot}/iterations/{stop['iteration']}").json()
    step = body["steps"][stop["step"]]
    phase = "(initialise|forward)" if step["kind"] == "leaf" else step["phase"]
    return re.compile(rf"Step {stop['step'] + 1} of {len(body['steps'])}, {phase}\.")


def give(page: Page, question: Locator, answer: str) -> None:
    """Answers by keyboard: the number of a choice, or what is typed."""
    choices = question.get_by_role("radio")
    if choices.count():
        choices.nth(int(answer)).focus()
        page.keyboard.press("Space")
    else:
        question.get_by_role("textbox").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(answer)
    page.keyboard.press("Enter")


def answers_to(question: dict[str, Any]) -> tuple[str, str]:
    """A wrong one and the right one, as `give` takes them."""
    choices = question["choices"]
    if choices is None:
        number = question["number"]
        return str(number + 3 * question["tolerance"] + 1), f"{number}".replace(".", ",")
    rights = [choice["right"] for choice in choices]
    return str(rights.index(False)), str(rights.index(True))


def answer(page: Page, asked: Locator, question: dict[str, Any]) -> None:
    """Wrong, then right; ends on the way on."""
    wrong, right = answers_to(question)
    give(page, asked, wrong)
    expect(asked.locator(".verdict .wrong")).to_contain_text("Not yet.")
    give(page, asked, right)
    expect(asked.locator(".verdict .right")).to_contain_text("Right.")
    expect(current(page).get_by_role("button", name="Go on").last).to_be_focused()


def stands_at(page: Page, address: str, lesson: dict[str, Any], number: int, place: dict[str, Any]) -> None:
    """The stage and the address are where a stop or its explanation says, if it says so."""
    if place["step"] is None:
        return
    expect(told(page)).to_contain_text(phase_at(page, address, lesson["snapshot"], place))
    node = rf"&node={place['node']}\b" if place["node"] else "(?!.*&node=)"
    page.wait_for_url(re.compile(rf"stop={number}&step={place['step'] + 1}&iteration={place['iteration']}\b{node}"))
    expect(current(page).locator(".aside")).to_have_count(0)


@pytest.mark.parametrize("slug", WALKS)
def test_a_lesson_is_walked_to_its_end(page: Page, address: str, slug: str) -> None:
    lesson = lesson_of(page, address, slug)
    open_lesson(page, f"{address}/lessons/{slug}")
    expect(current(page).locator("h2")).to_have_text(lesson["title"])
    for number, stop in enumerate(lesson["stops"], start=1):
        page.keyboard.press("j")
        expect(current(page).locator(".title")).to_have_text(f"{number}{stop['title']}", use_inner_text=False)
        expect(page.locator("gw-lesson nav .at")).to_have_text(f"{number} of {len(lesson['stops'])}")
        stands_at(page, address, lesson, number, stop)
        for index, question in enumerate(stop["questions"]):
            answer(page, current(page).locator("gw-question").nth(index), question)
        if stop["explanation"] is not None:
            stands_at(page, address, lesson, number, stop["explanation"])
            expect(current(page).locator(".then .text")).to_be_visible()
    page.keyboard.press("j")
    expect(current(page)).to_contain_text("What you have seen")
    count = sum(len(stop["questions"]) for stop in lesson["stops"])
    expect(current(page)).to_contain_text(f"All {count} questions answered")
    page.locator("gw-lesson-menu button").press("Enter")
    expect(page.locator("gw-lesson-list [aria-current]")).to_contain_text("✓ done")


def test_the_next_lesson_is_a_button_at_the_end(page: Page, address: str) -> None:
    last = len(NEURON.stops)
    open_lesson(page, f"{address}/lessons/neuron?stop={last}")
    page.keyboard.press("j")
    after = SLUGS[SLUGS.index("neuron") + 1]
    current(page).get_by_role("button", name=f"Next lesson: {LESSONS.get(after).title}").press("Enter")
    page.wait_for_url(re.compile(f"/lessons/{after}"))
    expect(current(page).locator("h2")).to_have_text(LESSONS.get(after).title)
    expect(page.locator("gw-lesson nav").get_by_role("button", name="Back")).to_be_disabled()


def test_the_stop_is_kept_while_the_reader_steps_freely_and_leads_back(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=5")
    expect(told(page)).to_contain_text("Step 10 of 14")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 12 of 14")
    expect(current(page)).to_contain_text("The stage is at step 12.")
    current(page).get_by_role("button", name="Back to step 10").click()
    expect(told(page)).to_contain_text("Step 10 of 14")
    expect(current(page).locator(".aside")).to_have_count(0)
    page.keyboard.press("k")
    expect(told(page)).to_contain_text("Step 9 of 14")
    for _ in range(6):
        page.keyboard.press("k")
    expect(current(page).locator("h2")).to_have_text("One neuron")
    expect(told(page)).to_contain_text("Step 1 of 14")


def test_a_link_opens_its_stop_where_the_reader_left_it(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/training-loop")
    for _ in range(3):
        page.keyboard.press("j")
    page.wait_for_url(re.compile(r"stop=3&step=2&iteration=5\b"))
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"stop=3&step=3&iteration=5\b"))
    other = page.context.new_page()
    open_lesson(other, page.url)
    expect(told(other)).to_contain_text("Step 3 of")
    expect(current(other).locator(".title")).to_contain_text("Five times around")
    expect(current(other).locator(".title")).to_be_in_viewport()
    expect(current(other)).to_contain_text("The stage is at step 3 of iteration 6 (iteration = 5).")


def test_a_link_to_a_stop_alone_goes_to_its_place(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/training-loop?stop=4")
    expect(told(page)).to_contain_text("Step 7 of")
    expect(page.locator("gw-timeline")).to_contain_text("iteration 11 of 20")
    expect(current(page).locator(".title")).to_be_in_viewport()


def test_a_link_to_a_stop_that_there_is_not_opens_the_end(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=99")
    expect(current(page)).to_contain_text("What you have seen")


def test_another_program_s_run_says_that_places_may_be_others_and_leads_back(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=4")
    run_program(page, NEURON.source.replace("z = x * w + b", "z = x * w"))
    page.locator("gw-header .square").first.focus()
    page.keyboard.press("j")
    expect(current(page).locator(".title")).to_contain_text("Backwards: the sigmoid")
    expect(current(page)).to_contain_text("The stage shows another run than the lesson’s")
    expect(told(page)).to_contain_text("Step 1 of")
    current(page).get_by_role("button", name="Back to the lesson’s run").click()
    page.wait_for_url(re.compile(r"/lessons/neuron\?stop=5&step=10\b"))
    expect(told(page)).to_contain_text("Step 10 of 14")
    expect(current(page).locator(".aside")).to_have_count(0)


def test_the_lesson_s_own_program_run_again_is_as_good(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=4")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/s/.*lesson=neuron&stop=4"))
    page.get_by_role("tab", name="Lesson").click()
    page.keyboard.press("j")
    expect(told(page)).to_contain_text("Step 10 of 14")
    expect(current(page).locator(".aside")).to_have_count(0)


def test_what_is_no_number_is_told_and_stays_to_be_corrected(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=7")
    question = current(page).locator("gw-question")
    give(page, question, "")
    expect(question.locator(".verdict")).to_have_text("Type a number first.")
    give(page, question, "minus two")
    expect(question.locator(".verdict")).to_contain_text("“minus two” is not a number")
    expect(question.get_by_role("textbox")).to_be_focused()
    expect(question.get_by_role("textbox")).to_have_value("minus two")
    give(page, question, "0.1634")
    expect(question.locator(".verdict")).to_contain_text("sign")
    give(page, question, "-1,634e-1")
    expect(question.locator(".verdict")).to_contain_text("Right.")
    page.keyboard.press("Enter")
    expect(current(page).locator(".title")).to_contain_text("Try it")


def test_whoever_guesses_twice_in_vain_may_see_the_answer(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=7")
    question = current(page).locator("gw-question")
    give(page, question, "1")
    expect(question.get_by_role("button", name="Show the answer")).to_have_count(0)
    give(page, question, "2")
    question.get_by_role("button", name="Show the answer").click()
    expect(question.locator(".verdict")).to_contain_text("The number is −0.1634.")


def test_the_stage_waits_before_what_is_asked_and_the_text_explains_it_after_the_answer(
    page: Page, address: str
) -> None:
    open_lesson(page, f"{address}/lessons/fan-out?stop=2")
    expect(told(page)).to_contain_text("Step 4 of 8")
    folded = page.locator("gw-lesson .title[aria-expanded=false]")
    expect(folded.first).to_contain_text("The first way back")
    expect(page.locator("gw-lesson article")).not_to_contain_text("A sum hands on what it gets")
    give(page, current(page).locator("gw-question"), "0")
    expect(current(page).locator(".verdict")).to_contain_text("Not yet.")
    expect(told(page)).to_contain_text("Step 5 of 8")
    page.wait_for_url(re.compile(r"stop=2&step=5\b"))
    expect(current(page).locator(".then[role=status]")).to_contain_text("gives each factor the other one")
    expect(folded.first).to_contain_text("Where they meet")
    expect(current(page).locator(".aside")).to_have_count(0)


def test_what_is_folded_is_shown_to_whoever_asks_by_keyboard(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/fan-out?stop=2")
    current(page).get_by_role("button", name="Show me").press("Enter")
    expect(current(page).get_by_role("button", name="Go on").last).to_be_focused()
    page.keyboard.press("k")
    expect(told(page)).to_contain_text("Step 3 of 8")
    page.keyboard.press("j")
    expect(told(page)).to_contain_text("Step 5 of 8")


def test_no_choice_is_no_answer(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=6")
    question = current(page).locator("gw-question")
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".verdict")).to_have_text("Choose one of the answers first.")


def test_what_was_answered_is_remembered(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron?stop=7")
    give(page, current(page).locator("gw-question"), "-0.1634")
    expect(current(page).locator(".verdict")).to_contain_text("Right.")
    page.reload()
    expect(current(page).get_by_role("textbox")).to_have_value("-0.1634")
    expect(current(page).locator(".verdict")).to_contain_text("Right.")
    page.locator("gw-lesson-menu button").press("Enter")
    expect(page.locator("gw-lesson-list [aria-current]")).to_contain_text("1 of 2")


def test_a_lesson_is_found_by_typing(page: Page, address: str) -> None:
    open_lesson(page, f"{address}/lessons/neuron")
    page.locator("gw-lesson-menu button").press("Enter")
    expect(page.get_by_role("menuitem", name="One neuron")).to_be_focused()
    page.keyboard.type("training loop")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    expect(page.locator("gw-lesson-list .typed")).to_contain_text("training loop: ")
    page.keyboard.type("zzz")
    expect(page.locator("gw-lesson-list .typed")).to_contain_text("No lesson has")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(len(SLUGS) + 1)  # and the map of the course
    page.keyboard.type("A training loop")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/lessons/training-loop"))


def test_a_long_list_scrolls_inside_the_page_under_its_parts(page: Page, address: str) -> None:
    listed = page.request.get(f"{address}/api/v1/lessons").json()["lessons"]
    more = [
        {**one, "slug": f"{one['slug']}-{copy}", "part": f"Part {copy}"} for copy in range(2, 8) for one in listed[:5]
    ]
    page.route("**/api/v1/lessons", lambda route: route.fulfill(json={"lessons": [*listed, *more]}))
    open_lesson(page, f"{address}/lessons/neuron")
    page.locator("gw-lesson-menu button").press("Enter")
    expect(page.get_by_role("menuitem", name="One neuron").first).to_be_focused()
    expect(page.get_by_role("group", name="Part 7").get_by_role("menuitem")).to_have_count(5)
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem").last).to_be_focused()
    expect(page.get_by_role("menuitem").last).to_be_in_viewport()
    box = page.locator("gw-lesson-list").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 720


def come_late(route: Route) -> None:
    time.sleep(0.5)
    route.continue_()


def test_what_is_typed_before_the_list_is_there_is_not_lost(page: Page, address: str) -> None:
    page.route("**/lesson-list*.js", come_late)
    open_lesson(page, f"{address}/lessons/neuron")
    page.locator("gw-lesson-menu button").press("ArrowDown")
    page.keyboard.type("training l")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/lessons/training-loop"))


def test_a_list_that_cannot_be_loaded_says_so(page: Page, address: str, expected: list[str]) -> None:
    expected += ["ERR_FAILED", "Failed to load resource"]
    page.route("**/lesson-list*.js", lambda route: route.abort())
    open_lesson(page, f"{address}/lessons/neuron")
    page.locator("gw-lesson-menu button").press("Enter")
    expect(page.locator("gw-lesson-menu").get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/lesson-list*.js")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="One neuron")).to_be_focused()


def test_a_lesson_goes_on_while_the_server_is_away(page: Page, address: str, expected: list[str]) -> None:
    expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource"]
    open_lesson(page, f"{address}/lessons/training-loop")
    page.context.set_offline(True)
    page.keyboard.press("j")
    expect(told(page)).to_contain_text("Step 2 of")
    page.keyboard.press("j")
    expect(told(page)).to_contain_text("Step 7 of")
    answer(page, current(page).locator("gw-question"), lesson_question(page, address, "training-loop", 2))
    # an iteration that the page does not have yet
    page.keyboard.press("j")
    expect(current(page).locator(".title")).to_contain_text("Five times around")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(current(page)).to_contain_text("The stage is at step 7 of iteration 1 (iteration = 0).")
    page.context.set_offline(False)
    current(page).get_by_role("button", name="Back to step 2 of iteration 6").click()
    expect(page.locator("gw-timeline")).to_contain_text("iteration 6 of 20")
    expect(told(page)).to_contain_text("Step 2 of")


def lesson_question(page: Page, address: str, slug: str, stop: int) -> dict[str, Any]:
    """The question at a stop; asked beside the page, which may be offline."""
    question: dict[str, Any] = lesson_of(page, address, slug)["stops"][stop - 1]["questions"][0]
    return question


def test_a_text_that_cannot_be_loaded_says_so_and_is_tried_again(page: Page, address: str, expected: list[str]) -> None:
    expected += ["ERR_FAILED", "Failed to load resource"]
    page.route("**/lesson-panel*.js", lambda route: route.abort())
    page.goto(f"{address}/lessons/neuron")
    expect(page.locator("gw-lesson")).to_contain_text("could not be loaded")
    page.unroute("**/lesson-panel*.js")
    page.locator("gw-lesson").get_by_role("button", name="Try again").click()
    expect(page.locator("gw-lesson nav")).to_be_visible()


def test_without_a_lesson_the_keys_say_what_to_do(page: Page, address: str) -> None:
    snapshot = lesson_of(page, address, "neuron")["snapshot"]
    page.goto(f"{address}/s/{snapshot}")
    expect(told(page)).not_to_be_empty()
    page.keyboard.press("j")
    expect(page.locator("gw-notice")).to_contain_text("choose one from the list of lessons")


@pytest.fixture
def moving(browser: Browser) -> Iterator[Page]:
    """A tab of somebody who has not asked for less motion."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="no-preference")
    yield context.new_page()
    context.close()


def test_the_stage_arrives_with_the_animation_of_the_step(moving: Page, address: str) -> None:
    open_lesson(moving, f"{address}/lessons/neuron")
    moving.keyboard.press("1")
    moving.keyboard.press("j")
    expect(moving.locator("gw-stage .travel").first).to_be_attached()
    expect(told(moving)).to_contain_text("Step 6 of 14")


@pytest.mark.parametrize(("width", "height"), [pytest.param(640, 360, marks=pytest.mark.slow), (320, 256)])
def test_at_a_large_zoom_the_picture_keeps_its_height(page: Page, address: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/lessons/neuron?stop=6")
    expect(told(page)).to_contain_text("Step 12 of 14")
    stage = page.locator("gw-stage").bounding_box()
    assert stage
    assert stage["height"] >= 90
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 640:
        expect(current(page).locator(".title")).to_be_in_viewport()
        side = page.locator("aside.side").bounding_box()
        assert side
        assert stage["x"] + stage["width"] <= side["x"] + 1
    else:
        expect(page.locator("aside.side")).to_be_hidden()
        page.get_by_role("tab", name="Details").click()
        expect(page.locator("gw-lesson nav")).to_be_visible()


def test_on_a_phone_the_text_stands_under_the_picture(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    page = context.new_page()
    open_lesson(page, f"{address}/lessons/neuron")
    expect(page.locator("gw-stage")).to_be_in_viewport()
    expect(current(page).locator("h2")).to_be_in_viewport()
    page.locator("gw-lesson nav").get_by_role("button", name="Next").tap()
    expect(told(page)).to_contain_text("Step 6 of 14")
    expect(current(page).locator(".title")).to_be_in_viewport()
    stage, side = page.locator("section.stage").bounding_box(), page.locator("aside.side").bounding_box()
    assert stage
    assert side
    assert stage["y"] + stage["height"] <= side["y"] + 1
    context.close()
