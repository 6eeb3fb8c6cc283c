"""The lessons on broadcasting, one hidden layer and logits: what their texts say, checked against plain PyTorch."""

import math

import pytest
import torch

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import run

BROADCAST = "broadcasting-backward"
HIDDEN = "hidden-layer"
LOGITS = "logits"


def test_what_was_copied_is_summed() -> None:
    left = run_keeping(BROADCAST, ["shifted", "scaled"])
    factors, scale, shifted = left["factors"], left["scale"], left["shifted"]
    assert torch.equal(left["scaled"].grad, factors)
    assert torch.equal(left["shifted"].grad, factors * scale)
    assert torch.equal(scale.grad, (factors * shifted).sum(1, keepdim=True))
    assert torch.equal(left["bias"].grad, (factors * scale).sum(0))
    assert scale.grad.flatten().tolist() == [11, 61, 26]
    assert asked_for(BROADCAST) == [scale.grad[1].item(), left["bias"].grad[1].item()]
    assert left["bias"].grad[0] == 3
    assert left["shifted"].grad.tolist() == [[1, 0], [2, 4], [0, 3]]


def test_other_shapes_of_a_bias() -> None:
    with pytest.raises(RuntimeError, match="must match"):
        run(BROADCAST, ("[10.0, 20.0]", "[[10.0], [20.0]]"))
    assert run(BROADCAST, ("[10.0, 20.0]", "[10.0]"))[0]["bias"].grad.tolist() == [10]
    assert (torch.ones(4, 1) - torch.ones(4)).shape == (4, 4)


def test_the_four_formulas() -> None:
    left = run_keeping(HIDDEN, ["z", "h", "answer"])
    x, h, w2 = left["x"], left["h"], left["w2"]
    last = 2 * (left["answer"] - left["y"])
    first = w2.T @ last * (left["z"] > 0)
    assert left["z"].flatten().tolist() == [1, -1, 3]
    assert h.flatten().tolist() == [1, 0, 3]
    assert (left["answer"].item(), left["loss"].item()) == (7, 4)
    assert torch.equal(w2.grad, last @ h.T)
    assert torch.equal(left["b2"].grad, last)
    assert torch.equal(left["h"].grad, w2.T @ last)
    assert torch.equal(left["z"].grad, first)
    assert torch.equal(left["b1"].grad, first)
    assert torch.equal(left["w1"].grad, first @ x.T)
    assert left["w1"].grad.tolist() == [[4, 8], [0, 0], [8, 16]]
    assert asked_for(HIDDEN) == [last.item(), left["z"].grad[1].item()]


def test_a_hidden_neuron_that_is_open_and_an_answer_that_is_right() -> None:
    opened = run_keeping(HIDDEN, ["z"], ("[-1.0, 0.0]", "[1.0, 0.0]"))
    assert (opened["answer"].item(), opened["z"].grad[1].item()) == (9, 16)
    right, _ = run(HIDDEN, ("torch.tensor([[5.0]])", "torch.tensor([[7.0]])"))
    assert all(not right[name].grad.any() for name in ("w1", "b1", "w2", "b2"))


def test_cross_entropy_cancels_the_sigmoid_until_it_is_rounded() -> None:
    left = run_keeping(LOGITS, ["a"], backward="apart")
    a = left["a"]
    assert a.tolist() == [0.5, near(0.8808), near(0.99995), 1]
    assert left["apart"].item() == pytest.approx(112.8, abs=0.05)
    assert a.grad[:3].tolist() == pytest.approx([2, 8.39, 22000], rel=0.002)
    assert cross_entropy(a[:3].detach()).tolist() == near([0.6931, 2.1269, 10])
    apart, together = (eval(line.partition(":")[2].rpartition(" ")[0]) for line in run(LOGITS)[1].splitlines())
    assert apart == [0.5, near(0.8808), near(0.99995), 0]
    assert together == [0.5, near(0.8808), near(0.99995), 1]
    assert asked_for(LOGITS) == [near(apart[1]), together[3]]
    assert left["together"].item() == pytest.approx(32.82, abs=0.005)
    assert math.log1p(math.exp(20)) == pytest.approx(20)


def cross_entropy(a: torch.Tensor) -> torch.Tensor:
    """The cross-entropy of answers where 0 is right."""
    return -torch.log(1 - a)


def test_logits_far_out_and_another_loss() -> None:
    _, printed = run(LOGITS, ("[0.0, 2.0, 10.0, 20.0]", "[100.0, 200.0, 300.0, 400.0]"))
    assert "[0.0, 0.0, 0.0, 0.0]" in printed
    assert "[1.0, 1.0, 1.0, 1.0]" in printed
    squared = run(LOGITS, ("F.binary_cross_entropy(", "F.mse_loss("))[1].splitlines()[0]
    gradients = eval(squared.partition(":")[2].rpartition(" ")[0])
    assert gradients[2] == pytest.approx(0.00009, abs=0.000005)
    assert 0.99995 / gradients[2] == pytest.approx(11000, rel=0.01)
    assert says(LOGITS, "**112.8**", "**32.82**")
