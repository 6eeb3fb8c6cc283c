"""Boxes that overlap nowhere, and lines that run through none of them, whatever the graph."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwalk.exports.layered_layout import Layers, Line, Point, Size, count_passing_places, lay_out

Graph = tuple[dict[str, Size], list[Line]]

SIZES = st.builds(Size, st.integers(20, 200), st.integers(10, 90), st.integers(10, 90))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph without circles, its boxes in any order."""
    count = draw(st.integers(1, 14))
    names = [f"n{number}" for number in range(count)]
    pairs = draw(st.lists(st.sampled_from(list(combinations(names, 2)) or [("n0", "n0")]), max_size=24))
    lines = [Line(*pair) for pair in pairs if pair[0] != pair[1]]
    order = draw(st.permutations(names))
    return {name: draw(SIZES) for name in order}, lines


def box_of(layout: Layers, sizes: dict[str, Size], name: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    place, size = layout.places[name], sizes[name]
    return place.x - size.width / 2, place.y - size.above, place.x + size.width / 2, place.y + size.below


def points_of(path: list[Point]) -> list[Point]:
    """Along a line: on its curves, and on the level ways between them."""
    points = []
    for left, right in zip(path[::2], path[1::2], strict=True):
        for step in range(11):
            t = step / 10
            x = (1 - t) ** 3 * left.x + 3 * t * (1 - t) * (left.x + right.x) / 2 + t**3 * right.x
            y = (1 - t) ** 2 * (1 + 2 * t) * left.y + t**2 * (3 - 2 * t) * right.y
            points.append(Point(x, y))
    ends = zip(path[1:-1:2], path[2::2], strict=True)
    return [*points, *(Point(a.x + (b.x - a.x) * k / 4, a.y) for a, b in ends for k in range(5))]


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_nothing_overlaps_and_no_line_runs_through_a_box(graph: Graph) -> None:
    sizes, lines = graph
    layout = lay_out(sizes, lines)
    boxes = {name: box_of(layout, sizes, name) for name in sizes}
    for (_, a), (_, b) in combinations(boxes.items(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for box in boxes.values():
        assert box[0] >= -0.01
        assert box[1] >= -0.01
        assert box[2] <= layout.width + 0.01
        assert box[3] <= layout.height + 0.01
    for line, path in zip(lines, layout.paths, strict=True):
        assert path[0].y == layout.places[line.source].y
        assert path[-1].y == layout.places[line.target].y
        assert layout.places[line.source].x < layout.places[line.target].x
        others = [box for name, box in boxes.items() if name not in line]
        for x, y in points_of(path):
            assert not any(left < x < right and top < y < bottom for left, top, right, bottom in others)


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_the_same_in_the_same_out(graph: Graph) -> None:
    assert lay_out(*graph) == lay_out(*graph)
    assert count_passing_places(*graph) >= 0


def test_a_chain_is_straight_and_a_leaf_stands_next_to_its_use() -> None:
    sizes = {name: Size(60, 40, 40) for name in ("x", "a", "b", "w", "c")}
    lines = [Line("x", "a"), Line("a", "b"), Line("b", "c"), Line("w", "c")]
    layout = lay_out(sizes, lines)
    assert layout.places["a"].y == pytest.approx(layout.places["x"].y, abs=1)
    assert layout.places["w"].x == layout.places["b"].x
    assert count_passing_places(sizes, lines) == 0
    assert count_passing_places(sizes, [*lines, Line("x", "c")]) == 2


def test_lines_cross_only_where_they_must() -> None:
    sizes = {name: Size(60, 20, 20) for name in ("a", "b", "c", "z", "y", "x")}
    layout = lay_out(sizes, [Line("a", "x"), Line("b", "y"), Line("c", "z")])
    order = sorted("abc", key=lambda name: layout.places[name].y)
    assert sorted("xyz", key=lambda name: layout.places[name].y) == [{"a": "x", "b": "y", "c": "z"}[n] for n in order]


def test_nothing_and_a_circle() -> None:
    assert lay_out({}, []).places == {}
    sizes = {"a": Size(60, 20, 20), "b": Size(60, 20, 20)}
    assert lay_out(sizes, [Line("a", "b"), Line("b", "a"), Line("a", "a")]).paths.count([]) >= 1
