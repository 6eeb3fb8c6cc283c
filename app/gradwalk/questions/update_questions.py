"""Questions about an update of a parameter: its direction, and its new number."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from gradwalk.contract.snapshot import Node, Update
from gradwalk.exports.number_text import format_number
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.elements import array, places, position
from gradwalk.questions.mental_arithmetic import easy, manageable, margin, readable
from gradwalk.questions.question import Choice
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import element, number

_PLAIN: Final = ("momentum", "weight_decay", "nesterov", "maximize", "dampening")
_PART: Final = 0.2
"""The share of the change by which a new number may be off."""
_SEEN: Final = 0.05
"""The share of the old number that a change must have to be worth computing."""


class _Change(NamedTuple):
    node: Node
    name: str
    place: tuple[int, ...]
    update: Update
    before: float
    after: float
    gradient: float


class Direction(Rule):
    """Asked before an update: whether the number grows or shrinks. It goes against its gradient."""

    code = "direction"
    title = "The direction of an update"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return _spots(iteration)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        change = _change(iteration, spot)
        if change is None or change.after == change.before:
            return None
        downhill = (change.after - change.before) * change.gradient < 0
        if not downhill or not readable(change.gradient):
            return None
        grows = change.after > change.before
        better, worse = ("grow", "fall") if grows else ("fall", "grow")
        return Asked(
            text=f"The gradient of {change.name} is {number(change.gradient)}. Will the update let {change.name} "
            "grow or fall?",
            form="one",
            expected=(better,),
            choices=[Choice(value=word, text=word, node=None) for word in ("grow", "fall")],
            why=f"The gradient is {number(change.gradient)}: the loss {'falls' if grows else 'grows'} when "
            f"{change.name} grows. The update goes to where the loss falls, against the gradient, so {change.name} "
            f"{better}s from {number(change.before)} to {_near(change.after, change.before)}.",
            mistakes={worse: f"If {change.name} would {worse}, the loss would grow."},
            about=("update", change.node.id),
            node=change.node.id,
            shown=change.node.id,
            element=change.place,
        )


class NewNumber(Rule):
    """Asked before a step of plain SGD: w − lr · g, with numbers that can be put in by head."""

    code = "new-number"
    title = "The new number after an update"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return _spots(iteration)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        change = _change(iteration, spot)
        if change is None or change.update.optimizer != "SGD":
            return None
        settings = change.update.settings
        rate = settings.get("lr")
        if not isinstance(rate, int | float) or any(settings.get(name) for name in _PLAIN):
            return None
        step = change.after - change.before
        if not math.isclose(step, -rate * change.gradient, rel_tol=1e-3, abs_tol=1e-6):
            return None
        if not easy(float(rate)) or not readable(change.gradient) or not manageable([change.before, rate * 1.0]):
            return None
        if step == 0 or abs(step) < _SEEN * abs(change.before) or not readable(change.after):
            return None
        minus = f"({number(change.gradient)})" if change.gradient < 0 else number(change.gradient)
        return Asked(
            text=f"{change.name} is {number(change.before)}, its gradient is {number(change.gradient)}, and SGD steps "
            f"with a learning rate of {number(float(rate))}. Which number will {change.name} be?",
            form="number",
            expected=change.after,
            margin=min(max(margin(change.after), 1e-9), _PART * abs(step)),
            precision="Close enough is what is off by less than a fifth of the change.",
            why=f"SGD goes against the gradient: {change.name} − lr × gradient = {number(change.before)} − "
            f"{number(float(rate))} × {minus} = {number(change.after)}.",
            about=("update", change.node.id),
            node=change.node.id,
            shown=change.node.id,
            element=change.place,
        )


def _spots(iteration: IndexedIteration) -> Iterator[Spot]:
    for step, update in zip(iteration.steps("update"), iteration.body.updates, strict=False):
        if update.node == step.node:
            for flat in places(update.before):
                yield Spot(step.index, f"{update.node}-{flat}")


def _change(iteration: IndexedIteration, spot: Spot) -> _Change | None:
    node_id, flat = spot.key.split("-")
    pairs = zip(iteration.steps("update"), iteration.body.updates, strict=False)
    update = next((one for step, one in pairs if step.index == spot.step and one.node == node_id), None)
    if update is None:
        return None
    place = position(update.before.shape, int(flat))
    arrays = [array(tensor) for tensor in (update.before, update.after, update.gradient)]
    before, after, gradient = arrays
    if place is None or before is None or after is None or gradient is None:
        return None
    if not before.shape == after.shape == gradient.shape:
        return None
    node = iteration.graph.nodes[node_id]
    name = element(iteration.graph, node, update.before.shape, place)
    numbers = float(before[place]), float(after[place]), float(gradient[place])
    return _Change(node, name, place, update, *numbers) if all(map(math.isfinite, numbers)) else None


def _near(value: float, before: float) -> str:
    """Return a number with enough digits to show that it differs from the one before."""
    digits = 4
    while digits < 9 and f"{value:.{digits}g}" == f"{before:.{digits}g}":
        digits += 1
    return format_number(value, digits)
