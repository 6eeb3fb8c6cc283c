"""The elements of a tensor that questions are about.

Only numbers inside an iteration count: whatever is too large for that is too large to be computed by head.
"""

import numpy as np

from gradwalk.contract.snapshot import Tensor
from gradwalk.operations.call import Array, array_of


def array(tensor: Tensor | None) -> Array | None:
    """Return the numbers of a tensor inside the iteration, if they are real."""
    found = array_of(tensor, {})
    return None if found is None or found.dtype.kind not in "fiub" else found


def places(tensor: Tensor | None) -> list[int]:
    """Return the flat positions that are asked about: the only one, or the first, one in the middle and the last."""
    size = 0 if tensor is None or tensor.data is None else len(tensor.data)
    return sorted({0, size // 2, size - 1}) if size else []


def position(shape: list[int], flat: int) -> tuple[int, ...] | None:
    """Return the position of a flat index; null where there is none."""
    size = int(np.prod(shape)) if shape else 1
    return tuple(int(i) for i in np.unravel_index(flat, shape)) if flat < size and shape else () if not shape else None
