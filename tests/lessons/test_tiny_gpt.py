"""The lesson on the tiny GPT: what its text says, checked against plain PyTorch."""

import math
from typing import Any

import pytest
import torch

from tests.lessons.test_programs import run

KEPT = ("weights = torch.softmax", "weights = self.weights = torch.softmax")


def weights(left: dict[str, Any]) -> torch.Tensor:
    """(heads, 6, 6)."""
    kept = left["block"].attention.weights
    assert isinstance(kept, torch.Tensor)
    return kept


def test_its_parts() -> None:
    left, printed = run("tiny-gpt")
    parts = [left[name] for name in ("embed", "block", "head")]
    assert sum(one.numel() for part in parts for one in part.parameters()) == 1008
    assert left["ids"].tolist() == [5, 1, 4, 3, 5, 2, 0]
    assert printed == "loss 2.223, guessing gives 1.792\n"
    assert left["loss"].item() > math.log(6)
    assert left["vocabulary"][left["y"][-1]] == "."


def test_who_looks_at_whom() -> None:
    found = weights(run("tiny-gpt", KEPT)[0])
    assert found.shape == (2, 6, 6)
    assert torch.equal(found, found.tril())
    assert torch.allclose(found.sum(-1), torch.ones(2, 6))
    assert found[0, 1, :2].tolist() == pytest.approx([0.27, 0.73], abs=0.005)
    assert found[1, 1, 1].item() == pytest.approx(0.38, abs=0.005)
    assert found[:, 0, 0].tolist() == [1, 1]


def test_what_there_is_to_try() -> None:
    assert weights(run("tiny-gpt", KEPT, ("heads = 6, 8, 2", "heads = 6, 8, 4"))[0]).shape == (4, 6, 6)
    seeing = weights(run("tiny-gpt", KEPT, (".masked_fill(later, -math.inf)", ""))[0])
    assert (seeing > 0).all()
    other = weights(run("tiny-gpt", KEPT, ("manual_seed(0)", "manual_seed(1)"))[0])
    assert torch.allclose(other.sum(-1), torch.ones(2, 6))
    assert not torch.allclose(other, weights(run("tiny-gpt", KEPT)[0]), atol=0.05)
