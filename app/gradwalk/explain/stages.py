"""Writing of an explanation: the four stages of one contribution, from its terms."""

import math
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.measurement import MOST_OUTPUTS
from gradwalk.contract.snapshot import BackwardPass
from gradwalk.explain import declared_derivatives, latex_numbers
from gradwalk.explain.explanation import Explanation, Kind, Quantity, Rest, Stages, Term
from gradwalk.explain.latex_formulas import as_factor, index_of, named, written_local
from gradwalk.explain.symbols import bare, lowered, slope, symbols_of
from gradwalk.explain.symbols import element as element_symbol
from gradwalk.explain.worked_value import whole_of
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.operations.call import Call, canonical
from gradwalk.operations.entry import Formula, Local
from gradwalk.operations.tolerance import agree

MOST_TERMS: Final = 12
"""The number of terms that an explanation lists; all are added up."""
_WRITTEN: Final = 3
"""The number of terms in a line of a formula."""


@dataclass(frozen=True)
class Column:
    """The numbers behind an explanation: local derivatives with their upstream gradients, or why there are none."""

    pairs: list[tuple[Local, float]]
    note: str | None

    @property
    def total(self) -> float | None:
        """The sum of all terms."""
        return None if self.note else float(sum(local.value * upstream for local, upstream in self.pairs))

    def agrees_with(self, recorded: float | None, dtype: str) -> bool | None:
        """Return whether the sum equals the recorded number to the precision of the dtype; null where one of them is
        not known.
        """
        total = self.total
        return None if total is None or recorded is None else agree(total, recorded, self.scale, dtype)

    @property
    def scale(self) -> float:
        """The magnitude of the summands. A local derivative is as exact as numbers around 1 are."""
        return float(sum(abs(upstream) * (abs(local.value) + 1) for local, upstream in self.pairs))


@dataclass(frozen=True)
class Reading:
    """A contribution, read as that of one argument. `argument`: as it was recorded. `measured`: the entry is no
    formula, but holds measured numbers.
    """

    argument: str
    entry: Formula | None
    column: Column
    measured: bool = False


class FormulaSymbols:
    """The names of things in the formulas of one explanation."""

    def __init__(
        self,
        iteration: IndexedIteration,
        backward: BackwardPass,
        call: Call,
        flow: Flow,
        chosen: tuple[int, ...] | None,
    ) -> None:
        self.call, self.flow, self.chosen = call, flow, chosen
        self.contribution = backward.contributions[flow.edge.id]
        self.symbols = symbols_of(iteration)
        base = self.symbols.of(flow.source, flow.edge.output)
        self.below = element_symbol(base, self.contribution.shape, chosen or ())
        self.result = self.symbols.result_of(call.node)
        self.gradients = backward.gradients.get(call.node.id, [])
        ways = [way.edge for way in iteration.graph.out_of[flow.source.id] if way.edge.output == flow.edge.output]
        several = sum(edge.id in backward.contributions for edge in ways) > 1
        asked = slope("L", self.below)
        self.asked = rf"\left. {asked} \right|_{{{self.result}}}" if several else asked

    def above(self, local: Local) -> str:
        """Return the symbol of the element of the result that a local derivative belongs to."""
        shape = self._shape(local.output)
        base = self.symbols.result_of(self.call.node, local.output)
        return element_symbol(base, shape, index_of(tuple(shape), local.index))

    def upstream(self, local: Local, value: float) -> Quantity:
        """Return the gradient that arrived at that element."""
        shape = self._shape(local.output)
        return Quantity(
            symbol=slope("L", self.above(local)),
            node=self.call.node.id,
            output=local.output,
            index=index_of(tuple(shape), local.index),
            value=as_real(value),
        )

    def measurable(self) -> bool:
        """Return whether the numbers are few and real: backward would be called once for each of the operation's
        results.
        """
        arrived = [gradient for gradient in self.gradients if gradient is not None]
        few = sum(math.prod(gradient.shape) for gradient in arrived) <= MOST_OUTPUTS
        return bool(arrived) and few and not any("complex" in tensor.dtype for tensor in (*arrived, self.contribution))

    def _shape(self, output: int) -> list[int]:
        gradient = self.gradients[output] if output < len(self.gradients) else None
        return gradient.shape if gradient else []


def written(names: FormulaSymbols, reading: Reading, recorded: float | None, backward_pass: int) -> Explanation:
    """Return the explanation. `recorded`: the number that PyTorch computed for the element."""
    call, entry, column = names.call, reading.entry, reading.column
    argument, total = canonical(reading.argument), column.total
    known = None if entry is not None else declared_derivatives.find(call, argument)
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
    kind: Kind = "measured" if reading.measured else "hand-written" if entry else "declared" if known else "unknown"
    rule = entry.rule(argument) if entry else None
    result = recorded if total is None else total
    return Explanation(
        kind=kind,
        node=call.node.id,
        op=call.node.op,
        element=None if names.chosen is None else list(names.chosen),
        shape=names.contribution.shape,
        formula=_formula(names, entry),
        meaning=_meaning(rule.meaning if rule else declared_derivatives.meaning(known, call), column.pairs),
        stages=Stages(
            symbols=f"{names.asked} = {_symbols(names, column.pairs)}",
            local=_locals(names, terms, rule.latex if rule else None, entry)
            if entry
            else declared_derivatives.latex(known, call),
            numbers=_numbers(terms, len(column.pairs), column.note),
            result="" if result is None else f"= {latex_numbers.latex(result)}",
        ),
        computed=None if total is None else as_real(total),
        recorded=None if recorded is None else as_real(recorded),
        agrees=agrees,
        note=note,
        source=entry.source if entry else declared_derivatives.source(known, call),
        edge=names.flow.edge.id,
        argument=reading.argument,
        backward_pass=backward_pass,
        rule=named(names.symbols, call, rule.latex, entry.defaults)
        if rule and entry
        else declared_derivatives.code(known),
        terms=terms,
        rest=None if rest <= 0 or total is None else _rest(column.pairs, shown),
        whole=whole_of(names.symbols, call, entry, argument),
        measurable=total is None and names.measurable(),
    )


def _formula(names: FormulaSymbols, entry: Formula | None) -> str:
    if entry is None:
        return names.result
    written = named(names.symbols, names.call, entry.forward_of(names.call), entry.defaults)
    return written if written == bare(names.result) else f"{bare(names.result)} = {written}"


def _shown(pairs: list[tuple[Local, float]]) -> list[tuple[Local, float]]:
    """Return the largest terms, in the order of the elements."""
    if len(pairs) <= MOST_TERMS:
        return pairs
    by_size = sorted(range(len(pairs)), key=lambda i: -abs(pairs[i][0].value * pairs[i][1]))
    return [pairs[i] for i in sorted(by_size[:MOST_TERMS])]


def _rest(pairs: list[tuple[Local, float]], shown: list[tuple[Local, float]]) -> Rest:
    kept = {id(local) for local, _ in shown}
    left = [local.value * upstream for local, upstream in pairs if id(local) not in kept]
    return Rest(terms=len(left), sum=as_real(float(sum(left))))


def _term(names: FormulaSymbols, entry: Formula, argument: str, local: Local, upstream: float) -> Term:
    symbols, put_in, reads = written_local(names.symbols, names.call, entry.rule(argument), local)
    return Term(
        upstream=names.upstream(local, upstream),
        local=f"{slope(names.above(local), names.below)} = {symbols}",
        put_in=put_in,
        reads=reads,
        value=as_real(local.value),
        product=as_real(local.value * upstream),
    )


def _symbols(names: FormulaSymbols, pairs: list[tuple[Local, float]]) -> str:
    ways = [rf"{slope('L', names.above(k))} \cdot {slope(names.above(k), names.below)}" for k, _ in pairs[:_WRITTEN]]
    if ways and len(pairs) <= _WRITTEN:
        return " + ".join(ways)
    any_element = f"{lowered(names.result)}_{{k}}"
    return rf"\sum_{{k}} {slope('L', any_element)} \cdot {slope(any_element, names.below)}"


def _locals(names: FormulaSymbols, terms: list[Term], rule: str | None, entry: Formula | None) -> str:
    if terms:
        more = r", \; \dots" if len(terms) > _WRITTEN else ""
        return r", \; ".join(term.local for term in terms[:_WRITTEN]) + more
    written = named(names.symbols, names.call, rule, entry.defaults) if rule is not None and entry is not None else "0"
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
    return latex_numbers.factor(value) if position else latex_numbers.latex(value)


def _meaning(sentence: str, pairs: list[tuple[Local, float]]) -> str:
    if len(pairs) < 2:
        return sentence if pairs or not sentence else f"{sentence}"
    return f"{sentence} This element is used in {len(pairs)} places: {len(pairs)} terms are added."
