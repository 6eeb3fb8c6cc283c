"""One torch call, taken apart: its name, its tensors by argument, its other arguments as data."""

import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import torch

Tensors = list[tuple[str, torch.Tensor]]
_LONGEST_TEXT = 200
_LONGEST_LIST = 64


def call_name(func: Callable[..., Any]) -> str:
    """The function's name as its user knows it (`mul`, `linear`, `__getitem__`); a property's own name."""
    name = getattr(func, "__name__", "operation")
    if name in ("__get__", "__set__"):
        return str(getattr(getattr(func, "__self__", None), "__name__", name))
    return {"__rsub__": "rsub", "__rdiv__": "div", "__rpow__": "pow"}.get(name, str(name))


def arguments(
    func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Tensors, dict[str, Any]]:
    """The tensors of a call with the argument that each stands in, and the other arguments as JSON data."""
    names = _argument_names(func, len(args), tuple(isinstance(a, torch.Tensor) for a in args))
    tensors: Tensors = []
    plain: dict[str, Any] = {}
    for name, value in [*zip(names, args, strict=True), *kwargs.items()]:
        found = list(_nested(name, value))
        tensors += found
        if not found and value is not None and name != "_stacklevel":
            plain[name] = as_data(value)
    return tensors, plain


def tensors_of(value: Any) -> list[torch.Tensor]:
    """Every tensor in a result, in order, through lists, tuples and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for _, t in _nested("", value)]


def _nested(name: str, value: Any) -> Iterator[tuple[str, torch.Tensor]]:
    if isinstance(value, torch.Tensor):
        yield name, value
    elif type(value) in (str, int, float, bool) or value is None:
        return
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _nested(f"{name}[{i}]", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nested(f"{name}[{key}]", item)


@lru_cache(maxsize=4096)
def _argument_names(func: Callable[..., Any], count: int, tensors: tuple[bool, ...]) -> list[str]:
    """Names of the positional arguments: a Python function's own, else those of the matching ATen schema."""
    names = _signature_names(func)
    if names is None or len(names) < count:
        names = _schema_names(call_name(func), tensors) or []
    if not names:
        return [f"argument {i}" for i in range(count)]
    # x.reshape(2, 3): the last argument of the schema takes all that follow
    return [names[i] if i < len(names) else f"{names[-1]}[{i - len(names) + 1}]" for i in range(count)]


def _signature_names(func: Callable[..., Any]) -> list[str] | None:
    try:
        parameters = inspect.signature(func).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return None
    return [p.name for p in parameters]


def _schema_names(name: str, tensors: tuple[bool, ...]) -> list[str] | None:
    schemas = torch._C._jit_get_schemas_for_operator(f"aten::{_aten(name)}")
    overloads = sorted((s.arguments for s in schemas), key=lambda a: len(a) < len(tensors))
    exact = [a for a in overloads if all((str(x.type) == "Tensor") == t for x, t in zip(a, tensors, strict=False))]
    return [str(a.name) for a in (exact or overloads)[0]] if overloads else None


def _aten(name: str) -> str:
    return {"__getitem__": "index", "T": "t"}.get(name, name)


def as_data(value: Any, depth: int = 3) -> Any:
    """A non-tensor argument as JSON data. Never calls the program's own repr."""
    if value is None or type(value) is bool:
        return value
    if type(value) in (int, float):
        return value if abs(value) < 2**53 else str(value)[:_LONGEST_TEXT]
    if type(value) is str:
        return value[:_LONGEST_TEXT]
    if type(value) is slice:
        parts = [value.start, value.stop, *([value.step] if value.step is not None else [])]
        return ":".join("" if p is None else str(as_data(p, 0)) for p in parts)
    if isinstance(value, torch.dtype | torch.device | torch.layout | torch.memory_format):
        return str(value)
    if type(value) in (list, tuple, torch.Size) and depth > 0:
        return [as_data(v, depth - 1) for v in list(value)[:_LONGEST_LIST]]
    if value is Ellipsis:
        return "..."
    return type(value).__name__
