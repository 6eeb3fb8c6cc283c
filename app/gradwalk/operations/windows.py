"""The windows of convolutions and poolings, in any number of dimensions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np

from gradwalk.operations.axes import list_of
from gradwalk.operations.call import NumbersMissing

MOST: Final = 500_000
"""The largest number of positions for one column: far more than any small network needs."""

Place = tuple[int, ...]


@dataclass(frozen=True)
class Slide:
    """A window in one dimension: its size, its stride, the distance of its own positions, and the padding in front."""

    size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def at(self, window: int, tap: int) -> int:
        """Return the position of a window's own position `tap`. It may be in the padding."""
        return window * self.stride + tap * self.dilation - self.padding

    def windows_over(self, position: int, count: int) -> Iterator[tuple[int, int]]:
        """Yield the windows, of `count`, that hold a position, each with its own position there."""
        for tap in range(self.size):
            window, rest = divmod(position + self.padding - tap * self.dilation, self.stride)
            if not rest and 0 <= window < count:
                yield window, tap

    def positions(self, window: int, extent: int) -> list[int]:
        """Return the positions that a window holds, in a dimension of `extent` positions."""
        return [p for tap in range(self.size) if 0 <= (p := self.at(window, tap)) < extent]


def of_each(value: Any, dimensions: int, default: int) -> list[int]:
    """Return one number for each dimension: `2`, `[2]` and `[2, 1]` as they were given, or the default."""
    given = list_of(value) if value not in (None, []) else [default]
    return given * dimensions if len(given) == 1 else given


def places(choices: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Return every combination of the choices. Raises NumbersMissing where there are too many to look at."""
    if math.prod(map(len, choices)) > MOST:
        raise NumbersMissing("so many products")
    return product(*choices)


def flat(place: Sequence[int], shape: Sequence[int]) -> int:
    """Return the flat, row-major index of a position."""
    found = 0
    for position, size in zip(place, shape, strict=True):
        found = found * size + position
    return found


def place_of(index: int, shape: Sequence[int]) -> Place:
    """Return the position of a flat index."""
    return tuple(int(i) for i in np.unravel_index(index, tuple(shape))) if shape else ()
