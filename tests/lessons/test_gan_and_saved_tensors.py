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
    judge = left["judge"]
    assert left["fake"].flatten().tolist() == [-0.5, 0.5]
    assert (judge.weight.item(), judge.bias.item()) == (near(0.6), near(0))
    assert left["shift"].grad.item() == near(-0.3)
    assert asked_for(GAN) == [near(judge.weight.item()), near(left["shift"].grad.item())]
    assert torch.sigmoid(judge(left["fake"])).flatten().tolist() == near([0.426, 0.574])
    own, _ = run(GAN, (ROUNDS, "range(1)"), ("fooled.backward()", "own = judge.weight.grad.clone()"))
    assert own["own"].item() == near(-2)
    assert judge.weight.grad.item() != near(-2)


def test_the_game_comes_near_and_goes_on() -> None:
    left, _ = run(GAN)
    assert left["shift"].item() == near(3.991)
    assert says(GAN, "**3.991**", "to 5.37 after thirty rounds", "`shift` ends at 5.536")
    assert run(GAN, (ROUNDS, "range(30)"))[0]["shift"].item() == pytest.approx(5.37, abs=0.005)
    assert run(GAN, (ROUNDS, "range(31)"))[0]["judge"].weight < 0
    assert run(GAN, (ROUNDS, "range(40)"))[0]["shift"] < 4
    assert run(GAN, ("    judge_step.zero_grad()\n", ""))[0]["shift"].item() == near(5.536)


def test_what_is_kept() -> None:
    left = run_keeping(SAVED, ["b"])
    assert [left[name].tolist() for name in ("a", "b", "c")] == [[2, 1], [3, 2], [9, 4]]
    assert left["b"].grad.tolist() == [6, 4]
    assert left["w"].grad.tolist() == [6, 8]
    assert asked_for(SAVED) == [left["b"].grad[0].item()]
    fresh, _ = run(SAVED, ("loss.backward()", "kept = c.grad_fn._saved_self, a.grad_fn._saved_other; loss.backward()"))
    assert torch.equal(fresh["kept"][0], fresh["b"])
    assert torch.equal(fresh["kept"][1], fresh["x"])
    assert not [name for name in dir(fresh["b"].grad_fn) if name.startswith("_saved") and "alpha" not in name]


def test_what_is_kept_must_not_be_changed() -> None:
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        run(SAVED, ("loss.backward()", "b.add_(1); loss.backward()"))
    left, _ = run(SAVED, ("loss.backward()", "a.add_(1); loss.backward()"))
    assert left["w"].grad.tolist() == [6, 8]
    with pytest.raises(RuntimeError, match="second time"):
        run(SAVED, ("loss.backward()", "loss.backward(); loss.backward()"))
