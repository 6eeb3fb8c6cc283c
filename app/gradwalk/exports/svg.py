"""A graph with the numbers of one iteration as an SVG drawing (https://www.w3.org/TR/SVG11/).

The style is in attributes, which every program that shows SVG understands. The drawing has no script, no style sheet,
no link and no reference; text of the program is escaped.
"""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from gradwalk.contract.snapshot import BackwardPass, Graph, Iteration, Node, Tensor
from gradwalk.errors import ExportTooLarge
from gradwalk.exports.layered_layout import Layers, Line, Point, Size, count_passing_places, lay_out
from gradwalk.exports.outline import NodeEntry, outline, title_lines
from gradwalk.exports.tensor_drawing import draw_tensor, height_of, width_of

_MOST_NODES: Final = 400
_MOST_PLACES: Final = 6000
"""The limit for boxes and places of long lines: nobody could read some hundred columns of them."""
_MOST_LETTERS: Final = 22
_LETTER: Final = 9.0
_CARD: Final = 46.0
_GAP: Final = 5.0
_MARGIN: Final = 20.0
_HEADING: Final = 34.0
_FONTS: Final = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
_EDGE, _INK, _MUTED, _LEARNS, _FAILED = "#9A9B97", "#1C1D1F", "#62666D", "#7A4FBF", "#B3261E"


def svg(graph: Graph, iteration: Iteration, pass_index: int | None, title: str) -> str:
    """Draw the graph from left to right, with every value above its box. Below the box is the gradient that the
    backward pass with this index computed, for a leaf its `.grad` after that pass; null draws no gradients. Raises
    ExportTooLarge.
    """
    nodes = [part.node for part in outline(graph) if isinstance(part, NodeEntry)]
    order = {node.id: number for number, node in enumerate(graph.nodes)}
    nodes.sort(key=lambda node: order[node.id])
    values = {name: tensors[0] for name, tensors in iteration.values.items() if tensors}
    gradients = {} if pass_index is None else _gradients(iteration.backward[pass_index])
    sizes = {node.id: _size(node, values.get(node.id), gradients.get(node.id)) for node in nodes}
    lines = [Line(edge.source, edge.target) for edge in graph.edges]
    _require_room(sizes, lines)
    layout = lay_out(sizes, lines)
    width = max(layout.width, _LETTER * min(len(title), 60)) + 2 * _MARGIN
    height = layout.height + _HEADING + 2 * _MARGIN
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" font-family="{_FONTS}" text-anchor="middle">',
        f"<title>{_escaped(title)}</title>",
        f"<desc>{len(nodes)} nodes and {len(lines)} edges. Values stand above each node, gradients below it.</desc>",
        f'<rect width="{width:g}" height="{height:g}" fill="#FFFFFF"/>',
        f'<text x="{_MARGIN:g}" y="{_MARGIN + 12:g}" font-size="15" font-weight="600" text-anchor="start" '
        f'fill="{_INK}">{_escaped(title)}</text>',
        f'<g transform="translate({_MARGIN:g},{_MARGIN + _HEADING:g})">',
        f'<g fill="none" stroke="{_EDGE}" stroke-width="1.8">',
        *_edges(layout, lines, {node.id: _card_width(node) for node in nodes}),
        "</g>",
    ]
    for node in nodes:
        parts += _node(node, layout.places[node.id], values.get(node.id), gradients.get(node.id))
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _require_room(sizes: Mapping[str, Size], lines: list[Line]) -> None:
    instead = "take export/dot for a program that draws large graphs, or look at it on the page, where groups fold."
    if len(sizes) > _MOST_NODES:
        raise ExportTooLarge(
            f"A graph of {len(sizes)} nodes is too large for one drawing (at most {_MOST_NODES}): {instead}"
        )
    if len(sizes) + count_passing_places(sizes, lines) > _MOST_PLACES:
        raise ExportTooLarge(f"The lines of this graph are too long and too many for one drawing: {instead}")


def _gradients(backward: BackwardPass) -> dict[str, Tensor]:
    own = {name: tensors[0] for name, tensors in backward.gradients.items() if tensors and tensors[0] is not None}
    return {name: tensor for name, tensor in own.items() if tensor is not None} | backward.accumulated


def _size(node: Node, value: Tensor | None, gradient: Tensor | None) -> Size:
    above, below = (height_of(tensor) + _GAP if tensor else 0.0 for tensor in (value, gradient))
    width = max(_card_width(node), width_of(value), width_of(gradient))
    return Size(width, _CARD / 2 + above, _CARD / 2 + below)


def _card_width(node: Node) -> float:
    return max(58.0, 20 + _LETTER * max(len(_short(line)) for line in title_lines(node)))


def _edges(layout: Layers, lines: list[Line], cards: Mapping[str, float]) -> Iterator[str]:
    for line, path in zip(lines, layout.paths, strict=True):
        if not path:
            continue
        start, end = layout.places[line.source], layout.places[line.target]
        way = f"M{start.x + cards[line.source] / 2:g},{start.y:g}"
        for left, right in zip(path[::2], path[1::2], strict=True):
            middle = (left.x + right.x) / 2
            way += f"H{left.x:g}C{middle:g},{left.y:g} {middle:g},{right.y:g} {right.x:g},{right.y:g}"
        yield f'<path d="{way}H{end.x - cards[line.target] / 2:g}"/>'


def _node(node: Node, at: Point, value: Tensor | None, gradient: Tensor | None) -> Iterator[str]:
    full = title_lines(node)
    where = "" if node.line is None else f", line {node.line}"
    yield f"<g><title>{_escaped(', '.join(full))}{where}</title>"
    width = _card_width(node)
    leaf = node.op is None
    stroke, strong = (_FAILED, 3) if node.failed else (_LEARNS, 2.5) if node.kind == "parameter" else (_INK, 1.3)
    yield (
        f'<rect x="{at.x - width / 2:g}" y="{at.y - _CARD / 2:g}" width="{width:g}" height="{_CARD:g}" '
        f'rx="{_CARD / 2 if leaf else 8:g}" fill="#FFFFFF" stroke="{stroke}" stroke-width="{strong}"/>'
    )
    first, second = [*full, ""][:2]
    y = at.y + (5.5 if not second else -2)
    look = f'font-size="16" font-weight="650" fill="{_INK}"'
    yield f'<text x="{at.x:g}" y="{y:g}" {look}>{_escaped(_short(first))}</text>'
    if second:
        yield f'<text x="{at.x:g}" y="{at.y + 15:g}" font-size="12.5" fill="{_MUTED}">{_escaped(_short(second))}</text>'
    if value is not None:
        yield from draw_tensor(value, at.x, at.y - _CARD / 2 - _GAP - height_of(value), "value")
    if gradient is not None:
        yield from draw_tensor(gradient, at.x, at.y + _CARD / 2 + _GAP, "gradient")
    yield "</g>"


def _short(text: str) -> str:
    """Shorten a long name to its end, which distinguishes it from others: `net.blocks.3.fc1.weight`."""
    return text if len(text) <= _MOST_LETTERS else "…" + text[-_MOST_LETTERS + 1 :]


def _escaped(text: str) -> str:
    """Escape text for XML, and replace characters that XML forbids by spaces."""
    return escape("".join(c if c.isprintable() else " " for c in text))
