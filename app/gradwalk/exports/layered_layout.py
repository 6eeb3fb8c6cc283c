"""A layout of boxes in columns from left to right, with lines between them that cross no box. Pure and deterministic.

The method is that of Sugiyama, Tagawa and Toda (1981): columns by the longest path, an order in each column with few
crossings (barycentres), then heights. A line that passes a column has a place of its own there, like a box. Heights
move towards those of the neighbours; isotonic regression finds the nearest heights without overlaps, which is exact.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

_COLUMN_GAP: Final = 62.0
_ROW_GAP: Final = 18.0
_PASSING: Final = 7.0
"""Half the height of the place of a passing line."""
_SWEEPS: Final = 12
_STRAIGHT: Final = 8.0
"""The weight of a passing line's height in comparison with a box: it makes long lines straight."""


class Size(NamedTuple):
    """The size of a box in pixels: its width, and its extent above and below the height of its lines."""

    width: float
    above: float
    below: float


class Line(NamedTuple):
    """A line from one box to another, by their names."""

    source: str
    target: str


class Point(NamedTuple):
    """A point in pixels from the upper left corner."""

    x: float
    y: float


@dataclass(frozen=True)
class Layers:
    """A finished layout. `places`: for each box the centre, at the height of its lines. `paths`: for each line the two
    ends of each of its curves in order; between two curves the line is horizontal and passes a column.
    """

    width: float
    height: float
    places: dict[str, Point]
    paths: list[list[Point]]


@dataclass
class _Cell:
    """A box in its column, or the place of a line that passes the column (`box` is null)."""

    box: str | None
    size: Size
    before: list["_Cell"] = field(default_factory=list)
    after: list["_Cell"] = field(default_factory=list)
    column: int = 0
    row: int = 0
    y: float = 0.0


def count_passing_places(sizes: Mapping[str, Size], lines: Sequence[Line]) -> int:
    """Count the places of lines in columns that they pass, which add to the size of a drawing."""
    columns = _columns(sizes, lines)
    return sum(max(0, columns[line.target] - columns[line.source] - 1) for line in lines)


def lay_out(sizes: Mapping[str, Size], lines: Sequence[Line]) -> Layers:
    """Lay out boxes by name. Lines in a cycle, which no recording has, are not drawn."""
    columns = _columns(sizes, lines)
    cells = {name: _Cell(name, size, column=columns[name]) for name, size in sizes.items()}
    grid: list[list[_Cell]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for cell in cells.values():
        grid[cell.column].append(cell)
    ways = [_way(cells[line.source], cells[line.target], grid) for line in lines]
    _order(grid)
    _set_heights(grid)
    return _placed(grid, cells, ways)


def _columns(sizes: Mapping[str, Size], lines: Sequence[Line]) -> dict[str, int]:
    """Return the column of each box: one more than the last of its sources. A box without sources is placed just before
    its first target.
    """
    sources: dict[str, list[str]] = {name: [] for name in sizes}
    targets: dict[str, list[str]] = {name: [] for name in sizes}
    for source, target in lines:
        sources[target].append(source)
        targets[source].append(target)
    columns = dict.fromkeys(sizes, 0)
    waiting = {name: len(before) for name, before in sources.items()}
    ready = deque(name for name, count in waiting.items() if count == 0)
    while ready:
        name = ready.popleft()
        for other in targets[name]:
            columns[other] = max(columns[other], columns[name] + 1)
            waiting[other] -= 1
            if waiting[other] == 0:
                ready.append(other)
    for name in sizes:
        if not sources[name] and targets[name]:
            columns[name] = min(columns[other] for other in targets[name]) - 1
    first = min(columns.values(), default=0)
    return {name: column - first for name, column in columns.items()}


def _way(source: _Cell, target: _Cell, grid: list[list[_Cell]]) -> list[_Cell]:
    """Return the linked cells of a line from end to end; none when it does not run to the right."""
    if source.column >= target.column:
        return []
    way = [source]
    for column in range(source.column + 1, target.column):
        cell = _Cell(None, Size(0, _PASSING, _PASSING), column=column)
        grid[column].append(cell)
        way.append(cell)
    way.append(target)
    for left, right in pairwise(way):
        left.after.append(right)
        right.before.append(left)
    return way


def _order(grid: list[list[_Cell]]) -> None:
    """Sort each column by the mean row of its neighbours, in both directions, and keep the order with the fewest
    crossings.
    """
    _number(grid)
    best, fewest = [list(column) for column in grid], _crossings(grid)
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for column in grid if forwards else reversed(grid):
            column.sort(key=lambda cell: _middle(cell.before if forwards else cell.after, cell.row))
            for row, cell in enumerate(column):
                cell.row = row
        crossings = _crossings(grid)
        if crossings < fewest:
            best, fewest = [list(column) for column in grid], crossings
    grid[:] = best
    _number(grid)


def _number(grid: list[list[_Cell]]) -> None:
    for column in grid:
        for row, cell in enumerate(column):
            cell.row = row


def _middle(neighbours: list[_Cell], own: int) -> float:
    return sum(cell.row for cell in neighbours) / len(neighbours) if neighbours else float(own)


def _crossings(grid: list[list[_Cell]]) -> int:
    """Count the crossings of lines between neighbouring columns: the inversions of their right ends, in a Fenwick
    tree.
    """
    total = 0
    for column in grid:
        ends = [end for cell in column for end in sorted(after.row for after in cell.after)]
        tree = [0] * (max(ends, default=0) + 2)
        for seen, end in enumerate(ends):
            at, lower = end + 1, 0
            while at:
                lower += tree[at]
                at &= at - 1
            total += seen - lower
            at = end + 1
            while at < len(tree):
                tree[at] += 1
                at += at & -at
    return total


def _set_heights(grid: list[list[_Cell]]) -> None:
    for column in grid:
        y = 0.0
        for cell in column:
            cell.y = y + cell.size.above
            y += cell.size.above + cell.size.below + _ROW_GAP
    for sweep in range(_SWEEPS):
        for column in grid if sweep % 2 == 0 else reversed(grid):
            _settle(column, both=sweep >= _SWEEPS // 2)


def _settle(column: list[_Cell], *, both: bool) -> None:
    """Move a column's cells as near to their neighbours as their order allows (pool adjacent violators)."""
    offset, before = 0.0, None
    blocks: list[tuple[float, float, list[tuple[_Cell, float]]]] = []
    for cell in column:
        if before is not None:
            offset += before.size.below + _ROW_GAP + cell.size.above
        before = cell
        neighbours = [*cell.before, *cell.after] if both else (cell.before or cell.after)
        wish = sum(n.y for n in neighbours) / len(neighbours) if neighbours else cell.y
        weight = _STRAIGHT if cell.box is None else 1.0
        block = (weight, weight * (wish - offset), [(cell, offset)])
        while blocks and blocks[-1][1] / blocks[-1][0] > block[1] / block[0]:
            earlier = blocks.pop()
            block = (earlier[0] + block[0], earlier[1] + block[1], earlier[2] + block[2])
        blocks.append(block)
    for weight, total, cells in blocks:
        for cell, own in cells:
            cell.y = total / weight + own


def _placed(grid: list[list[_Cell]], cells: dict[str, _Cell], ways: list[list[_Cell]]) -> Layers:
    everything = [cell for column in grid for cell in column]
    top = min((cell.y - cell.size.above for cell in everything), default=0.0)
    bottom = max((cell.y + cell.size.below for cell in everything), default=0.0)
    edges: list[tuple[float, float]] = []
    x = 0.0
    for column in grid:
        wide = max(cell.size.width for cell in column)
        edges.append((x, x + wide))
        x += wide + _COLUMN_GAP

    def middle(cell: _Cell) -> Point:
        left, right = edges[cell.column]
        return Point((left + right) / 2, cell.y - top)

    paths = []
    for way in ways:
        path = []
        for left, right in pairwise(way):
            path += [Point(edges[left.column][1], left.y - top), Point(edges[right.column][0], right.y - top)]
        paths.append(path)
    places = {name: middle(cell) for name, cell in cells.items()}
    return Layers(max(0.0, x - _COLUMN_GAP), bottom - top, places, paths)
