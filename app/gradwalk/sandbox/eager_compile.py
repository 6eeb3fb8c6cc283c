"""A stand-in for torch.compile where nothing can be compiled. Programs stay right, because eager mode computes the
same.
"""

from collections.abc import Callable
from typing import Any

import torch


def uncompiled(model: Callable[..., Any] | None = None, **_options: Any) -> Any:
    """Return the function or module as it is. This stands in for torch.compile, also as a decorator with options."""
    return model if model is not None else uncompiled


def compile_nothing() -> None:
    """Replace torch.compile in this process, which must be one that only runs programs."""
    torch.compile = uncompiled
