"""What is inside of attention: its operations, or the weights that a fused kernel does not show."""

from typing import Any

import pytest
import torch
from torch.nn import functional

from gradwalk.recorder import trace
from tests.recorder.oracle import numbers

L, S, E = 3, 5, 4
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "scaled": {"scale": 0.3},
    "causal": {"is_causal": True},
    "masked": {"attn_mask": torch.arange(S) < torch.tensor([[1], [3], [5]])},
    "biased": {"attn_mask": torch.linspace(-1, 1, L * S).reshape(L, S)},
    "grouped": {"enable_gqa": True},
}


@pytest.mark.parametrize("name", CASES)
def test_the_weights_of_a_fused_attention_give_its_output(name: str) -> None:
    heads = 1 if name == "grouped" else 2
    query = torch.randn(2, 2, L, E, requires_grad=True)
    key, value = torch.randn(2, heads, S, E), torch.randn(2, heads, S, E)
    with trace() as recording:
        out = functional.scaled_dot_product_attention(query, key, value, **CASES[name])
    snapshot = recording.snapshot()
    (inside,) = snapshot.iterations[0].inside.values()
    weights = numbers(inside["weights"], snapshot)
    assert weights is not None
    assert weights.shape == (2, 2, L, S)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 2, L))
    torch.testing.assert_close(weights @ value, out.detach())


def test_multi_head_attention_is_its_operations() -> None:
    attention = torch.nn.MultiheadAttention(E, 2)
    x = torch.randn(3, 1, E)
    plain, _ = attention(x, x, x)
    with trace() as recording:
        out, _ = attention(x, x, x)
    assert torch.equal(out, plain)
    operations = [n.op for n in recording.snapshot().graphs[0].nodes if n.op in ("linear", "bmm", "softmax")]
    assert operations == ["linear", "bmm", "softmax", "bmm", "linear"]
