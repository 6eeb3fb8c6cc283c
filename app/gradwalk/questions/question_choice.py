"""The choice of questions about an iteration: a few of different kinds, spread over its steps, the same for a seed."""

import hashlib
import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.contribution_questions import Contribution, ContributionChoice
from gradwalk.questions.largest_gradient import Largest
from gradwalk.questions.no_gradient_questions import NoGradient
from gradwalk.questions.question import Question
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.shape_questions import GradientShape, ValueShape
from gradwalk.questions.sign_questions import Sign
from gradwalk.questions.sum_questions import Accumulated, Meeting, Sum
from gradwalk.questions.update_questions import Direction, NewNumber
from gradwalk.questions.value_questions import Value
from gradwalk.questions.zero_questions import ZeroElements, ZeroGradients

_log = logging.getLogger(__name__)

RULES: Final[tuple[Rule, ...]] = (
    Value(),
    ValueShape(),
    NoGradient(),
    Meeting(),
    ZeroGradients(),
    Largest(),
    Sign(),
    Contribution(),
    ContributionChoice(),
    ZeroElements(),
    GradientShape(),
    Sum(),
    Accumulated(),
    Direction(),
    NewNumber(),
)
"""All rules, in the order in which a walk meets their questions."""

MOST: Final = 7
"""The number of questions about the first iteration of a graph."""
_MOST_AGAIN: Final = 3
"""The number of questions about a later iteration, which is much like the first."""
_AT_A_STEP: Final = 2
_TRIES: Final = 24
"""The number of spots at which a rule is tried: most have nothing to ask about, and a graph can have thousands."""
_MOST_PLACES: Final = 1000
"""The number of spots from which those are taken; of more, only every second or third."""

Failed = Callable[[Rule, Exception], None]


def log_failure(rule: Rule, error: Exception) -> None:
    """Log that a rule failed. The other rules go on."""
    _log.error("The rule %s failed.", rule.code, exc_info=error)


@dataclass
class _Round:
    """The questions that were chosen so far."""

    iteration: IndexedIteration
    seed: int
    failed: Failed
    asked: list[tuple[Rule, Spot, Asked]] = field(default_factory=list)
    about: set[Hashable] = field(default_factory=set)

    def add(self, rule: Rule, places: list[Spot]) -> None:
        """Add the first good question of a rule, preferably at a step without one, if there is any."""
        taken = [spot.step for _, spot, _ in self.asked]
        here = [(asked_by, spot.step) for asked_by, spot, _ in self.asked]
        places.sort(key=lambda spot: taken.count(spot.step))
        for _ in range(min(_TRIES, len(places))):
            spot = places.pop(0)
            full = taken.count(spot.step) >= _AT_A_STEP or (rule, spot.step) in here
            found = None if full else self._ask(rule, spot)
            # in a loop, questions about two nodes may have the same words
            if found is not None and self.about.isdisjoint((found.about, found.text)):
                self.asked.append((rule, spot, found))
                self.about.update((found.about, found.text))
                return

    def spots(self, rule: Rule) -> list[Spot]:
        """Return the spots of a rule in an order that depends on the seed."""
        try:
            # there is no position before the first step
            found = [spot for spot in rule.spots(self.iteration) if spot.step > 0]
        except Exception as error:
            self.failed(rule, error)
            return []
        found = found[:: len(found) // _MOST_PLACES + 1]
        return sorted(found, key=lambda spot: _shuffled(self.seed, id_of(self.iteration, rule, spot)))

    def _ask(self, rule: Rule, spot: Spot) -> Asked | None:
        try:
            return rule.ask(self.iteration, spot)
        except Exception as error:
            self.failed(rule, error)
            return None


def choose(
    iteration: IndexedIteration, seed: int = 0, failed: Failed = log_failure, *, first: bool = True
) -> list[Question]:
    """Return a few questions about one iteration, in the order of its steps.

    `first`: it is the first iteration of its graph. `failed` is called with a rule that raises.
    """
    this = _Round(iteration, seed, failed)
    most = MOST if first else _MOST_AGAIN
    rules = [rule for rule in RULES if first or not rule.once]
    rules.sort(key=lambda rule: _shuffled(seed, f"{rule.code} {iteration.body.index}"))
    places = {rule.code: this.spots(rule) for rule in rules}
    for turn in range(max(rule.most for rule in RULES)):
        for rule in rules:
            if turn < rule.most and len(this.asked) < most:
                this.add(rule, places[rule.code])
    this.asked.sort(key=lambda one: (one[1].step, RULES.index(one[0])))
    return [question_of(iteration, *one) for one in this.asked]


def question_of(iteration: IndexedIteration, rule: Rule, spot: Spot, asked: Asked) -> Question:
    """Return a question without its answer."""
    return Question(
        id=id_of(iteration, rule, spot),
        kind=rule.code,
        iteration=iteration.body.index,
        step=spot.step,
        text=asked.text,
        form=asked.form,
        choices=list(asked.choices),
        precision=asked.precision,
        node=asked.shown,
    )


def id_of(iteration: IndexedIteration, rule: Rule, spot: Spot) -> str:
    """Return the id by which the question can be found again."""
    return f"{rule.code}.{iteration.body.index}.{spot.step}.{spot.key}"


def _shuffled(seed: int, text: str) -> bytes:
    """Return a sort key that is the same in every process and on every machine, as Python's own hash is not."""
    return hashlib.sha256(f"{seed} {text}".encode()).digest()
