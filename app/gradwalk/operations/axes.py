"""Which dimensions an operation works along, and which elements belong together."""

import math
from itertools import combinations
from typing import Any

import numpy as np

from gradwalk.operations.call import Array, Call

_DIMENSIONS = ("dim", "axis", "dims", "dtype", "unbiased")
"""Where they are recorded: older snapshots have those of `x.mean((0, 1))` and `x.std(1)` under the name of another
overload's argument.
"""


def along(call: Call, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The dimensions of a reduction, counted from 0: those that were given, if they fit the result, else those that the
    result tells. Raises ValueError when it does not.
    """
    wanted = call.result().shape
    given = _given(call, len(shape))
    if given is not None and _fits(shape, given, wanted):
        return given
    every = range(len(shape))
    ways = [d for n in range(len(shape) + 1) for d in combinations(every, n) if len(shape) <= 8]
    found = [dimensions for dimensions in ways if _fits(shape, dimensions, wanted)]
    if len(found) > 1 and tuple(every) in found:
        return tuple(every)  # what is left are dimensions of size 1
    if len(found) != 1:
        raise ValueError("the result does not tell which dimensions were reduced")
    return found[0]


def _fits(shape: tuple[int, ...], dimensions: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    kept = tuple(1 if i in dimensions else size for i, size in enumerate(shape))
    return wanted in (kept, tuple(size for i, size in enumerate(shape) if i not in dimensions))


def _given(call: Call, ndim: int) -> tuple[int, ...] | None:
    for name in _DIMENSIONS:
        value = call.arguments.get(name)
        if isinstance(value, bool) or value is None or isinstance(value, str):
            continue
        found = list_of(value)
        if found:
            return tuple(sorted({axis(i, ndim) for i in found}))
    return tuple(range(ndim))


def axis(number: Any, ndim: int) -> int:
    """A dimension counted from 0. Raises IndexError when there is none."""
    found = int(number) + (max(ndim, 1) if int(number) < 0 else 0)
    if not 0 <= found < max(ndim, 1):
        raise IndexError(f"no dimension {number}")
    return found


def list_of(value: Any) -> list[int]:
    """One number or several, as a list."""
    return [int(v) for v in value] if isinstance(value, list | tuple) else [int(value)]


def reduced(shape: tuple[int, ...], dimensions: tuple[int, ...]) -> Array:
    """For each element the flat index of the result that it is reduced into."""
    kept = tuple(1 if i in dimensions else size for i, size in enumerate(shape))
    return np.broadcast_to(np.arange(math.prod(kept)).reshape(kept), shape)


def together(groups: Array, index: int) -> list[int]:
    """The elements of the group that element `index` (flat) belongs to."""
    flat = groups.reshape(-1)
    return [int(i) for i in np.flatnonzero(flat == flat[index])]
