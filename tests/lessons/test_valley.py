"""The lesson on SGD, momentum and Adam, checked against plain PyTorch."""

import pytest
import torch

from tests.lessons.saying import asked_for, near, says
from tests.lessons.test_programs import run


def rounds(count: int) -> tuple[str, str]:
    """So many rounds instead of all."""
    return "range(30)", f"range({count})"


def test_the_same_start() -> None:
    left, _ = run("valley", rounds(1))
    for number in (1, 2, 3):
        assert left[f"height{number}"].item() == near(9.8)
        assert left[f"p{number}"].grad.tolist() == near([0.4, 18])


def test_the_first_step() -> None:
    left, _ = run("valley", rounds(1))
    assert left["p1"].tolist() == near([3.96, -0.8])
    assert torch.equal(left["p1"], left["p2"])
    assert left["p3"].tolist() == near([3.8, 0.8])


def test_momentum_cancels_across_and_gathers_along() -> None:
    first, second = run("valley", rounds(1))[0], run("valley", rounds(2))[0]
    assert second["p2"].grad[1].item() == near(-0.8 * 18)
    assert second["p2"][1].item() == near(-0.8)
    assert first["p2"][0] - second["p2"][0] > 4 - first["p2"][0]


def test_thirty_rounds_later() -> None:
    _, printed = run("valley")
    heights = [line.rpartition(" ")[2] for line in printed.splitlines()]
    assert heights == ["0.4466", "0.0453", "0.0667"]
    left, _ = run("valley", rounds(29))
    assert [left[f"p{number}"][0].item() for number in (1, 2, 3)] == near([2.989, 0.826, -0.365])
    assert left["p1"][1].item() == pytest.approx(0, abs=0.002)
    assert says("valley", "2.989", "0.4466", "0.826: height 0.0453", "−0.365", "0.0667")


def test_adam_does_not_ask_how_steep_it_is() -> None:
    left, _ = run("valley", ("[0.05, 9.0]", "[0.05, 900.0]"), rounds(1))
    assert left["p3"].grad[1] == 1800
    assert asked_for("valley") == [pytest.approx(1 - left["p3"][1].item(), abs=1e-5)]


def test_sgd_is_thrown_out() -> None:
    faster = ("SGD([p1], lr=0.1)", "SGD([p1], lr=0.2)")
    assert run("valley", faster, rounds(1))[0]["p1"][1].item() == near(-2.6)
    assert run("valley", faster, rounds(2))[0]["p1"][1].item() == near(6.76)
    assert run("valley", faster)[0]["height1"] > 1e20


def test_without_momentum() -> None:
    left, _ = run("valley", ("momentum=0.8", "momentum=0.0"))
    assert torch.equal(left["p1"], left["p2"])
