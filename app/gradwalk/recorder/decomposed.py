"""Torch functions that hide a whole network in one call, and how their inner operations are made visible."""

import math
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

import torch
from torch import ones
from torch.nn import functional

DECOMPOSED: Final = frozenset({functional.multi_head_attention_forward})
"""Functions that are run so that each operation inside is seen. They have a dozen autograd nodes and more, of
operations that a reader knows (projections, softmax, dropout).
"""

_bodies: dict[Callable[..., Any], Callable[..., Any]] = {}


def without_dispatch_guard(func: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of the function without its `has_torch_function` guard, which would let a mode handle the call as a
    whole.
    """
    body = _bodies.get(func)
    if body is None:
        assert isinstance(func, FunctionType)
        names = {**func.__globals__, "has_torch_function": _never}
        copy = FunctionType(func.__code__, names, func.__name__, func.__defaults__, func.__closure__)
        copy.__kwdefaults__ = func.__kwdefaults__
        body = _bodies[func] = copy
    return body


def _never(_tensors: Any) -> bool:
    return False


@torch.no_grad()
def attention_weights(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attn_mask: torch.Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> torch.Tensor:
    """Compute the weights softmax(QKᵀ·scale + mask), before dropout: (..., L, E), (..., S, E) -> (..., L, S).

    The formula is the one in the documentation of torch.nn.functional.scaled_dot_product_attention, whose fused kernels
    keep no weights. The parameters are those of that function.
    """
    if enable_gqa:
        key = key.repeat_interleave(query.size(-3) // key.size(-3), -3)
    scores = query @ key.transpose(-2, -1) * (1 / math.sqrt(query.size(-1)) if scale is None else scale)
    if is_causal:
        attn_mask = ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    if attn_mask is not None and attn_mask.dtype is torch.bool:
        scores = scores.masked_fill(attn_mask.logical_not(), -math.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    return scores.softmax(-1)


INSIDE: Final[dict[Any, dict[str, Callable[..., torch.Tensor]]]] = {
    functional.scaled_dot_product_attention: {"weights": attention_weights}
}
"""Fused kernels: by name, the intermediate results that they never show, computed again from their inputs."""
