"""Formulas with names or numbers in their places, as LaTeX."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from gradwalk.explain import latex_numbers
from gradwalk.explain.explanation import Quantity
from gradwalk.explain.symbols import Symbols, bare, element, lowered, raised, text
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.operations.call import Call, Operand
from gradwalk.operations.entry import PLACE, Computed, Local, Read, Rule

_SUMMED: Final = (" + ", " - ", r"\quad", ",")


_NUMBERS: Final = {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\mathrm{NaN}", "Infinity": r"\infty",
                   "-Infinity": r"-\infty", "NaN": r"\mathrm{NaN}"}  # fmt: skip
"""Numbers that are recorded as text."""
_LETTERS: Final = {"mu": r"\mu", "n": "n", "m": "m", "p": "p", "x": r"\hat{x}", "factor": r"\text{the other factor}"}
"""Letters in general formulas, which no number is put in for."""


_NEGATIVE: Final = re.compile(r"\\left\(-[0-9.]+\\right\)")


def fill(formula: str, put: Callable[[str], str]) -> str:
    """Return the formula with `put(name)` in the place of each `<name>`: in brackets where an index or a power follows
    it and it has one itself, and without brackets where it is alone.
    """

    def at(place: re.Match[str]) -> str:
        before, after = formula[: place.start()], formula[place.end() : place.end() + 1]
        found = put(place[1])
        if not before and after not in ("_", "^") and _NEGATIVE.fullmatch(found):
            return bare(found)
        if before.endswith(r"\left|") and formula[place.end() :].startswith(r"\right|"):
            return bare(found)
        if place[0] == formula or (before.endswith("{") and after == "}" and formula[place.end() + 1 :][:1] != "^"):
            return bare(found)
        return lowered(found) if after == "_" else raised(found) if after == "^" else found

    return PLACE.sub(at, formula)


def named(symbols: Symbols, call: Call, formula: str, defaults: Mapping[str, float]) -> str:
    """Return the formula with the names of the tensors, and the numbers of the plain arguments."""

    def put(name: str) -> str:
        if name == "result":
            return symbols.result_of(call.node)
        operand = call.operands.get(name)
        if operand is not None:
            return symbols.of(operand.node, operand.output)
        value = call.arguments.get(name, defaults.get(name))
        if isinstance(value, int | float):
            return latex_numbers.factor(float(value))
        if isinstance(value, str):
            return _NUMBERS.get(value) or text(value)
        return _LETTERS.get(name) or text(name)

    return fill(formula, put)


def operand_read(call: Call, read: Read) -> Operand | None:
    """Return the tensor that a number was read from."""
    if read.argument is None:
        return call.outputs[read.output] if read.output < len(call.outputs) else None
    return call.operands.get(read.argument)


def quantity(symbols: Symbols, operand: Operand, flat: int, value: float) -> Quantity:
    """Return element `flat` of a tensor as a quantity."""
    index = index_of(operand.shape, flat)
    made = operand.argument == ""
    base = symbols.result_of(operand.node, operand.output) if made else symbols.of(operand.node, operand.output)
    return Quantity(
        symbol=element(base, operand.shape, index),
        node=operand.node.id,
        output=operand.output,
        index=index,
        value=as_real(value),
    )


def index_of(shape: tuple[int, ...], flat: int) -> list[int]:
    """Return the position of a flat index."""
    return [int(i) for i in np.unravel_index(flat, shape)] if shape else []


def written_local(symbols: Symbols, call: Call, rule: Rule | None, local: Local) -> tuple[str, str, list[Quantity]]:
    """Return a local derivative in symbols, the same with numbers, and the recorded numbers among these."""
    formula = local.formula if local.formula is not None else rule.latex if rule else ""
    if r"\begin{cases}" in formula or not formula:
        plain = latex_numbers.factor(local.value)
        return plain, plain, []
    return put_in(symbols, call, formula, local.reads)


def put_in(
    symbols: Symbols, call: Call, formula: str, reads: Mapping[str, Read | Computed | float]
) -> tuple[str, str, list[Quantity]]:
    """Return a formula in symbols, the same with numbers, and the recorded numbers among these."""
    quantities: dict[str, Quantity] = {}
    for name, read in reads.items():
        operand = operand_read(call, read) if isinstance(read, Read) else None
        if operand is not None and isinstance(read, Read):
            quantities[name] = quantity(symbols, operand, read.index, read.value)

    def put_symbol(name: str) -> str:
        read = reads.get(name)
        if isinstance(read, Computed):
            return named(symbols, call, read.symbol, {})
        return quantities[name].symbol if name in quantities else put_number(name)

    def put_number(name: str) -> str:
        read = reads.get(name)
        value = read.value if isinstance(read, Read | Computed) else read
        return text(name) if value is None else latex_numbers.factor(value)

    return fill(formula, put_symbol), fill(formula, put_number), list(quantities.values())


def as_factor(latex: str) -> str:
    """Return a formula that can be a factor of a product."""
    bare = latex.startswith("-") or any(sign in _outside(latex) for sign in _SUMMED)
    return rf"\left({latex}\right)" if bare else latex


def _outside(latex: str) -> str:
    """Return the part of a formula that is in no brackets."""
    depth, kept = 0, []
    for letter in latex:
        depth += letter in "({"
        if not depth:
            kept.append(letter)
        depth -= letter in ")}" and depth > 0
    return "".join(kept)
