"""The numbers of a captured tensor as JSON: the shortest decimals that are read back as the same bits."""

import json
import math
import struct

import pytest
import torch

from gradwalk.recorder import Limits
from gradwalk.recorder.tensor_capture import Captured, TensorSummary, capture
from gradwalk.recorder.tensor_numbers import item, numbers
from tests.recorder.oracle import same_bits

LIMITS = Limits(inline_elements=8, stored_elements=64)


def text_of(flat: torch.Tensor) -> bytes:
    captured = capture(flat, Limits())
    assert not isinstance(captured, TensorSummary)
    return numbers(captured)


def read(text: bytes, dtype: torch.dtype) -> torch.Tensor:
    """JSON numbers as a client would read them."""
    values = [float(x) if isinstance(x, str) else x for x in json.loads(text)]
    return torch.tensor(values, dtype=dtype)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_numbers_round_trip_in_their_own_dtype(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    size = {2: torch.int16, 4: torch.int32, 8: torch.int64}[dtype.itemsize]
    limits = torch.iinfo(size)
    flat = torch.randint(limits.min, limits.max, (2000,), generator=generator, dtype=size).view(dtype)
    assert same_bits(read(text_of(flat), dtype), flat)


def test_every_bfloat16_is_written_in_the_fewest_digits() -> None:
    flat = torch.arange(-(2**15), 2**15, 7, dtype=torch.int32).to(torch.int16).view(torch.bfloat16)
    text = text_of(flat)
    assert same_bits(read(text, torch.bfloat16), flat)
    assert json.loads(text_of(torch.tensor([0.1], dtype=torch.bfloat16))) == [0.1]


def test_every_float16_is_written_in_the_fewest_digits() -> None:
    flat = torch.arange(-(2**15), 2**15, 7, dtype=torch.int32).to(torch.int16).view(torch.float16)
    text = text_of(flat)
    assert same_bits(read(text, torch.float16), flat)
    assert json.loads(text_of(torch.tensor([0.1, 6e-8], dtype=torch.float16))) == [0.1, 6e-8]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_a_whole_number_is_written_as_the_one_that_it_is(dtype: torch.dtype) -> None:
    largest = 65504 if dtype == torch.float16 else 65280
    assert json.loads(text_of(torch.tensor([largest, -2048, 0], dtype=dtype))) == [largest, -2048, 0]


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64, torch.bool]
)
def test_the_number_of_a_scalar_is_the_one_that_its_json_has(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    bits = torch.randint(-(2**63), 2**63 - 1, (300,), generator=generator)
    flat = bits > 0 if dtype == torch.bool else bits.view(dtype)[:500]
    special = [] if not dtype.is_floating_point else [torch.tensor(x, dtype=dtype) for x in (math.nan, math.inf, -0.0)]
    for scalar in (*flat, *special):
        found = item(capture(scalar, LIMITS))
        (expected,) = json.loads(text_of(scalar))
        assert (type(found), str(found)) == (type(expected), str(expected))


def test_a_float32_is_not_written_as_the_double_that_it_is() -> None:
    assert text_of(torch.tensor([0.1])) == b"[0.1]"
    assert struct.unpack("f", struct.pack("f", 0.1))[0] != 0.1


def test_complex_numbers_are_pairs() -> None:
    flat = torch.tensor([complex(1, math.nan), complex(-math.inf, 0)])
    assert json.loads(text_of(flat)) == [[1.0, "NaN"], ["-Infinity", 0.0]]


def test_the_number_of_one_element() -> None:
    shown: list[Captured] = [capture(torch.tensor(x), LIMITS) for x in (0.1, math.nan, True, 3)]
    assert [item(c) for c in shown] == [0.1, "NaN", True, 3]
    assert item(capture(torch.ones(2), LIMITS)) is None
    assert item(capture(torch.tensor(1j), LIMITS)) is None
