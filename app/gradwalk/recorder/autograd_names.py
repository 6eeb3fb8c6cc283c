"""The names of operations that only autograd shows: the user's word for each of torch's own autograd nodes."""

import inspect
import re
from typing import Any, Final

import torch

AutogradFunction = Any
"""A node of autograd's graph (torch.autograd.graph.Node); its Python type is private to torch."""

_PYTHON_FUNCTION: Final = torch._C._FunctionBase
_NUMBERED: Final = re.compile(r"Backward\d*$")
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_OWN_NAMES: Final = {
    "CopySlices": "copy_",
    "CopyBackwards": "copy_",
    "DifferentiableGraph": "scripted",
    "CheckpointFunction": "checkpoint",
    "BackwardHookFunction": "backward_hook",
    "UndefinedGrad": "undefined_gradient",
}
"""Torch's autograd nodes that are not named after an operation, with a name for what they do."""


def operation_name(function: AutogradFunction) -> str:
    """Return `sub` for `SubBackward0` and `as_strided` for `AsStridedBackward0`.

    A Function of the program's own keeps the name of its class.
    """
    name = str(function.name()).rpartition("::")[2]
    if isinstance(function, _PYTHON_FUNCTION) and not is_of_torch(function):
        return name.removesuffix("Backward")
    stem = _NUMBERED.sub("", name)
    return _OWN_NAMES.get(name) or _OWN_NAMES.get(stem) or _WORDS.sub("_", stem).lower()


def is_of_torch(function: AutogradFunction) -> bool:
    """Return whether a Function written in Python is one of torch's own, such as that of a checkpoint."""
    forward_class = getattr(type(function), "_forward_cls", type(function))
    return str(forward_class.__module__).partition(".")[0] == "torch"


def argument_names(function: AutogradFunction, op: str) -> list[str]:
    """Return the name of the argument behind each way out of an autograd node (`next_functions`); empty where they are
    not known.

    A Function written in Python has one way out for each tensor that its `forward` takes; one of torch's own has one
    for each tensor of its schema.
    """
    if isinstance(function, _PYTHON_FUNCTION):
        names = _forward_parameters(function, len(function.needs_input_grad))
        needed = [name for name, needs in zip(names, function.needs_input_grad, strict=False) if needs]
        following = iter(needed)
        return [next(following, "") if way[0] is not None else "" for way in function.next_functions]
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{op}"):
        tensors = [str(a.name) for a in schema.arguments if str(a.type) in ("Tensor", "Optional[Tensor]")]
        if len(tensors) == len(function.next_functions):
            return tensors
    return []


def _forward_parameters(function: AutogradFunction, count: int) -> list[str]:
    """Return the parameters of the `forward` of a Function, without `ctx`, for a call with so many arguments."""
    forward_class: Any = getattr(type(function), "_forward_cls", torch.autograd.Function)
    try:
        parameters = list(inspect.signature(forward_class.forward).parameters.values())
    except (AttributeError, TypeError, ValueError):
        return []
    if forward_class.setup_context is torch.autograd.Function.setup_context:
        parameters = parameters[1:]
    names = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
    return names if rest is None else names + [f"{rest}[{i}]" for i in range(count - len(names))]
