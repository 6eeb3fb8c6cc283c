"""The glossary in the browser: definitions by pointer, keyboard and finger, the dialog, and the map of the course."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.acting import open_page, told
from tests.e2e.axe import violations


def word(page: Page, name: str) -> Locator:
    """The first use of a word in the text of a lesson."""
    return page.locator(f"gw-lesson gw-word[name={name}] .word")


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name, exact=True)


def test_a_word_is_defined_where_it_is_pointed_at(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    expect(word(page, "sigmoid")).to_have_count(1)
    word(page, "sigmoid").hover()
    expect(card(page, "sigmoid")).to_contain_text("squeezes every number")
    # the pointer may go into the card
    card(page, "sigmoid").hover()
    expect(card(page, "sigmoid")).to_be_visible()
    page.mouse.move(2, 2)
    expect(card(page, "sigmoid")).to_have_count(0)


def test_a_word_is_defined_where_it_has_the_focus(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    expect(word(page, "neuron")).to_have_count(1)
    word(page, "neuron").focus()
    page.keyboard.press("Tab")
    expect(word(page, "weight")).to_be_focused()
    expect(card(page, "weight")).to_be_visible()
    expect(word(page, "weight")).to_have_accessible_description(re.compile("^weight: A parameter"))
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(card(page, "weight")).to_have_count(0)
    expect(word(page, "weight")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, "weight").get_by_role("link")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card(page, "weight").get_by_role("button")).to_be_focused()
    page.keyboard.press("Escape")
    expect(word(page, "weight")).to_be_focused()
    page.keyboard.press("Tab")
    expect(word(page, "bias")).to_be_focused()
    expect(card(page, "weight")).to_have_count(0)


def test_the_link_of_a_definition_leads_to_its_stop(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/fan-out")
    word(page, "gradient").hover()
    card(page, "gradient").get_by_role("link", name="Lesson: One neuron").click()
    page.wait_for_url(re.compile(r"/lessons/neuron\?stop=\d"))
    expect(page.locator("gw-lesson [aria-current=step]")).to_contain_text("Backwards")


def test_a_sentence_of_a_step_defines_its_words_and_says_the_same(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=9")
    marked = page.locator("gw-narration gw-word .word").first
    expect(marked).to_be_visible()
    shown = " ".join(told(page).inner_text().split())
    heard = page.locator("gw-narration [role=status]")
    expect(heard).to_contain_text("Step 9")
    assert shown == " ".join(heard.inner_text().split())
    marked.focus()
    expect(page.locator("gw-narration [role=dialog]")).to_be_visible()
    before = page.url
    page.keyboard.press(" ")
    assert page.url == before


def test_a_finger_opens_and_closes_a_definition(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, has_touch=True)
    page = context.new_page()
    open_page(page, f"{address}/lessons/neuron")
    word(page, "bias").tap()
    expect(card(page, "bias")).to_be_visible()
    page.touchscreen.tap(600, 200)
    expect(card(page, "bias")).to_have_count(0)
    context.close()


def test_the_glossary_is_searched_and_leads_to_a_lesson(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="Glossary")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("momentum")
    expect(dialog.get_by_role("term").first).to_have_text("momentum")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("term").first).to_be_focused()
    dialog.get_by_role("button", name="Adam", exact=True).first.click()
    expect(dialog.get_by_role("term").filter(has_text=re.compile("^Adam$"))).to_be_focused()
    dialog.get_by_role("link", name="SGD, momentum, Adam: Momentum").first.click()
    page.wait_for_url(re.compile(r"/lessons/valley\?stop=3"))


def test_the_map_of_the_course_shows_what_builds_on_what_and_what_is_done(page: Page, address: str) -> None:
    page.add_init_script("""localStorage.setItem('gradwalk:lesson:fan-out', '{"of": 1, "right": {"a": "1"}}')""")
    open_page(page, f"{address}/lessons/neuron")
    page.get_by_role("button", name="One neuron").click()
    page.get_by_role("menuitem", name="Map of the course").click()
    course = page.get_by_role("dialog", name="Map of the course")
    expect(course.get_by_role("region")).to_have_count(6)
    expect(course.locator("[aria-current=page]")).to_contain_text("open now")
    expect(course.get_by_role("listitem").filter(has_text="Two ways back").filter(has_text="✓ done")).to_have_count(1)
    lesson = course.get_by_role("listitem").filter(has=page.locator(".title", has_text="The graph and the chain rule"))
    expect(lesson).to_contain_text("Builds on One neuron")
    expect(lesson).to_contain_text("Leads to Three ways to a slope")
    lesson.get_by_role("link", name="Three ways to a slope").click()
    page.wait_for_url(re.compile(r"/lessons/three-ways"))
    expect(course).to_be_hidden()
