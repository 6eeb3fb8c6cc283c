"""One iteration of a snapshot with its graph, indexed once: values, gradients, contributions, passes and steps."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gradwalk.contract.snapshot import BackwardPass, Graph, Iteration, Node, Step, Tensor
from gradwalk.iteration.indexed_graph import Flow, IndexedGraph
from gradwalk.iteration.recorded_numbers import norm
from gradwalk.operations.call import Array, Call, Operand, Recorded, Tensors, array_of, base_name, canonical

_NO_TENSORS: Mapping[str, Tensor] = {}


class Arrival(NamedTuple):
    """A contribution that comes back along an edge in a step. `number`: of its backward pass."""

    step: Step
    number: int
    flow: Flow
    tensor: Tensor


class IndexedIteration:
    """One iteration, with the graph that it has its numbers in.

    `tensors`: whole tensors by id, for those whose numbers are not stored inside the iteration. `shared`: what others
    make of it once, by its type.
    """

    def __init__(self, graph: IndexedGraph, body: Iteration, tensors: Tensors = _NO_TENSORS) -> None:
        self.graph = graph
        self.body = body
        self.index = body.index
        self.shared: dict[type, object] = {}
        self._tensors = tensors
        self._arrays: dict[int, tuple[Tensor, Array | None]] = {}

    @classmethod
    def of(cls, graph: Graph, body: Iteration, tensors: Tensors = _NO_TENSORS) -> "IndexedIteration":
        """Return an iteration with its graph, both indexed here."""
        return cls(IndexedGraph(graph), body, tensors)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The numbers that its operations have in the run, by node. A recording of version 0.1 has none."""
        counted = (first + i for first, count in self.body.operations for i in range(count))
        return dict(zip((node.id for node in self.graph.operations), counted, strict=False))

    @cached_property
    def passes(self) -> list[BackwardPass]:
        """The backward passes in which a gradient arrived somewhere."""
        return [each for each in self.body.backward if each.gradients]

    @cached_property
    def roots(self) -> list[Node]:
        """The nodes where those passes begin."""
        ids = [root.node for each in self.passes for root in each.roots]
        return [self.graph.nodes[i] for i in dict.fromkeys(ids)]

    @cached_property
    def before_roots(self) -> set[str]:
        """The nodes that the roots were computed from, and the roots."""
        return self.graph.before(root.id for root in self.roots)

    @cached_property
    def updated(self) -> set[str]:
        """The leaves that something was written into."""
        return {update.node for update in self.body.updates}

    @cached_property
    def arrivals(self) -> list[Arrival]:
        """Every contribution, in the order in which they come back."""
        found = []
        for step in self.body.steps:
            backward = self.backward(step.backward_pass)
            if backward is None or step.kind != "backward":
                continue
            for edge in step.edges:
                tensor = backward.contributions.get(edge)
                if tensor is not None:
                    found.append(Arrival(step, step.backward_pass or 0, self.graph.flows[edge], tensor))
        return found

    @cached_property
    def arrivals_at(self) -> dict[tuple[int, str], list[Arrival]]:
        """The contributions that add up, by pass and node, in the order in which they arrive."""
        found: dict[tuple[int, str], list[Arrival]] = {}
        for arrival in self.arrivals:
            found.setdefault((arrival.number, arrival.flow.source.id), []).append(arrival)
        return found

    @cached_property
    def pass_beginnings(self) -> list[tuple[int, Step]]:
        """The number of each backward pass with its first step."""
        first: dict[int, Step] = {}
        for step in self.body.steps:
            if step.kind == "backward" and step.backward_pass is not None:
                first.setdefault(step.backward_pass, step)
        return list(first.items())

    def value(self, node: str, output: int = 0) -> Tensor | None:
        """Return one output of a node."""
        values = self.body.values.get(node, ())
        return values[output] if 0 <= output < len(values) else None

    def input(self, flow: Flow) -> Tensor | None:
        """Return the value that went along an edge."""
        return self.value(flow.source.id, flow.edge.output)

    def array(self, tensor: Tensor | None) -> Array | None:
        """Return the numbers of a tensor of this iteration in its shape; null where they are missing."""
        if tensor is None:
            return None
        # it is read for each operation that it goes into; the tensor is kept so that its number stays its own
        known = self._arrays.get(id(tensor))
        if known is None:
            known = self._arrays[id(tensor)] = (tensor, array_of(tensor, self._tensors))
        return known[1]

    def call(self, node: Node) -> Call:
        """Return an operation with its numbers."""
        operands = Recorded(
            (canonical(flow.edge.argument), self.operand(flow.source, flow.edge.output, flow.edge.argument))
            for flow in self.graph.into.get(node.id, ())
        )
        outputs = [self.operand(node, output, "") for output in range(len(self.body.values.get(node.id, ())))]
        arguments = Recorded((canonical(name), value) for name, value in node.arguments.items())
        return Call(node, base_name(node.op or ""), operands, outputs, arguments)

    def operand(self, node: Node, output: int, argument: str = "") -> Operand:
        """Return one output of a node with its numbers, as far as they are there."""
        tensor = self.value(node.id, output)
        return Operand(node, output, argument, tensor, self.array(tensor))

    def backward(self, number: int | None) -> BackwardPass | None:
        """Return a backward pass; null where there is none of this number."""
        return self.body.backward[number] if number is not None and 0 <= number < len(self.body.backward) else None

    def gradients(self, node: str) -> Iterator[Tensor]:
        """Yield every gradient that arrived at a node, in the order of the passes."""
        for each in self.passes:
            yield from (gradient for gradient in each.gradients.get(node, ()) if gradient is not None)

    def largest_gradient(self, number: int) -> float:
        """Return the largest norm of what came back along one edge in a pass; 0 where no numbers are known."""
        return self._largest_gradients.get(number, 0.0)

    @cached_property
    def _largest_gradients(self) -> dict[int, float]:
        found: dict[int, float] = {}
        for arrival in self.arrivals:
            found[arrival.number] = max(found.get(arrival.number, 0.0), norm(arrival.tensor) or 0.0)
        return found

    def last_gradient(self, node: str) -> Tensor | None:
        """Return the gradient of the last pass that reached a node."""
        return next(reversed(list(self.gradients(node))), None)

    def gradient_in(self, number: int, node: str) -> Tensor | None:
        """Return the gradient that a pass gave to a node with one output."""
        backward = self.backward(number)
        gradients = [] if backward is None else backward.gradients.get(node, [])
        return gradients[0] if len(gradients) == 1 else None

    def steps(self, *kinds: str) -> Iterator[Step]:
        """Yield the steps of these kinds."""
        return (step for step in self.body.steps if step.kind in kinds)

    def step(self, index: int) -> Step | None:
        """Return the step of this number."""
        return self.body.steps[index] if 0 <= index < len(self.body.steps) else None
