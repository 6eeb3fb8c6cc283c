"""What the rules look at: the graphs of a snapshot, indexed once, and its iterations one after the other.

A program can forge its own recording: an edge to a node that is not there is left out, groups may go round in circles.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gradwalk.contract.snapshot import BackwardPass, Edge, Graph, Iteration, Node, SnapshotHead, Tensor

_DEEPEST_GROUP = 100

Key = tuple[str | None, str | None, int | None, tuple[str, ...], int]
"""What a node is in every graph: operation, name, line, modules, and which of those that are alike."""


class Flow(NamedTuple):
    """One edge, with the nodes at its ends."""

    edge: Edge
    source: Node
    target: Node


class GraphView:
    """A graph and the ways through it. `into`, `out_of`: the edges at a node, by its id."""

    def __init__(self, graph: Graph) -> None:
        self.id = graph.id
        self.nodes = {node.id: node for node in graph.nodes}
        self._groups = {group.id: group for group in graph.groups}
        self.into: dict[str, list[Flow]] = {}
        self.out_of: dict[str, list[Flow]] = {}
        for edge in graph.edges:
            source, target = self.nodes.get(edge.source), self.nodes.get(edge.target)
            if source is not None and target is not None:
                flow = Flow(edge, source, target)
                self.into.setdefault(target.id, []).append(flow)
                self.out_of.setdefault(source.id, []).append(flow)

    @cached_property
    def parameters(self) -> list[Node]:
        """The leaves that learn."""
        return [node for node in self.nodes.values() if node.kind == "parameter"]

    @cached_property
    def operations(self) -> list[Node]:
        """In the order in which they ran."""
        return [node for node in self.nodes.values() if node.kind == "operation"]

    @cached_property
    def keys(self) -> dict[str, Key]:
        """By id, what each node is in every graph."""
        counts: dict[tuple[object, ...], int] = {}
        keys: dict[str, Key] = {}
        for node in self.nodes.values():
            same = (node.op, node.name, None if node.op is None else node.line, self.modules(node))
            counts[same] = counts.get(same, -1) + 1
            keys[node.id] = (*same, counts[same])
        return keys

    def modules(self, node: Node) -> tuple[str, ...]:
        """The names of the modules that it ran in, outermost first."""
        names: list[str] = []
        group = self._groups.get(node.group or "")
        while group is not None and len(names) < _DEEPEST_GROUP:
            if group.kind == "module":
                names.append(group.name)
            group = self._groups.get(group.parent or "")
        return tuple(reversed(names))

    def before(self, ends: Iterable[str]) -> set[str]:
        """The ids of the nodes that these were computed from, themselves included."""
        found: set[str] = set()
        waiting = [end for end in ends if end in self.nodes]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += [flow.source.id for flow in self.into.get(node, ())]
        return found


class Moment:
    """One iteration, with the graph that it has its numbers in."""

    def __init__(self, graph: GraphView, body: Iteration) -> None:
        self.graph = graph
        self.body = body
        self.index = body.index

    @cached_property
    def passes(self) -> list[BackwardPass]:
        """The backward passes in which a gradient arrived somewhere."""
        return [each for each in self.body.backward if each.gradients]

    @cached_property
    def roots(self) -> list[Node]:
        """Where those begin."""
        ids = [root.node for each in self.passes for root in each.roots]
        return [self.graph.nodes[i] for i in dict.fromkeys(ids) if i in self.graph.nodes]

    @cached_property
    def before_roots(self) -> set[str]:
        """The nodes that the roots were computed from, and the roots."""
        return self.graph.before(root.id for root in self.roots)

    @cached_property
    def updated(self) -> set[str]:
        """The leaves that something was written into."""
        return {update.node for update in self.body.updates}

    def value(self, node: str, output: int = 0) -> Tensor | None:
        """What a node gave."""
        values = self.body.values.get(node, ())
        return values[output] if 0 <= output < len(values) else None

    def input(self, flow: Flow) -> Tensor | None:
        """What came along an edge."""
        return self.value(flow.source.id, flow.edge.output)

    def gradients(self, node: str) -> Iterator[Tensor]:
        """Every gradient that arrived at a node, in the order of the passes."""
        for each in self.passes:
            yield from (gradient for gradient in each.gradients.get(node, ()) if gradient is not None)

    def gradient(self, node: str) -> Tensor | None:
        """The gradient of the last pass that reached a node."""
        return next(reversed(list(self.gradients(node))), None)


class Run:
    """Everything of a snapshot but its iterations. `lines`: of the program."""

    def __init__(self, head: SnapshotHead) -> None:
        self.head = head
        self.graphs = {graph.id: GraphView(graph) for graph in head.graphs}
        self.lines = head.program.source.splitlines()

    def line(self, number: int | None) -> str:
        """The text of one line of the program."""
        return self.lines[number - 1] if number is not None and 0 < number <= len(self.lines) else ""

    def moment(self, body: Iteration) -> Moment | None:
        """An iteration; null where its graph is not there."""
        graph = self.graphs.get(body.graph)
        return None if graph is None else Moment(graph, body)
