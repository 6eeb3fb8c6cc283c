"""Names of things in sentences: the student's own names, else operation and line."""

from collections.abc import Sequence

from gradwalk.contract.digits import written
from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_graph import IndexedGraph

_LONGEST_NAME = 60
_MOST_NAMES = 3


def called(node: Node) -> str:
    """Return the name of a node: `loss`, `net.fc1.weight`, `mul in line 4`."""
    return short(node.name) if node.name else at_line(node)


def at_line(node: Node) -> str:
    """Return an operation with its line: `mul in line 4`."""
    what = short(node.op or node.name or node.kind)
    return f"{what} in line {node.line}" if node.line else what


def layer_of(graph: IndexedGraph, node: Node) -> str:
    """Return the module that ran the operation, `net.fc1`; outside of every module, the operation itself."""
    path = graph.modules(node)
    return short(".".join(path)) if path else called(node)


def number(value: float) -> str:
    """Return a number as the page writes it: `−0.0898`, `1.234e−9`."""
    return written(value)


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: `w`, `w and b`, `w, b, c and 4 more`."""
    told = list(dict.fromkeys(names))
    if len(told) > _MOST_NAMES + 1:
        told = [*told[:_MOST_NAMES], f"{len(told) - _MOST_NAMES} more"]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def counted(count: int, what: str) -> str:
    """Return a count with its noun: `1 unit`, `3 units`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def short(name: str) -> str:
    """Return a name in one line, cut where it is too long: a program can give itself a name of any length."""
    plain = "".join(c if c.isprintable() else "?" for c in name[: _LONGEST_NAME + 1])
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME]}…"
