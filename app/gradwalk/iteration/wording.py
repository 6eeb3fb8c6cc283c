"""Names of things in sentences: the student's own names, else operation and line."""

from collections.abc import Sequence

from gradwalk.contract.digits import written
from gradwalk.contract.snapshot import Node
from gradwalk.operations.registry import operation_of

_LONGEST_NAME = 60
_MOST_NAMES = 3


def called(node: Node) -> str:
    """Return the name of a node: `loss`, `net.fc1.weight`, `mul in line 4`."""
    return short(node.name) if node.name else at_line(node)


def at_line(node: Node) -> str:
    """Return an operation with its line: `mul in line 4`, `indexing in line 5`."""
    what = operation_word(node)
    return f"{what} in line {node.line}" if node.line else what


def operation_word(node: Node) -> str:
    """Return the name of an operation; the word for one that Python calls by a name such as `__getitem__`."""
    name = node.op or node.name or node.kind
    operation = operation_of(name) if name.startswith("__") else None
    return operation.word if operation and operation.word else short(name)


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
