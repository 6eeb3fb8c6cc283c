"""Programs that call `torch.utils.swap_tensors`, which refuses a tensor that anybody refers to weakly."""

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Final
from weakref import ref

import torch

from gradwalk.recorder.once_per_code import once_per_code

_SWAPPING: Final = frozenset({"swap_tensors", "set_swap_module_params_on_conversion"})

Reference = Callable[[], torch.Tensor | None]
"""Returns a tensor, or null when it is gone."""


class LeafReferences:
    """The references that are held to leaves. They are weak, unless the program swaps tensors: then the leaves live as
    long as the recording, which is the smaller trace.
    """

    def __init__(self) -> None:
        self._codes: dict[int, CodeType] = {}
        self.make: Callable[[torch.Tensor], Reference] = ref

    def look_at(self, frame: FrameType | None) -> None:
        """Look for the name of a swapping function in the code of the frames that lead to a call."""
        while frame is not None:
            code = frame.f_code
            if id(code) not in self._codes:
                # kept alive, so that no other code object gets the identity that this one is known by
                self._codes[id(code)] = code
                if _swaps(code):
                    self.make = _holding
            frame = None if code.co_name == "<module>" else frame.f_back


@once_per_code
def _swaps(code: CodeType) -> bool:
    """Return whether a code object, or one of the functions and classes in it, names a function that swaps tensors."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return not _SWAPPING.isdisjoint(code.co_names) or any(map(_swaps, inner))


def _holding(tensor: torch.Tensor) -> Reference:
    return lambda: tensor
