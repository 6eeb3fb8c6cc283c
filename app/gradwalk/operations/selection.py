"""Formulas of operations that copy elements: each element of the result is one of an argument's, or none."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Column, Local, Rule

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


def copying(places: Places, exact: bool = True) -> Column:
    """Return the Jacobian's columns of an operation that copies. `exact`: a copy is the same number, unrounded."""

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        array = call.array(argument)
        numbers = np.arange(array.size).reshape(array.shape)
        for output, found in enumerate(places(call, argument, numbers)):
            if exact:
                _require_copies(array, found, call.result(output))
            for out in np.flatnonzero(found.reshape(-1) == index):
                yield Local(int(out), 1.0, output)

    return column


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
