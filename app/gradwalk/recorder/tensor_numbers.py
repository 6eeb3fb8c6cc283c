"""The numbers of captured tensors as JSON has them."""

import math
from typing import Any, Final

import numpy as np
import orjson
import torch

from gradwalk.recorder.element_types import NUMPY, Array, elements
from gradwalk.recorder.tensor_capture import Captured, Copied, TensorSummary
from gradwalk.recorder.transforms import unobserved

JsonNumber = float | str
_LONGEST_WHOLE: Final = 2**24
_NONFINITE: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}

_tensor: Final = torch.tensor
"""A reference of our own, because a program may put another function into torch."""


def item(captured: Captured) -> JsonNumber | None:
    """Return the number of a one-element real tensor, as JSON has it.

    This is called while a program runs, which may have taken all memory: orjson would crash Python where none is left.
    """
    if isinstance(captured, TensorSummary) or captured[1].is_complex or len(captured[2]) != captured[1].itemsize:
        return None
    _, dtype, memory = captured
    [element] = elements(memory, dtype)
    if not dtype.is_floating_point:
        large: int = element.item()
        return large
    if dtype not in NUMPY:
        [short] = _all_shortest([float(element)], dtype)
        return short
    return _shortest_of(element)


def numbers(captured: Copied) -> bytes:
    """Return the numbers as a flat JSON array. Floats are the shortest decimal that round-trips in their own dtype.
    Complex numbers are pairs.
    """
    _, dtype, memory = captured
    array = elements(memory, dtype)
    if array.dtype.kind == "c":
        flat = orjson.loads(_written(array.view(array.real.dtype)))
        return orjson.dumps([flat[i : i + 2] for i in range(0, len(flat), 2)])
    if dtype == torch.float16:
        # orjson would write float16 numbers with the digits of float32
        return orjson.dumps([_shortest_of(x) for x in array])
    return _written(array) if dtype in NUMPY else orjson.dumps(_all_shortest(array.tolist(), dtype))


def _written(array: Array) -> bytes:
    """Return numbers that orjson knows, with names for those that are not finite."""
    text = orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
    if b"null" not in text:
        return text
    # orjson writes null for what JSON has no number for
    written = orjson.loads(text)
    for i in np.flatnonzero(~np.isfinite(array)).tolist():
        written[i] = _NONFINITE[str(float(array[i]))]
    return orjson.dumps(written)


def _shortest_of(x: np.floating[Any]) -> JsonNumber:
    """Return the shortest decimal that reads back as x in its own type, as numpy finds it."""
    exact = float(x)
    if not math.isfinite(exact):
        return _NONFINITE[str(exact)]
    return exact if _is_short(exact) else float(str(x))


def _is_short(x: float) -> bool:
    """Return whether x itself is as short as any decimal that reads back as it: 65504 in float16, where 65500 would do
    too.
    """
    return x.is_integer() and abs(x) < _LONGEST_WHOLE


def _all_shortest(array: list[float], dtype: torch.dtype) -> list[JsonNumber]:
    """Return the shortest decimals that read back as these numbers in a dtype that numpy does not have."""
    with unobserved():
        return [_shortest(x, dtype) for x in array]


def _shortest(x: float, dtype: torch.dtype) -> JsonNumber:
    if not math.isfinite(x):
        return _NONFINITE[str(x)]
    if _is_short(x):
        return x
    candidates = (float(f"{x:.{digits}g}") for digits in range(1, 10))
    return next(c for c in candidates if _tensor(c, dtype=dtype, device="cpu").item() == x)
