"""The non-finite numbers in captured tensors, looked for in many of them together and in each alone."""

import math

import pytest
import torch

from gradwalk.recorder.limits import Limits
from gradwalk.recorder.non_finite_captures import kinds_in, non_finite
from gradwalk.recorder.tensor_capture import Captured, capture

DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.float8_e5m2]


def captured(*numbers: float, dtype: torch.dtype = torch.float32, times: int = 1) -> Captured:
    return capture(torch.tensor(numbers * times).to(dtype), Limits())


def held(captures: list[Captured]) -> set[int]:
    """The identities of those that hold a number that is not finite. All of them are told of."""
    found = non_finite(captures)
    assert set(found) == set(map(id, captures))
    return {identity for identity, holds in found.items() if holds}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("times", [1, 20_000])
@pytest.mark.parametrize(("number", "kind"), [(math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞")])
def test_a_number_that_is_not_finite_is_found_among_others(
    dtype: torch.dtype, times: int, number: float, kind: str
) -> None:
    finite = [captured(1.0, 0.0, dtype=dtype), captured(-2.0, dtype=dtype, times=times), captured(3.0)]
    odd = captured(1.0, number, dtype=dtype, times=times)
    assert not held(finite)
    assert all(not kinds_in(one) for one in finite)
    assert held([*finite, odd]) == {id(odd)}
    assert held([odd, *finite]) == {id(odd)}
    assert held([finite[0], odd, *finite, odd]) == {id(odd)}
    assert kinds_in(odd) == {kind}


def test_many_small_tensors_are_looked_at_in_several_parts() -> None:
    many = [captured(float(number), dtype=torch.float64, times=1000) for number in range(300)]
    assert not held(many)
    for at in (0, 150, 299):
        odd = captured(math.inf, dtype=torch.float64)
        assert held([*many[:at], odd, *many[at:]]) == {id(odd)}


def test_a_tensor_without_elements_is_finite() -> None:
    empty, odd = captured(times=0), captured(math.nan)
    assert held([odd, empty]) == {id(odd)}
    assert held([empty, odd, empty]) == {id(odd)}
    assert not held([empty])


def test_a_tensor_known_by_its_statistics_tells_what_they_tell() -> None:
    limits = Limits(stored_elements=4)
    assert not held([capture(torch.ones(5), limits)])
    summary = capture(torch.tensor([1.0, math.nan, 2.0, 3.0, -math.inf]), limits)
    assert held([summary]) == {id(summary)}
    assert kinds_in(summary) == {"NaN", "∞"}


def test_whole_numbers_are_finite() -> None:
    assert not held([capture(torch.arange(9), Limits()), capture(torch.ones(3, dtype=torch.bool), Limits())])
