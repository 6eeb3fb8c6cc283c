"""The non-finite numbers in captured tensors."""

from collections.abc import Iterable
from itertools import accumulate
from typing import Final

import numpy as np
import torch

from gradwalk.iteration.first_non_finite import NONE, NonFiniteKind, kinds_of
from gradwalk.recorder.element_types import elements
from gradwalk.recorder.tensor_capture import Captured, TensorSummary

_SMALL: Final = 1 << 14
"""Bytes up to which it takes longer to call numpy than to look at the numbers."""
_MOST_JOINED: Final = 1 << 20
"""Bytes of small tensors that are looked at together."""


def non_finite(captures: Iterable[Captured]) -> dict[int, bool]:
    """Return by the identity of each capture whether it holds a NaN or an infinity. Most iterations have none."""
    found: dict[int, bool] = {}
    small: dict[torch.dtype, _Joined] = {}
    for identity, captured in {id(captured): captured for captured in captures}.items():
        found[identity] = False
        if type(captured) is tuple and len(captured[2]) <= _SMALL:
            _, dtype, memory = captured
            if dtype.is_floating_point or dtype.is_complex:
                joined = small.get(dtype) or small.setdefault(dtype, _Joined())
                joined.add(identity, memory)
                if joined.size > _MOST_JOINED:
                    found |= small.pop(dtype).non_finite(dtype)
        elif kinds_in(captured):
            found[identity] = True
    for dtype, joined in small.items():
        found |= joined.non_finite(dtype)
    return found


class _Joined:
    """Small tensors of one element type, which are looked at together. `size`: their bytes."""

    def __init__(self) -> None:
        self.size = 0
        self._identities: list[int] = []
        self._memories: list[bytes] = []

    def add(self, identity: int, memory: bytes) -> None:
        """Add a tensor, unless it has no elements."""
        if memory:
            self.size += len(memory)
            self._identities.append(identity)
            self._memories.append(memory)

    def non_finite(self, dtype: torch.dtype) -> dict[int, bool]:
        """Return the identities of those that hold a NaN or an infinity."""
        finite = np.isfinite(elements(b"".join(self._memories), dtype))
        if finite.all():
            return {}
        lengths = [len(memory) // dtype.itemsize for memory in self._memories]
        starts = [0, *accumulate(lengths[:-1])]
        each = np.logical_and.reduceat(finite, starts).tolist()
        return {identity: True for identity, whole in zip(self._identities, each, strict=True) if not whole}


def kinds_in(captured: Captured) -> frozenset[NonFiniteKind]:
    """Return the kinds of non-finite numbers in a captured tensor."""
    if isinstance(captured, TensorSummary):
        stats = captured.stats
        return NONE if stats is None else kinds_of(nan=stats.nans > 0, plus=stats.infs > 0, minus=False)
    _, dtype, memory = captured
    if not (dtype.is_floating_point or dtype.is_complex) or _is_finite(memory, dtype):
        return NONE
    array = elements(memory, dtype)
    parts = array.view(array.real.dtype) if np.iscomplexobj(array) else array
    return kinds_of(
        nan=bool(np.isnan(parts).any()), plus=bool(np.isposinf(parts).any()), minus=bool(np.isneginf(parts).any())
    )


def _is_finite(memory: bytes, dtype: torch.dtype) -> bool:
    return bool(np.isfinite(elements(memory, dtype)).all())
