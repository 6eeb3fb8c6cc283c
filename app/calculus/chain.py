"""The chain rule at one edge, in four stages: symbols, local derivatives, numbers put in, result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.calculus import declared, numbers
from app.calculus.asked import contribution_of, edge_of, element_of, node_of, pass_of
from app.calculus.call import Array, Call, NumbersMissing, Tensors, array_of, canonical, read_call
from app.calculus.entry import Entry, Local
from app.calculus.explanation import Explanation, Quantity, Rest, Stages, Term
from app.calculus.registry import find
from app.calculus.symbols import element as element_symbol
from app.calculus.symbols import slope, symbol
from app.calculus.tolerance import agree
from app.calculus.writing import as_factor, index_of, named, written_local
from app.snapshot import BackwardPass, Edge, Graph, Iteration, Tensor

MOST_TERMS: Final = 12
"""Terms that an explanation lists; all are added up."""
_WRITTEN: Final = 3
"""Terms that a line of a formula holds."""

UNREADABLE = (ValueError, IndexError, TypeError, KeyError, OverflowError, ArithmeticError, AttributeError)
"""What numpy and Python raise when a recording does not hold what its operation needs: a program can forge one."""


@dataclass(frozen=True)
class _Column:
    """The numbers behind an explanation: locals with their upstream gradients, or why there are none."""

    pairs: list[tuple[Local, float]]
    note: str | None

    @property
    def total(self) -> float | None:
        """What all terms add up to."""
        return None if self.note else float(sum(local.value * upstream for local, upstream in self.pairs))

    def agrees_with(self, recorded: float | None, dtype: str) -> bool | None:
        """Whether that is what was recorded, as far as the dtype can tell; null where one of them is not known."""
        total = self.total
        return None if total is None or recorded is None else agree(total, recorded, self.scale, dtype)

    @property
    def scale(self) -> float:
        """The magnitude of what is added up; a local derivative is as exact as numbers around 1 are."""
        return float(sum(abs(upstream) * (abs(local.value) + 1) for local, upstream in self.pairs))


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
    edge = edge_of(graph, edge_id)
    backward = pass_of(iteration, backward_pass)
    contribution = contribution_of(backward, edge)
    whole = tensors or {}
    recorded = array_of(contribution, whole)
    call = read_call(graph, iteration, node_of(graph, edge.target), whole)
    source = call.operands.get(canonical(edge.argument))
    chosen = element_of(contribution, element, recorded, source.array if source else None)
    flat = _flat(contribution.shape, chosen)
    value = None if recorded is None or flat is None else float(recorded.reshape(-1)[flat])
    upstreams = _upstreams(call, backward, whole)
    readings = [_read(call, argument, flat, upstreams) for argument in _arguments(graph, backward, edge)]
    fitting = (r for r in readings if r.column.agrees_with(value, contribution.dtype))
    names = _Names(graph, backward, call, edge, contribution, chosen)
    return _written(names, next(fitting, readings[0]), value, backward_pass)


@dataclass(frozen=True)
class _Reading:
    """What a contribution is as that of one argument. `argument`: as it was recorded."""

    argument: str
    entry: Entry | None
    column: _Column


def _read(call: Call, argument: str, flat: int | None, upstreams: list[Array | None] | None) -> _Reading:
    entry, name = find(call), canonical(argument)
    if entry is not None and entry.rule(name) is None:
        entry = None
    return _Reading(argument, entry, _column(call, entry, name, flat, upstreams))


def _arguments(graph: Graph, backward: BackwardPass, edge: Edge) -> list[str]:
    """The edge's own argument, and those that the same tensor was given for too: of an operation that autograd has as
    several nodes it does not tell which of these a contribution is for.
    """
    same = (edge.source, edge.output, edge.target)
    twins = [
        e.argument for e in graph.edges if (e.source, e.output, e.target) == same and e.id in backward.contributions
    ]
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
    call: Call, entry: Entry | None, argument: str, flat: int | None, upstreams: list[Array | None] | None
) -> _Column:
    if entry is None:
        return _Column([], "The local derivative is not computed by hand here: PyTorch's own formula is shown.")
    if flat is None or upstreams is None:
        return _Column(
            [], "Only the formula is shown: the numbers are too many to stand in the iteration, or were not recorded."
        )
    try:
        with np.errstate(all="ignore"):
            return _Column(list(_paired(entry.column(call, argument, flat), upstreams)), None)
    except NumbersMissing as missing:
        return _Column([], f"Only the formula is shown: {missing} are not in the snapshot.")
    except UNREADABLE:
        return _Column([], "Only the formula is shown: what was recorded does not fit the operation.")


def _paired(column: Iterable[Local], upstreams: list[Array | None]) -> Iterable[tuple[Local, float]]:
    for local in column:
        gradient = upstreams[local.output] if local.output < len(upstreams) else None
        if gradient is not None:
            yield local, float(gradient.reshape(-1)[local.index])


class _Names:
    """What the formulas of one explanation call their things."""

    def __init__(
        self,
        graph: Graph,
        backward: BackwardPass,
        call: Call,
        edge: Edge,
        contribution: Tensor,
        chosen: tuple[int, ...] | None,
    ) -> None:
        self.call, self.edge, self.contribution, self.chosen = call, edge, contribution, chosen
        base = symbol(node_of(graph, edge.source), edge.output)
        self.below = element_symbol(base, contribution.shape, chosen or ())
        self.result = symbol(call.node)
        self.gradients = backward.gradients.get(call.node.id, [])
        ways = [e for e in graph.edges if (e.source, e.output) == (edge.source, edge.output)]
        several = sum(e.id in backward.contributions for e in ways) > 1
        asked = slope("L", self.below)
        self.asked = rf"\left. {asked} \right|_{{{self.result}}}" if several else asked

    def above(self, local: Local) -> str:
        """The element of the result that a local derivative is of."""
        shape = self._shape(local.output)
        return element_symbol(symbol(self.call.node, local.output), shape, index_of(tuple(shape), local.index))

    def upstream(self, local: Local, value: float) -> Quantity:
        """The gradient that arrived there."""
        shape = self._shape(local.output)
        return Quantity(
            symbol=slope("L", self.above(local)),
            node=self.call.node.id,
            output=local.output,
            index=index_of(tuple(shape), local.index),
            value=numbers.real(value),
        )

    def _shape(self, output: int) -> list[int]:
        gradient = self.gradients[output] if output < len(self.gradients) else None
        return gradient.shape if gradient else []


def _written(names: _Names, reading: _Reading, recorded: float | None, backward_pass: int) -> Explanation:
    call, entry, column = names.call, reading.entry, reading.column
    argument, total = canonical(reading.argument), column.total
    known = None if entry is not None else declared.find(call, argument)
    shown = _shown(column.pairs)
    terms = [_term(names, entry, argument, local, upstream) for local, upstream in shown] if entry else []
    rest = len(column.pairs) - len(shown)
    agrees = column.agrees_with(recorded, names.contribution.dtype)
    note = column.note
    if agrees is False:
        note = (
            "The formula gives another number than PyTorch recorded: the program may change gradients with a hook of "
            "its own, or the tensors between forward and backward."
        )
    rule = entry.rule(argument) if entry else None
    result = recorded if total is None else total
    return Explanation(
        kind="hand-written" if entry else "declared" if known else "unknown",
        node=call.node.id,
        op=call.node.op,
        element=None if names.chosen is None else list(names.chosen),
        shape=names.contribution.shape,
        formula=f"{names.result} = {named(call, entry.forward, entry.defaults)}" if entry else names.result,
        meaning=_meaning(rule.meaning if rule else declared.meaning(known), column.pairs),
        stages=Stages(
            symbols=f"{names.asked} = {_symbols(names, column.pairs)}",
            local=_locals(names, terms, rule.latex if rule else None, entry) if entry else declared.latex(known),
            numbers=_numbers(terms, len(column.pairs), column.note),
            result="" if result is None else f"= {numbers.latex(result)}",
        ),
        computed=None if total is None else numbers.real(total),
        recorded=None if recorded is None else numbers.real(recorded),
        agrees=agrees,
        note=note,
        source=entry.source if entry else declared.source(known),
        edge=names.edge.id,
        argument=reading.argument,
        backward_pass=backward_pass,
        rule=named(call, rule.latex, entry.defaults) if rule and entry else declared.latex(known),
        terms=terms,
        rest=None if rest <= 0 or total is None else _rest(column.pairs, shown),
    )


def _shown(pairs: list[tuple[Local, float]]) -> list[tuple[Local, float]]:
    """The largest terms, in the order of the elements."""
    if len(pairs) <= MOST_TERMS:
        return pairs
    by_size = sorted(range(len(pairs)), key=lambda i: -abs(pairs[i][0].value * pairs[i][1]))
    return [pairs[i] for i in sorted(by_size[:MOST_TERMS])]


def _rest(pairs: list[tuple[Local, float]], shown: list[tuple[Local, float]]) -> Rest:
    kept = {id(local) for local, _ in shown}
    left = [local.value * upstream for local, upstream in pairs if id(local) not in kept]
    return Rest(terms=len(left), sum=numbers.real(float(sum(left))))


def _term(names: _Names, entry: Entry, argument: str, local: Local, upstream: float) -> Term:
    symbols, put_in, reads = written_local(names.call, entry, argument, local)
    return Term(
        upstream=names.upstream(local, upstream),
        local=f"{slope(names.above(local), names.below)} = {symbols}",
        put_in=put_in,
        reads=reads,
        value=numbers.real(local.value),
        product=numbers.real(local.value * upstream),
    )


def _symbols(names: _Names, pairs: list[tuple[Local, float]]) -> str:
    ways = [rf"{slope('L', names.above(k))} \cdot {slope(names.above(k), names.below)}" for k, _ in pairs[:_WRITTEN]]
    if ways and len(pairs) <= _WRITTEN:
        return " + ".join(ways)
    any_element = rf"\left({names.result}\right)_{{k}}" if "_" in names.result else f"{names.result}_{{k}}"
    return rf"\sum_{{k}} {slope('L', any_element)} \cdot {slope(any_element, names.below)}"


def _locals(names: _Names, terms: list[Term], rule: str | None, entry: Entry | None) -> str:
    if terms:
        more = r", \; \dots" if len(terms) > _WRITTEN else ""
        return r", \; ".join(term.local for term in terms[:_WRITTEN]) + more
    written = named(names.call, rule, entry.defaults) if rule is not None and entry is not None else "0"
    return f"{slope(names.result, names.below)} = {written}"


def _numbers(terms: list[Term], count: int, note: str | None) -> str:
    if note is not None:
        return ""
    written = [rf"{_upstream(term, i)} \cdot {as_factor(term.put_in)}" for i, term in enumerate(terms[:_WRITTEN])]
    if not written:
        return "= 0"
    more = count - len(written)
    return "= " + " + ".join(written) + (rf" + \dots \; ({more} \text{{ more}})" if more > 0 else "")


def _upstream(term: Term, position: int) -> str:
    value = float(term.upstream.value)
    return numbers.factor(value) if position else numbers.latex(value)


def _meaning(sentence: str, pairs: list[tuple[Local, float]]) -> str:
    if len(pairs) < 2:
        return sentence if pairs or not sentence else f"{sentence}"
    return f"{sentence} This element is used in {len(pairs)} places: {len(pairs)} terms are added."
