"""A snapshot tensor as the bytes of a `.npy` file."""

import io
from typing import Any

import numpy as np

from app.snapshot import Tensor

# NumPy has neither of bfloat16 and the float8s: float32 holds all of their numbers exactly.
_EXACT_IN_FLOAT32 = ("bfloat16", "float8")
_COMPLEX = {"complex32": "complex64"}


def npy(tensor: Tensor) -> bytes:
    """The tensor in NumPy's file format, same shape, in its own dtype where NumPy has it."""
    dtype = numpy_dtype(tensor.dtype)
    numbers: list[Any] = [_number(element) for element in tensor.data or []]
    buffer = io.BytesIO()
    np.save(buffer, np.array(numbers, dtype=dtype).reshape(tensor.shape), allow_pickle=False)
    return buffer.getvalue()


def numpy_dtype(name: str) -> np.dtype[Any]:
    """NumPy's dtype for the name of a torch dtype."""
    if name.startswith(_EXACT_IN_FLOAT32):
        return np.dtype(np.float32)
    try:
        return np.dtype(_COMPLEX.get(name, name))
    except TypeError:
        return np.dtype(np.float64)


def _number(element: Any) -> Any:
    """An element of the JSON as a Python number: float() reads "NaN" and "Infinity", [re, im] is complex."""
    if isinstance(element, str):
        return float(element)
    if isinstance(element, list):
        return complex(float(element[0]), float(element[1]))
    return element
