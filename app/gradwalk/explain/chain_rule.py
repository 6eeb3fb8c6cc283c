"""The chain rule at one edge, in four stages: symbols, local derivatives, numbers put in, result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Edge, Graph, Iteration, Tensor
from gradwalk.explain import declared_derivatives
from gradwalk.explain.addressing import contribution_of, edge_of, element_of, node_of, pass_of
from gradwalk.explain.explanation import Explanation
from gradwalk.explain.stages import Column, FormulaSymbols, Reading, written
from gradwalk.operations.call import Array, Call, NumbersMissing, Tensors, array_of, canonical, read_call
from gradwalk.operations.entry import Formula, Local
from gradwalk.operations.registry import find

UNREADABLE = (ValueError, IndexError, TypeError, KeyError, OverflowError, ArithmeticError, AttributeError)
"""What numpy and Python raise when a recording does not hold what its operation needs: a program can forge one."""


def explain(
    graph: Graph,
    iteration: Iteration,
    edge_id: str,
    backward_pass: int = 0,
    element: Sequence[int] | None = None,
    tensors: Tensors | None = None,
) -> Explanation:
    """Why one element of the contribution along an edge is what it is. By default the one of the largest magnitude.

    `tensors`: whole tensors, for those whose numbers do not stand in the iteration. Raises EdgeNotFound, PassNotFound,
    ContributionNotFound, ElementOutOfRange.
    """
    asked = ask(graph, iteration, edge_id, backward_pass, element, tensors)
    ways = _arguments(graph, asked.backward, asked.names.edge)
    readings = [_read(asked, argument) for argument in ways]
    dtype = asked.names.contribution.dtype
    fitting = (reading for reading in readings if reading.column.agrees_with(asked.recorded, dtype))
    return written(asked.names, next(fitting, readings[0]), asked.recorded, backward_pass)


@dataclass(frozen=True)
class Asked:
    """One element of the contribution along an edge. `flat`: its index, null where nothing tells which; `recorded`:
    what PyTorch computed for it; `upstreams`: the gradients that arrived.
    """

    names: FormulaSymbols
    backward: BackwardPass
    flat: int | None
    recorded: float | None
    upstreams: list[Array | None] | None


def ask(
    graph: Graph,
    iteration: Iteration,
    edge_id: str,
    backward_pass: int,
    element: Sequence[int] | None,
    tensors: Tensors | None,
) -> Asked:
    """Looks up what is asked for. Arguments and errors: as of `explain`."""
    edge = edge_of(graph, edge_id)
    backward = pass_of(iteration, backward_pass)
    contribution = contribution_of(backward, edge)
    whole = tensors or {}
    array = array_of(contribution, whole)
    call = read_call(graph, iteration, node_of(graph, edge.target), whole)
    source = call.operands.get(canonical(edge.argument))
    chosen = element_of(contribution, element, array, source.array if source else None)
    flat = _flat(contribution.shape, chosen)
    recorded = None if array is None or flat is None else float(array.reshape(-1)[flat])
    names = FormulaSymbols(graph, backward, call, edge, contribution, chosen)
    return Asked(names, backward, flat, recorded, _upstreams(call, backward, whole))


def _read(asked: Asked, argument: str) -> Reading:
    call, name = asked.names.call, canonical(argument)
    entry = find(call)
    if entry is not None and entry.rule(name) is None:
        entry = None
    return Reading(argument, entry, _column(call, entry, name, asked.flat, asked.upstreams))


def _arguments(graph: Graph, backward: BackwardPass, edge: Edge) -> list[str]:
    """The edge's own argument, and those that the same tensor was given for too: of an operation that autograd has as
    several nodes it does not tell which of these a contribution is for. A leaf of which autograd alone knew stands for
    the argument with its name.
    """
    same = (edge.source, edge.output, edge.target)
    twins = [
        e.argument for e in graph.edges if (e.source, e.output, e.target) == same and e.id in backward.contributions
    ]
    if not edge.argument:
        names = {node.id: node.name for node in graph.nodes}
        mine = names.get(edge.source)
        twins += [e.argument for e in graph.edges if mine and e.target == edge.target and names.get(e.source) == mine]
    return list(dict.fromkeys([edge.argument, *twins]))


def needed(graph: Graph, iteration: Iteration, edge_id: str, backward_pass: int = 0) -> list[Tensor]:
    """The tensors that `explain` would need and whose numbers do not stand in the iteration."""
    edge = edge_of(graph, edge_id)
    backward = pass_of(iteration, backward_pass)
    found: list[Tensor | None] = [contribution_of(backward, edge), *backward.gradients.get(edge.target, [])]
    found += iteration.values.get(edge.target, [])
    for other in graph.edges:
        if other.target == edge.target:
            found += iteration.values.get(other.source, [])[other.output : other.output + 1]
    return list({tensor.id: tensor for tensor in found if tensor is not None and tensor.data is None}.values())


def _flat(shape: Sequence[int], chosen: tuple[int, ...] | None) -> int | None:
    if chosen is None:
        return None
    return int(np.ravel_multi_index(chosen, tuple(shape))) if chosen else 0


def _upstreams(call: Call, backward: BackwardPass, tensors: Tensors) -> list[Array | None] | None:
    """The gradient of each output: null where none arrived. Null for all where numbers are missing."""
    gradients = backward.gradients.get(call.node.id, [])
    arrays: list[Array | None] = []
    for gradient in gradients:
        array = array_of(gradient, tensors)
        if gradient is not None and array is None:
            return None
        arrays.append(array)
    return arrays if any(array is not None for array in arrays) else None


def _column(
    call: Call, entry: Formula | None, argument: str, flat: int | None, upstreams: list[Array | None] | None
) -> Column:
    if entry is None:
        return Column([], declared_derivatives.no_numbers(declared_derivatives.find(call, argument), call))
    if flat is None or upstreams is None:
        return Column(
            [], "Only the formula is shown: the numbers are too many to stand in the iteration, or were not recorded."
        )
    try:
        with np.errstate(all="ignore"):
            return Column(list(paired(entry.column(call, argument, flat), upstreams)), None)
    except NumbersMissing as missing:
        return Column([], f"Only the formula is shown: {missing} are not in the snapshot.")
    except UNREADABLE:
        return Column([], "Only the formula is shown: what was recorded does not fit the operation.")


def paired(column: Iterable[Local], upstreams: list[Array | None]) -> Iterable[tuple[Local, float]]:
    """Each local derivative with the gradient that arrived there, if one did."""
    for local in column:
        gradient = upstreams[local.output] if local.output < len(upstreams) else None
        if gradient is not None:
            yield local, float(gradient.reshape(-1)[local.index])
