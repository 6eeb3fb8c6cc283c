"""A node's value as its operation's formula, and its gradient as the sum of what came back along its edges."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Edge, Graph, Iteration, Node, Tensor
from gradwalk.errors import ContributionNotFound, ElementOutOfRange
from gradwalk.explain import latex_numbers
from gradwalk.explain.addressing import element_of, node_of, pass_of
from gradwalk.explain.chain_rule import UNREADABLE
from gradwalk.explain.explanation import Accumulated, NodeExplanation, Part, Quantity, Stages
from gradwalk.explain.latex_formulas import fill, named, operand_read, quantity
from gradwalk.explain.symbols import element as element_symbol
from gradwalk.explain.symbols import slope, symbol
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.operations.call import Array, Call, NumbersMissing, Tensors, array_of, operand_of, read_call
from gradwalk.operations.entry import Formula, Read
from gradwalk.operations.registry import find
from gradwalk.operations.tolerance import agree

_LISTED: Final = 12
_ADDS: Final = "A gradient is the sum of what comes back along all edges that leave the node."
_ONLY: Final = "Only one edge leaves the node: its contribution is the whole gradient."
_BEGINS: Final = "The backward pass begins here: the loss changes as much as itself."


def explain_value(
    graph: Graph,
    iteration: Iteration,
    node_id: str,
    output: int = 0,
    element: Sequence[int] | None = None,
    tensors: Tensors | None = None,
) -> NodeExplanation:
    """Why one element of a node's value is what it is. Raises NodeNotFound, ElementOutOfRange."""
    node, whole = node_of(graph, node_id), tensors or {}
    result = operand_of(iteration, node, output, "", whole)
    if result.tensor is None:
        raise ElementOutOfRange(f"This node has no value number {output}: it gave {node.outputs}.")
    chosen = element_of(result.tensor, element, result.array)
    recorded = _number(result.array, chosen)
    call = read_call(graph, iteration, node, whole)
    entry = find(call) if node.kind == "operation" else None
    name = element_symbol(symbol(node, output), result.shape, chosen or ())
    put_in, reads, note = _put_in(call, entry, output, result.array, chosen)
    line = "" if recorded is None else f"= {latex_numbers.latex(recorded)}"
    return NodeExplanation(
        kind="hand-written" if entry or node.kind != "operation" else "unknown",
        node=node.id,
        op=node.op,
        element=None if chosen is None else list(chosen),
        shape=result.tensor.shape,
        formula=f"{symbol(node, output)} = {named(call, entry.forward, entry.defaults)}" if entry else name,
        meaning=_what_it_is(node),
        stages=Stages(symbols=name, local="", numbers=f"= {put_in}" if put_in else "", result=line),
        computed=None,
        recorded=None if recorded is None else as_real(recorded),
        agrees=None,
        note=note,
        source=entry.source if entry else "the program",
        output=output,
        backward_pass=None,
        parts=[],
        reads=reads,
        accumulated=None,
    )


def explain_gradient(
    graph: Graph,
    iteration: Iteration,
    node_id: str,
    backward_pass: int = 0,
    output: int = 0,
    element: Sequence[int] | None = None,
    tensors: Tensors | None = None,
) -> NodeExplanation:
    """Why one element of a node's gradient is what it is: contributions add up. Raises NodeNotFound, PassNotFound,
    ContributionNotFound, ElementOutOfRange.
    """
    node, backward, whole = node_of(graph, node_id), pass_of(iteration, backward_pass), tensors or {}
    gradients = backward.gradients.get(node.id, [])
    gradient = gradients[output] if 0 <= output < len(gradients) else None
    if gradient is None:
        raise ContributionNotFound("No gradient came back to this node in this pass: see the pass's gradients.")
    array = array_of(gradient, whole)
    chosen = element_of(gradient, element, array)
    recorded = _number(array, chosen)
    parts, complete = _parts(graph, backward, node, output, chosen, whole)
    total = float(sum(float(part.value) for part in parts)) if complete else None
    below = element_symbol(symbol(node, output), gradient.shape, chosen or ())
    scale = float(sum(abs(float(part.value)) for part in parts))
    agrees = None if total is None or recorded is None else agree(total, recorded, scale, gradient.dtype)
    value = recorded if total is None else total
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
        backward_pass=backward_pass,
        parts=parts[:_LISTED],
        reads=[],
        accumulated=_accumulated(backward, node, below, recorded, chosen, whole),
    )


def node_needed(graph: Graph, iteration: Iteration, node_id: str, backward_pass: int | None) -> list[Tensor]:
    """The tensors that an explanation of the node would need and whose numbers do not stand in the iteration."""
    node = node_of(graph, node_id)
    found: list[Tensor | None] = list(iteration.values.get(node.id, []))
    if backward_pass is None:
        for edge in graph.edges:
            if edge.target == node.id:
                found += iteration.values.get(edge.source, [])
    else:
        backward = pass_of(iteration, backward_pass)
        found = [*backward.gradients.get(node.id, []), *backward.seeds.get(node.id, [])]
        found += [backward.contributions.get(edge.id) for edge in graph.edges if edge.source == node.id]
        found.append(backward.accumulated.get(node.id))
    return list({tensor.id: tensor for tensor in found if tensor is not None and tensor.data is None}.values())


def _number(array: Array | None, chosen: tuple[int, ...] | None) -> float | None:
    return None if array is None or chosen is None else float(array[chosen])


def _what_it_is(node: Node) -> str:
    if node.kind == "operation":
        return "The formula of the operation, with the numbers that went in."
    kinds = {"parameter": "A parameter: it learns.", "buffer": "A buffer: the module keeps it."}
    return kinds.get(node.kind, "An input: the program gives it.")


def _put_in(
    call: Call, entry: Formula | None, output: int, array: Array | None, chosen: tuple[int, ...] | None
) -> tuple[str, list[Quantity], str | None]:
    """The formula with numbers in it, where it is one for each element."""
    if entry is None or entry.row is None or array is None or chosen is None:
        return "", [], None
    flat = int(np.ravel_multi_index(chosen, array.shape)) if chosen else 0
    try:
        found = entry.row(call, flat)
    except NumbersMissing as missing:
        return "", [], f"Only the formula is shown: {missing} are not in the snapshot."
    except UNREADABLE:
        return "", [], "Only the formula is shown: what was recorded does not fit the operation."

    def put(name: str) -> str:
        read = found.get(name)
        value = read.value if isinstance(read, Read) else read
        return rf"\text{{{name}}}" if value is None else latex_numbers.factor(value)

    reads = []
    for read in found.values():
        operand = operand_read(call, read) if isinstance(read, Read) and read.argument is not None else None
        if operand is not None and isinstance(read, Read):
            reads.append(quantity(operand, read.index, read.value))
    return fill(entry.forward, put), reads, None


def _parts(
    graph: Graph,
    backward: BackwardPass,
    node: Node,
    output: int,
    chosen: tuple[int, ...] | None,
    tensors: Tensors,
) -> tuple[list[Part], bool]:
    """What is added up, and whether all of it is known."""
    seeds = backward.seeds.get(node.id, [])
    found: list[tuple[str, Edge | None, Tensor]] = []
    if output < len(seeds) and (seed := seeds[output]) is not None:
        found.append((slope("L", "L"), None, seed))
    names = {n.id: symbol(n) for n in graph.nodes}
    for edge in graph.edges:
        contribution = backward.contributions.get(edge.id)
        if (edge.source, edge.output) == (node.id, output) and contribution is not None:
            found.append((names.get(edge.target, ""), edge, contribution))
    parts = []
    for label, way, tensor in found:
        array = array_of(tensor, tensors)
        try:
            value = _number(array, chosen)
        except IndexError:
            value = None
        if value is not None:
            parts.append(Part(label=label, edge=way.id if way else None, value=as_real(value)))
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
    backward: BackwardPass,
    node: Node,
    below: str,
    gradient: float | None,
    chosen: tuple[int, ...] | None,
    tensors: Tensors,
) -> Accumulated | None:
    """How the leaf's `.grad` grew: what it held before is what it holds after without this pass's gradient."""
    try:
        after = _number(array_of(backward.accumulated.get(node.id), tensors), chosen)
    except IndexError:
        return None
    if after is None or gradient is None:
        return None
    before = None if after == gradient else after - gradient
    grad = rf"{below}\text{{.grad}}"
    grown = "" if before is None else f"{latex_numbers.latex(before)} + {latex_numbers.factor(gradient)} = "
    return Accumulated(
        before=None if before is None else as_real(before),
        after=as_real(after),
        line=f"{grad} = {grown}{latex_numbers.latex(after)}",
    )
