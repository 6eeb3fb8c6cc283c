"""The index of iterations by structure. Iterations of one structure share one graph, so that 500 iterations are one
drawing.
"""

from collections.abc import Hashable
from typing import Any

from gradwalk.recorder.records import EdgeRecord, GroupRecord, IterationRecord, NodeRecord


class StructureIndex:
    """An index of iterations by structure. `sharing`: per graph, its iterations in order."""

    def __init__(self) -> None:
        self.sharing: list[list[IterationRecord]] = []
        self._by_size: dict[tuple[int, int], list[int]] = {}
        self._keys: dict[int, Hashable] = {}
        self._connected: dict[int, list[NodeRecord]] = {}

    def assign_graph(self, record: IterationRecord) -> int:
        """Return the number of the graph that the iteration belongs to, and give its nodes and edges their ids.

        The first iteration of a structure numbers its nodes and edges, the others take these ids over. A leaf that
        nothing uses has no id there.
        """
        # structures are compared only when they have the same size
        operations = sum(1 for node in record.nodes if node.kind == "operation")
        alike = self._by_size.setdefault((operations, len(record.edges)), [])
        if alike:
            connected = _connected(record)
            key = _key(record, connected)
            for graph in alike:
                if self._key_of(graph) == key:
                    self._copy_ids(record, connected, graph)
                    self.sharing[graph].append(record)
                    return graph
        graph = len(self.sharing)
        alike.append(graph)
        self.sharing.append([record])
        for number, node in enumerate(record.nodes):
            node.id = f"n{number}"
        for number, edge in enumerate(record.edges):
            edge.id = f"e{number}"
        return graph

    def _key_of(self, graph: int) -> Hashable:
        if graph not in self._keys:
            first = self.sharing[graph][0]
            self._connected[graph] = _connected(first)
            self._keys[graph] = _key(first, self._connected[graph])
        return self._keys[graph]

    def _copy_ids(self, record: IterationRecord, connected: list[NodeRecord], graph: int) -> None:
        for node in record.nodes:
            node.id = ""
        for mine, original in zip(connected, self._connected[graph], strict=True):
            mine.id = original.id
        for edge, other in zip(record.edges, self.sharing[graph][0].edges, strict=True):
            edge.id = other.id


def _connected(record: IterationRecord) -> list[NodeRecord]:
    """Return the operations in the order they ran, each preceded by the leaves that it is the first to use.

    A leaf that nothing uses, or that is created earlier than it is used, does not make another structure.
    """
    sources: dict[NodeRecord, list[NodeRecord]] = {}
    for edge in record.edges:
        sources.setdefault(edge.target, []).append(edge.source[0])
    found: dict[NodeRecord, None] = {}
    for node in record.nodes:
        if node.kind == "operation":
            for source in sources.get(node, ()):
                found[source] = None
            found[node] = None
    return list(found)


def _key(record: IterationRecord, connected: list[NodeRecord]) -> Hashable:
    """Return a key that is equal for iterations that can share a graph."""
    position = {node: i for i, node in enumerate(connected)}
    nodes = tuple(
        (n.kind, n.op, n.name, n.line if n.kind == "operation" else 0, n.outputs, n.failed, _module_path(n.group))
        for n in connected
    )
    return nodes, tuple(_edge_key(edge, position) for edge in record.edges)


def _edge_key(edge: EdgeRecord, position: dict[NodeRecord, int]) -> tuple[int, int, int, str]:
    return position[edge.source[0]], edge.source[1], position[edge.target], edge.argument


def _module_path(group: GroupRecord | None) -> tuple[str, ...]:
    names: list[str] = []
    while group is not None:
        names.append(f"{group.name}:{group.type}")
        group = group.parent
    return tuple(names)


def common_arguments(records: list[IterationRecord]) -> dict[str, dict[str, Any]]:
    """Return, by node id, the arguments that all iterations of a graph share, where they are not all the same."""
    first = {node.id: node.arguments for node in records[0].nodes}
    common: dict[str, dict[str, Any]] = {}
    for record in records[1:]:
        for node in record.nodes:
            if not node.id or node.arguments == first[node.id]:
                continue
            mine = node.arguments or {}
            shown = common.get(node.id, first[node.id]) or {}
            common[node.id] = {k: v for k, v in shown.items() if mine.get(k) == v}
    return common
