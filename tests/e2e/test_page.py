"""The page around the picture: lessons, themes, keys, search, panels, a phone, the size of its scripts."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gradwalk.lessons import Lessons
from tests.e2e.acting import button, open_page, told

DIST = Path(__file__).parent.parent.parent / "static" / "dist"
KEYS = [
    "Space",
    "←",
    "→",
    "Shift",
    "Home",
    "End",
    "[",
    "]",
    "1",
    "2",
    "3",
    "4",
    "5",
    "/",
    "F",
    "T",
    "PgUp",
    "PgDn",
    "?",
    "Esc",
    "Ctrl",
    "Enter",
    "R",
    "S",
    "I",
    "L",
    "J",
    "K",
    "Tab",
]


def test_the_menu_opens_another_lesson_by_keyboard(page: Page, address: str) -> None:
    open_page(page, address)
    page.locator("gw-lesson-menu button").focus()
    for key in ("Enter", "End", "ArrowUp", "Enter"):  # the map stands below the last lesson
        page.keyboard.press(key)
    last = Lessons.built_in().all()[-1]
    page.wait_for_url(re.compile(f"/lessons/{last.slug}"))
    expect(page.locator("gw-lesson h2").first).to_have_text(last.title)
    expect(page).to_have_title(f"{last.title} · Gradwalk")


def test_a_theme_is_chosen_and_stays(page: Page, address: str) -> None:
    open_page(page, address)
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    button(page, "Switch to the dark theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    expect(button(page, "Switch to the light theme")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_every_key_is_in_the_list_of_keys(page: Page, address: str) -> None:
    open_page(page, address)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="All keys")
    expect(dialog).to_be_visible()
    assert set(KEYS) <= set(dialog.locator("kbd").all_inner_texts())
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_node_is_found_by_name(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=8")
    page.keyboard.press("/")
    page.keyboard.type("sigm")
    page.keyboard.press("Enter")
    expect(page.locator("g.node.selected")).to_have_attribute("data-node", "n6")
    expect(told(page)).to_contain_text("Step 8 of")


def test_the_projector_shows_only_picture_and_timeline(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=10")
    page.keyboard.press("f")
    for panel in ("gw-header", "gw-editor", "gw-inspector"):
        expect(page.locator(panel)).to_be_hidden()
    expect(page.locator("gw-stage")).to_be_visible()
    box = page.locator("gw-timeline").bounding_box()
    assert box
    assert box["y"] + box["height"] == pytest.approx(720, abs=1)
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 11 of")
    page.keyboard.press("Escape")
    expect(page.locator("gw-editor")).to_be_visible()


def test_typing_in_the_program_moves_nothing(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron?step=5")
    page.locator(".cm-content").click()
    page.keyboard.type(" f/?5")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    expect(told(page)).to_contain_text("Step 5 of")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(told(page)).to_contain_text("Step 6 of")


def test_panels_are_sized_by_keyboard_close_and_are_remembered(page: Page, address: str) -> None:
    open_page(page, address)
    handle = page.get_by_role("separator", name="Width of the program")
    before = handle.get_attribute("aria-valuenow")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(handle).not_to_have_attribute("aria-valuenow", before or "")
    expect(told(page)).to_contain_text("Step 1 of")
    page.keyboard.press("Enter")
    expect(page.locator("gw-editor")).to_be_hidden()
    page.reload()
    expect(told(page)).not_to_be_empty()
    expect(page.locator("gw-editor")).to_be_hidden()


def test_the_link_to_this_step_is_copied(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, f"{address}/lessons/neuron?step=10")
    button(page, "Share").click()
    expect(page.get_by_role("dialog")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{address}/lessons/neuron?step=10&iteration=0"


def test_a_phone_has_tabs(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/lessons/neuron?step=10")
    expect(told(page)).to_contain_text("Step 10 of")
    expect(page.locator("gw-editor")).to_be_hidden()
    page.get_by_role("tab", name="Program").click()
    expect(page.locator("gw-editor")).to_be_visible()
    page.get_by_role("tab", name="Details").click()
    expect(page.locator("gw-inspector")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_scripts_are_small(page: Page, address: str) -> None:
    open_page(page, f"{address}/lessons/neuron")
    page.keyboard.press("End")
    expect(told(page)).to_contain_text("Step 14 of")
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate(
        """() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
            .map(({ name, encodedBodySize }) => [name, encodedBodySize])"""
    )
    assert any("codemirror" in name for name, _ in loaded)
    # the whole first lesson with its editor, as it comes over the network; the page's own part and all that there is
    assert sum(size for _, size in loaded) <= 300_000
    sizes = {script.name: len(gzip.compress(script.read_bytes())) for script in DIST.glob("*.js")}
    assert sum(size for name, size in sizes.items() if name.startswith("main-")) <= 110_000
    assert sum(sizes.values()) <= 480_000
