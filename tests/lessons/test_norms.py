"""The lesson on batch norm and layer norm, checked against plain PyTorch."""

import pytest
import torch

from tests.lessons.saying import asked_for, near, says
from tests.lessons.test_programs import run


def test_down_the_columns_and_along_the_rows() -> None:
    left, _ = run("norms")
    by_column, by_row = left["by_column"], left["by_row"]
    assert by_column[:, 0].tolist() == near([-0.926, -0.463, 1.389])
    first, *others = by_column.sort(0).values.T
    assert all(torch.allclose(first, other, atol=1e-5) for other in others)
    assert by_row.mean(1).tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    assert by_row[:, 2].tolist() == pytest.approx([1.35, 1.41, 1.40], abs=0.005)
    assert says("norms", "−0.926, −0.463, 1.389", "1.35, 1.41, 1.40")


def test_who_depends_on_whom() -> None:
    left, _ = run("norms")
    a, b = left["a"].grad, left["b"].grad
    assert a[:, 0].tolist() == near([0.1763, -0.2204, 0.0441])
    assert not a[:, 1:].any()
    assert b[0].tolist() == pytest.approx([0.0037, -0.0053, 0.0016], abs=0.00006)
    assert not b[1:].any()
    assert asked_for("norms") == [pytest.approx(a[:, 0].sum().item(), abs=1e-6)]


def test_another_third_sample() -> None:
    before, after = run("norms")[0], run("norms", ("[6.0,", "[60.0,"))[0]
    assert not torch.allclose(before["by_column"][0], after["by_column"][0])
    assert torch.equal(before["by_row"][0], after["by_row"][0])


def test_one_sample_has_no_spread() -> None:
    with pytest.raises(ValueError, match="more than 1 value per channel"):
        run("norms", (", [2.0, 10.0, 600.0], [6.0, 20.0, 100.0]]", "]"))
