"""Names and numbers in the sentences of questions, the same as on the page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.exports.number_text import format_number, format_shape
from gradwalk.iteration.wording import at_line, called, listed, short
from gradwalk.questions.question import Choice

__all__ = [
    "at_line",
    "called",
    "element",
    "has_shape",
    "listed",
    "node_choices",
    "number",
    "operation",
    "shape",
    "short",
    "times",
]

PRECISION: Final = "Two significant digits are enough, and 2 % off still counts as right."


def number(value: float) -> str:
    """Return a number with four significant digits and a true minus sign: −0.0898."""
    return format_number(value)


def shape(sizes: Sequence[int]) -> str:
    """Return a shape in words: `4×5`, `a scalar`."""
    return format_shape(sizes) if sizes else "a scalar"


def has_shape(sizes: Sequence[int]) -> str:
    """Return a shape as a predicate: `has the shape 4×5`, `is a scalar`."""
    return f"has the shape {format_shape(sizes)}" if sizes else "is a scalar"


def element(node: Node, sizes: Sequence[int], place: Sequence[int] | None) -> str:
    """Return the name of one number of a tensor: `w`, `w[0, 1]`. A tensor with one number is that number."""
    if not place or all(size == 1 for size in sizes):
        return called(node)
    where = f"[{', '.join(map(str, place))}]"
    return f"{called(node)}{where}" if node.name else f"element {where} of {called(node)}"


def operation(node: Node) -> str:
    """Return an operation by its name and its line: `loss (mul in line 10)`."""
    return f"{short(node.name)} ({at_line(node)})" if node.name else at_line(node)


def times(upstream: float, local: float) -> str:
    """Return a product as it is written: `−0.5 × (−2)`."""
    factor = number(local)
    return f"{number(upstream)} × {f'({factor})' if local < 0 else factor}"


def node_choices(nodes: Iterable[Node]) -> list[Choice]:
    """Return nodes as choices. Of those with the same name the second one is `sum in line 8, number 2`."""
    found: list[Choice] = []
    counts: Counter[str] = Counter()
    for node in nodes:
        name = called(node)
        counts[name] += 1
        text = name if counts[name] == 1 else f"{name}, number {counts[name]}"
        found.append(Choice(value=node.id, text=text, node=node.id))
    return found
