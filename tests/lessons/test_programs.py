"""Every lesson's program is run as plain PyTorch, and its text's numbers are checked against that."""

import contextlib
import io
import math
from typing import Any

import pytest
import torch

from gradwalk.lessons import Lessons


def run(slug: str, *replacements: tuple[str, str]) -> tuple[dict[str, Any], str]:
    """The variables that a lesson's program leaves, and what it prints, without any recorder."""
    source = Lessons.built_in().get(slug).source
    for old, new in replacements:
        assert old in source
        source = source.replace(old, new)
    variables: dict[str, Any] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, f"{slug}.py", "exec"), variables)
    return variables, printed.getvalue()


def about(value: float) -> Any:
    """Equal in the digits that a text shows."""
    return pytest.approx(value, abs=0.00006)


def test_neuron() -> None:
    left, printed = run("neuron")
    assert left["z"].item() == about(2.42)
    assert left["a"].item() == about(0.9183)
    assert left["loss"].item() == about(0.0852)
    assert left["w"].grad.item() == about(-0.0898)
    assert left["b"].grad.item() == about(-0.0817)
    assert printed == "grad w.r.t. w: tensor([-0.0898])\ngrad w.r.t. b: tensor([-0.0817])\n"


def test_neuron_factor_by_factor() -> None:
    a = run("neuron")[0]["a"].item()
    assert -1 / a == pytest.approx(-1.089, abs=0.0005)
    assert a * (1 - a) == about(0.0750)
    assert -1 / a * a * (1 - a) * 1.1 == about(-0.0898)


def test_neuron_measured() -> None:
    right, left = (run("neuron", ("[2.2]", f"[{w}]"))[0]["loss"].item() for w in (2.21, 2.19))
    assert (right - left) / 0.02 == pytest.approx(-0.0898, abs=0.0005)


def test_neuron_of_a_larger_input() -> None:
    left, _ = run("neuron")
    # the text multiplies the gradient as it shows it, in four digits
    assert round(left["b"].grad.item(), 4) * 2.0 == about(-0.1634)


def test_neuron_that_is_wrong_learns_more() -> None:
    left, _ = run("neuron", ("y = torch.tensor([1.0])", "y = torch.tensor([0.0])"))
    assert left["loss"] > 2
    assert left["w"].grad > 0.9
    assert left["b"].grad > 0.9


WRONG = ("y = torch.tensor([1.0])", "y = torch.tensor([0.0])")
SQUARED = ("F.binary_cross_entropy(", "F.mse_loss(")
LOGITS = ("F.binary_cross_entropy(a, y)", "F.binary_cross_entropy_with_logits(z, y)")


def test_neuron_that_is_saturated_learns_by_cross_entropy_alone() -> None:
    by_entropy, _ = run("neuron", WRONG, ("[2.2]", "[10.0]"))
    assert by_entropy["w"].grad.item() == about(1.1)
    assert by_entropy["w"].grad.item() == about(1.1 * (by_entropy["a"].item() - 0))
    by_square, _ = run("neuron", WRONG, ("[2.2]", "[10.0]"), SQUARED)
    assert by_square["w"].grad.item() == pytest.approx(3.67e-5, rel=0.01)


def test_neuron_whose_answer_is_rounded_to_1_learns_nothing() -> None:
    left, _ = run("neuron", WRONG, ("[2.2]", "[22.0]"))
    assert left["a"].item() == 1
    assert torch.nextafter(torch.tensor(1.0), torch.tensor(0.0)).item() == pytest.approx(0.99999994, abs=1e-9)
    assert left["w"].grad == 0
    assert run("neuron", WRONG, ("[2.2]", "[22.0]"), LOGITS)[0]["w"].grad.item() == about(1.1)


def test_module() -> None:
    left, printed = run("module")
    gradients = {name: parameter.grad for name, parameter in left["net"].named_parameters()}
    assert list(gradients) == ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]
    assert gradients["fc1.weight"].shape == (5, 10)
    assert left["loss"].item() == pytest.approx(math.log(2), abs=0.2)
    assert all(name in printed for name in gradients)
    assert gradients["fc2.weight"].numel() == 5


def test_module_passes_no_gradient_where_relu_was_closed() -> None:
    opened = "self.sums = self.fc1(x); self.sums.retain_grad(); hidden = self.relu(self.sums)"
    sums = run("module", ("hidden = self.relu(self.fc1(x))", opened))[0]["net"].sums
    closed = sums <= 0
    assert closed.any()
    assert (sums.grad[closed] == 0).all()
    assert (sums.grad[~closed] != 0).all()


def test_module_takes_one_plain_step() -> None:
    after, before = run("module")[0]["net"], run("module", ("optimizer.step()", ""))[0]["net"]
    for new, old in zip(after.parameters(), before.parameters(), strict=True):
        assert torch.equal(new, old - 0.01 * new.grad)


def losses(printed: str) -> list[float]:
    return [float(line.rpartition(" ")[2]) for line in printed.splitlines() if line.startswith("iteration")]


def test_training_loop_learns_the_line() -> None:
    left, printed = run("training-loop")
    shown = losses(printed)
    assert shown == sorted(shown, reverse=True)
    assert shown[-1] < shown[0] / 1000
    assert shown[0] == pytest.approx(7.19, abs=0.005)
    assert shown[1] == pytest.approx(0.145, abs=0.0005)
    assert left["model"].weight.item() == pytest.approx(1.982, abs=0.0005)
    assert left["model"].bias.item() == pytest.approx(1.029, abs=0.0005)


def test_training_loop_begins_with_a_weight_that_grows() -> None:
    left, _ = run("training-loop", ("range(20)", "range(1)"))
    assert left["model"].weight.grad.item() < 0


def test_training_loop_makes_small_steps_later() -> None:
    early, late = (
        run("training-loop", ("range(20)", f"range({count})"))[0]["model"].weight.grad.abs().item() for count in (1, 11)
    )
    assert late < early / 10


def test_training_loop_without_zero_grad_swings() -> None:
    shown = losses(run("training-loop", ("    optimizer.zero_grad()\n", ""))[1])
    assert shown != sorted(shown, reverse=True)


def test_training_loop_with_too_large_a_step_climbs() -> None:
    shown = losses(run("training-loop", ("lr=0.1", "lr=0.8"))[1])
    assert shown == sorted(shown)


def test_training_loop_with_too_small_a_step_is_slow() -> None:
    shown = losses(run("training-loop", ("lr=0.1", "lr=0.01"))[1])
    assert shown == sorted(shown, reverse=True)
    assert shown[-1] > 1


def test_fan_out() -> None:
    left, _ = run("fan-out")
    assert (left["left"].item(), left["right"].item(), left["loss"].item()) == (6, 7, 42)
    assert left["x"].grad.item() == 20


@pytest.mark.parametrize(
    ("old", "new", "gradient"),
    [("loss = left * right", "loss = left * right + x", 21), ("right = x + 4", "right = (x + 4).detach()", 14)],
)
def test_fan_out_with_another_way(old: str, new: str, gradient: int) -> None:
    assert run("fan-out", (old, new))[0]["x"].grad.item() == gradient
