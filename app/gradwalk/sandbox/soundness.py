"""The check that a recording is sound. A program can forge its own: a reference to nothing, or to itself, must not
reach the store and the page. Pure.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.autograd_node import SavedTensor
from gradwalk.contract.snapshot import BackwardPass, Graph, Iteration, Step, Tensor
from gradwalk.contract.training_history import LeafHistory, TrainingHistory

_MOST_DIMENSIONS: Final = 64
"""PyTorch's own limit, and that of NumPy 2."""


@dataclass(frozen=True)
class GraphIds:
    """The ids that a graph's iteration may use. `outputs`: how many results each node has. `operations`: the nodes that
    are no leaves.
    """

    nodes: frozenset[str]
    edges: frozenset[str]
    outputs: Mapping[str, int]
    operations: frozenset[str]

    @classmethod
    def of(cls, graph: Graph) -> "GraphIds":
        """Return the ids of one graph."""
        return cls(
            frozenset(node.id for node in graph.nodes),
            frozenset(edge.id for edge in graph.edges),
            {node.id: node.outputs for node in graph.nodes},
            frozenset(node.id for node in graph.nodes if node.kind == "operation"),
        )

    def has(self, node: str, output: int) -> bool:
        """Return whether a node exists and has so many results."""
        return output < self.outputs.get(node, 0)

    def fit(self, by_node: Mapping[str, Sequence[object]]) -> bool:
        """Return whether there are lists for these nodes only, each with no more items than the node has results."""
        return all(len(found) <= self.outputs.get(node, -1) for node, found in by_node.items())


def graph_is_sound(graph: Graph, position: int) -> bool:
    """Return whether every id is unique, every reference leads to something that exists, and the graph is in its place.

    Leaves have no operation, and values flow into operations only, each out of a result that its node has.
    No edge leads to an earlier node: neither edges nor groups form circles. One operation may feed itself, as a cell
    does whose two results are one.
    """
    nodes = {node.id: at for at, node in enumerate(graph.nodes)}
    groups = {group.id: at for at, group in enumerate(graph.groups)}
    ids = GraphIds.of(graph)
    return (
        graph.id == position
        and len(nodes) == len(graph.nodes)
        and len(groups) == len(graph.groups)
        and len({edge.id for edge in graph.edges}) == len(graph.edges)
        and all(nodes.get(edge.source, len(nodes)) <= nodes.get(edge.target, -1) for edge in graph.edges)
        and all(ids.has(edge.source, edge.output) and edge.target in ids.operations for edge in graph.edges)
        and all((node.op is None) == (node.kind != "operation") for node in graph.nodes)
        and all(group.parent is None or groups.get(group.parent, at) < at for at, group in enumerate(graph.groups))
        and all(node.group is None or node.group in groups for node in graph.nodes)
        and all(saved.node is None or saved.node in nodes for saved in _saved(graph))
    )


def _saved(graph: Graph) -> Iterator[SavedTensor]:
    for node in graph.nodes:
        for one in node.autograd:
            yield from one.tensors or ()


def iteration_is_sound(iteration: Iteration, position: int, graphs: list[GraphIds]) -> bool:
    """Return whether an iteration is in its place and refers to its own graph only."""
    if iteration.index != position or iteration.graph >= len(graphs):
        return False
    names = graphs[iteration.graph]
    return (
        names.fit(iteration.values)
        and names.nodes.issuperset(iteration.inside)
        and all(update.node in names.nodes for update in iteration.updates)
        and all(change.node in names.nodes for change in iteration.changes)
        and sum(step.kind == "change" for step in iteration.steps) == len(iteration.changes)
        and all(_pass_is_sound(one, names) for one in iteration.backward)
        and [step.index for step in iteration.steps] == list(range(len(iteration.steps)))
        and all(_step_is_sound(step, names, len(iteration.backward)) for step in iteration.steps)
        and all(tensor_is_sound(tensor) for tensor in _tensors(iteration))
    )


def training_history_is_sound(history: TrainingHistory, graphs: list[GraphIds], iterations: int) -> bool:
    """Return whether a training history refers to these graphs' nodes and to so many iterations."""
    first = history.first_nonfinite
    return all(_leaf_is_sound(leaf, graphs, iterations) for leaf in history.leaves) and (
        first is None or (first.iteration < iterations and any(first.node in names.nodes for names in graphs))
    )


def _leaf_is_sound(leaf: LeafHistory, graphs: list[GraphIds], iterations: int) -> bool:
    lengths = {len(numbers) for numbers in (leaf.low, leaf.high, leaf.norm, leaf.gradient_norm)}
    return (
        # there are fewer numbers where the last iteration did not fit into the answer
        len(lengths) == 1
        and lengths.pop() <= iterations
        and len(leaf.nodes) == len(graphs)
        and all(node is None or node in names.nodes for node, names in zip(leaf.nodes, graphs, strict=True))
    )


def tensor_is_sound(tensor: Tensor) -> bool:
    """Return whether a tensor has a shape that PyTorch can make, and as many numbers as it says; only complex numbers
    are pairs.
    """
    size = math.prod(tensor.shape)
    if len(tensor.shape) > _MOST_DIMENSIONS or size >= 2**63:
        return False
    return tensor.data is None or (
        len(tensor.data) == size and _kinds_are(tensor.data, pairs=tensor.dtype.startswith("complex"))
    )


def _kinds_are(data: Sequence[object], *, pairs: bool) -> bool:
    kinds = set(map(type, data))
    return kinds <= {list} if pairs else list not in kinds


def _pass_is_sound(one: BackwardPass, names: GraphIds) -> bool:
    return (
        all(names.has(root.node, root.output) for root in (one.root, *one.roots))
        and names.fit(one.seeds)
        and names.fit(one.gradients)
        and names.nodes.issuperset(one.accumulated)
        and names.edges.issuperset(one.contributions)
    )


def _step_is_sound(step: Step, names: GraphIds, passes: int) -> bool:
    return (
        step.node in (names.operations if step.kind == "operation" else names.nodes)
        and not (step.kind == "leaf" and step.node in names.operations)
        and (step.backward_pass is not None) == (step.kind in ("backward", "accumulate"))
        and names.edges.issuperset(step.edges)
        and (step.backward_pass is None or step.backward_pass < passes)
    )


def _tensors(iteration: Iteration) -> Iterator[Tensor]:
    for tensors in iteration.values.values():
        yield from tensors
    for inside in iteration.inside.values():
        yield from inside.values()
    for one in iteration.backward:
        for several in (*one.seeds.values(), *one.gradients.values()):
            yield from (tensor for tensor in several if tensor is not None)
        yield from one.contributions.values()
        yield from one.accumulated.values()
    for change in iteration.changes:
        yield from (change.before, change.after)
    for update in iteration.updates:
        yield update.before
        yield update.after
        if update.gradient is not None:
            yield update.gradient
        yield from (value for value in update.state.values() if isinstance(value, Tensor))
