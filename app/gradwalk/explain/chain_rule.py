"""The chain rule at one edge, in four stages: symbols, local derivatives, numbers put in, result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Tensor
from gradwalk.explain import declared_derivatives
from gradwalk.explain.addressing import Subject, contribution_of, element_of, flow_of, pass_of
from gradwalk.explain.explanation import Explanation
from gradwalk.explain.stages import Column, FormulaSymbols, Reading, written
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.operations.call import DOES_NOT_FIT, Array, Call, NumbersMissing, canonical
from gradwalk.operations.entry import Formula, Local
from gradwalk.operations.registry import find


def explain(iteration: IndexedIteration, subject: Subject) -> Explanation:
    """Explain why one element of the contribution along an edge is what it is.

    Raises EdgeNotFound, PassNotFound, ContributionNotFound, ElementOutOfRange.
    """
    edge = edge_element(iteration, subject)
    readings = [_read(edge, argument) for argument in _arguments(iteration, edge.backward, edge.names.flow)]
    dtype = edge.names.contribution.dtype
    fitting = (reading for reading in readings if reading.column.agrees_with(edge.recorded, dtype))
    return written(edge.names, next(fitting, readings[0]), edge.recorded, subject.backward_pass)


@dataclass(frozen=True)
class EdgeElement:
    """One element of the contribution along an edge. `flat`: its index, null where nothing tells which; `recorded`: its
    number as PyTorch computed it; `upstreams`: the gradients that arrived.
    """

    names: FormulaSymbols
    backward: BackwardPass
    flat: int | None
    recorded: float | None
    upstreams: list[Array | None] | None


def edge_element(iteration: IndexedIteration, subject: Subject) -> EdgeElement:
    """Look up the element of a contribution. Raises as `explain` does."""
    flow = flow_of(iteration, subject.id)
    backward = pass_of(iteration, subject.backward_pass)
    contribution = contribution_of(backward, subject.id)
    array, call = iteration.array(contribution), iteration.call(flow.target)
    source = call.operands.get(canonical(flow.edge.argument))
    chosen = element_of(contribution, subject.element, array, source.array if source else None)
    flat = _flat(contribution.shape, chosen)
    recorded = None if array is None or flat is None else float(array.reshape(-1)[flat])
    names = FormulaSymbols(iteration, backward, call, flow, chosen)
    return EdgeElement(names, backward, flat, recorded, _upstreams(iteration, call, backward))


def _read(edge: EdgeElement, argument: str) -> Reading:
    call, name = edge.names.call, canonical(argument)
    entry = find(call)
    if entry is not None and entry.rule(name) is None:
        entry = None
    return Reading(argument, entry, _column(edge, entry, name))


def _arguments(iteration: IndexedIteration, backward: BackwardPass, flow: Flow) -> list[str]:
    """Return the edge's own argument, and those that the same tensor was given for, too.

    Of an operation that autograd has as several nodes it does not tell which of these a contribution is for. A leaf
    of which autograd alone knew stands for the argument with its name.
    """
    edge, beside = flow.edge, iteration.graph.into[flow.target.id]
    same = (edge.source, edge.output)
    twins = [
        other.edge.argument
        for other in beside
        if (other.edge.source, other.edge.output) == same and other.edge.id in backward.contributions
    ]
    if not edge.argument and flow.source.name:
        twins += [other.edge.argument for other in beside if other.source.name == flow.source.name]
    return list(dict.fromkeys([edge.argument, *twins]))


def needed(iteration: IndexedIteration, edge_id: str, backward_pass: int = 0) -> list[Tensor]:
    """Return the tensors that `explain` needs and whose numbers are not stored inside the iteration."""
    flow = flow_of(iteration, edge_id)
    backward = pass_of(iteration, backward_pass)
    found: list[Tensor | None] = [contribution_of(backward, edge_id), *backward.gradients.get(flow.target.id, [])]
    found += iteration.body.values.get(flow.target.id, [])
    found += map(iteration.input, iteration.graph.into[flow.target.id])
    return without_numbers(found)


def without_numbers(tensors: Iterable[Tensor | None]) -> list[Tensor]:
    """Return each tensor once whose numbers are not stored inside the iteration."""
    return list({tensor.id: tensor for tensor in tensors if tensor is not None and tensor.data is None}.values())


def _flat(shape: Sequence[int], chosen: tuple[int, ...] | None) -> int | None:
    if chosen is None:
        return None
    return int(np.ravel_multi_index(chosen, tuple(shape))) if chosen else 0


def _upstreams(iteration: IndexedIteration, call: Call, backward: BackwardPass) -> list[Array | None] | None:
    """Return the gradient of each output, null where none arrived; null for all where numbers are missing."""
    arrays: list[Array | None] = []
    for gradient in backward.gradients.get(call.node.id, []):
        array = iteration.array(gradient)
        if gradient is not None and array is None:
            return None
        arrays.append(array)
    return arrays if any(array is not None for array in arrays) else None


def _column(edge: EdgeElement, entry: Formula | None, argument: str) -> Column:
    call = edge.names.call
    if entry is None:
        return Column([], declared_derivatives.no_numbers(declared_derivatives.find(call, argument), call))
    if edge.flat is None or edge.upstreams is None:
        return Column(
            [], "Only the formula is shown: the numbers are too many to stand in the iteration, or were not recorded."
        )
    try:
        with np.errstate(all="ignore"):
            return Column(list(paired(entry.column(call, argument, edge.flat), edge.upstreams)), None)
    except NumbersMissing as missing:
        return Column([], f"Only the formula is shown: {missing} are not in the snapshot.")
    except DOES_NOT_FIT:
        guessed = _inferred(edge, entry)
        return guessed or Column([], "Only the formula is shown: what was recorded does not fit the operation.")


def _inferred(edge: EdgeElement, entry: Formula) -> Column | None:
    """Return the column that the gradients tell: of a number of 0 only they say whether a dropout kept it."""
    upstream = edge.upstreams[0] if edge.upstreams else None
    if entry.inferred is None or upstream is None or edge.flat is None or edge.recorded is None:
        return None
    arrived = float(upstream.reshape(-1)[edge.flat]) if edge.flat < upstream.size else 0.0
    if not arrived or not np.isfinite(arrived):
        return None
    return Column(
        list(paired(entry.inferred(edge.names.call, edge.flat, edge.recorded / arrived), edge.upstreams or [])), None
    )


def paired(column: Iterable[Local], upstreams: list[Array | None]) -> Iterable[tuple[Local, float]]:
    """Yield each local derivative with the gradient that arrived there, if one did."""
    for local in column:
        gradient = upstreams[local.output] if local.output < len(upstreams) else None
        if gradient is not None:
            yield local, float(gradient.reshape(-1)[local.index])
