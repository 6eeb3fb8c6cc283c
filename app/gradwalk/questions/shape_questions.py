"""Questions about the shape of a result, and of a gradient."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gradwalk.iteration.indexed_iteration import Arrival, IndexedIteration
from gradwalk.operations.call import Call
from gradwalk.operations.entry import Kind
from gradwalk.operations.registry import operation_of
from gradwalk.operations.result_shapes import broadcast, reason
from gradwalk.questions.question import Choice
from gradwalk.questions.question_rule import Asked, Rule, Spot
from gradwalk.questions.question_words import has_shape, listed, operation, shape

_BACK: Final[Mapping[Kind, str]] = {
    "elementwise": "Broadcasting used its numbers several times, and the chain rule adds up what comes back from each "
    "use.",
    "reduction": "Every number of it went into the reduction, so every one gets a gradient of its own.",
    "product": "The chain rule multiplies what arrived with the other factor, turned so that the shapes fit.",
    "writes_constants": "Its numbers were only copied: each gets back what arrived at its copies, and 0 where it has "
    "none.",
    "structural": "Its numbers were only copied to other places: each gets back what arrived at its copies, and 0 "
    "where it has none.",
    "other": "Each number of it gets a gradient of its own, which is 0 where it changes nothing.",
}
_ADDED: Final = "The bias is added again and again, and the chain rule adds up what comes back from each place."
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
            found = operation_of(node.op)
            asked = found is not None and (found.shape is not None or found.kind == "elementwise")
            if asked and node.outputs == 1 and not node.failed:
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
        why = _reason(iteration.call(node))
        if why is None:
            return None
        names = iteration.graph.names
        given = [f"{names[flow.source.id]} ({shape(t.shape)})" for flow, t in zip(into, inputs, strict=False)]
        choices = _choices(value.shape, [*shapes, value.shape[::-1], *_outer(shapes), [], [1, *value.shape]])
        return Asked(
            text=f"Next comes {operation(iteration.graph, node)}, from {listed(given)}. Which shape will the result "
            "have?",
            form="one",
            expected=(_value(value.shape),),
            choices=choices,
            why=f"{why} So the result {has_shape(value.shape)}.",
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
        name = iteration.graph.names[source.id]
        others = [t.shape for flow in iteration.graph.into[target.id] if (t := iteration.input(flow)) is not None]
        choices = _choices(right, [upstream.shape, right[::-1], *others, [], [*right, 1]])
        return Asked(
            text=f"The gradient that has arrived at {operation(iteration.graph, target)} {has_shape(upstream.shape)}. "
            f"Which shape will the gradient that goes back to {name} have?",
            form="one",
            expected=(_value(right),),
            choices=choices,
            why=f"A gradient has one number for each number of the value: {name} {has_shape(right)}, so its "
            f"gradient has it too. {_back(arrival)}",
            about=("gradient-shape", arrival.number, source.id),
            node=source.id,
            shown=source.id,
            edge=arrival.flow.edge.id,
            backward_pass=arrival.number,
        )


def _back(arrival: Arrival) -> str:
    """Return why what goes back through an operation has another shape than what arrived, by the kind of operation."""
    found = operation_of(arrival.flow.target.op)
    if found is not None and found.kind == "product" and "bias" in arrival.flow.edge.argument:
        return _ADDED
    return _BACK["other" if found is None else found.kind]


def _reason(call: Call) -> str | None:
    found = operation_of(call.op)
    if found is None or call.is_custom:
        return None
    why = found.shape or (broadcast if found.kind == "elementwise" else None)
    return None if why is None else reason(why, call)


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
