"""Formulas of elementwise operations, with broadcasting: one formula gives the local derivative of every element."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from gradwalk.operations.call import Array, Call, NumbersMissing, Recorded
from gradwalk.operations.entry import PLACE, Formula, Local, Read, Rule, always

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
            yield Local(out, value, reads=shown)

    rules = {name: Rule(slope.latex, slope.meaning) for name, slope in slopes.items()}
    return Formula(forward, rules, column, source, fits, given, lambda call, out: _reads(call, given, out))


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
