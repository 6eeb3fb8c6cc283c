"""The question about the sign of a contribution."""

from collections.abc import Iterator
from typing import Final

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.factors import Factors, at, is_noise, spots_of
from gradwalk.questions.question import Choice
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import number

_SIGNS: Final = ("negative", "zero", "positive")


class Sign(Rule):
    """Asked before an operation's backward step: whether what comes back is positive, negative or zero."""

    code = "sign"
    title = "The sign of a gradient"
    most = 2

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        return spots_of(iteration, 3)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        found = at(iteration, spot)
        if found is None or found.upstream == 0 or found.trivial:
            return None
        if any(is_noise(iteration, found.arrival.number, one) for one in (found.value, found.upstream)):
            return None
        return Asked(
            text=f"{found.given} Will {found.what} be positive, negative or zero?",
            form="one",
            expected=(sign(found.value),),
            choices=[Choice(value=word, text=word, node=None) for word in reversed(_SIGNS)],
            why=f"{_told(found)} {found.why}",
            about=("contribution", found.arrival.number, found.arrival.flow.edge.id),
            node=found.source.id,
            shown=found.source.id,
            edge=found.arrival.flow.edge.id,
            backward_pass=found.arrival.number,
            element=found.place,
        )


def sign(value: float) -> str:
    """Return the sign as a word: `negative`, `zero`, `positive`."""
    return _SIGNS[(value > 0) - (value < 0) + 1]


def _told(found: Factors) -> str:
    if found.value == 0:
        return "The local derivative is 0: nothing comes through, whatever arrived."
    signs = "the same sign" if found.value > 0 else "different signs"
    product = (
        f"{number(found.upstream)} and {number(found.local)} have {signs}, so their product is {sign(found.value)}."
    )
    effect = f" When {found.receiver} grows a little, {found.root} {'grows' if found.value > 0 else 'falls'}."
    return product + (effect if found.only and found.root else "")
