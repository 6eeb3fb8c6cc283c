"""Questions about the number that comes back along an edge: it is typed in where it can be computed by head, else
chosen.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.elements import array
from gradwalk.questions.factors import Factors, at, is_noise, spots_of
from gradwalk.questions.mental_arithmetic import easy, manageable, margin, readable
from gradwalk.questions.question import Choice, Form
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import PRECISION, number

_SIMPLE: Final = (
    "add", "sub", "rsub", "mul", "multiply", "neg", "abs", "relu", "leaky_relu", "square", "pow", "sum", "mean",
    "mse_loss", "l1_loss", "matmul", "mm", "dot", "linear", "mv", "getitem", "clamp", "view", "reshape", "flatten",
)  # fmt: skip
"""Operations whose local derivative can be seen on the stage."""


class Contribution(Rule):
    """Asked before an operation's backward step: which number goes back along one of its edges.

    It is the product of the upstream gradient and a local derivative that can be read off the stage.
    """

    code = "contribution"
    title = "The number of a contribution"
    most = 2

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return spots_of(iteration, 3)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        found = at(iteration, spot)
        if found is None or (found.target.op or "").strip("_") not in _SIMPLE:
            return None
        if (
            found.upstream == 0
            or found.trivial
            or not manageable([found.upstream, found.local])
            or not readable(found.value)
        ):
            return None
        asked = _asked(found, "number", found.value)
        return replace(asked, margin=margin(found.value), precision=PRECISION)


class ContributionChoice(Rule):
    """A choice of numbers for the same contribution, where they have more digits.

    The wrong numbers are what comes out of the usual mistakes: the sign turned round, the local derivative or the
    upstream gradient forgotten, the value taken for the gradient.
    """

    code = "contribution-choice"
    title = "Upstream times local, to choose from"

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return spots_of(iteration, 1)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        found = at(iteration, spot)
        if found is None or found.value == 0 or easy(found.local) or not math.isfinite(found.value):
            return None
        if found.trivial or any(
            is_noise(iteration, found.arrival.number, one) for one in (found.value, found.upstream)
        ):
            return None
        wrong = _mistakes(found, _value_of(iteration, found))
        if len(wrong) < 2:
            return None
        asked = _asked(found, "one", (number(found.value),))
        texts = [number(value) for value in sorted([found.value, *wrong])]
        return replace(
            asked,
            choices=[Choice(value=text, text=text, node=None) for text in texts],
            mistakes={number(value): f"{number(value)} is {what}." for value, what in wrong.items()},
        )


def _asked(found: Factors, form: Form, expected: float | tuple[str, ...]) -> Asked:
    return Asked(
        text=f"{found.given} Which number will {found.what} be?",
        form=form,
        expected=expected,
        why=found.why,
        about=("contribution", found.arrival.number, found.arrival.flow.edge.id),
        node=found.source.id,
        shown=found.source.id,
        edge=found.arrival.flow.edge.id,
        backward_pass=found.arrival.number,
        element=found.place,
    )


def _value_of(iteration: IndexedIteration, found: Factors) -> float | None:
    values = array(iteration.input(found.arrival.flow))
    try:
        return None if values is None or found.place is None else float(values[found.place])
    except IndexError:
        return None


def _mistakes(found: Factors, value: float | None) -> dict[float, str]:
    """Return at most three wrong numbers with the mistake that gives each; numbers that look alike count once."""
    wrong = (
        (-found.value, "the product with the sign turned round"),
        (found.upstream, "the upstream gradient alone: it is still to be multiplied by the local derivative"),
        (found.local, "the local derivative alone: it is still to be multiplied by the upstream gradient"),
        (value, f"the value of {found.receiver}, and not its gradient"),
    )
    told: dict[float, str] = {}
    for each, mistake in wrong:
        if each is not None and math.isfinite(each) and len(told) < 3 and _differ(each, [found.value, *told]):
            told[each] = mistake
    return told


def _differ(value: float, others: Iterable[float]) -> bool:
    """Return whether a number cannot be mistaken for one of the others."""
    return all(abs(value - other) > 2 * margin(other) for other in others)
