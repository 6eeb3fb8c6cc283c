"""The rule that finds a stale `.grad`, which still held an old gradient when a pass added to it.

The recorder keeps the gradient that arrived and what `.grad` is after the pass. What was there before is their
difference, known to the precision of the tensor's own numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from gradwalk.contract.snapshot import Step
from gradwalk.iteration.indexed_iteration import IndexedIteration

Floats = npt.NDArray[np.float64]

_ROUNDING: Final = {"float64": 1e-12, "float16": 4e-3, "bfloat16": 3e-2}
_FLOAT32_ROUNDING: Final = 1e-6


@dataclass(frozen=True)
class StaleGradient:
    """One element of a leaf's `.grad`: the one where the most was left. `index`: its position, empty for a scalar.
    `count`: how many elements held something before, `of` how many.
    """

    index: tuple[int, ...]
    before: float
    added: float
    now: float
    count: int
    of: int


def rounding(dtype: str) -> float:
    """Return how far two numbers of a dtype that should be equal may lie apart, as a share of the larger one."""
    return _ROUNDING.get(dtype, _FLOAT32_ROUNDING)


def left_over(added: Floats, now: Floats, dtype: str) -> Floats:
    """Return what `.grad` must have held, per element, for `added` to make it `now`; 0 where they do not tell."""
    with np.errstate(all="ignore"):
        before = now - added
        is_rounding = np.abs(before) <= rounding(dtype) * np.maximum(np.abs(now), np.abs(added))
    # a sum that is not finite does not tell its other summand, unless only that one can have made it so
    not_finite = np.where(np.isfinite(added), now, 0.0)
    return np.where(np.isfinite(now), np.where(is_rounding, 0.0, before), not_finite)


def is_left_over(old: Floats, added: Floats, now: Floats, dtype: str) -> bool:
    """Return whether `old` was still in `.grad`, and not nothing, when `added` made it `now`."""
    if not old.shape == added.shape == now.shape or not np.isfinite(now).all():
        return False
    left = left_over(added, now, dtype)
    room = rounding(dtype) * np.maximum(np.maximum(np.abs(now), np.abs(added)), np.abs(old))
    return bool(left.any()) and bool((np.abs(left - old) <= room).all())


def stale_gradient(iteration: IndexedIteration, step: Step) -> StaleGradient | None:
    """Return what the `.grad` of a step's leaf held before this pass; null where it held nothing, or where that cannot
    be known.
    """
    backward = iteration.backward(step.backward_pass)
    if backward is None or step.kind != "accumulate":
        return None
    held = backward.accumulated.get(step.node)
    added, now = iteration.array(iteration.gradient_in(step.backward_pass or 0, step.node)), iteration.array(held)
    if held is None or added is None or now is None or added.shape != now.shape or held.dtype.startswith("complex"):
        return None
    left = left_over(added, now, held.dtype)
    if not left.any():
        return None
    flat = int(np.argmax(np.nan_to_num(np.abs(left), nan=np.inf)))
    return StaleGradient(
        index=tuple(int(i) for i in np.unravel_index(flat, left.shape)) if left.ndim else (),
        before=float(left.flat[flat]),
        added=float(added.flat[flat]),
        now=float(now.flat[flat]),
        count=int((left != 0).sum()),
        of=left.size,
    )
