"""The lesson on pretraining: what its text says, checked against plain PyTorch."""

import math

import pytest
import torch

from tests.lessons.test_programs import run


def probabilities(iterations: int) -> torch.Tensor:
    """Of what follows the last letter, in the last of so many iterations."""
    left, _ = run("pretraining", ("range(30)", f"range({iterations})"))
    found = left["probabilities"]
    assert isinstance(found, torch.Tensor)
    return found


def test_it_learns_to_write_the_sentence() -> None:
    left, printed = run("pretraining")
    lines = printed.splitlines()
    assert lines[-1] == "hello world"
    losses = [float(line.rpartition(" ")[2]) for line in lines[:-1]]
    assert losses == pytest.approx([2.540, 0.590, 0.065, 0.012], abs=0.002)
    assert losses[0] > math.log(8) == pytest.approx(2.079, abs=0.0005)
    assert left["vocabulary"] == [" ", "d", "e", "h", "l", "o", "r", "w"]


@pytest.mark.parametrize(("iterations", "share"), [(1, 0.06), (11, 0.70), (30, 0.99)])
def test_the_right_letter_becomes_certain(iterations: int, share: float) -> None:
    found = probabilities(iterations)
    assert found.sum().item() == pytest.approx(1, abs=1e-5)
    assert found[1].item() == pytest.approx(share, abs=0.005)


def test_before_the_training_another_letter_is_the_likeliest() -> None:
    found = probabilities(1)
    assert found.argmax() == 2
    assert found[2].item() == pytest.approx(0.25, abs=0.005)


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("range(30)", "range(1)", "h oer lr lr"),
        ("range(30)", "range(6)", "hell  wllld"),
        ("hello world", "banana bread", "banana bread"),
        ("lr=0.03", "lr=0.003", "helld wllld"),
    ],
)
def test_what_there_is_to_try(old: str, new: str, written: str) -> None:
    assert run("pretraining", (old, new))[1].splitlines()[-1] == written
