"""torch.compile where nothing can be compiled: programs stay right, because eager mode computes the same."""

from collections.abc import Callable
from typing import Any

import torch


def uncompiled(model: Callable[..., Any] | None = None, **_options: Any) -> Any:
    """Stands in for torch.compile: gives back the function or module as it is, also as a decorator with options."""
    return model if model is not None else uncompiled


def compile_nothing() -> None:
    """Replaces torch.compile in this process, which must be one that only runs programs."""
    torch.compile = uncompiled
