"""The registry of operations: one entry for each name, and what it says."""

import math

import pytest

from gradwalk.operations.entry import Operation
from gradwalk.operations.registry import OPERATIONS, by_name, operation_of, writes_constants


def test_a_name_has_one_entry() -> None:
    with pytest.raises(ValueError, match="exp has two entries"):
        by_name([Operation(("exp",), "elementwise"), Operation(("exp2", "exp"), "elementwise")])


def test_names_are_those_of_recordings_without_the_underscore_of_in_place_forms() -> None:
    assert not [name for name in OPERATIONS if name.endswith("_") and not name.endswith("__")]
    assert operation_of("relu_") is operation_of("relu")
    assert operation_of("__setitem__") is not None
    assert operation_of("log_sigmoid") is not None
    assert operation_of("my_function") is operation_of(None) is None


@pytest.mark.parametrize(
    "name",
    ["masked_fill", "masked_fill_", "where", "fill_", "full", "full_like", "__setitem__", "triu", "tril_", "tensor"],
)
def test_operations_that_only_copy_write_constants_whatever_was_recorded(name: str) -> None:
    assert writes_constants(name, {})


@pytest.mark.parametrize("infinity", [math.inf, -math.inf, "inf", "-inf", [0, "-inf"], [[0.0, -math.inf]]])
def test_every_operation_that_is_given_an_infinite_number_writes_it(infinity: object) -> None:
    assert writes_constants("add", {"other": infinity})


@pytest.mark.parametrize("arguments", [{}, {"dim": 1}, {"other": 1e30}, {"mode": "info"}, {"other": math.nan}])
def test_arithmetic_with_finite_numbers_writes_no_constants(arguments: dict[str, object]) -> None:
    assert not writes_constants("add", arguments)
    assert not writes_constants("log", arguments)
