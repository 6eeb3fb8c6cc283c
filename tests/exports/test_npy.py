"""Tensors as NumPy files."""

import io
from typing import Any

import numpy as np
import pytest

from gradwalk.contract.snapshot import Tensor
from gradwalk.errors import TensorNotFound
from gradwalk.exports.npy import npy


def load(dtype: str, shape: list[int], data: list[Any]) -> np.ndarray[Any, Any]:
    tensor = Tensor(id="t0", shape=shape, dtype=dtype, device="cpu", data=data, stats=None)
    array: np.ndarray[Any, Any] = np.load(io.BytesIO(npy(tensor)), allow_pickle=False)
    return array


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("float32", np.float32),
        ("float64", np.float64),
        ("float16", np.float16),
        ("bfloat16", np.float32),
        ("float8_e4m3fn", np.float32),
        ("int64", np.int64),
        ("uint8", np.uint8),
        ("quint8", np.float64),
    ],
)
def test_dtypes(dtype: str, expected: type) -> None:
    assert load(dtype, [2], [1, 2]).dtype == expected


def test_shapes() -> None:
    assert load("float32", [], [1.5]).shape == ()
    assert load("float32", [2, 0], []).shape == (2, 0)
    assert load("int64", [2, 3], [1, 2, 3, 4, 5, 6]).tolist() == [[1, 2, 3], [4, 5, 6]]


def test_numbers_that_json_does_not_have() -> None:
    array = load("float32", [3], ["NaN", "Infinity", "-Infinity"])
    assert np.isnan(array[0])
    assert array[1:].tolist() == [float("inf"), float("-inf")]


def test_complex_numbers() -> None:
    array = load("complex64", [2], [[1.0, -2.0], ["NaN", 0.0]])
    assert array[0] == 1 - 2j
    assert np.isnan(array[1].real)


def test_booleans() -> None:
    assert load("bool", [2], [True, False]).tolist() == [True, False]


def test_every_decimal_is_the_number_that_the_tensor_held() -> None:
    held = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    written = [float(str(number)) for number in held]
    assert (load("float32", [1000], written) == held).all()


@pytest.mark.parametrize(
    ("dtype", "data"), [("int8", [300]), ("int32", ["NaN"]), ("float32", [[1.0, 2.0]]), ("uint8", [-1])]
)
def test_numbers_that_are_none_of_the_dtype_are_a_refusal_that_says_so(dtype: str, data: list[Any]) -> None:
    with pytest.raises(TensorNotFound, match=dtype):
        load(dtype, [1], data)
