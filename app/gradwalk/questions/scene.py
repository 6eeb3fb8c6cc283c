"""One iteration as the rules look at it: its graph indexed, its steps, the numbers that stand in it.

Only those are asked about: whatever is too large to stand in an iteration is too large to be computed by head.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Graph, Iteration, Node, Step, Tensor
from gradwalk.iteration.indexed_graph import Flow, IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import Array, Call, array_of, read_call


class Arrival(NamedTuple):
    """A contribution that comes back along an edge in a step."""

    step: Step
    number: int
    flow: Flow
    tensor: Tensor


class Scene:
    """`first`: whether it is the first iteration of its graph."""

    def __init__(self, graph: Graph, body: Iteration, first: bool = True) -> None:
        self.view = IndexedGraph(graph)
        self.body = body
        self.first = first
        self.moment = IndexedIteration(self.view, body)

    @cached_property
    def arrivals(self) -> list[Arrival]:
        """Every contribution, in the order in which they come back."""
        flows = {flow.edge.id: flow for into in self.view.into.values() for flow in into}
        found = []
        for step in self.body.steps:
            backward = self.backward(step.backward_pass)
            if backward is None or step.kind != "backward":
                continue
            for edge in step.edges:
                tensor, flow = backward.contributions.get(edge), flows.get(edge)
                if tensor is not None and flow is not None:
                    found.append(Arrival(step, step.backward_pass or 0, flow, tensor))
        return found

    @cached_property
    def begins(self) -> list[tuple[int, Step]]:
        """The number of each backward pass with its first step."""
        first: dict[int, Step] = {}
        for step in self.body.steps:
            if step.kind == "backward" and self.backward(step.backward_pass) is not None:
                first.setdefault(step.backward_pass or 0, step)
        return list(first.items())

    @cached_property
    def into(self) -> dict[tuple[int, str], list[Arrival]]:
        """The contributions that add up, by pass and node, in the order in which they arrive."""
        found: dict[tuple[int, str], list[Arrival]] = {}
        for arrival in self.arrivals:
            found.setdefault((arrival.number, arrival.flow.source.id), []).append(arrival)
        return found

    def backward(self, number: int | None) -> BackwardPass | None:
        """A backward pass; null where there is none of this number."""
        return self.body.backward[number] if number is not None and number < len(self.body.backward) else None

    def gradient(self, number: int, node: str) -> Tensor | None:
        """The gradient of a node with one output."""
        backward = self.backward(number)
        gradients = [] if backward is None else backward.gradients.get(node, [])
        return gradients[0] if len(gradients) == 1 else None

    def near(self, node: Node) -> Graph:
        """The graph around an operation: what goes into it, and itself."""
        flows = self.view.into.get(node.id, [])
        nodes = {flow.source.id: flow.source for flow in flows} | {node.id: node}
        edges = [flow.edge for flow in flows]
        return Graph(id=self.view.id, nodes=list(nodes.values()), edges=edges, groups=[])

    def call(self, node: Node) -> Call:
        """An operation with its numbers."""
        return read_call(self.near(node), self.body, node, {})

    def steps(self, *kinds: str) -> Iterator[Step]:
        """The steps of these kinds, at nodes that there are."""
        return (step for step in self.body.steps if step.kind in kinds and step.node in self.view.nodes)

    def step(self, index: int) -> Step | None:
        """The step of this number."""
        return self.body.steps[index] if 0 <= index < len(self.body.steps) else None


def array(tensor: Tensor | None) -> Array | None:
    """The numbers of a tensor that stand in the iteration, real ones."""
    found = array_of(tensor, {})
    return None if found is None or found.dtype.kind not in "fiub" else found


def places(tensor: Tensor | None) -> list[int]:
    """The flat positions that are asked about: the only one, or the first, one in the middle and the last."""
    size = 0 if tensor is None or tensor.data is None else len(tensor.data)
    return sorted({0, size // 2, size - 1}) if size else []


def position(shape: list[int], flat: int) -> tuple[int, ...] | None:
    """The position of a flat index; null where there is none."""
    size = int(np.prod(shape)) if shape else 1
    return tuple(int(i) for i in np.unravel_index(flat, shape)) if flat < size and shape else () if not shape else None
