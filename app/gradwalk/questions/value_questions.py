"""The question about the result of an operation: one number from one or two others."""

from collections.abc import Iterator
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.explain.latex_formulas import index_of
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import DOES_NOT_FIT, NumbersMissing
from gradwalk.operations.entry import Read
from gradwalk.operations.registry import find
from gradwalk.questions.elements import array, places, position
from gradwalk.questions.mental_arithmetic import manageable, margin
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import PRECISION, element, number, operation

_WRITTEN: Final = {
    "add": "{self} + {other}",
    "sub": "{self} − {other}",
    "rsub": "{other} − {self}",
    "mul": "{self} × {other}",
    "div": "{self} / {other}",
    "neg": "−{self}",
    "abs": "|{self}|",
    "relu": "ReLU({self})",
    "square": "{self}²",
    "pow": "{self} to the power of {exponent}",
}
"""Operations that can be computed by head, as they are written in a question."""


class Value(Rule):
    """Asked before an operation on single numbers runs: which number it gives.

    What goes in stands on the stage, and at most one of the numbers has more than two digits.
    """

    code = "value"
    title = "The number that an operation gives"
    most = 3

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        for step in iteration.steps("operation"):
            node = iteration.graph.nodes[step.node]
            if (node.op or "").rstrip("_") in _WRITTEN and node.outputs == 1 and not node.failed:
                for flat in places(iteration.value(node.id)):
                    yield Spot(step.index, f"{node.id}-{flat}")

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        step, flat = iteration.step(spot.step), int(spot.key.partition("-")[2])
        node = iteration.graph.nodes[step.node] if step else None
        tensor = iteration.value(node.id) if node else None
        values = array(tensor)
        if node is None or tensor is None or values is None or flat >= values.size:
            return None
        expected = float(values.reshape(-1)[flat])
        put = _put_in(iteration, node, flat)
        if (
            put is None
            or all(number(one) == "1" for _, one in put.values())
            or not manageable([*(value for _, value in put.values()), expected])
        ):
            return None
        form = _WRITTEN[(node.op or "").rstrip("_")]
        place = position(tensor.shape, flat)
        name = element(iteration.graph, node, tensor.shape, place) if node.name else "the result"
        names = form.format(**{key: _bracketed(form, said) for key, (said, _) in put.items()})
        numbers = form.format(**{key: _factor(form, key, value) for key, (_, value) in put.items()})
        return Asked(
            text=f"Next comes {operation(iteration.graph, node)}. Which number will {name} be, {names}?",
            form="number",
            expected=expected,
            margin=margin(expected),
            precision=PRECISION,
            why=f"{numbers} = {number(expected)}: {name} is {names}, with the numbers that went in.",
            about=("value", node.id),
            node=node.id,
            shown=node.id,
            element=place,
        )


def _put_in(iteration: IndexedIteration, node: Node, flat: int) -> dict[str, tuple[str, float]] | None:
    """Return the name and the number for each place of the formula. Null where these are not known."""
    call = iteration.call(node)
    entry = find(call)
    if entry is None or entry.row is None or call.arguments.get("alpha", 1) != 1:
        return None
    try:
        row = entry.row(call, flat)
    except (NumbersMissing, *DOES_NOT_FIT):
        return None
    put: dict[str, tuple[str, float]] = {}
    for name in ("self", "other", "exponent"):
        read = row.get(name)
        operand = call.operands.get(name)
        if isinstance(read, Read) and operand is not None:
            place = index_of(operand.shape, read.index)
            put[name] = (element(iteration.graph, operand.node, operand.shape, place), read.value)
        elif isinstance(read, float | int):
            put[name] = (number(float(read)), float(read))
    return put if all(f"{{{name}}}" not in _WRITTEN.get(call.op, "") or name in put for name in _NAMES) else None


_NAMES: Final = ("self", "other", "exponent")


def _bracketed(form: str, name: str) -> str:
    """Return a name as an operand: in brackets where it is more than a word."""
    return f"({name})" if " in line " in name and "(" not in form and "|" not in form else name


def _factor(form: str, key: str, value: float) -> str:
    """Return a number as a factor: a negative one is in brackets, except at the beginning of a line."""
    written = number(value)
    bare = value >= 0 or (form.startswith("{self}") and key == "self" and "power" not in form and "²" not in form)
    return written if bare or "|" in form or "(" in form else f"({written})"
