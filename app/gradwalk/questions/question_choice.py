"""Which questions are asked of an iteration: a few of different kinds, spread over its steps, the same for a seed."""

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
"""In the order in which a walk meets them."""

MOST: Final = 7
"""Questions of the first iteration of a graph."""
_MOST_AGAIN: Final = 3
"""The same of a later one, which is much like it."""
_AT_A_STEP: Final = 2
_TRIES: Final = 24
"""Places where a rule is tried: most have nothing to ask about, and a graph can have thousands."""
_MOST_PLACES: Final = 1000
"""From which those are taken: of more, every second or third."""

Failed = Callable[[Rule, Exception], None]


def log_failure(rule: Rule, error: Exception) -> None:
    """Tells whoever runs the server that a rule failed. The others ask all the same."""
    _log.error("The rule %s failed.", rule.code, exc_info=error)


@dataclass
class _Round:
    """What has been asked so far."""

    iteration: IndexedIteration
    seed: int
    failed: Failed
    asked: list[tuple[Rule, Spot, Asked]] = field(default_factory=list)
    about: set[Hashable] = field(default_factory=set)

    def add(self, rule: Rule, places: list[Spot]) -> None:
        """Asks the first good question, at a step where none is asked yet, as far as there is one."""
        taken = [spot.step for _, spot, _ in self.asked]
        here = [(asked_by, spot.step) for asked_by, spot, _ in self.asked]
        places.sort(key=lambda spot: taken.count(spot.step))
        for _ in range(min(_TRIES, len(places))):
            spot = places.pop(0)
            full = taken.count(spot.step) >= _AT_A_STEP or (rule, spot.step) in here
            found = None if full else self._ask(rule, spot)
            # in a loop another node may be asked about in the same words
            if found is not None and self.about.isdisjoint((found.about, found.text)):
                self.asked.append((rule, spot, found))
                self.about.update((found.about, found.text))
                return

    def spots(self, rule: Rule) -> list[Spot]:
        """In an order that the seed makes."""
        try:
            # before the first step nobody stands anywhere
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
    """A question as it is given out: without its answer."""
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
    """All that it takes to find the question again."""
    return f"{rule.code}.{iteration.body.index}.{spot.step}.{spot.key}"


def _shuffled(seed: int, text: str) -> bytes:
    """The same in every process and on every machine, which Python's own hash is not."""
    return hashlib.sha256(f"{seed} {text}".encode()).digest()
