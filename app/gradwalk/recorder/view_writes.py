"""Writes through views: `x[k] += row` and `x.T[0].add_(1)` change the tensor that is viewed, and every view of it."""

from typing import Any

import torch

from gradwalk.recorder.call_sites import CallLocation


def viewed_by(tensor: torch.Tensor) -> torch.Tensor | None:
    """Return the tensor that this one is a view of; null for one that is none, or that refuses to tell."""
    try:
        return tensor._base
    except RuntimeError:
        return None


def shows_the_base(target: torch.Tensor, base: torch.Tensor, location: CallLocation) -> bool:
    """Return whether a write into the view `target` is shown as the write into `base` that it is.

    Autograd says so itself. Outside autograd a program may know the view alone, as in `x = torch.arange(6).view(2, 3)`.
    """
    if target.requires_grad or base.requires_grad:
        return True
    return location.variable(target) is None or location.variable(base) is not None


def assigns_to_itself(target: torch.Tensor, index: Any, value: Any) -> bool:
    """Return whether `target[index] = value` writes a view of the target into its own place.

    Python ends `x[k] += row` with such an assignment: the row has been written when it comes.
    """
    if not isinstance(value, torch.Tensor):
        return False
    base = viewed_by(value)
    if base is None or (base is not target and base is not viewed_by(target)):
        return False
    try:
        place = target.detach()[index]
        return (
            place.untyped_storage().data_ptr() == value.untyped_storage().data_ptr()
            and place.storage_offset() == value.storage_offset()
            and place.stride() == value.stride()
            and place.shape == value.shape
        )
    except (RuntimeError, IndexError, TypeError):
        # the assignment itself says what is wrong with it
        return False


def view_arguments(view: torch.Tensor) -> dict[str, Any]:
    """Return the arguments of as_strided that make this view."""
    return {"size": list(view.shape), "stride": list(view.stride()), "storage_offset": view.storage_offset()}
