"""A draft of an iteration: what was recorded of it, before it is known what its leaves are."""

from collections.abc import Collection, Iterable

from gradwalk.contract.snapshot import IterationKind
from gradwalk.recorder.records import EdgeRecord, NodeRecord, PassRecord, SegmentRecord, StepSource, UpdateRecord
from gradwalk.recorder.turns import Turn


class Draft:
    """The operations, passes and updates of one iteration in the order in which they were recorded.

    `members`: its nodes, as a set. `ended`: a backward pass has ended it; `settled` is the number of its nodes then.
    `loss`: the operation that gives its loss, where no backward pass tells. `looks`: operations that only look at its
    tensors. `steps_by_hand`: those that update a tensor without autograd.
    """

    def __init__(self, kind: IterationKind, turns: list[Turn]) -> None:
        self.kind: IterationKind = kind
        self.turns = turns
        self.nodes: list[NodeRecord] = []
        self.members: set[NodeRecord] = set()
        self.edges: list[EdgeRecord] = []
        self.passes: list[PassRecord] = []
        self.updates: list[UpdateRecord] = []
        self.steps: list[tuple[NodeRecord, StepSource]] = []
        self.loss: NodeRecord | None = None
        self.looks: set[NodeRecord] = set()
        self.steps_by_hand: set[NodeRecord] = set()
        self.ended = False
        self.settled: set[NodeRecord] = set()

    def add_segment(self, segment: SegmentRecord) -> None:
        """Add all of a segment."""
        self.nodes += segment.nodes
        self.members.update(segment.nodes)
        self.edges += segment.edges
        self.passes += segment.passes
        self.updates += segment.updates
        self.steps += zip(segment.steps.nodes, segment.steps.sources, strict=True)

    def add(self, node: NodeRecord, edges: Iterable[EdgeRecord]) -> None:
        """Add an operation or a leaf, with the edges that lead into it, and its forward step."""
        self.nodes.append(node)
        self.members.add(node)
        self.edges += edges
        self.steps.append((node, None))

    def show_unused(self, leaves: list[NodeRecord]) -> None:
        """Add leaves that no operation uses, without a step."""
        self.nodes = leaves + self.nodes
        self.members.update(leaves)

    def add_steps(self, segment: SegmentRecord) -> None:
        """Add the steps of a segment that are no forward steps."""
        pairs = zip(segment.steps.nodes, segment.steps.sources, strict=True)
        self.steps += ((node, source) for node, source in pairs if source is not None)

    def take_updates(self, later: "Draft") -> None:
        """Take over the updates of a later draft that trains nothing: of leaves that passes and updates of this one are
        about.
        """
        leaves = {node.leaf for each in self.passes for node, _ in each.gradients}
        leaves |= {update.node.leaf for update in self.updates}
        taken = {update for update in later.updates if update.node.leaf in leaves}
        self.updates += [update for update in later.updates if update in taken]
        self.steps += [(node, source) for node, source in later.steps if source in taken]
        later.updates = []
        later.steps = [(node, source) for node, source in later.steps if source is None]

    def prepend(self, earlier: "Draft") -> None:
        """Add all of a draft that was recorded before this one."""
        self.nodes = earlier.nodes + self.nodes
        self.members |= earlier.members
        self.edges = earlier.edges + self.edges
        self.passes = earlier.passes + self.passes
        self.updates = earlier.updates + self.updates
        self.steps = earlier.steps + self.steps

    def take(self, nodes: Collection[NodeRecord]) -> list[NodeRecord]:
        """Remove some nodes with their edges and forward steps, and return them in order."""
        taken = [node for node in self.nodes if node in nodes]
        self.nodes = [node for node in self.nodes if node not in nodes]
        self.members.difference_update(taken)
        self.edges = [edge for edge in self.edges if edge.target not in nodes]
        self.steps = [(node, source) for node, source in self.steps if source is not None or node not in nodes]
        return taken

    def end(self) -> None:
        """Note that a backward pass has ended it."""
        self.ended = True
        self.settled = set(self.nodes)

    def is_over_before(self, node: NodeRecord, into: dict[NodeRecord, list[EdgeRecord]]) -> bool:
        """Return whether the next iteration begins with this node, after a backward pass has ended this one."""
        if node.leaf is not None:
            return bool(self.updates)
        sources = [edge.source[0] for edge in into.get(node, ())]
        if not node.requires_grad and not self.updates:
            return False
        if any(source in self.members and source.leaf is None and source.requires_grad for source in sources):
            return False
        return node.requires_grad or not any(self._is_measured_by(source, into) for source in sources)

    def _is_measured_by(self, node: NodeRecord, into: dict[NodeRecord, list[EdgeRecord]]) -> bool:
        """Return whether what is computed from this node belongs to this iteration: to what was computed after its end,
        or from its network. An accuracy does, the next batch does not.
        """
        if node.leaf is not None or node not in self.members:
            return False
        if node not in self.settled:
            return True
        pending, seen = [node], {node}
        while pending:
            for edge in into.get(pending.pop(), ()):
                source = edge.source[0]
                if source.requires_grad:
                    return True
                if source in self.members and source not in seen:
                    seen.add(source)
                    pending.append(source)
        return False
