"""What a program prints, names or raises is text everywhere: nothing of it runs, and nothing in it hides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acting import count_of_steps, open_page, run_program, told

PROGRAMS = sorted((Path(__file__).parent / "markup").glob("*.py"))

IN_EVERY_TREE = """
() => {
  const elements = []
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      elements.push(element)
      if (element.shadowRoot) walk(element.shadowRoot)
    }
  }
  walk(document)
  const texts = []
  for (const element of elements) {
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data)
    const attributes = [...element.attributes].filter((one) => one.name !== 'd').map((one) => one.value)
    if (!['SCRIPT', 'STYLE'].includes(element.tagName)) texts.push(...own, ...attributes)
  }
  // the editor puts images without a source beside what it adds to a line
  const MARKUP = `img:not(.cm-widgetBuffer:not([src])), iframe, object, embed, base, form:not([method=dialog]),
    foreignObject, animate, set, script:not([src])`
  const SCHEME = /^\\s*(javascript|data|vbscript):/i
  const acts = ({ name, value }) => name.startsWith('on') || SCHEME.test(value)
  const strange = elements.filter((element) => element.matches(MARKUP) ||
    !element.matches('head > link[rel=icon]') && [...element.attributes].some(acts))
  const hidden = texts.join('\\n').match(/(?![\\n\\t\\r\\u200b-\\u200d])[\\p{Cc}\\p{Cf}\\u2028\\u2029]/gu) ?? []
  return {
    strange: strange.map((element) => element.outerHTML.slice(0, 200)),
    hidden: [...new Set(hidden)].map((one) => one.codePointAt(0).toString(16)),
    ran: String(globalThis.ran),
    title: document.title,
    text: texts.join('\\n'),
  }
}
"""


@pytest.fixture
def elsewhere(page: Page, address: str) -> Iterator[list[str]]:
    """Requests that go to another server, and dialogs; none may come."""
    found: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((address, "data:")) else found.append(r.url))
    page.on("dialog", lambda dialog: found.append(dialog.message))
    page.on("popup", lambda popup: found.append(popup.url))
    yield found
    assert found == []


def look(page: Page) -> str:
    """Everything that the page shows now, after it was seen that nothing of it is alive or hidden."""
    seen = page.evaluate(IN_EVERY_TREE)
    text: str = seen.pop("text")
    title: str = seen.pop("title")
    assert seen == {"strange": [], "hidden": [], "ran": "undefined"}
    assert title.isprintable()
    return text


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_what_a_program_writes_is_text_at_every_step(
    program: Path, page: Page, address: str, elsewhere: list[str]
) -> None:
    open_page(page, f"{address}/lessons/neuron")
    run_program(page, program.read_text("utf-8"))
    open_page(page, page.url)  # as somebody sees it who was sent the link
    seen = look(page)
    page.locator("gw-stage").click(position={"x": 5, "y": 200})
    page.keyboard.press("Home")
    for step in range(1, count_of_steps(page) + 1):
        expect(told(page)).to_contain_text(f"Step {step} of")
        seen += look(page)
        page.keyboard.press("ArrowRight")
    for at in range(page.locator("g.node").count()):
        page.locator("g.node").nth(at).dispatch_event("click")
        seen += look(page)
    page.keyboard.press("/")
    page.keyboard.insert_text("<img")
    seen += look(page)
    assert "<img src=x onerror=" in seen
    for picture in ("␛", "⟨U+202E⟩"):
        assert picture in seen
    assert elsewhere == []


def test_the_programs_themselves_are_dangerous(page: Page) -> None:
    """As markup, what they write would run: a test that cannot fail would show nothing."""
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html><p>", content_type="text/html"))
    page.goto("http://dangerous.example/")
    page.evaluate("document.body.innerHTML = '<img src=\"data:,\" onerror=ran=1><i>\\u001b\\u202e</i>'")
    page.wait_for_function("globalThis.ran === 1")
    with pytest.raises(AssertionError):
        look(page)
