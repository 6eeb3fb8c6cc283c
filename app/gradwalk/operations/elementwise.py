"""Formulas of elementwise operations, with broadcasting: one formula gives the local derivative of every element."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np

from gradwalk.operations.call import Array, Call, NumbersMissing, Recorded
from gradwalk.operations.entry import PLACE, Formula, Local, Read, Rule, Worked, always

Values = dict[str, float]


class Slope(NamedTuple):
    """A local derivative: its LaTeX, its meaning, and a function that computes it from the arguments and `result`."""

    latex: str
    meaning: str
    value: Callable[[Values], float]


def elementwise(
    *,
    forward: str,
    source: str,
    fits: Callable[[Call], bool] = always,
    defaults: Mapping[str, float] | None = None,
    **slopes: Slope,
) -> Formula:
    """Return the formula of an operation on each element. `slopes` are by argument."""
    given = dict(defaults or {})

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        slope = slopes[argument]
        for out in touched(call, argument, index):
            reads = _reads(call, given, out)
            values = Recorded((name, read.value if isinstance(read, Read) else read) for name, read in reads.items())
            shown = {name: reads[name] for name in PLACE.findall(slope.latex) if name in reads}
            try:
                value = float(slope.value(values))
            except ZeroDivisionError:
                value = float("nan")
            latex = _without_ones(slope.latex, call, given)
            yield Local(out, value, reads=shown, formula=None if latex == slope.latex else latex)

    def worked(call: Call, out: int, _output: int) -> Worked | None:
        reads = _reads(call, given, out)
        values = {name: read.value if isinstance(read, Read) else read for name, read in reads.items()}
        latex = chosen_case(_without_ones(forward, call, given), values)
        if latex is None:
            return None
        return Worked(latex, {name: reads[name] for name in PLACE.findall(latex) if name in reads}, None)

    rules = {name: Rule(slope.latex, slope.meaning) for name, slope in slopes.items()}
    return Formula(
        forward, rules, column, source, fits, given, lambda call, out: _reads(call, given, out),
        written=lambda call: _without_ones(forward, call, given), worked=worked,
    )  # fmt: skip


def _without_ones(latex: str, call: Call, defaults: Mapping[str, float]) -> str:
    """Return a formula without the plain arguments that are factors or divisors of 1."""
    for name in set(PLACE.findall(latex)):
        if name in call.operands or call.arguments.get(name, defaults.get(name)) != 1:
            continue
        for written, kept in (
            (rf"\frac{{1}}{{<{name}>}} ", ""), (rf"<{name}> \cdot ", ""), (f"<{name}> (", "("), (f"<{name}> e", "e"),
        ):  # fmt: skip
            latex = latex.replace(written, kept)
    return latex


_CASES: Final = re.compile(r"\\begin\{cases\} (.*) \\end\{cases\}")
_COMPARED: Final = re.compile(r"\\(gt|lt|le|ge)|(=)")
_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "gt": operator.gt, "lt": operator.lt, "le": operator.le, "ge": operator.ge, "=": operator.eq,
}  # fmt: skip


def chosen_case(latex: str, values: Mapping[str, float]) -> str | None:
    """Return a formula with that one of its cases that holds for these numbers; null where no condition tells."""
    found = _CASES.search(latex)
    if found is None:
        return latex
    for case in found[1].split(r" \\ "):
        written, _, condition = case.partition(" & ")
        holds = condition == r"\text{else}" or _holds(condition, values)
        if holds is None:
            return None
        if holds:
            return latex[: found.start()] + _grouped(written, found.start() > 0) + latex[found.end() :]
    return None


def _grouped(latex: str, inside: bool) -> str:
    return rf"\left({latex}\right)" if inside and (" + " in latex or " - " in latex) else latex


def _holds(condition: str, values: Mapping[str, float]) -> bool | None:
    parts = [part for part in _COMPARED.split(condition) if part]
    try:
        numbers = [_number(part.strip(), values) for part in parts[::2]]
    except (KeyError, ValueError):
        return None
    if len(numbers) < 2:
        return None
    return all(_COMPARE[sign](a, b) for a, sign, b in zip(numbers, parts[1::2], numbers[1:], strict=False))


def _number(written: str, values: Mapping[str, float]) -> float:
    if written.startswith("|"):
        return abs(_number(written.strip("|"), values))
    if " - " in written:
        first, _, second = written.partition(" - ")
        return _number(first, values) - _number(second, values)
    place = PLACE.fullmatch(written)
    return float(values[place[1]]) if place else float(written)


def touched(call: Call, argument: str, index: int) -> Iterable[int]:
    """Return the elements of the result that depend on an element of an argument: several when it was broadcast."""
    source = call.array(argument)
    numbers = np.arange(source.size).reshape(source.shape)
    spread = np.broadcast_to(numbers, call.result().shape)
    return [int(out) for out in np.flatnonzero(spread.ravel() == index)]


def at(array: Array, shape: tuple[int, ...], out: int) -> tuple[int, float]:
    """Return the flat index and the number of the element that `array`, broadcast to `shape`, has at `out` (flat)."""
    positions = np.unravel_index(out, shape) if shape else ()
    own = positions[len(shape) - array.ndim :]
    place = tuple(0 if size == 1 else int(i) for size, i in zip(array.shape, own, strict=True))
    flat = int(np.ravel_multi_index(place, array.shape)) if place else 0
    return flat, float(array.reshape(-1)[flat])


def _reads(call: Call, defaults: Mapping[str, float], out: int) -> dict[str, Read | float]:
    shape = call.result().shape
    reads: dict[str, Read | float] = dict(defaults)
    reads |= {n: float(v) for n, v in call.arguments.items() if isinstance(v, int | float)}
    for name, operand in call.operands.items():
        if operand.array is None:
            raise NumbersMissing(f"the numbers of {name}")
        flat, value = at(operand.array, shape, out)
        reads[name] = Read(name, operand.output, flat, value)
    reads["result"] = Read(None, 0, out, float(call.result().reshape(-1)[out]))
    return reads
