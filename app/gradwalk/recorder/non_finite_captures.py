"""The non-finite numbers in captured tensors."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import torch

from gradwalk.iteration.first_non_finite import NONE, NonFiniteKind, kinds_of
from gradwalk.recorder.element_types import elements
from gradwalk.recorder.tensor_capture import Captured, TensorSummary

_SMALL: Final = 1 << 14
"""Bytes up to which it takes longer to call numpy than to look at the numbers."""
_JOINED: Final = 1 << 20
"""Bytes of small tensors that are looked at together."""


def all_finite(captures: Iterable[Captured]) -> bool:
    """Return whether there is no NaN and no infinity in any of these. Most iterations have none."""
    small: dict[torch.dtype, list[bytes]] = {}
    sizes: dict[torch.dtype, int] = {}
    for captured in {id(captured): captured for captured in captures}.values():
        if type(captured) is tuple and len(captured[2]) <= _SMALL:
            _, dtype, memory = captured
            if dtype.is_floating_point or dtype.is_complex:
                small.setdefault(dtype, []).append(memory)
                sizes[dtype] = sizes.get(dtype, 0) + len(memory)
                if sizes[dtype] > _JOINED:
                    if not _is_finite(b"".join(small.pop(dtype)), dtype):
                        return False
                    sizes[dtype] = 0
        elif kinds_in(captured):
            return False
    return all(_is_finite(b"".join(memories), dtype) for dtype, memories in small.items())


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
