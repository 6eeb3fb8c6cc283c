"""The numbers of a snapshot's tensors as arrays, as far as the snapshot holds them."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from gradwalk.contract.fields import NonFinite
from gradwalk.contract.snapshot import Tensor

Array = npt.NDArray[np.float64]

_WHOLE = ("int", "uint", "bool", "qint", "quint", "bits")


def numbers(tensor: Tensor | None) -> Array | None:
    """Return the elements in their shape, as float64; null where the snapshot does not hold them, and for complex
    numbers.
    """
    if tensor is None or tensor.data is None or tensor.dtype.startswith("complex"):
        return None
    try:
        # NaN and Infinity are text there, which NumPy reads as well
        flat = np.array(tensor.data, dtype=np.float64)
        return flat.reshape(tensor.shape)
    except (ValueError, TypeError, OverflowError):
        return None


def is_whole(tensor: Tensor | None) -> bool:
    """Return whether the dtype has no fractions, and so no gradient."""
    return tensor is not None and tensor.dtype.startswith(_WHOLE)


def size(tensor: Tensor) -> int:
    """Return how many elements a tensor has."""
    return math.prod(tensor.shape)


def is_zero(tensor: Tensor | None) -> bool | None:
    """Return whether every element is exactly 0; null where that is not known, or there is no element."""
    if tensor is None or size(tensor) == 0:
        return None
    if tensor.stats is not None:
        return tensor.stats.zeros >= size(tensor)
    array = numbers(tensor)
    return None if array is None else not array.any()


def norm(tensor: Tensor | None) -> float | None:
    """Return the Euclidean norm of the finite elements; null where it is not known."""
    if tensor is None:
        return None
    if tensor.stats is not None:
        return tensor.stats.norm
    array = numbers(tensor)
    if array is None:
        return None
    finite = array[np.isfinite(array)]
    return float(np.linalg.norm(finite)) if finite.size else None


def real(value: Any) -> float | None:
    """Return a number of the snapshot, which may be written as text; null where it is no number."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def as_real(value: float) -> float | NonFinite:
    """Return a number as a field of the contract holds it: a non-finite one is text."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value
