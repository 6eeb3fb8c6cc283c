"""The rule that finds where NaN and infinity began: one for the stage, the training history and the findings.

An operation made them if none of its inputs held any. An infinity that the program writes on purpose, as into a mask
for a softmax, is no accident; neither is what is computed from it. A NaN always is one.

The rule reads flags, not tensors, because the recorder applies it to numbers that are not yet written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Node, NodeKind, Step, Tensor
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers
from gradwalk.operations.registry import writes_constants

NonFiniteKind = Literal["NaN", "∞", "−∞"]
Where = Literal["value", "gradient"]

ORDER: tuple[NonFiniteKind, ...] = ("NaN", "∞", "−∞")
NONE: frozenset[NonFiniteKind] = frozenset()

WRITTEN_THROUGH_VIEW: Final = "written_through_view"
"""The recorder's name for a tensor after a write through a view of it."""

N = TypeVar("N")


class Produced(NamedTuple, Generic[N]):
    """The kinds of non-finite numbers that went into one computation of a step, and those that came out of it.

    `results`: one for each output, or for each of `edges`, along which contributions leave the node. `deliberate`: an
    infinity here was written on purpose.
    """

    node: N
    step: int
    where: Where
    taken: frozenset[NonFiniteKind]
    results: tuple[frozenset[NonFiniteKind], ...]
    deliberate: bool = False
    edges: Sequence[str] = ()


class Origin(NamedTuple, Generic[N]):
    """The computation that made the first NaN or the first infinity, and in which of its outputs or edges it was."""

    node: N
    step: int
    where: Where
    what: NonFiniteKind
    output: int
    edge: str | None


def origins(computations: Iterable[Produced[N]]) -> Iterator[Origin[N]]:
    """Yield where the first NaN and the first infinite number were made, in the order of the steps."""
    found: set[bool] = set()
    for one in computations:
        for what in _made(one):
            if (what == "NaN") not in found:
                found.add(what == "NaN")
                result = next(i for i, kinds in enumerate(one.results) if what in kinds)
                output, edge = (0, one.edges[result]) if one.edges else (result, None)
                yield Origin(one.node, one.step, one.where, what, output, edge)
        if len(found) == 2:
            break


def _made(one: Produced[N]) -> list[NonFiniteKind]:
    came_out = frozenset[NonFiniteKind]().union(*one.results)
    infinity_is_new = not one.deliberate and one.taken.isdisjoint(("∞", "−∞"))
    return [
        what for what in ORDER if what in came_out and ("NaN" not in one.taken if what == "NaN" else infinity_is_new)
    ]


def is_deliberate(kind: NodeKind, op: str | None, arguments: Mapping[str, Any]) -> bool:
    """Return whether an infinity in the value of such a node was written by the program on purpose: it is in the data,
    or the operation writes numbers that it was given. A parameter learns: no infinity belongs there.

    The operation that wrote through a view is judged itself; the tensor that shows the write is not.
    """
    if kind != "operation":
        return kind != "parameter"
    return op == WRITTEN_THROUGH_VIEW or writes_constants(op or "", arguments)


def non_finite_kinds(tensor: Tensor | None) -> frozenset[NonFiniteKind]:
    """Return the kinds of non-finite numbers in a tensor. Of one that is known by its statistics alone, `∞` stands for
    both signs.
    """
    if tensor is None:
        return NONE
    if tensor.data is None:
        stats = tensor.stats
        return NONE if stats is None else kinds_of(nan=stats.nans > 0, plus=stats.infs > 0, minus=False)
    if tensor.dtype.startswith("complex"):
        parts = [part for pair in tensor.data if isinstance(pair, list) for part in pair]
        return kinds_of(nan="NaN" in parts, plus="Infinity" in parts, minus="-Infinity" in parts)
    array = numbers(tensor)
    if array is None or np.isfinite(array).all():
        return NONE
    return kinds_of(
        nan=bool(np.isnan(array).any()), plus=bool(np.isposinf(array).any()), minus=bool(np.isneginf(array).any())
    )


def kinds_of(*, nan: bool, plus: bool, minus: bool) -> frozenset[NonFiniteKind]:
    """Return the kinds that are there."""
    there = zip(ORDER, (nan, plus, minus), strict=True)
    return frozenset(kind for kind, is_there in there if is_there)


def computations(iteration: IndexedIteration) -> Iterator[Produced[Node]]:
    """Yield what every step of an iteration computed, in the order of the steps.

    A leaf that was created in an earlier iteration has no step of its own: it counts where it is first used.
    """
    seen: set[str] = set()
    for step in iteration.body.steps:
        node = iteration.graph.nodes[step.node]
        backward = iteration.backward(step.backward_pass)
        if step.kind in ("leaf", "operation"):
            flows = [iteration.graph.flows[edge] for edge in step.edges]
            for source in (flow.source for flow in flows):
                if source.kind != "operation" and source.id not in seen:
                    seen.add(source.id)
                    yield _value(iteration, source, step, ())
            seen.add(node.id)
            yield _value(iteration, node, step, flows)
        elif backward is not None:
            yield from _gradients(iteration, step, node, backward)


def _value(iteration: IndexedIteration, node: Node, step: Step, flows: Iterable[Flow]) -> Produced[Node]:
    results = tuple(map(non_finite_kinds, iteration.body.values.get(node.id, ())))
    # most results are finite: then it does not matter what went in
    taken = _all(map(iteration.input, flows)) if any(results) else NONE
    return Produced(node, step.index, "value", taken, results, is_deliberate(node.kind, node.op, node.arguments))


def _gradients(iteration: IndexedIteration, step: Step, node: Node, backward: BackwardPass) -> Iterator[Produced[Node]]:
    """Yield the sum of the contributions that came to a node, and then the contributions that leave it."""
    gradient = tuple(map(non_finite_kinds, backward.gradients.get(node.id, ())))
    if any(gradient):
        arrived = (backward.contributions.get(flow.edge.id) for flow in iteration.graph.out_of.get(node.id, ()))
        yield Produced(node, step.index, "gradient", _all(arrived), gradient)
    leaving = tuple(non_finite_kinds(backward.contributions.get(edge)) for edge in step.edges)
    if any(leaving):
        yield Produced(node, step.index, "gradient", NONE.union(*gradient), leaving, edges=step.edges)


def _all(tensors: Iterable[Tensor | None]) -> frozenset[NonFiniteKind]:
    return NONE.union(*map(non_finite_kinds, tensors))
