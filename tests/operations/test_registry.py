"""The registry of operations: which of them write numbers that the program gave."""

import math

import pytest

from gradwalk.operations.registry import writes_constants


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
