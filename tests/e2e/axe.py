"""What axe-core, the accessibility checker, finds wrong on a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent.parent / "static" / "node_modules" / "axe-core" / "axe.min.js"
"""Installed with the page's own packages, for tests only."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN = """
async (tags) => {
  const { violations, passes } = await axe.run(document, { runOnly: tags })
  const places = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html }) =>
    `${id} (${help}): ${target.flat().join(' ')}: ${html.slice(0, 160)}`))
  return { places, passes: passes.length }
}
"""


@cache
def source() -> str:
    """The checker's own code."""
    return AXE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What breaks WCAG 2.2 AA or axe's best practices, one line for each place."""
    # by the protocol of the browser's tools, which the page's CSP does not bind
    page.evaluate(source())
    found: dict[str, list[str] | int] = page.evaluate(RUN, TAGS)
    passes, places = found["passes"], found["places"]
    assert isinstance(passes, int)
    assert passes > 10, "axe has looked at nothing"
    assert isinstance(places, list)
    return places
