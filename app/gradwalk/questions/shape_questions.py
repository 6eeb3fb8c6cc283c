"""Questions about the shape of a result, and of a gradient."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.questions.question import Choice
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import called, has_shape, listed, operation, shape

_PRODUCTS: Final = ("matmul", "linear", "mm", "bmm", "mv", "dot", "addmm", "outer")
_RESHAPING: Final = (
    "sum", "mean", "cat", "stack", "transpose", "t", "T", "permute", "flatten", "unsqueeze", "squeeze", "reshape",
    "view", "add", "mul", "sub", "conv2d", "max_pool2d", "embedding",
)  # fmt: skip
_LARGEST: Final = 4
"""The largest number of dimensions that is asked about."""


class ValueShape(Rule):
    """Asked before a product of matrices, a reduction or a broadcast: which shape it gives."""

    code = "value-shape"
    title = "The shape of a result"
    once = True
    most = 3

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        for step in iteration.steps("operation"):
            node = iteration.graph.nodes[step.node]
            if _base(node) in (*_PRODUCTS, *_RESHAPING) and node.outputs == 1 and not node.failed:
                yield Spot(step.index, node.id)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        node = iteration.graph.nodes.get(spot.key)
        value = iteration.value(spot.key)
        into = iteration.graph.into.get(spot.key, [])
        inputs = [tensor for flow in into if (tensor := iteration.input(flow)) is not None]
        if node is None or value is None or not inputs or max(len(t.shape) for t in (*inputs, value)) > _LARGEST:
            return None
        shapes = [tensor.shape for tensor in inputs]
        # the question is trivial where all tensors have one shape
        if all(sizes == value.shape for sizes in shapes) or all(len(sizes) == 0 for sizes in shapes):
            return None
        given = [f"{called(flow.source)} ({shape(t.shape)})" for flow, t in zip(into, inputs, strict=False)]
        choices = _choices(value.shape, [*shapes, value.shape[::-1], *_outer(shapes), [], [1, *value.shape]])
        return Asked(
            text=f"Next comes {operation(node)}, from {listed(given)}. Which shape will the result have?",
            form="one",
            expected=(_value(value.shape),),
            choices=choices,
            why=f"{_reason(node, shapes, value.shape)} So the result {has_shape(value.shape)}.",
            about=("shape", node.id),
            node=node.id,
            shown=node.id,
        )


class GradientShape(Rule):
    """Asked before a contribution goes back through a product of matrices or a broadcast: which shape it has."""

    code = "gradient-shape"
    title = "The shape of a gradient"
    once = True

    def spots(self, iteration: IndexedIteration) -> Iterator[Spot]:
        for arrival in iteration.arrivals:
            upstream = iteration.gradient_in(arrival.number, arrival.flow.target.id)
            if arrival.tensor.shape and upstream is not None and upstream.shape != arrival.tensor.shape:
                yield Spot(arrival.step.index, arrival.flow.edge.id)

    def ask(self, iteration: IndexedIteration, spot: Spot) -> Asked | None:
        arrival = next((a for a in iteration.arrivals if (a.step.index, a.flow.edge.id) == (spot.step, spot.key)), None)
        if arrival is None:
            return None
        right = arrival.tensor.shape
        source, target = arrival.flow.source, arrival.flow.target
        value, upstream = iteration.input(arrival.flow), iteration.gradient_in(arrival.number, target.id)
        if value is None or upstream is None or value.shape != right or len(right) > _LARGEST:
            return None
        others = [t.shape for flow in iteration.graph.into[target.id] if (t := iteration.input(flow)) is not None]
        choices = _choices(right, [upstream.shape, right[::-1], *others, [], [*right, 1]])
        return Asked(
            text=f"The gradient that has arrived at {operation(target)} {has_shape(upstream.shape)}. Which shape will "
            f"the gradient that goes back to {called(source)} have?",
            form="one",
            expected=(_value(right),),
            choices=choices,
            why=f"A gradient has one number for each number of the value: {called(source)} {has_shape(right)}, so its "
            f"gradient has it too. {_back(arrival, upstream.shape)}",
            about=("gradient-shape", arrival.number, source.id),
            node=source.id,
            shown=source.id,
            edge=arrival.flow.edge.id,
            backward_pass=arrival.number,
        )


def _back(arrival: Arrival, upstream: Sequence[int]) -> str:
    target = arrival.flow.target
    if _base(target) in _PRODUCTS and "bias" not in arrival.flow.edge.argument:
        return "The chain rule multiplies what arrived with the other factor, turned so that the shapes fit."
    if len(arrival.tensor.shape) < len(upstream) or _base(target) in ("add", "sub", "mul", "linear", "addmm"):
        return "It was used in several places by broadcasting, and the chain rule adds up what comes back from each."
    return "Each number of it changes the result, so each gets a gradient, upstream times local."


def _reason(node: Node, shapes: Sequence[Sequence[int]], result: Sequence[int]) -> str:
    op = _base(node)
    if op == "linear":
        return "linear turns the last dimension into as many numbers as the weight has rows."
    if op in _PRODUCTS:
        return "Rows times columns: the inner sizes meet and vanish, the outer ones stay."
    if op in ("sum", "mean"):
        return f"{op} puts the numbers of a dimension, or all of them, together in one."
    if op in ("add", "sub", "mul"):
        return "Broadcasting: the smaller tensor is used again and again along the sizes that it lacks, or has as 1."
    return f"{op} arranges the numbers of {shape(shapes[0])} anew."


def _outer(shapes: Sequence[Sequence[int]]) -> Iterable[Sequence[int]]:
    """Return the shape that results when the first and the last sizes are put together."""
    if len(shapes) > 1 and shapes[0] and shapes[1]:
        yield [shapes[0][0], shapes[1][-1]]
        yield [shapes[0][-1], shapes[1][0]]


def _choices(right: Sequence[int], wrong: Iterable[Sequence[int]]) -> list[Choice]:
    """Return at most four choices, in an order that does not give the answer away."""
    found = list(dict.fromkeys([tuple(right), *map(tuple, wrong)]))[:4]
    found.sort(key=lambda sizes: (len(sizes), sizes))
    return [Choice(value=_value(sizes), text=_said(sizes), node=None) for sizes in found]


def _said(sizes: Sequence[int]) -> str:
    return f"{shape(sizes)}, a vector" if len(sizes) == 1 else shape(sizes)


def _value(sizes: Sequence[int]) -> str:
    return ",".join(map(str, sizes)) or "scalar"


def _base(node: Node) -> str:
    return (node.op or "").strip("_")
