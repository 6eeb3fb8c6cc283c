"""A graph of a snapshot, indexed once: its nodes by id, and the edges at each of them."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from gradwalk.contract.snapshot import Edge, Graph, Node
from gradwalk.iteration.unique_names import unique_names
from gradwalk.iteration.wording import called, short

NodeKey = tuple[str | None, str | None, int | None, tuple[str, ...], int]
"""The identity of a node across graphs: operation, name, line, modules, and its number among equal ones."""


class Flow(NamedTuple):
    """One edge, with the nodes at its ends."""

    edge: Edge
    source: Node
    target: Node


class IndexedGraph:
    """A graph and the ways through it. `flows`: every edge by its id; `into`, `out_of`: the edges at a node, by its
    id.
    """

    def __init__(self, graph: Graph) -> None:
        self.id = graph.id
        self.nodes = {node.id: node for node in graph.nodes}
        self._groups = {group.id: group for group in graph.groups}
        self.flows: dict[str, Flow] = {}
        self.into: dict[str, list[Flow]] = {}
        self.out_of: dict[str, list[Flow]] = {}
        for edge in graph.edges:
            flow = Flow(edge, self.nodes[edge.source], self.nodes[edge.target])
            self.flows[edge.id] = flow
            self.into.setdefault(edge.target, []).append(flow)
            self.out_of.setdefault(edge.source, []).append(flow)

    @cached_property
    def leaves(self) -> list[Node]:
        """The nodes that no operation made."""
        return [node for node in self.nodes.values() if node.kind != "operation"]

    @cached_property
    def parameters(self) -> list[Node]:
        """The leaves that learn."""
        return [node for node in self.nodes.values() if node.kind == "parameter"]

    @cached_property
    def operations(self) -> list[Node]:
        """The operations in the order in which they ran."""
        return [node for node in self.nodes.values() if node.kind == "operation"]

    @cached_property
    def keys(self) -> dict[str, NodeKey]:
        """The identity across graphs of each node, by its id."""
        counts: dict[tuple[object, ...], int] = {}
        keys: dict[str, NodeKey] = {}
        for node in self.nodes.values():
            same = (node.op, node.name, None if node.op is None else node.line, self.modules(node))
            counts[same] = counts.get(same, -1) + 1
            keys[node.id] = (*same, counts[same])
        return keys

    def modules(self, node: Node) -> tuple[str, ...]:
        """Return the names of the modules that the node ran in, outermost first."""
        names: list[str] = []
        group = self._groups.get(node.group or "")
        while group is not None:
            if group.kind == "module":
                names.append(group.name)
            group = self._groups.get(group.parent or "")
        return tuple(reversed(names))

    def layer(self, node: Node) -> str:
        """Return the module that ran the operation, `net.fc1`; outside of every module, the operation itself."""
        path = self.modules(node)
        return short(".".join(path)) if path else called(node)

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each node that no other node of the graph has, by its id."""
        operands = {node: [(flow.edge.argument, flow.source) for flow in flows] for node, flows in self.into.items()}
        paths = {node.id: ".".join(self.modules(node)) for node in self.nodes.values()}
        return unique_names(list(self.nodes.values()), operands, paths)

    def before(self, ends: Iterable[str]) -> set[str]:
        """Return the ids of the nodes that these were computed from, themselves included."""
        found: set[str] = set()
        waiting = list(ends)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += [flow.source.id for flow in self.into.get(node, ())]
        return found
