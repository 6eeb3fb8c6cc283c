"""Numbers and sizes in sentences: an element, a shape, a tensor at a glance."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from gradwalk.contract.digits import shape_text, written
from gradwalk.contract.snapshot import Tensor
from gradwalk.exports.number_text import format_number
from gradwalk.operations.call import Array

_LISTED: Final = 4


def article(words: str) -> str:
    """Return words with their indefinite article: `a 4×5 matrix`, `an 8×3 matrix`."""
    first = words.split("×")[0].split()[0]
    sounds = first[:1] in "aeiouAEIOU" or first.startswith("8") or first in ("11", "18")
    return f"{'an' if sounds else 'a'} {words}"


def size_of(tensor: Tensor) -> str:
    """Return what a tensor is: `a number`, `a vector of 3 numbers`, `a 4×5 matrix`, `a 2×3×4 tensor`."""
    shape = tensor.shape
    if math.prod(shape) == 0:
        return "an empty tensor"
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return "a vector of one number" if shape[0] == 1 else f"a vector of {shape[0]} numbers"
    return article(f"{shape_text(shape)} {'matrix' if len(shape) == 2 else 'tensor'}")


def is_single(tensor: Tensor) -> bool:
    """Return whether a tensor is one number."""
    return math.prod(tensor.shape) == 1


def chosen_of(tensor: Tensor, array: Array | None) -> tuple[int, ...] | None:
    """Return the element that a sentence tells: one that is not finite, else the largest in size; null where the
    numbers are missing.
    """
    if array is not None and array.size:
        size = np.nan_to_num(np.abs(array.astype(np.float64)), nan=np.inf)
        return tuple(int(i) for i in np.unravel_index(int(size.argmax()), array.shape))
    if tensor.data:
        sizes = [math.hypot(*map(float, part)) if isinstance(part, list) else 0.0 for part in tensor.data]
        return tuple(int(i) for i in np.unravel_index(sizes.index(max(sizes)), tuple(tensor.shape)))
    return None


def element_text(tensor: Tensor, array: Array | None, place: tuple[int, ...]) -> str:
    """Return one element as the page writes it."""
    if tensor.dtype == "bool" and array is not None:
        return str(bool(array[place]))
    if array is not None:
        return written(float(array[place]))
    flat = int(np.ravel_multi_index(place, tuple(tensor.shape))) if place else 0
    return format_number(tensor.data[flat]) if tensor.data else "?"


def whole_text(tensor: Tensor, array: Array | None) -> str | None:
    """Return all numbers of a short vector: `[1, 2, 3]`; null for other tensors."""
    if array is None or array.ndim != 1 or not 1 < array.size <= _LISTED:
        return None
    return f"[{', '.join(element_text(tensor, array, (i,)) for i in range(array.size))}]"


def range_text(tensor: Tensor) -> str | None:
    """Return the range of numbers that are too many to stand in the iteration; null where it is not known."""
    stats = tensor.stats
    if stats is None or stats.min is None or stats.max is None:
        return None
    odd = "".join(
        f", {count} of them {what}" for count, what in ((stats.nans, "NaN"), (stats.infs, "infinite")) if count
    )
    return f"between {written(stats.min)} and {written(stats.max)}{odd}"


def place_text(tensor: Tensor, place: Sequence[int]) -> str:
    """Return the index of an element: `[0, 2]`; empty for a single number."""
    return "" if is_single(tensor) else f"[{', '.join(map(str, place))}]"


def in_brackets(value: float) -> str:
    """Return a number as a factor or summand: a negative one in brackets."""
    return f"({written(value)})" if value < 0 else written(value)
