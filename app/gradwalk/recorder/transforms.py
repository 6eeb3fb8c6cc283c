"""The transforms of torch.func, inside which tensors are wrappers around other tensors, and computing that they do not
see.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch._functorch.pyfunctorch import temporarily_clear_interpreter_stack
from torch.utils._python_dispatch import _disable_current_modes


def wrapped_by(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield the tensor inside a wrapper, the one inside that, and so on; nothing for an ordinary tensor."""
    while torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        tensor = torch._C._functorch.get_unwrapped(tensor)
        yield tensor


def transforming() -> bool:
    """Return whether a transform is active."""
    return torch._C._functorch.peek_interpreter_stack() is not None


def transform_name() -> str:
    """Return the name of the innermost active transform: `torch.func.vmap`."""
    interpreter = torch._C._functorch.peek_interpreter_stack()
    return "torch.func" if interpreter is None else f"torch.func.{interpreter.key().name.lower()}"


@contextmanager
def unobserved() -> Iterator[None]:
    """Compute inside the block without being observed: this is the recorder's own work.

    No transform of torch.func takes part in it, and neither a dispatch mode of the program (a counter of operations, a
    logger) nor a tensor subclass sees it.
    """
    with ExitStack() as contexts:
        contexts.enter_context(temporarily_clear_interpreter_stack())
        # and no function mode either, such as the one that torch.set_default_device sets up
        contexts.enter_context(torch._C.DisableTorchFunction())
        if has_dispatch_mode():
            contexts.enter_context(_disable_current_modes())
        yield


def has_dispatch_mode() -> bool:
    """Return whether a dispatch mode of the program sees every computation."""
    return torch._C._len_torch_dispatch_stack() > 0
