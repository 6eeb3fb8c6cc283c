"""No formula runs out of its card, and none is smaller than 85 % of the others: over all lessons, on a small screen."""

import pytest
from playwright.sync_api import Page, expect

from gradwalk.lessons import Lessons
from tests.e2e.acting import open_page, told
from tests.tiers import rest_at_night

LESSONS = [lesson.slug for lesson in Lessons.built_in().all()]
ON_PUSH = ("norms",)
MOST_STEPS = 40
SMALLEST = 0.85

FAULTS = """smallest => {
  const below = one => one.shadowRoot ? [one, ...all(one.shadowRoot)] : [one]
  const all = root => [...root.querySelectorAll('*')].flatMap(below)
  const faults = []
  for (const math of all(document).filter(one => one.localName === 'gw-math')) {
    const room = math.getBoundingClientRect()
    const card = math.closest('section')?.getBoundingClientRect() ?? room
    if (room.width === 0) continue
    if (room.right > card.right + 1) faults.push('out of its card: ' + math.tex)
    for (const piece of math.shadowRoot.querySelectorAll('.piece')) {
      const share = parseFloat(piece.style.fontSize || '1')
      if (share < smallest) faults.push('at ' + share + ': ' + math.tex)
      if (piece.querySelector('code')) faults.push('not drawn: ' + math.tex)
      const over = piece.getBoundingClientRect().right > room.right + 1
      if (over) faults.push('cut: ' + piece.textContent + ' of ' + math.tex)
    }
  }
  return faults
}"""


@pytest.mark.parametrize("slug", rest_at_night(LESSONS, ON_PUSH))
def test_every_formula_fits(page: Page, address: str, slug: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    open_page(page, f"{address}/lessons/{slug}?step=1")
    found: list[str] = []
    for _ in range(MOST_STEPS):
        before = told(page).inner_text()
        page.wait_for_timeout(250)
        page.wait_for_load_state("networkidle")
        found += page.evaluate(FAULTS, SMALLEST)
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)
        if told(page).inner_text() == before:
            break
    expect(page.locator("gw-inspector")).to_be_attached()
    assert "\n".join(sorted(set(found))) == ""
