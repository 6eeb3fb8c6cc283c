"""What stands where on the stage, measured in the browser. In CSS pixels of the page."""

from dataclasses import dataclass
from itertools import combinations, product

from playwright.sync_api import Locator, Page

MEASURE = """(stage, small) => {
  const root = stage.shadowRoot
  const box = (element, what) => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    return { what, left, top, right, bottom }
  }
  const find = selector => [...root.querySelectorAll(selector)]
  const all = (selector, what) => find(selector).map((element, i) => box(element, what(element, i)))
  const owner = element => element.closest('g.node, g.closed-room')
  const node = element => owner(element).dataset.node ?? owner(element).dataset.fold
  const scale = root.querySelector('g.canvas').getScreenCTM().a
  const points = path => {
    const matrix = path.getScreenCTM()
    const length = path.getTotalLength()
    const count = Math.ceil(length * scale / 2)
    return Array.from({ length: count + 1 }, (_, i) => {
      const { x, y } = path.getPointAtLength(length * i / count).matrixTransform(matrix)
      return [x, y]
    })
  }
  const drawn = element => element.childElementCount > 0
  const width = element => element.getBoundingClientRect().width
  const written = element => element.textContent && !element.querySelector('tspan')
  return {
    stage: box(stage, 'the stage'),
    cards: all('rect.card, rect.front', e => `card ${node(e)}`),
    tensors: find('g.above, g.below').filter(drawn).map(e => box(e, `${e.classList} ${node(e)}`)),
    badges: find('g.badge').map(e => box(e, `badge ${e.textContent}`)),
    rooms: all('rect.wall', (_, i) => `room ${i}`),
    titles: all('g.room g.title', (_, i) => `title ${i}`),
    remarks: all('g.remark', e => `remark ${e.textContent}`),
    travels: all('g.travel', e => `travelling ${e.textContent}`),
    wide: find('g.node > text, g.closed-room > text, g.travel > text')
      .filter(e => width(e) > width(e.parentNode.querySelector('rect.card, rect.front, .travel > rect')) - 4)
      .map(e => e.textContent),
    edges: find('path.edge').map(path => ({ what: path.id, points: points(path) })),
    letters: find('svg text, svg tspan').filter(written).map(e => ({
      what: e.textContent,
      number: e.closest('.number, .in-cell, .travel, .remark') !== null && !e.closest(small),
      height: parseFloat(getComputedStyle(e).fontSize) * scale,
    })),
  }
}"""


@dataclass(frozen=True)
class Box:
    """A rectangle and what it is."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def inside(self, other: "Box") -> bool:
        """Whether no part of this lies outside of the other; half a pixel is nobody's."""
        return (
            self.left >= other.left - 0.5
            and self.top >= other.top - 0.5
            and self.right <= other.right + 0.5
            and self.bottom <= other.bottom + 0.5
        )

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than a pixel of their borders."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 1
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 1
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside, away from the border where edges begin and end."""
        return self.left + 2 < x < self.right - 2 and self.top + 2 < y < self.bottom - 2


@dataclass(frozen=True)
class Picture:
    """The stage at one moment."""

    stage: Box
    cards: list[Box]
    tensors: list[Box]
    badges: list[Box]
    rooms: list[Box]
    titles: list[Box]
    remarks: list[Box]
    travels: list[Box]
    wide: list[str]
    edges: dict[str, list[tuple[float, float]]]
    letters: list[tuple[str, bool, float]]

    def faults(self) -> list[str]:
        """What a teacher could not project: parts cut off, one over another, letters too small."""
        return [*self._cut(), *self.entangled(), *self._unreadable()]

    def readable(self) -> list[str]:
        """What is wrong of a picture of which a part is shown."""
        return [*self.entangled(), *self._unreadable()]

    def entangled(self) -> list[str]:
        """What would be wrong at any scale and in any part: one thing over another, an edge through a card."""
        return [*self._covering(), *self._crossing()]

    def _cut(self) -> list[str]:
        everything = [*self.cards, *self.tensors, *self.badges, *self.rooms, *self.remarks, *self.travels]
        return [f"{box.what} is cut off or under the narration" for box in everything if not box.inside(self.stage)]

    def _covering(self) -> list[str]:
        apart = [*self.cards, *self.tensors, *self.badges, *self.titles, *self.remarks]
        pairs = [*combinations(apart, 2), *product(self.travels, [*self.tensors, *self.titles, *self.remarks])]
        return [f"{a.what} overlaps {b.what}" for a, b in pairs if a.overlaps(b)]

    def _crossing(self) -> list[str]:
        closed = [*self.cards, *self.tensors, *self.titles]
        return [
            f"{edge} runs through {box.what}"
            for edge, points in self.edges.items()
            for box in closed
            if any(box.holds(x, y) for x, y in points)
        ]

    def _unreadable(self) -> list[str]:
        too_wide = [f"{text} is wider than its card" for text in self.wide]
        return too_wide + [
            f"{text} is {height:.1f} px high"
            for text, number, height in self.letters
            if height < (13 if number else 11) - 0.01
        ]


def picture(page: Page) -> Picture:
    """Measures the stage; what lies under the narration does not belong to it."""
    narration = page.locator("gw-narration").bounding_box()
    assert narration
    return measured(page.locator("gw-stage"), narration["y"], small=NOTHING)


NOTHING = ":not(*)"
BESIDE_ANOTHER = ".in-cell, .remark"


def picture_beside(stage: Locator) -> Picture:
    """Measures one of two stages, where numbers in cells and remarks may be as small as other letters."""
    return measured(stage, None, small=BESIDE_ANOTHER)


def measured(stage: Locator, bottom: float | None, *, small: str) -> Picture:
    """Measures a stage that ends at `bottom`, in CSS pixels of the page. `small`: which numbers need not be large."""
    found = stage.evaluate(MEASURE, small)
    boxes = {
        name: [Box(**box) for box in found[name]]
        for name in ("cards", "tensors", "badges", "rooms", "titles", "remarks", "travels")
    }
    return Picture(
        stage=Box(**{**found["stage"], **({} if bottom is None else {"bottom": bottom})}),
        **boxes,
        wide=found["wide"],
        edges={edge["what"]: [(x, y) for x, y in edge["points"]] for edge in found["edges"]},
        letters=[(letter["what"], letter["number"], letter["height"]) for letter in found["letters"]],
    )


MEASURE_CURVES = """training => {
  const inside = (root, selector) => [...root.querySelectorAll(selector)]
  const deep = (root, selector) => [
    ...inside(root, selector),
    ...inside(root, '*').flatMap(e => e.shadowRoot ? deep(e.shadowRoot, selector) : []),
  ]
  const box = (element, what) => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    return { what, left, top, right, bottom }
  }
  const charts = deep(training.shadowRoot, 'gw-loss-chart, gw-multiple')
  const name = chart => chart.shadowRoot.querySelector('h3, .link').textContent.trim()
  const all = (chart, selector) =>
    inside(chart.shadowRoot, selector).map(e => box(e, `${name(chart)}: ${e.textContent.trim() || e.className}`))
  const written = 'svg text, h3, header span, .link, .value-text, .gradient-text, div > .muted'
  return {
    drawer: box(training, 'the drawer'),
    charts: charts.map(chart => ({ box: box(chart, name(chart)), texts: all(chart, written) })),
    letters: charts.flatMap(chart => inside(chart.shadowRoot, written).map(e => ({
      what: e.textContent.trim(), height: parseFloat(getComputedStyle(e).fontSize),
    }))),
  }
}"""


@dataclass(frozen=True)
class Curves:
    """The drawer with the training at one moment: each chart with the boxes of its texts."""

    drawer: Box
    charts: list[tuple[Box, list[Box]]]
    letters: list[tuple[str, float]]

    def faults(self) -> list[str]:
        """What a teacher could not project."""
        cut = [
            f"{text.what} is cut off by its chart"
            for box, texts in self.charts
            for text in texts
            if not text.inside(box)
        ]
        covered = [
            f"{a.what} overlaps {b.what}"
            for _, texts in self.charts
            for a, b in combinations(texts, 2)
            if a.overlaps(b)
        ]
        small = [f"{what} is {height:.1f} px high" for what, height in self.letters if height < 11.99]
        wide = [
            f"{box.what} is wider than the drawer"
            for box, _ in self.charts
            if box.left < self.drawer.left or box.right > self.drawer.right
        ]
        return [*cut, *covered, *small, *wide]


def curves(page: Page) -> Curves:
    """Measures the training over time."""
    found = page.locator("gw-training-drawer").evaluate(MEASURE_CURVES)
    return Curves(
        drawer=Box(**found["drawer"]),
        charts=[(Box(**chart["box"]), [Box(**text) for text in chart["texts"]]) for chart in found["charts"]],
        letters=[(letter["what"], letter["height"]) for letter in found["letters"]],
    )
