"""The statistics of a tensor, computed block by block: no copy of a large tensor is made, whose fresh memory would take
longer than the computing.
"""

import math
from typing import Final

import numpy as np
import torch
from torch import abs as absolute
from torch import from_numpy

from gradwalk.contract.models import build
from gradwalk.contract.snapshot import Stats
from gradwalk.recorder.element_types import Array, Memory, elements
from gradwalk.recorder.transforms import unobserved

_BLOCK: Final = 8192
"""Elements of a block. In float64 it fits into the processor's cache, and its dot product runs in one thread."""
_CHUNK: Final = 8 * _BLOCK
"""Elements of a chunk, which is looked through before its blocks are summed up: a call of numpy takes as long as a look
at some thousand elements.
"""


def statistics(memory: Memory, dtype: torch.dtype) -> Stats:
    """Return the Stats of gradwalk.contract.snapshot of the elements in this memory: over the finite ones, in float64.
    Of complex numbers, those of their absolute values.
    """
    moments = _Moments(min(_BLOCK, len(memory) // dtype.itemsize))
    length = (_BLOCK if dtype.is_complex else _CHUNK) * dtype.itemsize
    # a program may have told numpy to raise where a square is too large
    with np.errstate(all="ignore"):
        for start in range(0, len(memory), length):
            chunk = elements(memory[start : start + length], dtype)
            if chunk.dtype.kind == "c":
                # as torch rounds them, which differs from numpy in the last bit
                with unobserved():
                    chunk = absolute(from_numpy(chunk.copy())).numpy()
            elif chunk.dtype == np.float16:
                # numpy compares these one by one
                chunk = chunk.astype(np.float32)
            moments.add(chunk)
    return moments.stats()


class _Moments:
    """The moments of the blocks so far. `_mean` and `_deviation` (the sum of squared differences from the mean) are
    merged by the formula of Chan, Golub and LeVeque (1979), which loses no digits where the mean is large.
    """

    def __init__(self, block: int) -> None:
        self._wide = np.empty(block)
        self._low, self._high = math.inf, -math.inf
        self._count = 0
        self._total = self._squares = self._mean = self._deviation = 0.0
        self._zeros = self._nans = self._infs = 0

    def add(self, chunk: Array) -> None:
        """Add a chunk of real numbers, block by block."""
        # numpy counts truth values faster than numbers that are not zero
        self._zeros += int(np.count_nonzero(chunk == 0))
        low, high = float(chunk.min()), float(chunk.max())
        # both are NaN where any element is
        finite = math.isfinite(low) and math.isfinite(high)
        if finite:
            self._low, self._high = min(self._low, low), max(self._high, high)
        for start in range(0, chunk.size, _BLOCK):
            block = chunk[start : start + _BLOCK]
            wide = self._wide[: block.size]
            np.copyto(wide, block, casting="unsafe")
            if finite:
                self._add_finite(wide)
            else:
                self._add_some(wide)

    def _add_some(self, wide: Array) -> None:
        """Add the finite ones of a block of numbers, and count the others."""
        nans = int(np.count_nonzero(np.isnan(wide)))
        finite = wide[np.isfinite(wide)]
        self._nans += nans
        self._infs += wide.size - nans - finite.size
        if finite.size:
            self._low, self._high = min(self._low, float(finite.min())), max(self._high, float(finite.max()))
            self._add_finite(finite)

    def _add_finite(self, wide: Array) -> None:
        """Add a block of finite numbers, which are overwritten."""
        total = float(wide.sum())
        self._total += total
        self._squares += float(wide.dot(wide))
        mean = total / wide.size
        wide -= mean
        before, self._count = self._count, self._count + wide.size
        shift = mean - self._mean
        self._deviation += float(wide.dot(wide)) + shift * shift * before * wide.size / self._count
        self._mean += shift * wide.size / self._count

    def stats(self) -> Stats:
        """Return the statistics of all blocks. What float64 cannot hold, as the square of 1e200, is left out."""
        count = self._count
        return build(
            Stats,
            {
                "min": self._low if count else None,
                "max": self._high if count else None,
                "mean": _finite(self._total / count) if count else None,
                "std": _finite(math.sqrt(self._deviation / count)) if count else None,
                "norm": _finite(math.sqrt(self._squares)) if count else None,
                "zeros": self._zeros,
                "nans": self._nans,
                "infs": self._infs,
            },
        )


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
