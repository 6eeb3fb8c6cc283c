"""The models of explanations. Formulas are LaTeX; every number refers to a recorded element."""

from typing import Literal

from pydantic import ConfigDict, Field

from gradwalk.contract.fields import Count, EdgeId, Extent, NodeId, Real
from gradwalk.contract.models import Model

Kind = Literal["hand-written", "declared", "measured", "unknown"]


class Quantity(Model):
    """One recorded number: element `index` of output `output` of `node`. `symbol`: its name in the formulas."""

    symbol: str
    node: NodeId
    output: Count
    index: list[Count]
    value: Real


class Term(Model):
    """One path by which a change reaches the loss: upstream gradient times local derivative.

    `local`: the local derivative in symbols. `put_in`: the same with its numbers, which are `reads`. `value`: its
    number.
    """

    upstream: Quantity
    local: str
    put_in: str
    reads: list[Quantity]
    value: Real
    product: Real


class Rest(Model):
    """The terms that are not listed: their number and their sum."""

    terms: Count
    sum: Real


class Stages(Model):
    """The four lines of an explanation: symbols, local derivatives, numbers put in, result."""

    symbols: str
    local: str
    numbers: str
    result: str


class Explained(Model):
    """The fields that all explanations have: the element that is explained, the four stages, and a comparison with
    PyTorch.

    `computed`: the result of the formula, null where numbers are missing; `recorded`: the number that PyTorch computed;
    `agrees`: true where they are equal to the precision of the dtype. `note`: a sentence about anything unusual.
    `source`: the origin of the formulas.
    """

    kind: Kind
    node: NodeId
    op: str | None
    element: list[Count] | None
    shape: list[Extent]
    formula: str
    meaning: str
    stages: Stages
    computed: Real | None
    recorded: Real | None
    agrees: bool | None
    note: str | None
    source: str


class Explanation(Explained):
    """An explanation of the contribution along one edge.

    `node`: the operation that the edge leads into; `argument`: the argument that it leads to. `formula`: what the
    operation computes; `rule`: its local derivative. `terms`: the largest ones, in the order of the elements; `rest`:
    all others. `whole`: the product of whole matrices that the contribution is, with the shapes, where it is one.
    `measurable`: no formula gives the numbers, but running the program again can measure them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    edge: EdgeId
    argument: str
    backward_pass: Count = Field(alias="pass")
    rule: str
    terms: list[Term]
    rest: Rest | None
    whole: str = ""
    measurable: bool


class Part(Model):
    """One summand of a gradient: the contribution along `edge`; where that is null, the gradient that the pass began
    with.
    """

    label: str
    edge: EdgeId | None
    value: Real


class NodeExplanation(Explained):
    """An explanation of a node's value (`pass` is null), or of its gradient in a pass: the sum of its contributions.

    `reads`: the numbers that the value was computed from. `whole`: the product of whole matrices that it is an element
    of, with the shapes, where it is one. `accumulated`: for a leaf, how its `.grad` grew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    output: Count
    backward_pass: Count | None = Field(alias="pass")
    parts: list[Part]
    reads: list[Quantity]
    whole: str = ""
    accumulated: "Accumulated | None"


class Accumulated(Model):
    """A leaf's `.grad` before the pass (null where that is not known, or it was empty) and after it."""

    before: Real | None
    after: Real
    line: str


class Remembered(Model):
    """A number that an optimizer computes before the update: its momentum, its mean square. `symbol`: its letter;
    `formula` and `numbers`: how it is computed; `value`: what it is then.
    """

    symbol: str
    formula: str
    numbers: str
    value: Real


class Changed(Model):
    """A gradient that the program changed between backward and update, as clipping does. `before`: the leaf's `.grad`
    after the backward pass; `after`: the gradient that the update used; `line`: the two in LaTeX.
    """

    before: Real
    after: Real
    line: str
    meaning: str


class UpdateExplanation(Explained):
    """An explanation of an update of a leaf. `optimizer`: its class; null for one that the program writes itself.

    `remembered`: the numbers that the optimizer computes first, in their order. `changed`: null where the update used
    the gradient as it was.
    """

    optimizer: str | None
    settings: dict[str, Real]
    remembered: list[Remembered]
    changed: Changed | None
