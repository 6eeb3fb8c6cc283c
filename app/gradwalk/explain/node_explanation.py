"""Explanations of a node: its value by its operation's formula, and its gradient as the sum of contributions."""

from typing import Final

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Node, Tensor
from gradwalk.errors import ContributionNotFound, ElementOutOfRange
from gradwalk.explain import latex_numbers
from gradwalk.explain.addressing import Subject, element_of, node_of, pass_of
from gradwalk.explain.chain_rule import without_numbers
from gradwalk.explain.explanation import Accumulated, NodeExplanation, Part, Stages
from gradwalk.explain.latex_formulas import named
from gradwalk.explain.symbols import bare, slope, symbols_of
from gradwalk.explain.symbols import element as element_symbol
from gradwalk.explain.worked_value import WorkedValue, whole_of, work_out
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.iteration.stale_gradient import left_over
from gradwalk.operations.call import Array
from gradwalk.operations.registry import find
from gradwalk.operations.tolerance import agree

_LISTED: Final = 12
_ADDS: Final = "A gradient is the sum of what comes back along all edges that leave the node."
_ONLY: Final = "Only one edge leaves the node: its contribution is the whole gradient."
_CHANGED: Final = (
    "Only the formula is shown: the numbers that were recorded are not those that went in, for they were changed in "
    "place before or after."
)
_BEGINS: Final = "The backward pass begins here: the loss changes as much as itself."


def explain_value(iteration: IndexedIteration, subject: Subject) -> NodeExplanation:
    """Explain why one element of a node's value is what it is. Raises NodeNotFound, ElementOutOfRange."""
    node, output = node_of(iteration, subject.id), subject.output
    result = iteration.operand(node, output)
    if result.tensor is None:
        raise ElementOutOfRange(f"This node has no value number {output}: it gave {node.outputs}.")
    chosen = element_of(result.tensor, subject.element, result.array)
    recorded = _number(result.array, chosen)
    call = iteration.call(node)
    entry = find(call) if node.kind == "operation" else None
    symbols = symbols_of(iteration)
    base = symbols.result_of(node, output)
    name = element_symbol(base, result.shape, chosen or ())
    worked = work_out(symbols, call, entry, output, chosen)
    computed = worked.value
    agrees = None
    if computed is not None and recorded is not None:
        agrees = agree(computed, recorded, max(worked.scale, abs(computed)), result.tensor.dtype) or None
        if agrees is None:
            worked, computed = WorkedValue(note=_CHANGED), None
    shown = base
    if node.kind == "operation":
        shown = named(symbols, call, entry.forward_of(call), entry.defaults) if entry else symbols.call_of(node)
    line = "" if recorded is None else f"= {latex_numbers.latex(recorded)}"
    return NodeExplanation(
        kind="hand-written" if entry or node.kind != "operation" else "unknown",
        node=node.id,
        op=node.op,
        element=None if chosen is None else list(chosen),
        shape=result.tensor.shape,
        formula=_equation(base, shown),
        meaning=_what_it_is(node),
        stages=Stages(symbols=name, local=worked.symbols, numbers=worked.all_numbers, result=line),
        computed=None if computed is None else as_real(computed),
        recorded=None if recorded is None else as_real(recorded),
        agrees=agrees,
        note=worked.note,
        source=entry.source if entry else "the program",
        output=output,
        backward_pass=None,
        parts=[],
        reads=worked.reads,
        whole=whole_of(symbols, call, entry, None),
        accumulated=None,
    )


def explain_gradient(iteration: IndexedIteration, subject: Subject) -> NodeExplanation:
    """Explain why one element of a node's gradient is what it is: contributions add up. Raises NodeNotFound,
    PassNotFound, ContributionNotFound, ElementOutOfRange.
    """
    node, backward = node_of(iteration, subject.id), pass_of(iteration, subject.backward_pass)
    output, gradients = subject.output, backward.gradients.get(node.id, [])
    gradient = gradients[output] if 0 <= output < len(gradients) else None
    if gradient is None:
        raise ContributionNotFound("No gradient came back to this node in this pass: see the pass's gradients.")
    array = iteration.array(gradient)
    chosen = element_of(gradient, subject.element, array)
    recorded = _number(array, chosen)
    parts, complete = _parts(iteration, backward, node, output, chosen)
    total = float(sum(float(part.value) for part in parts)) if complete else None
    below = element_symbol(symbols_of(iteration).of(node, output), gradient.shape, chosen or ())
    scale = float(sum(abs(float(part.value)) for part in parts))
    agrees = None if total is None or recorded is None else agree(total, recorded, scale, gradient.dtype)
    value = recorded if total is None else total
    held = backward.accumulated.get(node.id)
    return NodeExplanation(
        kind="hand-written",
        node=node.id,
        op=node.op,
        element=None if chosen is None else list(chosen),
        shape=gradient.shape,
        formula=rf"{slope('L', below)} = \sum",
        meaning=_BEGINS if parts and all(p.edge is None for p in parts) else _ONLY if len(parts) == 1 else _ADDS,
        stages=_sum_of(slope("L", below), parts, value),
        computed=None if total is None else as_real(total),
        recorded=None if recorded is None else as_real(recorded),
        agrees=agrees,
        note=None
        if agrees is not False
        else "PyTorch recorded another sum: the program may change gradients with hooks.",
        source="Goodfellow, Bengio, Courville, Deep Learning, 6.5.2: the multivariate chain rule",
        output=output,
        backward_pass=subject.backward_pass,
        parts=parts[:_LISTED],
        reads=[],
        whole="",
        accumulated=None if held is None else _accumulated(held, iteration.array(held), below, recorded, chosen),
    )


def node_needed(iteration: IndexedIteration, node_id: str, backward_pass: int | None) -> list[Tensor]:
    """Return the tensors that an explanation needs and whose numbers are not stored inside the iteration."""
    node = node_of(iteration, node_id)
    found: list[Tensor | None] = list(iteration.body.values.get(node.id, []))
    if backward_pass is None:
        found += map(iteration.input, iteration.graph.into.get(node.id, ()))
    else:
        backward = pass_of(iteration, backward_pass)
        found = [*backward.gradients.get(node.id, []), *backward.seeds.get(node.id, [])]
        found += [backward.contributions.get(flow.edge.id) for flow in iteration.graph.out_of.get(node.id, ())]
        found.append(backward.accumulated.get(node.id))
    return without_numbers(found)


def _equation(result: str, formula: str) -> str:
    return bare(result) if formula in (result, bare(result)) else f"{bare(result)} = {formula}"


def _number(array: Array | None, chosen: tuple[int, ...] | None) -> float | None:
    """Return one element; null where it is not known, or where a tensor of this shape has none."""
    if array is None or chosen is None or len(chosen) != array.ndim:
        return None
    inside = all(i < size for i, size in zip(chosen, array.shape, strict=True))
    return float(array[chosen]) if inside else None


def _what_it_is(node: Node) -> str:
    if node.kind == "operation":
        return "The formula of the operation, with the numbers that went in."
    kinds = {"parameter": "A parameter: it learns.", "buffer": "A buffer: the module keeps it."}
    return kinds.get(node.kind, "An input: the program gives it.")


def _parts(
    iteration: IndexedIteration, backward: BackwardPass, node: Node, output: int, chosen: tuple[int, ...] | None
) -> tuple[list[Part], bool]:
    """Return the summands of a gradient, and whether all of them are known."""
    seeds = backward.seeds.get(node.id, [])
    symbols = symbols_of(iteration)
    found: list[tuple[str, str | None, Tensor]] = []
    if output < len(seeds) and (seed := seeds[output]) is not None:
        found.append((slope("L", "L"), None, seed))
    for flow in iteration.graph.out_of.get(node.id, ()):
        contribution = backward.contributions.get(flow.edge.id)
        if flow.edge.output == output and contribution is not None:
            found.append((symbols.of(flow.target), flow.edge.id, contribution))
    parts = []
    for label, edge, tensor in found:
        value = _number(iteration.array(tensor), chosen)
        if value is not None:
            parts.append(Part(label=label, edge=edge, value=as_real(value)))
    return parts, bool(found) and len(parts) == len(found)


def _sum_of(asked: str, parts: list[Part], value: float | None) -> Stages:
    ways = [
        part.label if part.edge is None else rf"\left. {asked} \right|_{{{part.label}}}" for part in parts[:_LISTED]
    ]
    summed = [
        latex_numbers.factor(float(p.value)) if i else latex_numbers.latex(float(p.value))
        for i, p in enumerate(parts[:_LISTED])
    ]
    more = r" + \dots" if len(parts) > _LISTED else ""
    return Stages(
        symbols=f"{asked} = {' + '.join(ways)}{more}" if ways else asked,
        local="",
        numbers=f"= {' + '.join(summed)}{more}" if summed else "",
        result="" if value is None else f"= {latex_numbers.latex(value)}",
    )


def _accumulated(
    held: Tensor, array: Array | None, below: str, gradient: float | None, chosen: tuple[int, ...] | None
) -> Accumulated | None:
    """Return how the leaf's `.grad` grew: what it held before is what it holds after without this pass's gradient."""
    after = _number(array, chosen)
    if after is None or gradient is None:
        return None
    left = float(left_over(np.array(gradient), np.array(after), held.dtype))
    before = None if left == 0 else left
    grad = rf"{below}\text{{.grad}}"
    grown = "" if before is None else f"{latex_numbers.latex(before)} + {latex_numbers.factor(gradient)} = "
    return Accumulated(
        before=None if before is None else as_real(before),
        after=as_real(after),
        line=f"{grad} = {grown}{latex_numbers.latex(after)}",
    )
