"""The lessons on deep networks: the vanishing gradient and its cure, checked against plain PyTorch."""

import pytest

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import about, run

VANISHING = "vanishing-gradient"


def test_the_gradient_vanishes_layer_by_layer() -> None:
    left = run_keeping(VANISHING, ["h1", "h2", "h3"])
    assert [left[name].item() for name in ("h1", "h2", "h3")] == near([0.7311, 0.675, 0.6626])
    assert left["loss"].item() == about(0.1138)
    assert [left[name].grad.item() for name in ("h3", "h2", "h1")] == near([-0.6747, -0.1508, -0.0331])
    assert [left[name].grad.item() for name in ("w3", "w2", "w1")] == near([-0.1018, -0.0242, -0.0065])
    assert left["w3"].grad / left["w1"].grad == pytest.approx(16, abs=0.5)
    assert left["w1"].grad / left["h3"].grad == pytest.approx(0.01, abs=0.0005)
    assert says(VANISHING, "−0.1508", "−0.0331", "−0.0065", "−0.1018", "−0.0242")


def test_the_slopes() -> None:
    left, _ = run(VANISHING)
    slopes = [(left[name] * (1 - left[name])).item() for name in ("h3", "h2", "h1")]
    assert slopes == near([0.2236, 0.2194, 0.1966])
    assert asked_for(VANISHING) == [
        0.25,
        pytest.approx(left["h2"].item() * (1 - left["h2"].item()) * -0.1508, abs=0.0001),
    ]
    assert max(slopes) < 0.25
    assert pytest.approx(0.00000095, rel=0.01) == 0.25**10


def test_larger_weights_make_it_worse() -> None:
    left, _ = run(VANISHING, ("1.0, requires_grad", "10.0, requires_grad"))
    assert abs(left["w1"].grad) < 0.0065 / 1000


def test_tanh_passes_on_more() -> None:
    left, _ = run(VANISHING, ("torch.sigmoid", "torch.tanh"))
    assert left["w1"].grad.item() == about(-0.1455)
    assert left["w1"].grad / run(VANISHING)[0]["w1"].grad == pytest.approx(22, abs=0.5)


def test_the_residual_way() -> None:
    left = run_keeping("residual", ["b1", "b2", "b3", "a1", "a2", "a3"])
    assert [left[name].item() for name in ("a1", "a2", "a3")] == near([0.7311, 0.675, 0.6626])
    assert [left[name].item() for name in ("b1", "b2", "b3")] == near([1.731, 2.581, 3.51])
    assert [left[name].grad.item() for name in ("b3", "b2", "b1", "b")] == near([1, 1.0654, 1.202, 1.438])
    assert left["a"].grad.item() == about(0.0096)
    assert left["b"].grad / left["a"].grad == pytest.approx(149, abs=0.5)
    assert asked_for("residual")[0] == near(left["b2"].grad.item())
    assert [(left[n].grad / left[m].grad).item() for n, m in (("b2", "b3"), ("b1", "b2"), ("b", "b1"))] == near(
        [1.0654, 1.1279, 1.1966]
    )
    assert says("residual", "1.065", "1 · 1.0654 · 1.1279 · 1.1966 = **1.438**", "**0.0096**")


def test_the_straight_way_brings_1_whatever_the_layers_do() -> None:
    left, _ = run("residual", ("b = torch.tensor(1.0", "b = torch.tensor(1000.0"))
    assert asked_for("residual")[1] == left["b"].grad.item()


def test_far_out() -> None:
    left, _ = run("residual", ("torch.tensor(1.0", "torch.tensor(10.0"))
    assert left["a"].grad < 0.00001
    assert left["b"].grad.item() == near(1)


def test_a_nudge_of_b_moves_the_loss_and_one_of_a_does_not() -> None:
    before, moved = (
        run("residual")[0]["loss"],
        [run("residual", (f"{n} = torch.tensor(1.0", f"{n} = torch.tensor(1.01"))[0]["loss"] for n in "ba"],
    )
    assert [(after - before).item() / 0.01 for after in moved] == pytest.approx([1.438, 0.0096], abs=0.005)


def test_half_a_way() -> None:
    halves = [(f"{name} + torch", f"0.5 * {name} + torch") for name in ("b", "b1", "b2")]
    assert run("residual", *halves)[0]["b"].grad.item() == near(0.31)
