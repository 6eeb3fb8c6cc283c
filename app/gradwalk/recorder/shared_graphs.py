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
        self._looks: list[_Looks] = []
        self._common: dict[int, dict[NodeRecord, dict[str, Any]]] = {}
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
        edges = sum(1 for edge in record.edges if edge.target not in record.looks)
        # structures are compared only when they have the same size
        operations = sum(1 for node in record.nodes if node.kind == "operation" and node not in record.looks)
        alike = self._by_size.setdefault((operations, edges), [])
        if alike:
            key = _key(record, connected)
            for graph in alike:
                if self._key_of(graph) == key:
                    self.sharing[graph].append(record)
                    self._looks[graph].add(record, self._own_ids(record, graph))
                    return graph
        graph = len(self.sharing)
        alike.append(graph)
        self.sharing.append([record])
        self._node_ids.append({node: f"n{number}" for number, node in enumerate(record.nodes)})
        self._looks.append(_Looks(record, self._node_ids[graph], connected))
        return graph

    @contextmanager
    def numbered(self, record: IterationRecord, graph: int) -> Iterator[None]:
        """Give the nodes and edges of an iteration their ids for as long as it is written.

        A leaf is the same record in many iterations, and has another id in each graph. A leaf that nothing uses has no
        id, unless it is in the iteration that the graph was made from.
        """
        for node, identifier in self._own_ids(record, graph).items():
            node.id = identifier
        self._looks[graph].number(record)
        try:
            yield
        finally:
            for node in record.nodes:
                node.id = ""
            for edge in record.edges:
                edge.id = ""

    def _own_ids(self, record: IterationRecord, graph: int) -> dict[NodeRecord, str]:
        """Return the ids of the nodes of an iteration, without those that only look."""
        ids, first = self._node_ids[graph], self.sharing[graph][0]
        if record is first:
            return ids
        pairs = zip(self._connected[record], self._connected[first], strict=True)
        return {mine: ids[original] for mine, original in pairs}

    def added_looks(self, graph: int) -> list[tuple[IterationRecord, NodeRecord]]:
        """Return the nodes of a graph that its first iteration does not have, each with an iteration that has it."""
        return self._looks[graph].added

    def common_arguments(self, graph: int) -> dict[NodeRecord, dict[str, Any]]:
        """Return, by node of the graph's first iteration, the arguments that are the same in all of its iterations,
        where not all are.
        """
        if graph not in self._common:
            first, *others = self.sharing[graph]
            common: dict[NodeRecord, dict[str, Any]] = {}
            for record in others:
                for node, original in zip(self._connected[record], self._connected[first], strict=True):
                    if node.arguments != original.arguments:
                        mine = node.arguments or {}
                        shown = common.get(original, original.arguments) or {}
                        common[original] = {k: v for k, v in shown.items() if k in mine and mine[k] == v}
            self._common[graph] = common
        return self._common[graph]

    def own_arguments(self, record: IterationRecord, graph: int) -> dict[str, dict[str, Any]]:
        """Return, by node id, the arguments of an iteration that other iterations of its graph do not share.

        The nodes of the iteration have their ids.
        """
        common = self.common_arguments(graph)
        found: dict[str, dict[str, Any]] = {}
        if common:
            first = self.sharing[graph][0]
            for node, original in zip(self._connected[record], self._connected[first], strict=True):
                if original in common:
                    shared = common[original]
                    own = {k: v for k, v in (node.arguments or {}).items() if k not in shared}
                    if own:
                        found[node.id] = own
        return found

    def _key_of(self, graph: int) -> Hashable:
        if graph not in self._keys:
            first = self.sharing[graph][0]
            self._keys[graph] = _key(first, self._connected[first])
        return self._keys[graph]


class _Looks:
    """The operations of a graph that only look: not every iteration of the graph has all of them.

    `added`: those that the first iteration does not have, each with the first iteration that has it.
    """

    def __init__(self, first: IterationRecord, ids: dict[NodeRecord, str], connected: list[NodeRecord]) -> None:
        self.added: list[tuple[IterationRecord, NodeRecord]] = []
        self._nodes = len(first.nodes)
        self._edges = len(first.edges)
        self._known: dict[Hashable, tuple[str, list[str]]] = {}
        self._ids: dict[IterationRecord, tuple[dict[NodeRecord, str], dict[EdgeRecord, str]]] = {}
        self._core: dict[int, str] = {}
        trained = [edge for edge in first.edges if edge.target not in first.looks]
        edges = {edge: f"e{number}" for number, edge in enumerate(first.edges)}
        self._core = {position: edges[edge] for position, edge in enumerate(trained)}
        known = {node: ids[node] for node in connected}
        for node, key, into in _keys_of_looks(first, known):
            known[node] = ids[node]
            self._known[key] = ids[node], [edges[edge] for edge in into]
        self._ids[first] = dict(ids), edges

    def add(self, record: IterationRecord, own: dict[NodeRecord, str]) -> None:
        """Add the looks of another iteration. `own`: the ids of its other nodes."""
        nodes = dict(own)
        trained = [edge for edge in record.edges if edge.target not in record.looks]
        edges = {edge: self._core[position] for position, edge in enumerate(trained)}
        for node, key, into in _keys_of_looks(record, nodes):
            known = self._known.get(key)
            if known is None:
                known = f"n{self._nodes}", [f"e{self._edges + i}" for i in range(len(into))]
                self._known[key] = known
                self._nodes, self._edges = self._nodes + 1, self._edges + len(into)
                self.added.append((record, node))
            nodes[node] = known[0]
            edges |= zip(into, known[1], strict=True)
        self._ids[record] = nodes, edges

    def number(self, record: IterationRecord) -> None:
        """Give the looks of an iteration, and all of its edges, their ids."""
        nodes, edges = self._ids[record]
        for node, identifier in nodes.items():
            node.id = identifier
        for edge, identifier in edges.items():
            edge.id = identifier


def _keys_of_looks(
    record: IterationRecord, ids: dict[NodeRecord, str]
) -> Iterator[tuple[NodeRecord, Hashable, list[EdgeRecord]]]:
    """Yield each look and each leaf that only looks or updates use, with a key that is equal for equal ones, and its
    edges.

    `ids`: those of all other nodes; the caller adds that of a look before the next one is asked for.
    """
    updated = {update.node for update in record.updates}
    if not record.looks and updated.issubset(ids):
        return
    into: dict[NodeRecord, list[EdgeRecord]] = {}
    for edge in record.edges:
        if edge.target in record.looks:
            into.setdefault(edge.target, []).append(edge)
    used = updated.union(record.source(edge)[0] for edges in into.values() for edge in edges)
    counts: dict[Hashable, int] = {}
    for node in record.nodes:
        if node not in record.looks and (node in ids or node not in used):
            continue
        edges = into.get(node, [])
        sources = tuple((ids[record.source(edge)[0]], record.source(edge)[1], edge.argument) for edge in edges)
        key = (node.kind, node.op, node.name, node.line, node.outputs, node.failed, _module_path(node.group), sources)
        counts[key] = counts.get(key, 0) + 1
        yield node, (key, counts[key]), edges


def _connected(record: IterationRecord) -> list[NodeRecord]:
    """Return the operations in the order they ran, each preceded by the leaves that it is the first to use.

    A leaf that nothing uses, or that is created earlier than it is used, does not make another structure.
    """
    sources: dict[NodeRecord, list[NodeRecord]] = {}
    for edge in record.edges:
        sources.setdefault(edge.target, []).append(record.source(edge)[0])
    found: dict[NodeRecord, None] = {}
    for node in record.nodes:
        if node.kind == "operation" and node not in record.looks:
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
    edges = tuple(_edge_key(record, edge, position) for edge in record.edges if edge.target not in record.looks)
    return record.kind, loops, nodes, edges


def _edge_key(record: IterationRecord, edge: EdgeRecord, position: dict[NodeRecord, int]) -> tuple[int, int, int, str]:
    source, output = record.source(edge)
    return position[source], output, position[edge.target], edge.argument


def _module_path(group: GroupRecord | None) -> tuple[str, ...]:
    names: list[str] = []
    while group is not None:
        names.append(f"{group.name}:{group.type}")
        group = group.parent
    return tuple(names)
