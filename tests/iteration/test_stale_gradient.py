"""Whether a `.grad` was cleared: the numbers of one pass tell it, to the precision of their dtype."""

import math

import numpy as np
import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import StaleGradientFound, observe
from gradwalk.iteration.stale_gradient import is_left_over, left_over
from tests.findings.recording import examined, record


@pytest.mark.parametrize(
    ("added", "now", "dtype", "before"),
    [
        (3.0, 3.0, "float32", 0.0),
        (0.1, 0.10000000149, "float32", 0.0),
        (1.0, 1.0078125, "bfloat16", 0.0),
        (1.0, 1.00001, "float64", 1e-5),
        (0.0, 5.0, "float32", 5.0),
        (5.0, 0.0, "float32", -5.0),
        (1.0, math.inf, "float32", math.inf),
        (math.inf, math.inf, "float32", 0.0),
        (1.0, math.nan, "float32", math.nan),
    ],
    ids=[
        "nothing was there",
        "rounding is nothing",
        "bfloat16 rounds coarsely",
        "float64 does not",
        "an old gradient and no new one",
        "the two cancel",
        "an old infinity",
        "a new infinity says nothing of the old",
        "an old NaN",
    ],
)
def test_what_was_left(added: float, now: float, dtype: str, before: float) -> None:
    found = float(left_over(np.array(added), np.array(now), dtype))
    assert found == pytest.approx(before, rel=1e-9, nan_ok=True)


def test_an_old_gradient_is_recognised_in_a_sum() -> None:
    old, added = np.array([1.5, -2.0]), np.array([0.25, 4.0])
    assert is_left_over(old, added, old + added, "float32")
    assert not is_left_over(old, added, added, "float32")
    assert not is_left_over(old * 2, added, old + added, "float32")
    assert not is_left_over(np.zeros(2), added, added, "float32")
    assert not is_left_over(np.zeros(3), added, added, "float32")
    assert not is_left_over(old, added, np.array([np.inf, 1.0]), "float32")


def stale_in(snapshot: Snapshot, index: int) -> list[StaleGradientFound]:
    """Return the stale gradients of one iteration."""
    body = snapshot.iterations[index]
    return observe(IndexedIteration.of(snapshot.graphs[body.graph], body)).stale_gradients


FORGOTTEN = """
import torch
w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
for _ in range(3):
    (w * w).sum().backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
"""


def test_it_is_told_from_the_second_iteration_on_as_in_the_findings() -> None:
    snapshot = record(FORGOTTEN)
    assert stale_in(snapshot, 0) == []
    (found,) = stale_in(snapshot, 1)
    assert (found.index, found.count, found.of, found.backward_pass) == ([1, 1], 4, 4, 0)
    assert found.before == pytest.approx(8.0)
    assert float(found.before) + float(found.added) == pytest.approx(float(found.now))
    assert snapshot.iterations[1].steps[found.step].kind == "accumulate"
    (finding,) = [finding for finding in examined(snapshot) if finding.code == "missing-zero-grad"]
    assert (finding.iteration, finding.node) == (1, found.node)


def test_a_cleared_gradient_is_told_nowhere() -> None:
    snapshot = record(FORGOTTEN + "        w.grad = None\n")
    assert [stale_in(snapshot, index) for index in range(3)] == [[], [], []]
    assert "missing-zero-grad" not in [finding.code for finding in examined(snapshot)]


def test_a_scalar_has_no_index_and_complex_numbers_are_left_out() -> None:
    source = (
        "import torch\nw = torch.tensor(2.0, requires_grad=True)\na, b = w * 3, w * w\na.backward()\nb.backward()\n"
    )
    (found,) = stale_in(record(source), 0)
    assert (found.index, found.before, found.added, found.now) == ([], 3.0, 4.0, 7.0)
    assert stale_in(record(source.replace("2.0,", "2.0, dtype=torch.complex64,").replace("w *", "w.abs() *")), 0) == []


def test_of_many_numbers_the_one_with_the_largest_rest_is_told_and_the_others_are_counted() -> None:
    source = """
import torch
w = torch.ones(2, 2, requires_grad=True)
(w * torch.tensor([[0.0, 1.0], [0.0, -10.0]])).sum().backward()
(w * torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
"""
    snapshot = record(source)
    (found,) = stale_in(snapshot, len(snapshot.iterations) - 1)
    told = found.model_dump(include={"index", "before", "added", "now", "count", "of"})
    assert told == {"index": [1, 1], "before": -10.0, "added": 4.0, "now": -6.0, "count": 2, "of": 4}
