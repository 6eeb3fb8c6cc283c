"""The records that the hooks make while a program runs: plain objects, linked by reference, not yet numbered.

One is made for every operation, edge and step of a program, so they are as light as Python allows: slots, no checks.
`id` is given when the recording is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from gradwalk.contract.autograd_node import Unread
from gradwalk.contract.snapshot import NodeKind, StepKind
from gradwalk.recorder.call_sites import CallPath
from gradwalk.recorder.tensor_capture import Captured


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

    `autograd`: the types of its autograd nodes, in the order in which backward runs them. `saved`: what they saved for
    backward, or why that is not known. `path`: the calls of the user's own functions that led to `line`.
    `name_searched`: a name was looked for among the program's variables. `derived`: an operation of a backward pass
    that is itself differentiable.
    """

    name: str | None = None
    arguments: dict[str, Any] | None = None
    outputs = 1
    failed = False
    requires_grad = False
    autograd: tuple[type, ...] = ()
    saved: "SavedRecord | Unread | None" = None
    values: tuple[Captured, ...] = ()
    inside: dict[str, Captured] | None = None
    name_searched = False
    derived = False
    id = ""

    def __init__(
        self, kind: NodeKind, op: str | None, line: int | None, path: CallPath, group: GroupRecord | None
    ) -> None:
        self.kind = kind
        self.op = op
        self.line = line
        self.path = path
        self.group = group


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
    `failed`: it raised.
    """

    __slots__ = ("accumulated", "contributions", "differentiable", "failed", "gradients", "line", "roots", "seeds")

    def __init__(self, line: int | None, differentiable: bool) -> None:
        self.line = line
        self.differentiable = differentiable
        self.failed = False
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


StepSource = PassRecord | UpdateRecord | None
"""The pass or the update that a step belongs to."""


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
            yield _step_kind(node, source), node, source

    def __len__(self) -> int:
        return len(self.nodes)


def _step_kind(node: NodeRecord, source: StepSource) -> StepKind:
    if source is None:
        return "operation" if node.kind == "operation" else "leaf"
    if isinstance(source, UpdateRecord):
        return "update"
    return "accumulate" if node in source.accumulated else "backward"


class IterationRecord:
    """A forward pass, its backward passes and the updates that follow.

    `ended`: a backward pass has ended it. `settled`: the number of nodes that it had then.
    """

    __slots__ = ("edges", "ended", "nodes", "passes", "settled", "steps", "updates")

    def __init__(self) -> None:
        self.nodes: list[NodeRecord] = []
        self.edges: list[EdgeRecord] = []
        self.passes: list[PassRecord] = []
        self.updates: list[UpdateRecord] = []
        self.steps = StepColumns()
        self.ended = False
        self.settled = 0

    def end(self) -> None:
        """Mark the iteration as ended: the next operation that a gradient flows through begins another one."""
        self.ended = True
        self.settled = len(self.nodes)

    def uses(self, node: NodeRecord) -> bool:
        """Return whether something was computed from this node."""
        return any(edge.source[0] is node for edge in self.edges)

    def follows(self, node: NodeRecord) -> bool:
        """Return whether what is computed from this node belongs to this iteration: to what was computed after its end,
        or from its network. An accuracy does, the next batch does not.
        """
        if node.kind != "operation" or node in self.nodes[self.settled :]:
            return node.kind == "operation"
        # edges are in the order of their operations, so that one pass backwards is enough
        behind = {node}
        for edge in reversed(self.edges):
            if edge.target in behind:
                if edge.source[0].requires_grad:
                    return True
                behind.add(edge.source[0])
        return False
