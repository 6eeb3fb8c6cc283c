"""Torch functions that hide a whole network in one call: run so that each operation inside is seen."""

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final

from torch.nn import functional

OPENED: Final = frozenset({functional.multi_head_attention_forward})
"""Their autograd nodes are a dozen and more, of operations that a reader knows: projections, softmax, dropout."""

_bodies: dict[Callable[..., Any], Callable[..., Any]] = {}


def body_of(func: Callable[..., Any]) -> Callable[..., Any]:
    """The same code, without the question at its beginning whether someone wants to handle the call as a whole."""
    body = _bodies.get(func)
    if body is None:
        assert isinstance(func, FunctionType)
        names = {**func.__globals__, "has_torch_function": _nobody}
        copy = FunctionType(func.__code__, names, func.__name__, func.__defaults__, func.__closure__)
        copy.__kwdefaults__ = func.__kwdefaults__
        body = _bodies[func] = copy
    return body


def _nobody(_tensors: Any) -> bool:
    return False
