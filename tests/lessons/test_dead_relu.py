"""The lesson on dead ReLUs, checked against plain PyTorch."""

import pytest

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import run

SLUG = "dead-relu"
PASS = "(loss1 + loss2)"


def rounds(count: int) -> tuple[str, str]:
    """So many rounds instead of all."""
    return "range(28)", f"range({count})"


def test_the_first_round() -> None:
    left = run_keeping(SLUG, ["a1", "a2"], rounds(1), backward=PASS)
    assert left["a1"].tolist() == [0, 0]
    assert left["a2"].tolist() == near([-0.1, -0.2])
    assert (left["loss1"].item(), left["loss2"].item()) == (2.5, near(3.025))
    assert left["a2"].grad.tolist() == near([-1.1, -2.2])
    assert left["w2"].grad.item() == near(-0.55)
    assert left["a1"].grad.tolist() == [-1, -2]
    assert left["w1"].grad == 0


def test_no_error_wakes_it_up() -> None:
    left, _ = run(SLUG, ("F.mse_loss(a1, x)", "100 * F.mse_loss(a1, x)"), rounds(1))
    assert asked_for(SLUG) == [left["w1"].grad.item()]
    assert run(SLUG, ("lr=0.1", "lr=100.0"), rounds(3))[0]["w1"] == -1


def test_twenty_rounds_later() -> None:
    assert run(SLUG, rounds(20))[0]["w2"].item() == near(0.0493)
    assert run(SLUG, rounds(21))[0]["w2"].grad.item() == near(-4.754)
    assert run(SLUG, rounds(24))[0]["w2"].item() == near(0.941)
    assert says(SLUG, "0.0493", "−4.754", "0.941")


def test_at_the_end() -> None:
    left, printed = run(SLUG)
    assert left["w1"] == -1
    assert run(SLUG, rounds(27))[0]["w2"].item() == near(0.9926)
    assert printed == "ReLU:       w -1.000, loss 2.5000\nleaky ReLU: w 0.996, loss 0.0001\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [("[1.0, 2.0]", "[1.0, 2.0, -1.0]"), ("w1 = torch.tensor(-1.0", "w1 = torch.tensor(0.1")],
    ids=["an example on the other side", "another start"],
)
def test_what_lets_it_learn(old: str, new: str) -> None:
    left, _ = run(SLUG, (old, new))
    assert left["w1"].item() > -0.5
    assert left["w1"].grad is not None
