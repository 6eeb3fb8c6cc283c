"""What an explanation consists of. Formulas are LaTeX; every number says which recorded element it is."""

from typing import Literal

from pydantic import ConfigDict, Field

from gradwalk.contract.fields import Count, EdgeId, Extent, NodeId, Real
from gradwalk.contract.models import Model

Kind = Literal["hand-written", "declared", "measured", "unknown"]


class Quantity(Model):
    """One recorded number: element `index` of output `output` of `node`; `symbol`: how the formulas call it."""

    symbol: str
    node: NodeId
    output: Count
    index: list[Count]
    value: Real


class Term(Model):
    """One way on which a change reaches the loss: upstream gradient times local derivative.

    `local`: the local derivative in symbols; `put_in`: with its numbers put in, which are `reads`; `value`: its number.
    """

    upstream: Quantity
    local: str
    put_in: str
    reads: list[Quantity]
    value: Real
    product: Real


class Rest(Model):
    """The terms that are not shown one by one: how many, and what they add up to."""

    terms: Count
    sum: Real


class Stages(Model):
    """The four lines of an explanation: symbols, local derivatives, numbers put in, result."""

    symbols: str
    local: str
    numbers: str
    result: str


class Explained(Model):
    """What all explanations have: the element that is explained, the four stages, and whether they are right.

    `computed`: what the formula gives, null where numbers are missing; `recorded`: what PyTorch computed; `agrees`:
    whether they are equal as far as the dtype can tell. `note`: a sentence about what is not as usual. `source`: where
    the formulas come from.
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
    """Why the contribution along one edge is what it is.

    `node`: the operation that the edge leads into; `argument`: which of its arguments. `formula`: what the operation
    computes; `rule`: its local derivative. `terms`: the largest, in the order of the elements; `rest`: all others.
    `measurable`: no formula gives the numbers, but running the program again can measure them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    edge: EdgeId
    argument: str
    backward_pass: Count = Field(alias="pass")
    rule: str
    terms: list[Term]
    rest: Rest | None
    measurable: bool


class Part(Model):
    """One summand of a gradient: the contribution along `edge`, or what the pass began with (null), or what `.grad`
    held before.
    """

    label: str
    edge: EdgeId | None
    value: Real


class NodeExplanation(Explained):
    """Why a node's value is what it is (`pass` null), or its gradient in a pass: the sum of its contributions.

    `reads`: the numbers that the value was computed from. `accumulated`: for a leaf, how its `.grad` grew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    output: Count
    backward_pass: Count | None = Field(alias="pass")
    parts: list[Part]
    reads: list[Quantity]
    accumulated: "Accumulated | None"


class Accumulated(Model):
    """A leaf's `.grad`: what it held before the pass (null where that is not known), and after it."""

    before: Real | None
    after: Real
    line: str


class UpdateExplanation(Explained):
    """Why an update changed a leaf as it did. `optimizer`: its class; null for one that the program writes itself."""

    optimizer: str | None
    settings: dict[str, Real]
