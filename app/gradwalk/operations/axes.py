"""The dimensions that an operation works along, and the groups of elements that belong together."""

import math
from itertools import combinations
from typing import Any

import numpy as np

from gradwalk.operations.call import Array, Call

_DIMENSIONS = ("dim", "axis", "dims", "dtype", "unbiased")
"""The arguments in which dimensions are recorded.

Older snapshots have those of `x.mean((0, 1))` and `x.std(1)` under the name of another overload's argument.
"""


def along(call: Call, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the dimensions of a reduction, counted from 0.

    They are those that were given, where they fit the shape of the result, else those that follow from that shape.
    Raises ValueError where none follow from it.
    """
    wanted = call.result().shape
    given = _given(call, len(shape))
    if given is not None and _fits(shape, given, wanted):
        return given
    every = range(len(shape))
    ways = [d for n in range(len(shape) + 1) for d in combinations(every, n) if len(shape) <= 8]
    found = [dimensions for dimensions in ways if _fits(shape, dimensions, wanted)]
    if len(found) > 1 and tuple(every) in found:
        return tuple(every)  # the other ways differ in dimensions of size 1 only
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
    """Return a dimension counted from 0. Raises IndexError when there is none."""
    found = int(number) + (max(ndim, 1) if int(number) < 0 else 0)
    if not 0 <= found < max(ndim, 1):
        raise IndexError(f"no dimension {number}")
    return found


def list_of(value: Any) -> list[int]:
    """Return one number or several as a list."""
    return [int(v) for v in value] if isinstance(value, list | tuple) else [int(value)]


def reduced(shape: tuple[int, ...], dimensions: tuple[int, ...]) -> Array:
    """Return, for each element, the flat index of the result that it is reduced into."""
    kept = tuple(1 if i in dimensions else size for i, size in enumerate(shape))
    return np.broadcast_to(np.arange(math.prod(kept)).reshape(kept), shape)


def together(groups: Array, index: int) -> list[int]:
    """Return the elements of the group that element `index` (flat) belongs to."""
    flat = groups.reshape(-1)
    return [int(i) for i in np.flatnonzero(flat == flat[index])]
