"""Stand-ins for torch.compile, and for torch.cond which uses it, where nothing can be compiled. Programs stay right,
because eager mode computes the same.
"""

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch

_TORCH: Final = str(Path(torch.__file__).parent)
_MODULES: Final = str(Path(_TORCH, "nn", "modules"))

NOTICE: Final = "Nothing is compiled here: what torch.compile makes runs as it is written, with the same numbers."
"""The one sentence that a program which compiles something gets on its console."""


def uncompiled(model: Callable[..., Any] | None = None, **_options: Any) -> Any:
    """Return the function or module as it is. This stands in for torch.compile, also as a decorator with options."""
    caller = sys._getframe(1).f_code.co_filename
    # torch.while_loop compiles too, and that is nothing that the program has asked for
    if not caller.startswith(_TORCH) or caller.startswith(_MODULES):
        warnings.warn(NOTICE, stacklevel=2)
    return model if model is not None else lambda function: function


def chosen_branch(
    pred: bool | int | float | torch.Tensor,
    true_fn: Callable[..., Any],
    false_fn: Callable[..., Any],
    operands: tuple[Any, ...] | list[Any] = (),
) -> Any:
    """Return what one of the two functions computes. This stands in for torch.cond, whose documentation says so:
    `true_fn(*operands) if pred else false_fn(*operands)`. Both branches of torch's own are traced first.
    """
    return true_fn(*operands) if pred else false_fn(*operands)


def compile_nothing() -> None:
    """Replace these functions in this process, which must be one that only runs programs."""
    torch.compile = uncompiled
    torch.cond = chosen_branch
