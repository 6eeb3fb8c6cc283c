"""The lesson on NumPy and devices, checked against plain PyTorch."""

import pytest
import torch

from tests.lessons.saying import asked_for, says
from tests.lessons.test_programs import run

SLUG = "numpy-devices"
DETACHED = "w.detach().numpy()"


def test_a_large_product_in_numbers() -> None:
    operations = 2 * 4096**3
    assert says("numpy-devices", "**137 billion**", "50,000 billion a second needs 3 milliseconds", "needs 0.3 seconds")
    assert [round(operations / 1e9), round(operations / 50e12 * 1e3), round(operations / 500e9, 1)] == [137, 3, 0.3]


def test_what_is_shared_and_what_is_copied() -> None:
    left, _ = run(SLUG)
    assert left["shared"].tolist() == [10, 2, 3]
    assert left["copied"].tolist() == [1, 2, 3]
    assert asked_for(SLUG) == [left["small"][0].item()]
    assert left["shared"].dtype == torch.float64
    assert left["w"].grad.tolist() == [10, 2, 3]
    with pytest.raises(RuntimeError, match="same dtype"):
        torch.ones(2, 2) @ torch.ones(2, 2, dtype=torch.float64)


def test_what_is_apart_cannot_be_added() -> None:
    left, _ = run(SLUG)
    assert left["far"].shape == (3,)
    with pytest.raises(RuntimeError, match=r"meta.*cpu"):
        left["small"] + left["far"]


def test_what_else_there_is_to_try() -> None:
    with pytest.raises(RuntimeError, match=r"Use tensor\.detach\(\)\.numpy\(\) instead"):
        run(SLUG, (DETACHED, "w.numpy()"))
    left, _ = run(SLUG, ("shared.to(torch.float32)", "copied.to(torch.float32)"))
    assert left["w"].grad.tolist() == [1, 2, 3]


def test_a_layer_in_numpy_cuts_the_way_back() -> None:
    w = torch.ones(2, requires_grad=True)
    layer = torch.from_numpy((2 * w).detach().numpy() * 3)
    assert not layer.requires_grad
