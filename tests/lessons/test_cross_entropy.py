"""The lesson on softmax with cross-entropy, checked against plain PyTorch."""

import math

import pytest
import torch

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import about, run

SLUG = "cross-entropy"


def test_both_ways_give_the_same() -> None:
    left, printed = run(SLUG)
    assert left["small_steps"].item() == pytest.approx(left["loss"].item()) == near(1.408)
    small, large = printed.splitlines()
    assert small.partition(":")[2].strip() == large.partition(":")[2].strip()
    assert left["logits"].grad.tolist() == near([0.6652, -0.7553, 0.09])


def test_the_gradient_is_p_minus_y() -> None:
    left, _ = run(SLUG)
    p, y = left["p"], torch.nn.functional.one_hot(left["target"], 3)
    assert p.tolist() == near([0.6652, 0.2447, 0.09])
    assert torch.allclose(left["logits"].grad, p - y)
    assert left["logits"].grad.sum().item() == pytest.approx(0, abs=1e-6)


def test_in_small_steps() -> None:
    left = run_keeping(SLUG, ["p", "chosen"], backward="small_steps")
    assert left["chosen"].grad.item() == near(asked_for(SLUG)[0]) == near(-4.086)
    assert left["p"].grad.tolist() == near([0, -4.086, 0])
    assert -math.log(left["chosen"].item()) == near(1.408)
    assert says(SLUG, "−4.086", "0.6652, −0.7553, 0.0900")


def test_the_answer() -> None:
    logits = torch.log(torch.tensor([0.05, 0.9, 0.05])).requires_grad_()
    (gradient,) = torch.autograd.grad(torch.nn.functional.cross_entropy(logits, torch.tensor(1)), logits)
    assert asked_for(SLUG)[-1] == pytest.approx(gradient[1].item())


def test_another_target() -> None:
    left, _ = run(SLUG, ("torch.tensor(1)", "torch.tensor(0)"))
    assert left["loss"].item() == about(0.4076)
    assert left["logits"].grad[0].item() == about(-0.3348)


def test_small_steps_fail_where_a_probability_is_0() -> None:
    left, printed = run(SLUG, ("[2.0, 1.0, 0.0]", "[300.0, 100.0, 0.0]"))
    assert left["p"][1] == 0
    assert left["small_steps"] == math.inf
    assert "nan" in printed.splitlines()[0]
    assert left["loss"] == 200
    assert left["logits"].grad.tolist() == [1, -1, 0]
