"""The lessons on a GAN and on what is saved for the way back, checked against plain PyTorch."""

import pytest
import torch

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import run

GAN = "gan"
SAVED = "saved-tensors"
ROUNDS = "range(18)"


def test_one_round_of_the_game() -> None:
    left, _ = run(GAN, (ROUNDS, "range(1)"))
    assert left["fake"].tolist() == [-0.5, 0, 0.5]
    assert (left["w"].item(), left["b"].item()) == (near(0.6), near(0))
    assert left["shift"].grad.item() == near(-0.3)
    assert asked_for(GAN) == [near(left["w"].item()), near(left["shift"].grad.item())]
    assert torch.sigmoid(left["w"] * left["fake"]).tolist() == near([0.426, 0.5, 0.574])
    assert left["w"].grad.item() != near(-2)
    judge, _ = run(GAN, (ROUNDS, "range(1)"), ("fooled.backward()", "w_of_judge = w.grad.clone()"))
    assert judge["w_of_judge"].item() == near(-2)


def test_the_game_comes_near_and_goes_on() -> None:
    left, _ = run(GAN)
    assert left["shift"].item() == near(4.016)
    assert says(GAN, "**4.016**", "to 5.4 after thirty rounds", "`shift` ends at 6.041")
    assert run(GAN, (ROUNDS, "range(30)"))[0]["shift"].item() == pytest.approx(5.4, abs=0.005)
    assert run(GAN, (ROUNDS, "range(31)"))[0]["w"] < 0
    assert run(GAN, (ROUNDS, "range(40)"))[0]["shift"] < 4
    assert run(GAN, ("    judge_step.zero_grad()\n", ""))[0]["shift"].item() == near(6.041)


def test_what_is_kept() -> None:
    left = run_keeping(SAVED, ["b"])
    assert [left[name].tolist() for name in ("a", "b", "c")] == [[2, 1, 3], [3, 2, 4], [9, 4, 16]]
    assert left["b"].grad.tolist() == [6, 4, 8]
    assert left["w"].grad.tolist() == [6, 8, 24]
    assert asked_for(SAVED) == [left["b"].grad[0].item()]
    fresh, _ = run(SAVED, ("loss.backward()", "kept = c.grad_fn._saved_self, a.grad_fn._saved_other; loss.backward()"))
    assert torch.equal(fresh["kept"][0], fresh["b"])
    assert torch.equal(fresh["kept"][1], fresh["x"])
    assert not [name for name in dir(fresh["b"].grad_fn) if name.startswith("_saved") and "alpha" not in name]


def test_what_is_kept_must_not_be_changed() -> None:
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        run(SAVED, ("loss.backward()", "b.add_(1); loss.backward()"))
    left, _ = run(SAVED, ("loss.backward()", "a.add_(1); loss.backward()"))
    assert left["w"].grad.tolist() == [6, 8, 24]
    with pytest.raises(RuntimeError, match="second time"):
        run(SAVED, ("loss.backward()", "loss.backward(); loss.backward()"))
