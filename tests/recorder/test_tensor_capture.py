"""What a tensor held, whatever kind of tensor it is."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch

from gradwalk.recorder import Limits
from gradwalk.recorder.tensor_capture import LARGEST_MEASURED, TensorSummary, as_tensor, capture, sum_captured
from gradwalk.recorder.tensor_numbers import item
from tests.recorder.oracle import same_bits

LIMITS = Limits(inline_elements=8, stored_elements=64)
GRID = torch.arange(6.0).reshape(2, 3)
COMPLEX = torch.tensor([1 + 2j, -0.5j])


class Subclass(torch.Tensor):
    """One that objects to every call that it hears of."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        raise AssertionError(f"told of {func}")


def eighths(dtype: torch.dtype) -> torch.Tensor:
    return (torch.arange(-4, 4) / 8).to(dtype)


KEPT: dict[str, Callable[[], torch.Tensor]] = {
    "contiguous": lambda: GRID,
    "transposed": lambda: GRID.T,
    "strided": lambda: GRID[:, ::2],
    "offset": lambda: GRID[1, 1:],
    "expanded": lambda: torch.tensor([1.0]).expand(4, 3),
    "conjugate": COMPLEX.conj,
    "imaginary_of_conjugate": lambda: COMPLEX.conj().imag,
    "negative_bit": lambda: torch._neg_view(torch.tensor([1.0, -0.0])),
    "sparse": lambda: torch.tensor([[0.0, 2.0], [3.0, 0.0]]).to_sparse(),
    "sparse_rows": lambda: torch.eye(3).to_sparse_csr(),
    "bfloat16": lambda: eighths(torch.bfloat16),
    "float16": lambda: eighths(torch.float16),
    "float64": lambda: eighths(torch.float64) / 3,
    "complex64": lambda: COMPLEX,
    "complex128": lambda: COMPLEX.to(torch.complex128) / 3,
    "bool": lambda: torch.tensor([True, False]),
    "uint8": lambda: torch.tensor([0, 255], dtype=torch.uint8),
    "uint16": lambda: torch.tensor([0, 65535], dtype=torch.uint16),
    "uint64": lambda: torch.tensor([0, 2**63], dtype=torch.uint64),
    "int64": lambda: torch.tensor([-(2**63), 2**63 - 1]),
    "0-d": lambda: torch.tensor(3.5),
    "empty": lambda: torch.empty(0, 3),
    "nonfinite": lambda: torch.tensor([math.nan, math.inf, -math.inf, -0.0]),
    "requires_grad": lambda: torch.ones(2, requires_grad=True) * 2,
    "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
    "subclass": lambda: torch.ones(2).as_subclass(Subclass),
    "inference": lambda: made_in_inference(),
}
if hasattr(torch, "float8_e4m3fn"):
    KEPT["float8_e4m3fn"] = lambda: eighths(torch.float8_e4m3fn)
    KEPT["float8_e5m2"] = lambda: eighths(torch.float8_e5m2)


def made_in_inference() -> torch.Tensor:
    with torch.inference_mode():
        return torch.ones(2)


def plain(tensor: torch.Tensor) -> torch.Tensor:
    with torch._C.DisableTorchFunctionSubclass():
        dense = tensor.detach()
        dense = dense.to_dense() if dense.layout is not torch.strided else dense.as_subclass(torch.Tensor)
        return dense.resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
@pytest.mark.parametrize("kind", KEPT)
def test_every_kind_of_tensor_is_kept_bit_by_bit(kind: str) -> None:
    tensor = KEPT[kind]()
    back = as_tensor(capture(tensor, LIMITS))
    expected = plain(tensor)
    assert back is not None
    assert (back.dtype, back.shape) == (expected.dtype, expected.shape)
    assert back.reshape(-1).view(torch.uint8).equal(expected.reshape(-1).view(torch.uint8)) or not back.numel()


@pytest.mark.parametrize("size", [3, 40, 2000])
def test_a_tensor_of_zeros_without_memory_is_zeros(size: int) -> None:
    zeros = torch._efficientzerotensor((size,))
    captured = capture(zeros, Limits(stored_elements=1000))
    if isinstance(captured, TensorSummary):
        assert captured.stats is not None
        assert (captured.stats.zeros, captured.stats.max) == (size, 0.0)
    else:
        assert captured[2] == bytes(4 * size)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.complex64, torch.int64])
def test_a_later_write_never_alters_what_was_captured(dtype: torch.dtype) -> None:
    for tensor in (torch.ones(3, dtype=dtype), torch.ones(3, 2, dtype=dtype).T, torch.ones(1, dtype=dtype).expand(3)):
        captured = capture(tensor, LIMITS)
        (tensor._base if tensor._base is not None else tensor).zero_()
        back = as_tensor(captured)
        assert back is not None
        assert back.eq(1).all()


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
def test_capturing_alters_nothing() -> None:
    generator = torch.get_rng_state()
    for make in (make for kind, make in KEPT.items() if kind not in ("subclass", "inference")):
        tensor = make()
        before = tensor._version, tensor.grad_fn, tensor.requires_grad
        capture(tensor, LIMITS)
        assert (tensor._version, tensor.grad_fn, tensor.requires_grad) == before
    assert torch.equal(torch.get_rng_state(), generator)


SUMMARIZED: dict[str, tuple[Callable[[], torch.Tensor], bool]] = {
    "above_the_limit": (lambda: torch.arange(65.0), True),
    "above_the_limit_and_strided": (lambda: torch.arange(130.0)[::2], True),
    "expanded_beyond_measure": (lambda: torch.ones(1).expand(LARGEST_MEASURED + 1), False),
    "meta": (lambda: torch.ones(3, device="meta"), False),
}


@pytest.mark.parametrize("kind", SUMMARIZED)
def test_what_is_too_large_is_summarized(kind: str) -> None:
    make, measured = SUMMARIZED[kind]
    tensor = make()
    captured = capture(tensor, LIMITS)
    assert isinstance(captured, TensorSummary)
    assert captured.shape == list(tensor.shape)
    assert captured.device == tensor.device.type
    assert (captured.stats is not None) is measured
    assert as_tensor(captured) is None
    assert item(captured) is None


@pytest.mark.filterwarnings("ignore:.*quantiz.*", "ignore:.*TypedStorage.*")
def test_zeros_that_no_memory_was_written_for_are_zeros() -> None:
    """Torch has a stand-in for them, which it gives as the gradient of sgn."""
    for dtype in (torch.float32, torch.complex64):
        zeros = torch._efficientzerotensor((2, 3), dtype=dtype)
        assert same_bits(as_tensor(capture(zeros, LIMITS)), torch.zeros(2, 3, dtype=dtype))


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_a_quantized_tensor_shows_the_numbers_that_it_stands_for() -> None:
    tensor = torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 0, torch.qint8)
    back = as_tensor(capture(tensor, LIMITS))
    assert back is not None
    assert back.tolist() == [0.5, 1.0]


def test_captured_tensors_are_added_in_their_own_dtype() -> None:
    third = torch.tensor([1 / 3], dtype=torch.bfloat16)
    total = as_tensor(sum_captured(capture(third, LIMITS), capture(third, LIMITS)))
    assert same_bits(total, third + third)
    summary = capture(torch.arange(65.0), LIMITS)
    assert sum_captured(capture(third, LIMITS), summary) is summary


class Counting(torch.Tensor):
    """A class of tensors that notices every computation."""

    computations = 0

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # type: ignore[override]
        cls.computations += 1
        return func(*args, **(kwargs or {}))


def test_a_tensor_that_notices_computations_is_not_computed_with() -> None:
    tensor = torch.ones(2, 3).as_subclass(Counting)
    Counting.computations = 0
    captured = capture(tensor, LIMITS)
    assert isinstance(captured, TensorSummary)
    assert (captured.shape, captured.stats, Counting.computations) == ([2, 3], None, 0)


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors is in prototype stage")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_tensor_is_all_of_its_elements_in_one_row(layout: torch.layout) -> None:
    parts = [torch.ones(2, 3), torch.zeros(1, 3)]
    back = as_tensor(capture(torch.nested.nested_tensor(parts, layout=layout), LIMITS))
    assert back is not None
    assert back.tolist() == [1.0] * 6 + [0.0] * 3
