"""What `.grad` still held when a pass added to it: one rule for the stage, the sentences and the findings."""

import math

import numpy as np
import pytest

from gradwalk.contract.snapshot import Program
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import StaleGradientFound, observe
from gradwalk.iteration.stale_gradient import left_over
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program


@pytest.mark.parametrize(
    ("added", "now", "dtype", "before"),
    [
        pytest.param(3, 3, "float32", 0, id="nothing was there"),
        pytest.param(0.1, 0.10000000149, "float32", 0, id="rounding is nothing"),
        pytest.param(1, 1.0078125, "bfloat16", 0, id="bfloat16 rounds coarsely"),
        pytest.param(1, 1.00001, "float64", 1.00001 - 1, id="float64 does not"),
        pytest.param(0, 5, "float32", 5, id="an old gradient and no new one"),
        pytest.param(5, 0, "float32", -5, id="the two cancel"),
        pytest.param(1, math.inf, "float32", math.inf, id="an old infinity"),
        pytest.param(math.inf, math.inf, "float32", 0, id="a new infinity says nothing of the old"),
        pytest.param(1, math.nan, "float32", math.nan, id="an old NaN"),
    ],
)
def test_the_old_gradient_is_the_rest(added: float, now: float, dtype: str, before: float) -> None:
    [found] = left_over(np.array([added], dtype=np.float64), np.array([now], dtype=np.float64), dtype)
    assert found == pytest.approx(before, rel=1e-9, nan_ok=True)


def stale_in(start: str, old: str, added: str) -> list[StaleGradientFound]:
    """Return what is found where `added` is the gradient of a pass after one whose gradient was `old`."""
    source = f"""import torch
w = torch.tensor({start}, requires_grad=True)
(w * torch.tensor({old})).sum().backward()
(w * torch.tensor({added})).sum().backward()
"""
    snapshot = run_program(Program(source=source, seed=0), Limits()).snapshot()
    iteration = snapshot.iterations[-1]
    [graph] = [one for one in snapshot.graphs if one.id == iteration.graph]
    return observe(IndexedIteration.of(graph, iteration)).stale_gradients


def test_of_many_numbers_the_one_with_the_largest_rest_is_told_and_the_others_are_counted() -> None:
    [found] = stale_in("[[1.0, 1.0], [1.0, 1.0]]", "[[0.0, 1.0], [0.0, -10.0]]", "[[1.0, 2.0], [3.0, 4.0]]")
    told = found.model_dump(include={"index", "before", "added", "now", "count", "of"})
    assert told == {"index": [1, 1], "before": -10, "added": 4, "now": -6, "count": 2, "of": 4}


def test_a_scalar_has_no_index() -> None:
    [found] = stale_in("2.0", "30.0", "24.6")
    assert (found.index, found.of) == ([], 1)
    assert found.before == pytest.approx(30)


def test_an_old_gradient_of_zeros_is_none() -> None:
    assert stale_in("[1.0, 2.0]", "[0.0, 0.0]", "[1.0, 2.0]") == []
