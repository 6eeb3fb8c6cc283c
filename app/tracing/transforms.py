"""torch.func: inside its transforms, tensors are wrappers around other tensors."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import torch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack


def wrapped_by(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """The tensor inside a wrapper, the one inside that, and so on; nothing for an ordinary tensor."""
    while torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        tensor = torch._C._functorch.get_unwrapped(tensor)
        yield tensor


def transforming() -> bool:
    """Whether a transform is under way."""
    return torch._C._functorch.peek_interpreter_stack() is not None


def transform_name() -> str:
    """`torch.func.vmap`: the innermost transform that is under way."""
    interpreter = torch._C._functorch.peek_interpreter_stack()
    return "torch.func" if interpreter is None else f"torch.func.{interpreter.key().name.lower()}"


def outside_transforms() -> AbstractContextManager[object]:
    """Inside this context no transform takes part in what is computed."""
    context: AbstractContextManager[object] = temporarily_clear_interpreter_stack()
    return context
