"""Modules with a fused path: they take it as they would unwatched, and the mode is back on the stack afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from gradwalk.recorder import trace


def stack() -> list[Any]:
    """The modes of torch functions that are active."""
    return [torch._C._get_function_stack_at(i) for i in range(torch._C._len_torch_function_stack())]


def encoder_layer() -> nn.Module:
    return nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True).eval()


MODULES: dict[str, Callable[[], nn.Module]] = {
    "layer": encoder_layer,
    "encoder": lambda: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False
    ).eval(),
}
X = torch.linspace(-1, 1, 2 * 3 * 8).reshape(2, 3, 8)


@pytest.mark.parametrize("name", MODULES)
def test_the_fused_path_gives_the_same_bits_and_is_one_node(name: str) -> None:
    module = MODULES[name]()
    with torch.no_grad():
        plain = module(X)
        with trace() as recording:
            (mode,) = stack()
            recorded = module(X)
            assert stack() == [mode]
            recorded.sum()
    assert torch.equal(recorded, plain)
    operations = [n.op for n in recording.snapshot().graphs[0].nodes if n.op is not None]
    assert operations == [type(module).__name__, "sum"]


def test_with_gradients_every_operation_is_seen() -> None:
    module = encoder_layer()
    plain = module(X)
    with trace() as recording:
        recorded = module(X)
    assert torch.equal(recorded, plain)
    operations = [n.op for n in recording.snapshot().graphs[0].nodes if n.op is not None]
    assert {"linear", "relu", "layer_norm"} <= set(operations)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_mode_is_back_after_whatever_is_raised_inside(error: type[BaseException]) -> None:
    def stop(*_: Any) -> None:
        raise error

    module = encoder_layer()
    module.register_forward_pre_hook(stop)
    with torch.no_grad(), trace() as recording:
        (mode,) = stack()
        with pytest.raises(error):
            module(X)
        if issubclass(error, Exception):
            # torch calls the recorder's hook after an error; a program that is stopped runs nothing more
            assert stack() == [mode]
            X.sin()
    assert stack() == []
    if issubclass(error, Exception):
        assert "sin" in [n.op for n in recording.snapshot().graphs[0].nodes]


def test_a_wrong_shape_inside_is_the_error_that_torch_raises() -> None:
    module = encoder_layer()
    wrong = torch.ones(2, 3, 7)
    with torch.no_grad():
        with pytest.raises(Exception) as plain:  # noqa: PT011
            module(wrong)
        with trace(), pytest.raises(type(plain.value)) as recorded:
            module(wrong)
    assert str(recorded.value) == str(plain.value)
    assert stack() == []


def test_a_mode_of_the_program_above_ours_is_left_where_it_is() -> None:
    class Counting(torch.overrides.TorchFunctionMode):
        calls = 0

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            Counting.calls += 1
            return func(*args, **(kwargs or {}))

    module = encoder_layer()
    with torch.no_grad():
        with Counting():
            plain = module(X)
        seen, Counting.calls = Counting.calls, 0
        with trace(), Counting():
            before = stack()
            recorded = module(X)
            assert stack() == before
    assert torch.equal(recorded, plain)
    assert Counting.calls == seen
