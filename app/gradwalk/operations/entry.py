"""The entry of an operation: its names, its kind, how the page writes it, and its formulas with their derivatives."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from gradwalk.operations.call import Call
from gradwalk.operations.result_shapes import Reason

PLACE: Final = re.compile(r"<([A-Za-z_0-9\[\]]+)>")
"""`<self>` in a formula stands for the argument `self`, `<result>` for the operation's result."""

Kind = Literal["elementwise", "reduction", "product", "writes_constants", "structural", "other"]
"""How the elements of the result depend on those of the inputs.

- `elementwise`: each on one element of every input, at the same place after broadcasting.
- `reduction`: one result on a whole group of elements, as in a sum.
- `product`: a sum of products of elements of two inputs, as in a matrix product.
- `writes_constants`: each is a copy of an input's element or a number that the program gave.
- `structural`: each is a copy of an input's element, or says something about the inputs, as `>` does.
- `other`: in another way.
"""


@dataclass(frozen=True)
class Read:
    """A recorded number that a derivative was computed from.

    `argument` is None for a result of the operation. `index` is flat, row-major.
    """

    argument: str | None
    output: int
    index: int
    value: float


@dataclass(frozen=True)
class Computed:
    """A number that was not recorded but computed from recorded ones, such as the softmax inside a cross-entropy.

    `symbol` is LaTeX for it.
    """

    symbol: str
    value: float


Reads = dict[str, Read | Computed | float]
"""The numbers in the places of a formula: recorded, computed or plain."""


@dataclass(frozen=True)
class Local:
    """One number of the Jacobian: the derivative of element `index` (flat) of output `output` by the chosen element.

    `reads` holds the numbers in the places of the formula. `formula` is set where this element has one of its own.
    """

    index: int
    value: float
    output: int = 0
    reads: Mapping[str, Read | Computed | float] = field(default_factory=dict)
    formula: str | None = None


@dataclass(frozen=True)
class Worked:
    """One number of the result, worked out: LaTeX with the numbers that it was computed from in its places, and what
    they give. `value`: null where only the operation itself tells. `where`: how numbers in it were computed
    themselves, as the gates of a recurrent cell are.
    """

    formula: str
    reads: Mapping[str, Read | Computed | float]
    value: float | None
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """The local derivative by one argument: its LaTeX, and a sentence that says what it means.

    Where the LaTeX distinguishes cases, only the number of the case is put in.
    """

    latex: str
    meaning: str


Column = Callable[[Call, str, int], Iterable[Local]]
"""A function that takes a call, a canonical argument and the flat index of one of its elements, and gives the
derivatives of all result elements that depend on it."""


WorkOut = Callable[[Call, int, int], Worked | None]
"""A function that takes a call, the flat index of a result's element and the number of that result, and works it out.
"""


def always(_call: Call) -> bool:
    """Return True: the formula fits every call."""
    return True


@dataclass(frozen=True)
class Formula:
    """One formula of an operation with its local derivatives.

    `forward` is LaTeX for the result. `rules` are by canonical argument; `tensors` stands for `tensors[0]`,
    `tensors[1]` and so on, `*` for any argument. `column` computes one column of the Jacobian. `source` says where
    formula and derivatives come from. `fits` tells the calls that the formula is for from others of the same name.
    `defaults` are the values of arguments that were not given. `row` returns the numbers in the places of `forward`
    for one element of the result. `written` returns `forward` as it is for one call, without what the call does not
    have. `worked` works out one number of the result. `whole` returns the product of whole matrices with their shapes,
    forwards, or backwards by an argument. `inferred` gives a column where the recorded values do not tell it, from the
    element's flat index and how many times the gradient that arrived at its place came back.
    """

    forward: str
    rules: Mapping[str, Rule]
    column: Column
    source: str
    fits: Callable[[Call], bool] = always
    defaults: Mapping[str, float] = field(default_factory=dict)
    row: Callable[[Call, int], Mapping[str, "Read | float"]] | None = None
    written: Callable[[Call], str] | None = None
    worked: WorkOut | None = None
    whole: Callable[[Call, str | None], str] | None = None
    inferred: Callable[[Call, int, float], Iterable[Local]] | None = None

    def forward_of(self, call: Call) -> str:
        """Return what this very call computes, in LaTeX with places."""
        return self.forward if self.written is None else self.written(call)

    @classmethod
    def forwards(
        cls,
        forward: str,
        source: str,
        worked: WorkOut,
        fits: Callable[[Call], bool] = always,
        written: Callable[[Call], str] | None = None,
    ) -> "Formula":
        """Return the formula of an operation whose derivatives are measured."""
        return cls(forward, {}, lambda _call, _argument, _index: (), source, fits, worked=worked, written=written)

    def rule(self, argument: str) -> Rule | None:
        """Return the rule for an argument, or None where there is no derivative by it."""
        return self.rules.get(argument) or self.rules.get(argument.partition("[")[0]) or self.rules.get("*")


@dataclass(frozen=True)
class Operation:
    """All that is known of an operation. It is written here and nowhere else.

    `names` are the operation's names as recorded, without the underscore of in-place forms; they share everything else.
    `says` names the result in words, as a phrase that can follow "is": "twice <self>". `adds` returns a further
    sentence about one call, such as how many numbers it kept. The first of the `formulas` that fits a call counts; an
    operation may have none. `sign` is on the operation's card
    instead of its name, and `word` is spoken instead of it. `gradient` says by argument how the page writes a
    contribution for matrices, where it is not simply `upstream × local`; `<other>` is replaced by the name of the
    argument `other`. `zero_slope` is a sentence that says why the local derivative can be exactly 0. `attention` is its
    part in an attention that a program writes out: it `mixes` values by the weights, which are its left factor, or
    `passes` the weights on as they are, with some of them set to 0. `infix` is written between two operands, as in
    `x × w`. `right` is the argument that is the right operand also where it is a plain number: a quotient has none,
    because `1 / x` and `x / 1` are recorded alike. `shape` says why the result of a call has its shape, where that is
    not plain.
    """

    names: tuple[str, ...]
    kind: Kind
    says: str | Callable[[Call], str] = ""
    adds: Callable[[Call], str] | None = None
    formulas: tuple[Formula, ...] = ()
    sign: str | None = None
    word: str | None = None
    gradient: Mapping[str, str] = field(default_factory=dict)
    zero_slope: str | None = None
    attention: Literal["mixes", "passes"] | None = None
    infix: str | None = None
    right: str | None = None
    shape: Reason | None = None
