"""Torch calls, taken apart: the function's name, the tensors by argument, the other arguments as data."""

import inspect
from collections.abc import Callable, Iterator
from copy import copy
from functools import wraps
from types import CodeType
from typing import Any, Final, Literal, TypeVar, cast

import numpy as np
import torch

from gradwalk.recorder.decomposed import DECOMPOSED, INSIDE

NamedTensors = list[tuple[str, torch.Tensor]]
"""Tensors with the names of the arguments that hold them."""

Arguments = tuple[NamedTensors, dict[str, Any]]
"""The arguments of one call: the tensors, and the others as JSON data by name."""

_LONGEST_TEXT: Final = 200
_LONGEST_LIST: Final = 64
_SIMPLE: Final = frozenset({float, int, bool, str})
_INFINITE: Final = float("inf")

ENTRIES: Final[dict[Any, str]] = {
    torch.Tensor.backward: "self",
    torch.autograd.backward: "tensors",
    torch.autograd.grad: "outputs",
}
"""The functions that ask for gradients, each with the argument that holds the roots."""

PROPERTIES: Final = frozenset({"T", "mT", "H", "mH", "real", "imag"})
"""The attributes whose reading is an operation."""

COPIES: Final = frozenset(
    {"detach", "clone", "__deepcopy__", "to", "cpu", "view", "reshape", "numpy", "copy_", "empty_like"}
)
"""Operations that only hand weights on, as `copy.deepcopy(model.state_dict())` does."""

_REFLECTED: Final = {"__rsub__": "rsub", "__rdiv__": "div", "__rpow__": "pow"}
_NOT_TENSORS: Final = frozenset({int, float, bool, str, type(None), torch.Size, torch.dtype, torch.device})

ArgumentNames = list[tuple[str, bool]]
"""The name of each positional argument, and whether it is a tensor."""

CallKind = Literal["backward", "read", "assign", "write", "operation", "decomposed", "silent"]


class TorchFunction:
    """A torch function and all that is known of it whatever its arguments are.

    `func` is called, `original` is what the program called. `name`: the user's name for it. `code`: the code of a
    Python function. `kind`: how a call of it is recorded. `returns_tensors`: it is known to return tensors. `inplace`:
    the position of the argument that makes it write into its input. `inside`: how to compute what a fused kernel does
    not show.
    """

    __slots__ = ("_parameters", "code", "func", "inplace", "inside", "kind", "name", "original", "returns_tensors")

    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = self.original = func
        self.inside = INSIDE.get(func)
        self.code: CodeType | None = getattr(func, "__code__", None)
        self.name = _name(func)
        returns = _returns_tensors(func, self.name)
        self.kind: CallKind = "silent" if returns is False else _kind(func, self.name)
        self.returns_tensors = returns is True
        self._parameters: dict[tuple[type, ...], ArgumentNames] = {}
        signature = _signature_names(func) or []
        self.inplace = signature.index("inplace") if "inplace" in signature else None

    def writes(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Return whether it writes into one of its arguments when it is called like this."""
        if kwargs and (kwargs.get("inplace") or kwargs.get("out") is not None):
            return True
        return self.inplace is not None and len(args) > self.inplace and bool(args[self.inplace])

    def learn_from_result(self, result: Any, tensors: bool) -> None:
        """Note from a result whether the function returns tensors: `tolist` and `manual_seed` do not."""
        self.returns_tensors = self.returns_tensors or tensors
        if not self.returns_tensors and type(result) in _NOT_TENSORS:
            self.kind = "silent"

    def arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        """Return the tensors of a call, each with its argument's name, and the other arguments as JSON data."""
        if self.name == "__deepcopy__":
            # the other argument is what was copied before
            return [("self", args[0])], {}
        kinds = tuple(map(type, args))
        parameters = self._parameters.get(kinds) or self._read_parameters(args, kinds)
        tensors: NamedTensors = []
        plain: dict[str, Any] = {}
        for i, (name, is_tensor) in enumerate(parameters):
            value = args[i]
            if is_tensor:
                tensors.append((name, value))
            elif type(value) is float and abs(value) < _INFINITE:
                plain[name] = value
            else:
                _add_argument(name, value, tensors, plain)
        if kwargs:
            for name, value in kwargs.items():
                if name != "_stacklevel":
                    _add_argument(name, value, tensors, plain)
        return tensors, plain

    def _read_parameters(self, args: tuple[Any, ...], kinds: tuple[type, ...]) -> ArgumentNames:
        # which arguments are tensors decides the overload that is called, and so the names
        tensors = tuple([isinstance(value, torch.Tensor) for value in args])
        parameters = list(zip(_argument_names(self.original, self.name, kinds, tensors), tensors, strict=True))
        if not any(kind.__module__ == "__main__" for kind in kinds):
            self._parameters[kinds] = parameters
        return parameters


_FUNCTIONS: dict[Any, TorchFunction] = {}


def describe(func: Callable[..., Any]) -> TorchFunction:
    """Return what is known of `func`. There are some thousands of torch functions, and each is examined once."""
    function = _FUNCTIONS.get(func)
    if function is None:
        function = _FUNCTIONS[func] = TorchFunction(func)
    return function


_WITH_SUBCLASS_DISPATCH: Final[dict[Any, TorchFunction]] = {}


def with_subclass_dispatch(function: TorchFunction) -> TorchFunction:
    """Return the same function for use under `DisableTorchFunction`: a call of it is dispatched to tensor subclasses
    and to the modes of the program all the same.
    """
    found = _WITH_SUBCLASS_DISPATCH.get(function.original)
    if found is None:
        found = _WITH_SUBCLASS_DISPATCH[function.original] = copy(function)
        func = function.original

        def dispatching(*args: Any, **kwargs: Any) -> Any:
            with torch._C._EnableTorchFunction():
                return func(*args, **kwargs)

        found.func = dispatching
    return found


def _name(func: Callable[..., Any]) -> str:
    if isinstance(func, torch._ops.OpOverload):
        # torch.ops.aten.mul.Tensor
        return str(func._schema.name).rpartition("::")[2]
    name = getattr(func, "__name__", "operation")
    if name in ("__get__", "__set__"):
        return str(getattr(getattr(func, "__self__", None), "__name__", name))
    return _REFLECTED.get(name, str(name))


def _kind(func: Callable[..., Any], name: str) -> CallKind:
    if func in ENTRIES:
        return "backward"
    if func in DECOMPOSED:
        return "decomposed"
    dunder = getattr(func, "__name__", "")
    if dunder == "__get__":
        if name in PROPERTIES:
            return "operation"
        return "read" if name in ("grad", "data") else "silent"
    if dunder == "__set__":
        return "assign"
    return "write" if is_in_place(name) and name != "requires_grad_" else "operation"


def is_in_place(name: str) -> bool:
    """Return whether a function of this name writes into its first argument."""
    if name == "__setitem__" or (name.endswith("_") and not name.endswith("__")):
        return True
    # `x &= y` is __iand__, and `x & y` is __and__
    return name.startswith("__i") and hasattr(torch.Tensor, f"__{name[3:]}")


def _returns_tensors(func: Callable[..., Any], name: str) -> bool | None:
    """Return whether the function's results are tensors, by PyTorch's own schemas: those of `size` and `item` are not.
    Null where no schema says so.
    """
    if getattr(func, "__module__", None) in ("torch.nn.functional", "torch.functional"):
        return True
    if getattr(func, "__name__", "") in ("__get__", "__set__") or name.startswith("__"):
        return None
    schemas = torch._C._jit_get_schemas_for_operator(f"aten::{name}")
    returned = [str(result.type) for schema in schemas for result in schema.returns]
    return any("Tensor" in kind or kind == "t" for kind in returned) if returned else None


def _add_argument(name: str, value: Any, tensors: NamedTensors, plain: dict[str, Any]) -> None:
    """Add one argument to the tensors or to the plain data, wherever it belongs."""
    kind = type(value)
    if isinstance(value, torch.Tensor):
        tensors.append((name, value))
    elif kind in _SIMPLE:
        plain[name] = as_data(value)
    elif value is not None:
        found = list(_nested(name, value))
        tensors += found
        if not found or _is_mixed(value):
            plain[name] = as_data(value)


def _is_mixed(value: Any) -> bool:
    """Return whether a list holds something other than tensors: the `:` and the 2 of `x[rows, :, 2]`."""
    return isinstance(value, list | tuple) and not all(isinstance(item, torch.Tensor) for item in value)


def tensors_of(value: Any) -> list[torch.Tensor]:
    """Return every tensor in a result, in order, through lists, tuples and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for _, t in _nested("", value)]


def named_tensors(name: str, value: Any) -> NamedTensors:
    """Return every tensor in an argument, each with its position: `input[0]`."""
    return list(_nested(name, value))


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


def _argument_names(
    func: Callable[..., Any], name: str, kinds: tuple[type, ...], tensors: tuple[bool, ...]
) -> list[str]:
    """Return the names of the positional arguments: a Python function's own, else those of the matching ATen schema.

    `tensors`: which of the arguments are tensors.
    """
    count = len(kinds)
    names = _signature_names(func)
    if names is None or len(names) < count:
        names = _schema_names(name, kinds, tensors) or []
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


def _schema_names(name: str, kinds: tuple[type, ...], tensors: tuple[bool, ...]) -> list[str] | None:
    """Return the names from the overload that takes such arguments: `x.std(1)` takes a dimension, `x.std(False)` does
    not.
    """
    schemas = torch._C._jit_get_schemas_for_operator(f"aten::{_aten(name)}")
    found = [[argument for argument in schema.arguments if not argument.kwarg_only] for schema in schemas]

    def misfits(arguments: list[Any]) -> tuple[bool, bool, bool]:
        pairs = list(zip(arguments, kinds, tensors, strict=False))
        return (
            any((str(argument.type) == "Tensor") != tensor for argument, _, tensor in pairs),
            len(arguments) < len(kinds),
            not all(tensor or _accepts(argument, kind) for argument, kind, tensor in pairs),
        )

    best = min(found, key=misfits, default=None)
    return None if best is None else [str(argument.name) for argument in best]


def _accepts(argument: Any, kind: type) -> bool:
    """Return whether an argument of a schema that is no tensor may have this type."""
    wanted = str(argument.type)
    if kind is torch.dtype or argument.name == "dtype":
        return kind is torch.dtype and argument.name == "dtype"
    if issubclass(kind, list | tuple):
        return "List" in wanted
    if kind is bool or kind is int:
        return ("bool" in wanted) == (kind is bool)
    return True


def _aten(name: str) -> str:
    return {"__getitem__": "index", "T": "t"}.get(name, name)


def as_data(value: Any, depth: int = 3) -> Any:
    """Return a non-tensor argument as JSON data. The program's own repr is never called."""
    if value is None or type(value) is bool:
        return value
    if type(value) is float:
        return value if abs(value) < _INFINITE else str(value)
    if type(value) is int:
        # Python refuses to write very long integers in decimal
        return value if abs(value) < 2**53 else (str if abs(value) < 2**512 else hex)(value)[:_LONGEST_TEXT]
    if type(value) is str:
        # without the lone surrogates that UTF-8 cannot carry
        return value[:_LONGEST_TEXT].encode("utf-8", "backslashreplace").decode()
    if type(value) is slice:
        parts = [value.start, value.stop, *([value.step] if value.step is not None else [])]
        return ":".join("" if p is None else str(as_data(p, 0)) for p in parts)
    if isinstance(value, torch.dtype | torch.device | torch.layout | torch.memory_format):
        return str(value)
    if type(value) in (list, tuple, torch.Size) and depth > 0:
        return [as_data(v, depth - 1) for v in list(value)[:_LONGEST_LIST]]
    if value is Ellipsis:
        return "..."
    if type(value) is np.ndarray and value.size <= _LONGEST_LIST:
        return as_data(value.tolist(), depth)
    if isinstance(value, np.integer | np.floating | np.bool_):
        return as_data(value.item(), depth)
    return type(value).__name__


Hook = TypeVar("Hook", bound=Callable[..., Any])


def hidden_from_modes(hook: Hook) -> Hook:
    """Decorate a hook of the recorder so that no mode sees its torch calls; torch calls hooks with the modes on."""

    @wraps(hook)
    def quiet(*args: Any, **kwargs: Any) -> Any:
        with torch._C.DisableTorchFunction():
            return hook(*args, **kwargs)

    return cast(Hook, quiet)
