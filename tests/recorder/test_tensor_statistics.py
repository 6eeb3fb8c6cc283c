"""Statistics, compared with NumPy on a float64 copy of everything."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from gradwalk.contract.snapshot import Stats
from gradwalk.recorder import Limits
from gradwalk.recorder.element_types import fingerprint
from gradwalk.recorder.tensor_capture import TensorSummary, capture
from gradwalk.recorder.tensor_statistics import statistics

GENERATOR = torch.Generator().manual_seed(0)


def normal(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(*shape, generator=GENERATOR, dtype=torch.float64).to(dtype)


def with_special(*special: float) -> torch.Tensor:
    tensor = normal(20_000)
    tensor[torch.randperm(20_000, generator=GENERATOR)[: 40 * len(special)]] = torch.tensor(special).repeat(40)
    return tensor


TENSORS: dict[str, Callable[[], torch.Tensor]] = {
    "float32": lambda: normal(100_352),
    "float64": lambda: normal(30_000, dtype=torch.float64),
    "float16": lambda: normal(9_000, dtype=torch.float16),
    "bfloat16": lambda: normal(9_000, dtype=torch.bfloat16),
    "complex64": lambda: torch.complex(normal(9_000), normal(9_000)),
    "complex128": lambda: torch.complex(normal(9_000), normal(9_000)).to(torch.complex128) / 3,
    "int64": lambda: torch.randint(-(2**63), 2**63 - 1, (9_000,), generator=GENERATOR),
    "uint64": lambda: torch.tensor([2**64 - 1, 0, 5], dtype=torch.uint64),
    "uint8": lambda: torch.randint(0, 255, (9_000,), generator=GENERATOR).to(torch.uint8),
    "bool": lambda: normal(9_000) > 0,
    "far_from_zero": lambda: normal(50_000, dtype=torch.float64) * 1e-3 + 1e6,
    "constant": lambda: torch.full((20_001,), 0.1),
    "zeros": lambda: torch.zeros(8_193),
    "negative_zeros": lambda: -torch.zeros(3),
    "one_block": lambda: normal(8_192),
    "one_more_than_a_block": lambda: normal(8_193),
    "one": lambda: torch.tensor([2.5]),
    "nans": lambda: with_special(math.nan),
    "infinities": lambda: with_special(math.inf, -math.inf, 0.0),
    "nans_and_infinities": lambda: with_special(math.nan, math.inf, -0.0),
    "a_block_of_nans": lambda: torch.cat([torch.full((8_192,), math.nan), normal(100)]),
    "subnormal": lambda: torch.full((9_000,), 1e-45),
    "empty": lambda: torch.empty(0),
    "only_nan": lambda: torch.tensor([math.nan]),
}
for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"):
    if hasattr(torch, name):
        TENSORS[name] = lambda name=name: normal(9_000).abs().to(getattr(torch, name))  # type: ignore[misc]


def measured(tensor: torch.Tensor) -> Stats:
    return statistics(tensor.numpy(force=True).tobytes() if tensor.dtype in NUMPY_TOO else raw(tensor), tensor.dtype)


NUMPY_TOO = {torch.float32, torch.float64, torch.complex64, torch.complex128, torch.int64, torch.bool, torch.uint64}


def raw(tensor: torch.Tensor) -> bytes:
    return tensor.contiguous().view(torch.uint8).numpy().tobytes()


@pytest.mark.parametrize("kind", TENSORS)
def test_statistics_are_those_of_a_float64_copy(kind: str) -> None:
    tensor = TENSORS[kind]()
    real = tensor.abs() if tensor.is_complex() else tensor
    wide = real.to(torch.float64).numpy()
    finite = wide[np.isfinite(wide)]
    stats = measured(tensor)
    assert (stats.zeros, stats.nans, stats.infs) == (
        int((wide == 0).sum()), int(np.isnan(wide).sum()), int(np.isinf(wide).sum()),
    )  # fmt: skip
    if finite.size == 0:
        assert (stats.min, stats.max, stats.mean, stats.std, stats.norm) == (None,) * 5
        return
    assert (stats.min, stats.max) == (finite.min(), finite.max())
    # sums of numbers of both signs lose digits in whatever order they are added
    scale = float(np.abs(finite).mean())
    assert stats.mean == pytest.approx(math.fsum(finite) / finite.size, rel=1e-12, abs=1e-15 * scale * finite.size**0.5)
    assert stats.std == pytest.approx(float(finite.std()), rel=1e-12, abs=1e-15 * scale)
    assert stats.norm == pytest.approx(math.sqrt(math.fsum(finite * finite)), rel=1e-12)


def test_statistics_that_float64_cannot_hold_are_left_out() -> None:
    with np.errstate(all="raise"):
        stats = measured(torch.tensor([1e200, 3e200], dtype=torch.float64))
    assert (stats.min, stats.max, stats.std, stats.norm) == (1e200, 3e200, None, None)


@pytest.mark.parametrize("change", [lambda x: x.T, lambda x: x[:, ::2], lambda x: x.expand(2, *x.shape), torch.conj])
def test_a_large_tensor_of_any_layout_has_the_statistics_of_its_elements(
    change: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    tensor = change(torch.complex(normal(60, 50), normal(60, 50)))
    captured = capture(tensor, Limits(stored_elements=64))
    assert isinstance(captured, TensorSummary)
    assert captured.stats == measured(tensor.resolve_conj().contiguous())
    assert captured.shape == list(tensor.shape)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 65_535, 65_536, 65_545, 200_000])
def test_a_fingerprint_tells_every_changed_byte(size: int) -> None:
    memory = np.random.default_rng(size).bytes(size)
    assert fingerprint(memory) == fingerprint(memoryview(memory))
    found = {fingerprint(memory)}
    places = sorted({0, size // 2, size - 1}) if size else []
    for place in places:
        changed = bytearray(memory)
        changed[place] ^= 1
        found.add(fingerprint(bytes(changed)))
    assert len(found) == 1 + len(places)
    assert fingerprint(memory + b"\0") not in found
