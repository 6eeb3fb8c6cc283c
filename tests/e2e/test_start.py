"""A page that is opened before the server has run its lessons. The server is ready; its answers are held back here."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from gradwalk.lessons import Lessons
from tests.e2e.acting import told

PREPARING = "preparing its lessons"


@pytest.fixture
def prepare(page: Page) -> Callable[[], None]:
    """Makes every lesson one that was not run yet; to be called when they are ready."""
    ready: list[bool] = []

    def lesson(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), **({} if ready else {"snapshot": None})})

    def shell(route: Route) -> None:
        answer = route.fetch()
        html = re.sub(r'<link rel="preload"[^>]*/snapshots/[^>]*>', "", answer.text())
        route.fulfill(response=answer, body=re.sub(r' snapshot="[^"]*"', "", html))

    page.route("**/api/v1/lessons/*", lesson)
    page.route(lambda url: "/api/" not in url and "/lessons/" in url, shell)
    return lambda: ready.append(True)


def test_the_picture_comes_by_itself_at_the_step_of_the_link(
    page: Page, address: str, prepare: Callable[[], None]
) -> None:
    page.goto(f"{address}/lessons/neuron?step=7")
    expect(page.locator("p.nothing")).to_contain_text(PREPARING)
    expect(page.locator(".cm-content")).to_contain_text("x = torch.tensor([1.1])")
    expect(page.locator("gw-notice")).to_contain_text("Preparing the lessons")
    prepare()
    expect(told(page)).to_contain_text("Step 7 of")
    expect(page.locator("g.node")).to_have_count(8)
    expect(page.locator("gw-notice")).not_to_contain_text("Preparing")
    assert "step=7" in page.url


def test_another_lesson_can_be_chosen_meanwhile(page: Page, address: str, prepare: Callable[[], None]) -> None:
    page.goto(f"{address}/lessons/neuron")
    expect(page.locator("p.nothing")).to_contain_text(PREPARING)
    page.locator("gw-lesson-menu button").focus()
    for key in ("Enter", "End", "ArrowUp", "Enter"):  # the map stands below the last lesson
        page.keyboard.press(key)
    last = Lessons.built_in().all()[-1]
    page.wait_for_url(re.compile(f"/lessons/{last.slug}"))
    expect(page.locator("p.nothing")).to_contain_text(PREPARING)
    prepare()
    expect(page.locator("g.node").first).to_be_visible()
    expect(page).to_have_title(re.compile(last.title))
