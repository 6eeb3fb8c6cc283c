"""The base of all rules: a rule knows the spots for its question, and makes the question with its answer."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.question import Choice, Form


class Spot(NamedTuple):
    """A place for a question: before step `step`. `key`: distinguishes it from other spots of the rule before that
    step.
    """

    step: int
    key: str


@dataclass(frozen=True)
class Asked:
    """A question with its answer. `about`: two questions about the same are the same question in other words.

    `expected`: a number, which may be off by `margin`, or the values of the right choices. `mistakes`: what is said of
    a wrong choice, by its value.
    """

    text: str
    form: Form
    expected: float | tuple[str, ...]
    why: str
    about: Hashable
    node: str
    shown: str | None = None
    choices: Sequence[Choice] = ()
    margin: float = 0.0
    precision: str | None = None
    edge: str | None = None
    backward_pass: int | None = None
    element: tuple[int, ...] | None = None
    mistakes: Mapping[str, str] = field(default_factory=dict)


class Rule(ABC):
    """A rule that asks one kind of question. It asks none where it cannot tell whether its question is a good one.

    `code`: the kind. `title`: a short description. `once`: the answer is the same in every iteration of a graph, so it
    is asked in the first one only. `most`: how many of the kind there may be among the questions.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    once: ClassVar[bool] = False
    most: ClassVar[int] = 1

    @abstractmethod
    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        """Yield the spots for a question. A rule looks only at the steps here, for there may be many."""

    @abstractmethod
    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        """Return the question at a spot; null where there is no good one."""
