"""A tensor of a snapshot as a `.npy` file."""

import io
from typing import Any

import numpy as np

from gradwalk.contract.snapshot import Tensor
from gradwalk.errors import TensorNotFound

# NumPy has neither bfloat16 nor the float8 types: float32 holds all of their numbers exactly.
_EXACT_IN_FLOAT32 = ("bfloat16", "float8")
_COMPLEX = {"complex32": "complex64"}


def npy(tensor: Tensor) -> bytes:
    """Return the tensor in NumPy's file format, with the same shape, and in its own dtype where NumPy has it.

    Raises TensorNotFound when its numbers do not fit its dtype, as only in a forged recording.
    """
    buffer = io.BytesIO()
    try:
        numbers: list[Any] = [_number(element) for element in tensor.data or []]
        array = np.array(numbers, dtype=numpy_dtype(tensor.dtype)).reshape(tensor.shape)
    except (ValueError, TypeError, OverflowError):
        raise TensorNotFound(f"Tensor {tensor.id} cannot be an array of {tensor.dtype}: read it as JSON.") from None
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def numpy_dtype(name: str) -> np.dtype[Any]:
    """Return NumPy's dtype for the name of a torch dtype."""
    if name.startswith(_EXACT_IN_FLOAT32):
        return np.dtype(np.float32)
    try:
        return np.dtype(_COMPLEX.get(name, name))
    except TypeError:
        return np.dtype(np.float64)


def _number(element: Any) -> Any:
    """Convert an element of the JSON to a Python number: float() reads "NaN" and "Infinity", [re, im] is complex."""
    if isinstance(element, str):
        return float(element)
    if isinstance(element, list):
        return complex(float(element[0]), float(element[1]))
    return element
