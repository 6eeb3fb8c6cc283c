"""One number of a result with the numbers that it was computed from."""

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gradwalk.explain import latex_numbers
from gradwalk.explain.explanation import Quantity
from gradwalk.explain.latex_formulas import named, put_in
from gradwalk.explain.symbols import Symbols, bare
from gradwalk.operations.call import DOES_NOT_FIT, Call, NumbersMissing
from gradwalk.operations.entry import Formula, Worked

_NEGATIVE_RESULT: Final = re.compile(r"= \\left\((-[^()]*)\\right\)$")
_LONGEST: Final = 160
"""The number of letters of LaTeX up to which an element is written in symbols, too."""


@dataclass(frozen=True)
class WorkedValue:
    """A number's formula in symbols and with numbers (empty where there is none), the recorded numbers in it, its
    value as computed from them, and a note. `where`: how numbers in it were computed themselves, to follow it.
    `scale`: the magnitude of what was added up.
    """

    symbols: str = ""
    numbers: str = ""
    where: str = ""
    reads: list[Quantity] = field(default_factory=list)
    value: float | None = None
    scale: float = 0.0
    note: str | None = None

    @property
    def all_numbers(self) -> str:
        """The formula with numbers, and how numbers in it were computed."""
        return f"{self.numbers}{self.where}" if self.numbers else ""


def work_out(
    symbols: Symbols, call: Call, entry: Formula | None, output: int, chosen: tuple[int, ...] | None
) -> WorkedValue:
    """Work out one element of one result of a call."""
    if entry is None or chosen is None or output >= len(call.outputs):
        return WorkedValue()
    shape = call.outputs[output].shape
    try:
        flat = int(np.ravel_multi_index(chosen, shape)) if chosen else 0
        with np.errstate(all="ignore"):
            found = _worked(entry, call, flat, output)
    except NumbersMissing as missing:
        return WorkedValue(note=f"Only the formula is shown: {missing} are not in the snapshot.")
    except DOES_NOT_FIT:
        return WorkedValue(note="Only the formula is shown: what was recorded does not fit the operation.")
    if found is None:
        return WorkedValue()
    array = call.outputs[output].array
    result = "" if array is None else latex_numbers.latex(float(array.reshape(-1)[flat]))
    written, numbers, reads = put_in(symbols, call, found.formula, found.reads)
    beside = [_NEGATIVE_RESULT.sub(r"= \1", put_in(symbols, call, line, found.reads)[1]) for line in found.where]
    where = "".join(rf", \; {line}" for line in beside)
    same = written == named(symbols, call, entry.forward_of(call), entry.defaults)
    scale = sum(abs(read.value) for read in reads if isinstance(read.value, float | int))
    return WorkedValue(
        symbols="" if same or len(written) > _LONGEST else f"= {written}",
        numbers="" if bare(numbers) == result else f"= {numbers}",
        where=where,
        reads=reads,
        value=found.value,
        scale=float(scale) + 1.0,
    )


def whole_of(symbols: Symbols, call: Call, entry: Formula | None, argument: str | None) -> str:
    """Return the product of whole matrices, forwards, or backwards by an argument; empty where it is none."""
    if entry is None or entry.whole is None:
        return ""
    try:
        return named(symbols, call, entry.whole(call, argument), entry.defaults)
    except (NumbersMissing, *DOES_NOT_FIT):
        return ""


def _worked(entry: Formula, call: Call, flat: int, output: int) -> Worked | None:
    if entry.worked is not None:
        return entry.worked(call, flat, output)
    if entry.row is None:
        return None
    return Worked(entry.forward_of(call), entry.row(call, flat), None)
