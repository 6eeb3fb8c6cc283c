"""The records that the hooks make while a program runs: plain objects, linked by reference, not yet numbered.

One is made for every operation, edge and step of a program, so they are as light as Python allows: slots, no checks.
`id` is given when the recording is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from gradwalk.contract.autograd_node import Unread
from gradwalk.contract.snapshot import IterationKind, NodeKind, StepKind
from gradwalk.recorder.call_sites import CallPath, CallSite
from gradwalk.recorder.tensor_capture import Captured
from gradwalk.recorder.turns import Turn


class GroupRecord:
    """One call of a module, or of a function that is shown with its contents."""

    __slots__ = ("id", "kind", "name", "parent", "type")

    def __init__(self, parent: "GroupRecord | None", kind: str, name: str, type: str) -> None:
        self.parent = parent
        self.kind = kind
        self.name = name
        self.type = type
        self.id = ""


class NodeRecord:
    """A leaf, or one call of a torch function. `values`: one per output. `inside`: by name, the inner values of a fused
    call.

    A leaf has one record for each value that it was used with; `leaf` is what they share. `autograd`: the types of its
    autograd nodes, in the order in which backward runs them. `saved`: what they saved for backward, or why that is not
    known. `path`: the calls of the user's own functions that led to `line`. `number`: how many steps the run had before
    the operation; of a leaf, how many values it had before. `name_searched`: no better name is looked for among the
    program's variables; `name_searches`: how often one was. `is_carried`: another turn of a loop uses its result, as a
    leaf that is called `name_as_leaf` and holds `value_as_leaf` if that is not null; where it has several results,
    `parts_as_leaves` has name and value by output. `in_library`: the call stands
    outside the program, and outside any module. `derived`: an operation of a backward pass that is itself
    differentiable. `site`: the instruction of the program that made the call, and `frame` the identity of its frame.
    """

    name: str | None = None
    leaf: "LeafRecord | None" = None
    arguments: dict[str, Any] | None = None
    outputs = 1
    failed = False
    requires_grad = False
    autograd: tuple[type, ...] = ()
    saved: "SavedRecord | Unread | None" = None
    values: tuple[Captured, ...] = ()
    inside: dict[str, Captured] | None = None
    name_searched = False
    number = 0
    is_carried = False
    name_as_leaf: str | None = None
    value_as_leaf: Captured | None = None
    parts_as_leaves: "dict[int, tuple[str | None, Captured | None]] | None" = None
    name_searches = 0
    in_library = False
    derived = False
    site: CallSite | None = None
    frame = 0
    id = ""

    def __init__(
        self, kind: NodeKind, op: str | None, line: int | None, path: CallPath, group: GroupRecord | None
    ) -> None:
        self.kind = kind
        self.op = op
        self.line = line
        self.path = path
        self.group = group


class LeafRecord:
    """One tensor of the program that no operation made, through all the values that it has. `nodes`: one for each.

    `searches`: how often a better name was looked for; `name_is_final`: none is expected later. `is_gradient`: the
    program got it as a gradient; `given_by`: from the autograd.grad of this pass.
    """

    __slots__ = ("given_by", "is_gradient", "name_is_final", "nodes", "searches")

    def __init__(self) -> None:
        self.nodes: list[NodeRecord] = []
        self.searches = 0
        self.name_is_final = False
        self.is_gradient = False
        self.given_by: PassRecord | None = None


Port = tuple[NodeRecord, int]
"""A node and the number of one of its outputs."""


class SavedPart:
    """A tensor saved for backward that is not simply the value of a node.

    `bytes`: the memory that its elements take; for an expanded tensor, fewer than its shape says. `port`: the port
    whose value it is or, where it is a `view`, of which it is a view.
    """

    __slots__ = ("bytes", "dtype", "port", "shape", "view")

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype, size: int, port: Port | None, view: bool) -> None:
        self.shape = shape
        self.dtype = dtype
        self.bytes = size
        self.port = port
        self.view = view


class SavedRecord:
    """All that an operation's autograd nodes saved.

    `entries`: for each name of each autograd node, in order (saved_names), the port whose value it is, another tensor,
    a list of these, a plain value, or null. `storages`: for each tensor a number, equal for those that share memory;
    null where none does.
    """

    __slots__ = ("entries", "storages")

    def __init__(self, entries: tuple[Any, ...], storages: tuple[int, ...] | None) -> None:
        self.entries = entries
        self.storages = storages


class EdgeRecord:
    """A tensor that flows from `source`, an output of a node, into an argument of `target`."""

    __slots__ = ("argument", "id", "source", "target")

    def __init__(self, source: Port, target: NodeRecord, argument: str) -> None:
        self.source = source
        self.target = target
        self.argument = argument
        self.id = ""


class PassRecord:
    """One backward pass. `differentiable`: it was made with create_graph, so that its own operations are nodes too.
    `failed`: it raised. `number`: how many passes the program made before.
    """

    __slots__ = (
        *("accumulated", "contributions", "differentiable", "failed", "gradients", "line", "number", "roots", "seeds"),
    )

    def __init__(self, line: int | None, differentiable: bool) -> None:
        self.line = line
        self.differentiable = differentiable
        self.failed = False
        self.number = 0
        self.roots: list[Port] = []
        self.seeds: dict[Port, Captured] = {}
        self.gradients: dict[Port, Captured] = {}
        self.contributions: dict[EdgeRecord, Captured] = {}
        self.accumulated: dict[NodeRecord, Captured] = {}


@dataclass(slots=True, eq=False)
class UpdateRecord:
    """A leaf's value before and after an update. `optimizer` is null when the update was written by hand."""

    node: NodeRecord
    optimizer: str | None
    before: Captured
    after: Captured
    gradient: Captured | None
    settings: dict[str, Any]
    state: dict[str, Any]
    line: int | None


@dataclass(slots=True, eq=False)
class ChangeRecord:
    """The `.grad` of a leaf before and after the program has changed it. `function`: what did it; `settings`: those of
    PyTorch's functions that clip.
    """

    node: NodeRecord
    function: str
    before: Captured
    after: Captured
    settings: dict[str, Any]
    line: int | None


StepSource = PassRecord | UpdateRecord | ChangeRecord | None
"""The pass, the update or the change of a gradient that a step belongs to."""


class StepColumns:
    """The steps of the timeline, in columns, so that nothing is allocated for a step. Its kind follows from its node
    and its source.
    """

    __slots__ = ("nodes", "sources")

    def __init__(self) -> None:
        self.nodes: list[NodeRecord] = []
        self.sources: list[StepSource] = []

    def __iter__(self) -> Iterator[tuple[StepKind, NodeRecord, StepSource]]:
        for node, source in zip(self.nodes, self.sources, strict=True):
            yield step_kind(node, source), node, source

    def __len__(self) -> int:
        return len(self.nodes)


def step_kind(node: NodeRecord, source: StepSource) -> StepKind:
    """Return the kind of a step, which follows from its node and its source."""
    if source is None:
        return "operation" if node.kind == "operation" else "leaf"
    if isinstance(source, UpdateRecord):
        return "update"
    if isinstance(source, ChangeRecord):
        return "change"
    return "accumulate" if node in source.accumulated else "backward"


class SegmentRecord:
    """A part of the run in which the program stays in one turn of one loop: forward calls, or one backward pass.

    `turn`: the innermost turn around it; null outside all loops. `closed`: a pass or an update has ended it.
    """

    __slots__ = ("closed", "edges", "nodes", "passes", "steps", "turn", "updates")

    def __init__(self, turn: Turn | None) -> None:
        self.turn = turn
        self.nodes: list[NodeRecord] = []
        self.edges: list[EdgeRecord] = []
        self.passes: list[PassRecord] = []
        self.updates: list[UpdateRecord] = []
        self.steps = StepColumns()
        self.closed = False

    @property
    def is_empty(self) -> bool:
        """True as long as nothing was recorded in it."""
        return not (self.nodes or self.passes or self.updates or self.steps)


class IterationRecord:
    """A forward pass, its backward passes and the updates that follow, as the snapshot shows them together.

    `looks`: operations that only look at its tensors, such as the accuracy that every tenth turn prints. `sources`:
    where an edge comes from, if not from the node that it was recorded with: a tensor that an earlier
    iteration computed is a leaf of this one. `carried`: operations of earlier iterations that a pass of this one goes
    through. `turns`: the loops around it, outermost first. `passes_before`: how many passes the program made before.
    """

    def __init__(self, kind: IterationKind, turns: list[Turn]) -> None:
        self.kind: IterationKind = kind
        self.turns = turns
        self.nodes: list[NodeRecord] = []
        self.edges: list[EdgeRecord] = []
        self.sources: dict[EdgeRecord, Port] = {}
        self.passes: list[PassRecord] = []
        self.updates: list[UpdateRecord] = []
        self.steps: list[tuple[StepKind, NodeRecord, StepSource]] = []
        self.carried: set[NodeRecord] = set()
        self.looks: set[NodeRecord] = set()
        self.loss: Captured | None = None
        self.passes_before = 0

    def source(self, edge: EdgeRecord) -> Port:
        """Return the output of a node of this iteration that an edge comes from."""
        return self.sources.get(edge, edge.source)
