"""A program's own dispatch mode hears of what the program computes, and of nothing that the recorder computes."""

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from gradwalk.recorder import trace


class Heard(TorchDispatchMode):
    """Writes down every operation that it hears of."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.names: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(str(func))
        return func(*args, **(kwargs or {}))


def step(leaf: torch.Tensor) -> None:
    query = (leaf.t() @ leaf).reshape(1, 2, 4, 8)
    out = torch.nn.functional.scaled_dot_product_attention(query, query, query)
    torch.autograd.backward(out.transpose(1, 2).expand(3, 4, 2, 8).sum())


def test_a_dispatch_mode_hears_of_the_program_alone() -> None:
    heard: list[list[str]] = []
    for recorded in (False, True):
        leaf = torch.linspace(-1, 1, 24).reshape(3, 8).requires_grad_()
        with Heard() as mode:
            if recorded:
                with trace() as recording:
                    step(leaf)
            else:
                step(leaf)
        heard.append(mode.names)
    assert heard[0] == heard[1]
    assert recording.snapshot().iterations[0].backward[0].gradients
