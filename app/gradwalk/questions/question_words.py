"""Names and numbers in the sentences of questions, the same as on the page."""

from collections.abc import Iterable, Sequence
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.exports.number_text import format_number, format_shape
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.wording import at_line, listed, short
from gradwalk.questions.question import Choice

__all__ = [
    "element",
    "has_shape",
    "listed",
    "node_choices",
    "number",
    "operation",
    "shape",
    "times",
]

PRECISION: Final = "Two significant digits are enough, and 2 % off still counts as right."


def number(value: float) -> str:
    """Return a number with four significant digits and a true minus sign: −0.0898."""
    # adding 0 takes the sign from a zero
    return format_number(value + 0.0)


def shape(sizes: Sequence[int]) -> str:
    """Return a shape in words: `4×5`, `a scalar`."""
    return format_shape(sizes) if sizes else "a scalar"


def has_shape(sizes: Sequence[int]) -> str:
    """Return a shape as a predicate: `has the shape 4×5`, `is a scalar`."""
    return f"has the shape {format_shape(sizes)}" if sizes else "is a scalar"


def element(graph: IndexedGraph, node: Node, sizes: Sequence[int], place: Sequence[int] | None) -> str:
    """Return the name of one number of a tensor: `w`, `w[0, 1]`. A tensor with one number is that number."""
    name = graph.names[node.id]
    if not place or all(size == 1 for size in sizes):
        return name
    where = f"[{', '.join(map(str, place))}]"
    return f"{name}{where}" if node.name and name == short(node.name) else f"element {where} of {name}"


def operation(graph: IndexedGraph, node: Node) -> str:
    """Return an operation by its name and its line: `loss (mul in line 10)`."""
    name = graph.names[node.id]
    return f"{name} ({at_line(node)})" if node.name and name == short(node.name) else name


def times(upstream: float, local: float) -> str:
    """Return a product as it is written: `−0.5 × (−2)`."""
    factor = number(local)
    return f"{number(upstream)} × {f'({factor})' if local < 0 else factor}"


def node_choices(graph: IndexedGraph, nodes: Iterable[Node]) -> list[Choice]:
    """Return nodes as choices."""
    return [Choice(value=node.id, text=graph.names[node.id], node=node.id) for node in nodes]
