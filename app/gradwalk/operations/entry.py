"""What is known of an operation: its formula, its local derivatives, and how to compute one column of its Jacobian."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gradwalk.operations.call import Call

PLACE: Final = re.compile(r"<([a-z_0-9]+)>")
"""`<self>` in a formula stands for the argument `self`, `<result>` for the operation's result."""


@dataclass(frozen=True)
class Read:
    """A recorded number that a derivative was computed from. `argument`: null for a result of the operation.

    `index`: flat, row-major.
    """

    argument: str | None
    output: int
    index: int
    value: float


@dataclass(frozen=True)
class Computed:
    """A number that stands nowhere in the recording and was computed from it, such as the softmax inside a
    cross-entropy. `symbol`: LaTeX for it.
    """

    symbol: str
    value: float


Reads = dict[str, Read | Computed | float]
"""What stands in the places of a formula: recorded numbers, computed ones, plain ones."""


@dataclass(frozen=True)
class Local:
    """One number of the Jacobian: how element `index` (flat) of output `output` answers to the element asked for.

    `reads`: what stands in the places of the formula, recorded numbers or plain ones. `formula`: where this element
    has one of its own.
    """

    index: int
    value: float
    output: int = 0
    reads: Mapping[str, Read | Computed | float] = field(default_factory=dict)
    formula: str | None = None


@dataclass(frozen=True)
class Rule:
    """The local derivative by one argument: LaTeX, and what it means in a sentence.

    Where the LaTeX tells cases apart, only the number of the case is put in.
    """

    latex: str
    meaning: str


Column = Callable[[Call, str, int], Iterable[Local]]
"""Of a call, a canonical argument and the flat index of one of its elements: the elements that depend on it."""


def always(_call: Call) -> bool:
    """Fits every call."""
    return True


@dataclass(frozen=True)
class Entry:
    """`rules`: by canonical argument; `tensors` stands for `tensors[0]`, `tensors[1]` and so on, `*` for any.

    `forward`: LaTeX for the result. `source`: where formula and derivatives come from. `fits`: an operation's name may
    stand for several functions. `defaults`: arguments that were not given. `row`: what stands in
    the places of `forward` for one element of the result.
    """

    ops: tuple[str, ...]
    forward: str
    rules: Mapping[str, Rule]
    column: Column
    source: str
    fits: Callable[[Call], bool] = always
    defaults: Mapping[str, float] = field(default_factory=dict)
    row: Callable[[Call, int], Mapping[str, "Read | float"]] | None = None

    def rule(self, argument: str) -> Rule | None:
        """The rule for an argument; null when there is no derivative by it."""
        return self.rules.get(argument) or self.rules.get(argument.partition("[")[0]) or self.rules.get("*")
