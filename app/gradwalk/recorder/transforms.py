"""torch.func, inside whose transforms tensors are wrappers around other tensors, and computing unseen by it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack
from torch.utils._python_dispatch import _disable_current_modes


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


@contextmanager
def unobserved() -> Iterator[None]:
    """What is computed inside is the recorder's own: no transform of torch.func takes part in it, no dispatch mode of
    the program (a counter of operations, a logger) hears of it, nor does a subclass of tensors.
    """
    with ExitStack() as contexts:
        contexts.enter_context(temporarily_clear_interpreter_stack())
        contexts.enter_context(torch._C.DisableTorchFunctionSubclass())
        if has_dispatch_mode():
            contexts.enter_context(_disable_current_modes())
        yield


def has_dispatch_mode() -> bool:
    """Whether a dispatch mode of the program hears of every computation."""
    return torch._C._len_torch_dispatch_stack() > 0
