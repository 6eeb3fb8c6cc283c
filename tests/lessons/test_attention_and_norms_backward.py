"""The lessons on attention and layer norm backwards, checked against plain PyTorch."""

import pytest
import torch

from tests.lessons.saying import asked_for, near, run_keeping, says
from tests.lessons.test_programs import run

ATTENTION = "attention-backward"
NORM = "layer-norm-backward"


def test_a_value_gets_as_much_as_it_was_looked_at() -> None:
    left = run_keeping(ATTENTION, ["scores", "weights"])
    weights, values, mixed = left["weights"], left["values"], left["mixed"]
    assert left["scores"].tolist() == [1, 2, 3]
    assert mixed.item() == near(2.536)
    assert torch.equal(values.grad.flatten(), weights)
    assert torch.equal(left["weights"].grad, values.flatten())
    scores = weights * (values.flatten() - mixed)
    assert torch.allclose(left["scores"].grad, scores, atol=1e-6)
    assert scores.tolist() == near([0.312, -0.621, 0.309])
    assert torch.allclose(left["keys"].grad, scores[:, None] * left["query"], atol=1e-6)
    assert left["query"].grad.tolist() == near((scores @ left["keys"]).tolist())
    assert left["query"].grad.tolist() == near([0.621, -0.312])
    assert asked_for(ATTENTION) == [near(weights[2].item()), near(scores[0].item())]
    assert says(ATTENTION, "(0.621, −0.312)", "**0.312**", "**−0.621**", "**0.309**")


def test_where_nothing_is_to_be_learned_about_looking() -> None:
    equal, _ = run(ATTENTION, ("[[6.0], [0.0], [3.0]]", "[[5.0], [5.0], [5.0]]"))
    assert not equal["keys"].grad.any()
    assert not equal["query"].grad.any()
    sure, _ = run(ATTENTION, ("keys @ query", "10 * keys @ query"))
    assert [round(weight, 4) for weight in sure["weights"].tolist()] == [0, 0, 1]
    assert sure["query"].grad.abs().max() < 0.002


def test_the_three_terms_of_layer_norm() -> None:
    left = run_keeping(NORM, ["mean", "spread", "centred", "normed"])
    x, normed, spread = left["x"], left["normed"], left["spread"]
    assert spread.item() == near(2.236)
    assert left["spread"].grad.item() == near(0.6)
    assert left["centred"].grad.tolist() == near([0.246, -0.067, 0.067, 0.201])
    assert left["mean"].grad.item() / 4 == near(-0.112)
    g = torch.tensor([1.0, 0, 0, 0])
    formula = (g - g.mean() - normed * (g * normed).mean()) / spread
    assert torch.allclose(x.grad, formula, atol=1e-6)
    assert x.grad.tolist() == near([0.134, -0.179, -0.045, 0.089])
    assert asked_for(NORM) == [near(1 / spread.item()), pytest.approx(x.grad.sum().item(), abs=1e-6)]


def test_layer_norm_otherwise() -> None:
    before = run(NORM)[0]["x"].grad
    larger, _ = run(NORM, ("[1.0, 3.0, 5.0, 7.0]", "[10.0, 30.0, 50.0, 70.0]"))
    assert torch.allclose(larger["x"].grad, before / 10, atol=1e-6)
    assert run(NORM, ("normed[0]", "normed.sum()"))[0]["x"].grad.abs().max() < 1e-6
    own, _ = run(NORM, ("centred / spread", "torch.nn.functional.layer_norm(x, [4], eps=0)"))
    assert torch.allclose(own["x"].grad, before, atol=1e-6)
