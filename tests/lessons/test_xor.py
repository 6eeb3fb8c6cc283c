"""The lesson on XOR, checked against plain PyTorch."""

import torch

from tests.lessons.saying import asked_for, near, says
from tests.lessons.test_programs import run

ONCE = ("range(40)", "range(1)")


def test_a_line_gives_opposite_inputs_opposite_answers() -> None:
    left, _ = run("xor", ONCE)
    x, line = left["x"], left["line"]
    assert torch.equal(x[0], -x[3])
    assert torch.equal(x[1], -x[2])
    assert line.tolist() == near([1.257, -1.034, 1.034, -1.257])
    assert asked_for("xor") == [-left["y"][0].item()]


def test_the_best_that_a_line_can_do_is_nothing() -> None:
    left, _ = run("xor", ONCE)
    best = torch.linalg.lstsq(left["x"], left["y"][:, None]).solution
    assert best.abs().max() < 1e-6
    assert left["y"].square().mean() == 1


def test_two_layers_are_more() -> None:
    left, _ = run("xor", ONCE)
    assert left["hidden"][0].tolist() == near([0, 0, 0, 0.73])
    assert (left["hidden"][3] > 0).tolist() == [True, True, True, False]
    assert (left["line_loss"].item(), left["net_loss"].item()) == (near(2.325), near(1.32))


def test_two_layers_learn_it() -> None:
    left, printed = run("xor")
    assert printed == "one layer:  loss 1.0057\ntwo layers: loss 0.0034\n"
    assert (left["net"].sign() == left["y"]).all()
    assert left["line"].abs().max() < 0.1
    before, _ = run("xor", ("range(40)", "range(39)"))
    hidden, weight = left["hidden"][0], before["w2"]
    assert hidden.tolist() == near([0, 0, 0, 1.626])
    assert weight[3].item() == near(-0.563)
    assert left["net"][0].item() == near(-0.915)
    assert says("xor", "0.0034", "1.006", "1.626", "−0.563", "−0.915")


def test_without_the_relu_two_layers_are_one() -> None:
    left, _ = run("xor", ("F.relu(x @ w1)", "x @ w1"))
    assert left["net_loss"] > 1


def test_a_line_learns_what_a_line_is() -> None:
    left, _ = run("xor", ("y = torch.tensor([-1.0, 1.0, 1.0, -1.0])", "y = torch.tensor([-1.0, -1.0, 1.0, 1.0])"))
    assert left["line_loss"].item() == near(0.013)
