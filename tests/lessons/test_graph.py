"""The lessons on the graph, three ways to a slope, .grad and the product of matrices, checked against PyTorch."""

import math

import pytest
import torch

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import run


def test_the_links_of_the_chain() -> None:
    left = run_keeping("chain-rule", ["a", "b"])
    assert [left[name].item() for name in ("a", "b", "loss")] == [6, 7, 49]
    assert [left[name].grad.item() for name in ("b", "a", "w")] == [14, 14, 42]
    assert asked_for("chain-rule") == [left["b"].grad.item(), left["w"].grad.item()]
    assert type(left["a"].grad_fn).__name__ == "MulBackward0"
    assert type(left["b"].grad_fn).__name__ == "AddBackward0"


def test_what_is_a_leaf_and_what_has_a_history() -> None:
    left, _ = run("chain-rule")
    assert [left[name].is_leaf for name in ("x", "w", "a", "b", "c", "d")] == [True, True, False, False, True, True]
    assert [left[name].requires_grad for name in ("x", "w", "a", "b", "c", "d")] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert left["c"].item() == 7
    assert not (left["x"] * left["x"]).requires_grad


def test_other_chains() -> None:
    with pytest.raises(RuntimeError, match="does not require grad"):
        run("chain-rule", ("b = a + 1", "b = a.detach() + 1"))
    twice, _ = run("chain-rule", ("a = w * x", "a = w * x * w"))
    assert (twice["b"].item(), twice["w"].grad.item()) == (13, 2 * 13 * 2 * 2 * 3)
    other, _ = run(
        "chain-rule", ("b = a + 1", "b = a + 1 if a > 5 else a - 1"), ("torch.tensor(2.0", "torch.tensor(1.0")
    )
    assert (other["b"].item(), other["w"].grad.item()) == (2, 12)
    assert says("chain-rule", "2 · 13 · 2 · 2 · 3 = 312", "`b` is 2, and `w.grad` is 12")


def test_three_ways_give_the_same() -> None:
    left, printed = run("three-ways")
    rows = [line.partition(":")[2].strip() for line in printed.splitlines()]
    assert rows == ["[0.246, -0.4919, 0.9838]"] * 3
    assert left["loss"].item() == near(math.exp(0.9)) == near(2.4596)
    assert left["w"].grad.tolist() == near([left["loss"].item() * x for x in (0.1, -0.2, 0.4)])
    assert asked_for("three-ways") == [near(left["w"].grad[0].item())]
    assert says("three-ways", "0.2460, −0.4919, 0.9838")


@pytest.mark.parametrize(("h", "row"), [("1.0", "[0.2464, -0.4952, 1.0103]"), ("0.0000001", "[0.0, 0.0, 0.0]")])
def test_a_step_may_be_too_large_or_too_small(h: str, row: str) -> None:
    assert run("three-ways", ("h = 0.01", f"h = {h}"))[1].splitlines()[-1].endswith(row)
    assert says("three-ways", "0.2464, −0.4952, 1.0103", "All three come out as 0")


def test_gradients_are_collected() -> None:
    left, printed = run("accumulating")
    assert printed == "round 0: w.grad = 3.0\nround 1: w.grad = 6.0\nw = 0.1\n"
    assert asked_for("accumulating") == [3, left["w"].grad.item()]
    assert run("accumulating", ("range(2)", "range(1)"))[0]["w"].item() == near(0.7)
    assert "w.grad = 30.0" in run("accumulating", ("range(2)", "range(10)"))[1]


CLEAR = "optimizer.zero_grad()\n"


def test_where_the_place_is_cleared() -> None:
    before = run("accumulating", ("# optimizer.zero_grad() is missing here\n", CLEAR))
    assert before[1] == "round 0: w.grad = 3.0\nround 1: w.grad = 3.0\nw = 0.4\n"
    between = run("accumulating", ("first.backward()\n", f"first.backward()\n    {CLEAR}"))
    assert between[1] == "round 0: w.grad = 2.0\nround 1: w.grad = 2.0\nw = 0.6\n"
    last, _ = run("accumulating", ("optimizer.step()\n", f"{CLEAR}    optimizer.step()\n"))
    assert last["w"] == 1
    assert last["w"].grad is None


def test_the_product_backwards() -> None:
    left = run_keeping("matrix-backward", ["out"])
    x, w, grad = left["x"], left["w"], left["factors"]
    assert left["out"][0, 0] == 5
    assert torch.equal(left["out"].grad, grad)
    assert torch.equal(x.grad, grad @ w.T)
    assert torch.equal(w.grad, x.T @ grad)
    assert asked_for("matrix-backward") == [x.grad[0, 0].item(), w.grad[1, 1].item()]
    assert w.grad[0, 0] == 1
    assert (torch.ones(784, 32) @ torch.ones(32, 10)).shape == (784, 10)


def test_a_sample_without_a_say_adds_nothing() -> None:
    more, _ = run(
        "matrix-backward",
        ("[0.0, 1.0, -1.0]]", "[0.0, 1.0, -1.0], [1.0, 1.0, 1.0]]"),
        ("[3.0, 4.0]]", "[3.0, 4.0], [0.0, 0.0]]"),
    )
    assert torch.equal(more["w"].grad, run("matrix-backward")[0]["w"].grad)
