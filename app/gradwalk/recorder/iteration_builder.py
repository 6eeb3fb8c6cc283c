"""The builder of iterations: from a draft to nodes and edges that stand on their own.

A tensor that an earlier iteration computed is a leaf of this one, unless a backward pass goes through it and on: then
the operations of the earlier iteration that the pass goes through are shown here too.
"""

from collections.abc import Iterator

from gradwalk.recorder.calls import is_in_place
from gradwalk.recorder.iteration_draft import Draft
from gradwalk.recorder.records import EdgeRecord, IterationRecord, LeafRecord, NodeRecord, Port, step_kind


class IterationBuilder:
    """A builder that knows the whole run. `order`: by operation its number; `into`: by operation the edges into it."""

    def __init__(self, order: dict[NodeRecord, int], into: dict[NodeRecord, list[EdgeRecord]]) -> None:
        self._order = order
        self._into = into

    def build(self, draft: Draft) -> IterationRecord:
        """Return the iteration of a draft. The passes and updates of the draft become its own."""
        carried = self._carried(draft)
        record = IterationRecord(draft.kind, draft.turns)
        record.carried, record.looks = set(carried), draft.looks
        record.edges = [edge for node in carried for edge in self._into.get(node, ())] + draft.edges
        leaves = _Leaves(draft, record.edges)
        operations = record.carried | {node for node in draft.nodes if node.leaf is None}
        stand_ins: dict[Port, NodeRecord] = {}
        ordered: dict[NodeRecord, None] = {}
        incoming = iter(record.edges)
        edge = next(incoming, None)
        for node in (*carried, *draft.nodes):
            while edge is not None and edge.target is node:
                ordered[self._source(edge, record, operations, leaves, stand_ins)] = None
                edge = next(incoming, None)
            ordered[node if node.leaf is None else leaves.node(node)] = None
        self._adopt(draft, record, leaves, stand_ins, ordered)
        record.nodes = list(ordered)
        record.steps = [
            (step_kind(shown, source), shown, source)
            for node, source in draft.steps
            if (shown := self._shown(node, leaves, stand_ins)) in ordered
        ]
        return record

    def _carried(self, draft: Draft) -> list[NodeRecord]:
        """Return the operations of earlier iterations that the passes go through, in the order in which they ran."""
        found: set[NodeRecord] = set()
        for each in draft.passes:
            roots = {node for node, _ in each.roots}
            for node, _ in (*each.gradients, *each.roots):
                if node.leaf is None and node not in draft.members and node not in found:
                    # where autograd.grad was asked for the gradient of a tensor, it goes no further
                    goes_on = any(edge in each.contributions for edge in self._into.get(node, ()))
                    if goes_on or node in roots:
                        found.add(node)
        return sorted(found, key=self._order.__getitem__)

    def _source(
        self,
        edge: EdgeRecord,
        record: IterationRecord,
        operations: set[NodeRecord],
        leaves: "_Leaves",
        stand_ins: dict[Port, NodeRecord],
    ) -> NodeRecord:
        """Return the node of this iteration that an edge comes from, and note it where it is another one than that
        recorded.
        """
        node = edge.source[0]
        if node in operations:
            return node
        if node.leaf is not None:
            shown = leaves.node(node)
        else:
            shown = stand_ins.get(edge.source) or stand_ins.setdefault(edge.source, _stand_in(edge.source, self._into))
        if shown is not node:
            record.sources[edge] = shown, 0
        return shown

    def _adopt(
        self,
        draft: Draft,
        record: IterationRecord,
        leaves: "_Leaves",
        stand_ins: dict[Port, NodeRecord],
        ordered: dict[NodeRecord, None],
    ) -> None:
        """Let the passes and updates refer to the nodes of this iteration; add leaves that only they know."""

        def shown(port: Port) -> Port:
            node, output = port
            if node.leaf is not None:
                return leaves.node(node), output
            if node in draft.members or node in record.carried:
                return port
            return stand_ins.get(port) or stand_ins.setdefault(port, _stand_in(port, self._into)), 0

        for each in draft.passes:
            foreign = any(node.leaf is None and node not in draft.members for node, _ in each.gradients)
            if leaves.merged or foreign:
                each.roots = [shown(port) for port in each.roots]
                each.seeds = {shown(port): value for port, value in each.seeds.items()}
                each.gradients = {shown(port): value for port, value in each.gradients.items()}
                each.accumulated = {leaves.node(node): value for node, value in each.accumulated.items()}
            for node, _ in (*each.roots, *each.gradients):
                ordered.setdefault(node)
        for update in draft.updates:
            update.node = self._shown(update.node, leaves, stand_ins)
            ordered.setdefault(update.node)
        record.passes, record.updates = draft.passes, draft.updates
        if draft.loss is not None:
            record.loss = draft.loss.values[0]

    @staticmethod
    def _shown(node: NodeRecord, leaves: "_Leaves", stand_ins: dict[Port, NodeRecord]) -> NodeRecord:
        if node.leaf is not None:
            return leaves.node(node)
        return stand_ins.get((node, 0), node)


class _Leaves:
    """The leaves of one iteration: one node for each tensor, whatever it held.

    Only where passes went through two values of a tensor (a discriminator before and after its step), both are shown.
    `merged`: some node stands for another one.
    """

    def __init__(self, draft: Draft, edges: list[EdgeRecord]) -> None:
        used: dict[LeafRecord, dict[NodeRecord, None]] = {}
        for node in self._nodes(draft, edges):
            if node.leaf is not None:
                used.setdefault(node.leaf, {})[node] = None
        self._stands_for: dict[NodeRecord, NodeRecord] = {}
        several = {leaf: list(nodes) for leaf, nodes in used.items() if len(nodes) > 1}
        if several:
            self._merge(several, draft, edges)
        self.merged = bool(self._stands_for)

    def node(self, node: NodeRecord) -> NodeRecord:
        """Return the node that stands for a leaf in this iteration."""
        return self._stands_for.get(node, node)

    @staticmethod
    def _nodes(draft: Draft, edges: list[EdgeRecord]) -> Iterator[NodeRecord]:
        for edge in edges:
            yield edge.source[0]
        yield from draft.nodes
        for each in draft.passes:
            for node, _ in (*each.gradients, *each.roots):
                yield node
        for update in draft.updates:
            yield update.node

    def _merge(self, several: dict[LeafRecord, list[NodeRecord]], draft: Draft, edges: list[EdgeRecord]) -> None:
        """Choose which nodes of each tensor are shown: those that passes went through apart from each other."""
        passed: dict[LeafRecord, list[set[NodeRecord]]] = {}
        outgoing = [edge for edge in edges if edge.source[0].leaf in several]
        for each in draft.passes:
            reached: dict[LeafRecord, set[NodeRecord]] = {}
            for node, _ in each.gradients:
                if node.leaf in several:
                    reached.setdefault(node.leaf, set()).add(node)
            for edge in outgoing:
                leaf = edge.source[0].leaf
                if leaf is not None and edge in each.contributions:
                    reached.setdefault(leaf, set()).add(edge.source[0])
            for leaf, nodes in reached.items():
                _join(passed.setdefault(leaf, []), nodes)
        for leaf, known in several.items():
            ordered = sorted(known, key=lambda node: node.number)
            groups = passed.get(leaf, ())
            shown = {node: max(group, key=lambda node: node.number) for group in groups for node in group}
            for at, node in enumerate(ordered):
                later = next((shown[n] for n in ordered[at:] if n in shown), None)
                earlier = next((shown[n] for n in reversed(ordered[:at]) if n in shown), None)
                chosen = later or earlier or ordered[-1]
                if chosen is not node:
                    self._stands_for[node] = chosen


def _join(groups: list[set[NodeRecord]], nodes: set[NodeRecord]) -> None:
    """Add nodes that belong together to groups of such nodes."""
    touched = [group for group in groups if not group.isdisjoint(nodes)]
    for group in touched:
        groups.remove(group)
    groups.append(nodes.union(*touched))


def _stand_in(port: Port, into: dict[NodeRecord, list[EdgeRecord]]) -> NodeRecord:
    """Return a leaf that holds what an operation of an earlier iteration, or of the setup, gave.

    A leaf that was written in place is still that leaf.
    """
    operation, output = port
    origin = _written_leaf(operation, into)
    of = origin or operation
    node = NodeRecord("input" if origin is None else origin.kind, None, of.line, of.path, None)
    names = operation.name.split(", ") if operation.name is not None else []
    name, value = operation.name_as_leaf, operation.value_as_leaf
    if operation.outputs > 1:
        name, value = (operation.parts_as_leaves or {}).get(output, (None, None))
        name = names[output] if len(names) == operation.outputs else name
    node.name = name or operation.name
    if origin is not None:
        node.name, node.group, node.leaf = origin.name, origin.group, origin.leaf
    else:
        node.leaf = LeafRecord()
        node.leaf.nodes.append(node)
    node.values = (operation.values[output],) if output < len(operation.values) else ()
    if value is not None:
        node.values = (value,)
    return node


def _written_leaf(operation: NodeRecord, into: dict[NodeRecord, list[EdgeRecord]]) -> NodeRecord | None:
    """Return the leaf that a chain of in-place operations has written into; null where another tensor came out."""
    node = operation
    while node.leaf is None:
        edges = into.get(node, ())
        if not edges or node.op is None or not is_in_place(node.op) or edges[0].argument != "self":
            return None
        node = edges[0].source[0]
    return node
