"""The lesson on the gates of an LSTM, checked against PyTorch's own cell."""

from typing import Any

import pytest
import torch

from tests.lessons.saying import asked_for, near, says
from tests.lessons.test_programs import run

SLUG = "lstm"
KEEPING = (
    "    answer = ",
    "    cells = globals().setdefault('cells', [])\n    cells.append(cell)\n    cell.retain_grad()\n    answer = ",
)


def cells(*replacements: tuple[str, str]) -> tuple[dict[str, Any], list[float], list[float]]:
    """What the program leaves, the cell after each step, and its gradient."""
    left, _ = run(SLUG, KEEPING, *replacements)
    return left, [cell.item() for cell in left["cells"]], [cell.grad.item() for cell in left["cells"]]


def test_the_cell_goes_through_time() -> None:
    left, values, gradients = cells()
    assert values == near([0.918, 0.827, 0.744])
    assert gradients == near([-0.333, -0.370, -0.411])
    assert left["answer"].item() == near(0.316)
    assert asked_for(SLUG) == [near(values[1]), near(gradients[1])]
    assert torch.sigmoid(torch.tensor([3.0, 2.2, 0.0])).tolist() == near([0.953, 0.9, 0.5])
    assert gradients[0] / gradients[2] == pytest.approx(0.81, abs=0.001)
    assert pytest.approx(0.366, abs=0.001) == 0.99**100


def test_it_is_pytorch_s_own_cell() -> None:
    left, values, _ = cells()
    own = torch.nn.LSTMCell(1, 1)
    with torch.no_grad():
        for parameter, numbers in [(own.weight_ih, left["w"]), (own.weight_hh, left["u"]), (own.bias_ih, left["b"])]:
            parameter.copy_(numbers.detach().view(parameter.shape))
        own.bias_hh.zero_()
    state = torch.zeros(1, 1), torch.zeros(1, 1)
    for number, value in zip(left["x"], values, strict=True):
        state = own(number.view(1, 1), state)
        assert state[1].item() == pytest.approx(value, abs=1e-6)
    bias, weight = torch.autograd.grad((state[0] - 1).square().sum(), [own.bias_ih, own.weight_ih])
    assert torch.allclose(bias, left["b"].grad, atol=1e-6)
    assert torch.allclose(weight.flatten(), left["w"].grad, atol=1e-6)


@pytest.mark.parametrize(
    ("old", "new", "last"),
    [("2.2", "5.0", 0.906), ("2.2", "-5.0", 0.00004), ("[1.0, 0.0, 0.0]", "[1.0, 0.0, 1.0]", 1.66)],
)
def test_other_gates(old: str, new: str, last: float) -> None:
    assert cells((old, new))[1][-1] == pytest.approx(last, rel=0.03)
    assert says(SLUG, str(last) if last > 0.001 else "0.00004")
