"""Formulas of operations that copy elements: each element of the result is one of an argument's, or none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Formula, Local, Rule, Worked, always
from gradwalk.operations.working import read

NONE: Final = -1
"""The number at a place of the result that holds no element of the argument."""

Places = Callable[[Call, str, Array], list[Array]]
"""A function that takes a call, an argument, and the flat numbers of its elements in its shape. It gives one array for
each output, in its shape: the number of the element that is copied to each place, or NONE.
"""

_MEANING: Final = "The element is only copied: whatever gradient reaches its copies goes back to it."


def copied(*arguments: str, meaning: str = _MEANING) -> dict[str, Rule]:
    """Return the rules of an operation that copies elements of these arguments, of `self` where none is named."""
    return {argument: Rule("1", meaning) for argument in arguments or ("self",)}


@dataclass(frozen=True)
class Copies:
    """The copies that an operation makes. `exact`: a copy is the same number, unrounded."""

    places: Places
    exact: bool

    def column(self, call: Call, argument: str, index: int) -> Iterator[Local]:
        """Yield the Jacobian's column of one element."""
        array = call.array(argument)
        for output, found in enumerate(self.places(call, argument, _numbers(array))):
            if self.exact:
                _require_copies(array, found, call.result(output))
            for out in np.flatnonzero(found.reshape(-1) == index):
                yield Local(int(out), 1.0, output)

    def origin(self, call: Call, arguments: list[str], out: int, output: int) -> Worked | None:
        """Return the element that stands at a place of a result, or the plain number that was put there."""
        for argument in arguments:
            found = self.places(call, argument, _numbers(call.array(argument)))
            if output >= len(found):
                return None  # the places of what was chosen, not the chosen itself
            index = int(found[output].reshape(-1)[out])
            if index != NONE:
                origin = read(call, argument, index)
                return Worked("<origin>", {"origin": origin}, origin.value if self.exact else None)
        given = [call.arguments[name] for name in _PLAIN if name in call.arguments]
        plain = [float(number) for number in given if isinstance(number, int | float | str) and _is_real(number)]
        if not self.exact or len(plain) > 1:
            return None
        number = plain[0] if plain else 0.0
        return Worked("<number>", {"number": number}, number)


def copying(places: Places, exact: bool = True) -> Copies:
    """Return the copies of an operation. `exact`: a copy is the same number, unrounded."""
    return Copies(places, exact)


_PLAIN: Final = ("value", "other", "self", "fill_value")
"""The arguments that give a plain number to every place that gets no copy."""


def _is_real(number: int | float | str) -> bool:
    try:
        float(number)
    except ValueError:
        return False
    return True


def _numbers(array: Array) -> Array:
    return np.arange(array.size).reshape(array.shape)


def selecting(
    forward: str,
    rules: dict[str, Rule],
    copies: Copies,
    source: str,
    fits: Callable[[Call], bool] = always,
) -> Formula:
    """Return the formula of an operation whose results hold copies of its arguments' elements."""

    def worked(call: Call, out: int, output: int) -> Worked | None:
        arguments = [name for name in call.operands if formula.rule(name) is not None]
        return copies.origin(call, arguments, out, output)

    formula = Formula(forward, rules, copies.column, source, fits, worked=worked)
    return formula


def single(place: Callable[[Call, Array], Array]) -> Places:
    """Return the places of an operation with one tensor and one result."""
    return lambda call, _argument, numbers: [place(call, numbers)]


def _require_copies(array: Array, copied: Array, result: Array) -> None:
    """Raise ValueError when the result does not hold the elements that should have been copied.

    Then the recording does not hold every argument of the operation.
    """
    if copied.shape != result.shape:
        raise ValueError("another shape")
    there = copied >= 0
    if not np.array_equal(array.reshape(-1)[copied[there]], result[there], equal_nan=array.dtype == np.float64):
        raise ValueError("other elements")
