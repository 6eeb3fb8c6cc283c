"""Operations that copy elements without changing them: each element of the result is one of an argument's, or none."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Entry, Local, Rule, always

NONE: Final = -1
"""In the place of an element that is not the argument's."""

Places = Callable[[Call, str, Array], list[Array]]
"""Of a call, an argument and the flat numbers of its elements in its shape: for each output, in its shape, the number
of the element that is copied there, or NONE.
"""

_MEANING: Final = "The element is only copied: whatever gradient reaches its copies goes back to it."


def selection(
    *ops: str,
    forward: str,
    places: Places,
    by: tuple[str, ...] = ("self",),
    source: str | None = None,
    fits: Callable[[Call], bool] = always,
    meaning: str = _MEANING,
    exact: bool = True,
) -> Entry:
    """An entry for an operation that copies. `by`: its differentiable arguments. `exact`: a copy is the same number."""

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        array = call.array(argument)
        numbers = np.arange(array.size).reshape(array.shape)
        for output, copied in enumerate(places(call, argument, numbers)):
            if exact:
                _require_copies(array, copied, call.result(output))
            for out in np.flatnonzero(copied.reshape(-1) == index):
                yield Local(int(out), 1.0, output)

    rules = {argument: Rule("1", meaning) for argument in by}
    return Entry(ops, forward, rules, column, source or f"PyTorch, torch.{ops[0]}", fits)


def single(place: Callable[[Call, Array], Array]) -> Places:
    """For the operations with one tensor and one result."""
    return lambda call, _argument, numbers: [place(call, numbers)]


def _require_copies(array: Array, copied: Array, result: Array) -> None:
    """Raises ValueError when the result does not hold the elements that should have been copied: then the recording
    does not say all that the operation was told.
    """
    if copied.shape != result.shape:
        raise ValueError("another shape")
    there = copied >= 0
    if not np.array_equal(array.reshape(-1)[copied[there]], result[there], equal_nan=array.dtype == np.float64):
        raise ValueError("other elements")
