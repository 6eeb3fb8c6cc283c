"""The index of iterations by structure. Iterations of one structure share one graph, so that 500 iterations are one
drawing.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

from gradwalk.recorder.records import EdgeRecord, GroupRecord, IterationRecord, NodeRecord


class StructureIndex:
    """An index of iterations by structure.

    `sharing`: per graph, its iterations in order. `graphs`: per iteration, the number of its graph.
    """

    def __init__(self, iterations: list[IterationRecord]) -> None:
        self.iterations = iterations
        self.sharing: list[list[IterationRecord]] = []
        self._by_size: dict[tuple[int, int], list[int]] = {}
        self._keys: dict[int, Hashable] = {}
        self._connected: dict[IterationRecord, list[NodeRecord]] = {}
        self._node_ids: list[dict[NodeRecord, str]] = []
        self.graphs = [self._graph_of(record) for record in iterations]

    def id_of(self, node: NodeRecord) -> str | None:
        """Return the id of a node in the last iteration that has it; null if none has."""
        pairs = zip(reversed(self.iterations), reversed(self.graphs), strict=True)
        record, graph = next(((record, graph) for record, graph in pairs if node in record.nodes), (None, 0))
        if record is None:
            return None
        with self.numbered(record, graph):
            return node.id or None

    def _graph_of(self, record: IterationRecord) -> int:
        """Return the number of the graph that the iteration belongs to. The first iteration of a structure makes it."""
        connected = self._connected[record] = _connected(record)
        # structures are compared only when they have the same size
        operations = sum(1 for node in record.nodes if node.kind == "operation")
        alike = self._by_size.setdefault((operations, len(record.edges)), [])
        if alike:
            key = _key(record, connected)
            for graph in alike:
                if self._key_of(graph) == key:
                    self.sharing[graph].append(record)
                    return graph
        graph = len(self.sharing)
        alike.append(graph)
        self.sharing.append([record])
        self._node_ids.append({node: f"n{number}" for number, node in enumerate(record.nodes)})
        return graph

    @contextmanager
    def numbered(self, record: IterationRecord, graph: int) -> Iterator[None]:
        """Give the nodes and edges of an iteration their ids for as long as it is written.

        A leaf is the same record in many iterations, and has another id in each graph. A leaf that nothing uses has no
        id, unless it is in the iteration that the graph was made from.
        """
        ids = self._node_ids[graph]
        first = self.sharing[graph][0]
        if record is first:
            for node, identifier in ids.items():
                node.id = identifier
        else:
            for mine, original in zip(self._connected[record], self._connected[first], strict=True):
                mine.id = ids[original]
        for number, edge in enumerate(record.edges):
            edge.id = f"e{number}"
        try:
            yield
        finally:
            for node in record.nodes:
                node.id = ""
            for edge in record.edges:
                edge.id = ""

    def connected(self, record: IterationRecord) -> list[NodeRecord]:
        """Return the nodes of an iteration in the order in which those of its graph correspond to them."""
        return self._connected[record]

    def _key_of(self, graph: int) -> Hashable:
        if graph not in self._keys:
            first = self.sharing[graph][0]
            self._keys[graph] = _key(first, self._connected[first])
        return self._keys[graph]


def _connected(record: IterationRecord) -> list[NodeRecord]:
    """Return the operations in the order they ran, each preceded by the leaves that it is the first to use.

    A leaf that nothing uses, or that is created earlier than it is used, does not make another structure.
    """
    sources: dict[NodeRecord, list[NodeRecord]] = {}
    for edge in record.edges:
        sources.setdefault(edge.target, []).append(record.source(edge)[0])
    found: dict[NodeRecord, None] = {}
    for node in record.nodes:
        if node.kind == "operation":
            for source in sources.get(node, ()):
                found[source] = None
            found[node] = None
    # a leaf may be the root of a pass, and of no use else
    for each in record.passes:
        for node, _ in each.roots:
            found[node] = None
    return list(found)


def _key(record: IterationRecord, connected: list[NodeRecord]) -> Hashable:
    """Return a key that is equal for iterations that can share a graph."""
    position = {node: i for i, node in enumerate(connected)}
    loops = tuple(turn.run.loop for turn in record.turns)
    nodes = tuple(
        (
            n.kind,
            n.op,
            n.name,
            # a turn may make the tensors that the next one begins with, and the first begins with others
            n.line if n.leaf is None or not loops else None,
            n.outputs,
            n.failed,
            n in record.carried,
            _module_path(n.group),
        )
        for n in connected
    )
    return record.kind, loops, nodes, tuple(_edge_key(record, edge, position) for edge in record.edges)


def _edge_key(record: IterationRecord, edge: EdgeRecord, position: dict[NodeRecord, int]) -> tuple[int, int, int, str]:
    source, output = record.source(edge)
    return position[source], output, position[edge.target], edge.argument


def _module_path(group: GroupRecord | None) -> tuple[str, ...]:
    names: list[str] = []
    while group is not None:
        names.append(f"{group.name}:{group.type}")
        group = group.parent
    return tuple(names)


def common_arguments(index: StructureIndex, graph: int) -> dict[str, dict[str, Any]]:
    """Return, by node id, the arguments that all iterations of a graph share, where they are not all the same.

    The nodes of the first iteration have their ids.
    """
    records = index.sharing[graph]
    originals = index.connected(records[0])
    common: dict[str, dict[str, Any]] = {}
    for record in records[1:]:
        for node, original in zip(index.connected(record), originals, strict=True):
            if node.arguments == original.arguments:
                continue
            mine = node.arguments or {}
            shown = common.get(original.id, original.arguments) or {}
            common[original.id] = {k: v for k, v in shown.items() if mine.get(k) == v}
    return common
