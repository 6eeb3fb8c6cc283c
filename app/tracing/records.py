"""What the hooks write down while a program runs: plain records, linked by reference, not yet numbered."""

from dataclasses import dataclass, field
from typing import Any

from app.snapshot import NodeKind, StepKind
from app.tracing.tensors import Captured


@dataclass(slots=True, eq=False)
class GroupRecord:
    """One call of a module."""

    parent: "GroupRecord | None"
    name: str
    type: str


@dataclass(slots=True, eq=False)
class NodeRecord:
    """A leaf or one call of a torch function. `values`: one per output; `names`: the variables bound to them."""

    kind: NodeKind
    op: str | None
    name: str | None
    line: int | None
    group: GroupRecord | None
    arguments: dict[str, Any] = field(default_factory=dict)
    outputs: int = 1
    failed: bool = False
    requires_grad: bool = False
    autograd: list[tuple[str, list[str]]] = field(default_factory=list)
    values: list[Captured] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class EdgeRecord:
    """A tensor that flows from an output of `source` into an argument of `target`."""

    source: NodeRecord
    output: int
    target: NodeRecord
    argument: str


Port = tuple[NodeRecord, int]
"""A node and the number of one of its outputs."""


@dataclass(slots=True, eq=False)
class PassRecord:
    """One backward pass. `ends_iteration` is false when the pass is itself differentiable (create_graph)."""

    line: int | None
    ends_iteration: bool
    roots: list[Port] = field(default_factory=list)
    seeds: dict[Port, Captured] = field(default_factory=dict)
    gradients: dict[Port, Captured] = field(default_factory=dict)
    contributions: dict[EdgeRecord, Captured] = field(default_factory=dict)
    accumulated: dict[NodeRecord, Captured] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class UpdateRecord:
    """A leaf's value before and after an update; `optimizer` is null when it was written by hand."""

    node: NodeRecord
    optimizer: str | None
    before: Captured
    after: Captured
    gradient: Captured | None
    settings: dict[str, Any]
    state: dict[str, Any]
    line: int | None


@dataclass(slots=True, eq=False)
class StepRecord:
    """One step of the timeline; `source`: the pass of a backward step, the update of an update step."""

    kind: StepKind
    node: NodeRecord
    line: int | None
    source: PassRecord | UpdateRecord | None = None


@dataclass(slots=True, eq=False)
class IterationRecord:
    """A forward pass, its backward passes and the updates that follow."""

    nodes: list[NodeRecord] = field(default_factory=list)
    edges: list[EdgeRecord] = field(default_factory=list)
    groups: list[GroupRecord] = field(default_factory=list)
    passes: list[PassRecord] = field(default_factory=list)
    updates: list[UpdateRecord] = field(default_factory=list)
    steps: list[StepRecord] = field(default_factory=list)
