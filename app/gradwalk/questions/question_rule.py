"""What every rule is: it knows where something can be asked, and makes a question of it with its answer."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.question import Choice, Form


class Spot(NamedTuple):
    """A place for a question: before step `step`. `key`: what tells it from the rule's others before that step."""

    step: int
    key: str


@dataclass(frozen=True)
class Asked:
    """A question with its answer. `about`: two questions about the same are the same question in other words.

    `expected`: a number, which may be off by `margin`, or the values of the right choices.
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


class Rule(ABC):
    """Asks one kind of question. A rule that cannot tell whether its question is a good one does not ask it.

    `code`: the kind. `title`: what is asked, in a few words. `once`: the answer is the same in every iteration of a
    graph, so it is asked in the first one only. `most`: how many of the kind there may be among the questions.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    once: ClassVar[bool] = False
    most: ClassVar[int] = 1

    @abstractmethod
    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        """Where it may ask. Looks at steps only, for there may be many."""

    @abstractmethod
    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        """The question at a place; null where there is no good one."""
