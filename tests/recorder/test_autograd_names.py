"""The user's word for an operation that only autograd's graph shows."""

from typing import Any

import pytest
import torch
from torch.utils.checkpoint import checkpoint

from gradwalk.recorder.autograd_names import argument_names, operation_name

W = torch.ones(2, 2, requires_grad=True)


class Scale(torch.autograd.Function):
    """A Function whose second argument is no tensor and whose last needs no gradient."""

    @staticmethod
    def forward(ctx: Any, first: torch.Tensor, factor: int, second: torch.Tensor) -> torch.Tensor:
        return first * factor + second

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> Any:
        return gradient * 2, None, gradient


class Separate(torch.autograd.Function):
    """A Function whose context is set up on its own."""

    @staticmethod
    def forward(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return first + second

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        pass

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> Any:
        return gradient, gradient


def applied(function: type[torch.autograd.Function], *arguments: Any) -> torch.Tensor:
    """Return the result of a Function."""
    apply: Any = function.apply
    result: torch.Tensor = apply(*arguments)
    return result


@pytest.mark.parametrize(
    ("tensor", "name", "arguments"),
    [
        (W - 1, "sub", ["self", "other"]),
        (W.as_strided((1,), (1,)), "as_strided", ["self"]),
        (torch.addmm(W, W, W), "addmm", ["self", "mat1", "mat2"]),
        (W.log_softmax(0), "log_softmax", ["self"]),
        (W @ W, "mm", ["self", "mat2"]),
        (applied(Scale, W, 3, W), "Scale", ["first", "second"]),
        (applied(Scale, W, 3, torch.ones(2, 2)), "Scale", ["first", ""]),
        (applied(Separate, W, W), "Separate", ["first", "second"]),
        (checkpoint(torch.sin, W, use_reentrant=True), "checkpoint", ["args[0]"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names(tensor: torch.Tensor, name: str, arguments: list[str]) -> None:
    function = tensor.grad_fn
    assert operation_name(function) == name
    assert argument_names(function, name) == arguments


def test_no_node_of_torch_has_a_capital_letter() -> None:
    written = (W * 1).clone()
    written[0] = W[1]
    assert operation_name(written.grad_fn) == "copy_"
