"""The tensors that autograd has saved for backward, read right after the call that saved them.

Reading leaves no trace. An input is returned as the very object that was saved; for an output torch makes a tensor that
lives only while it is read. Nothing is read that the program would notice: what its saved_tensors_hooks have packed (to
unpack is to call them), what is inside a transform of torch.func, what its dispatch mode or its own tensor class would
see. No tensor is kept either, only its origin and its size.

It is done for the first few hundred operations of an iteration, so it is one loop. Names and plain values are left for
when the recording is written.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import torch

from gradwalk.contract.autograd_node import Unread
from gradwalk.recorder.autograd_structure import AutogradStructure, grad_fn_of, version_of
from gradwalk.recorder.calls import as_data
from gradwalk.recorder.records import Port, SavedPart, SavedRecord
from gradwalk.recorder.swapped_tensors import Reference
from gradwalk.recorder.turns import Turn

Binding = tuple[Reference, int | None, int, Port, int, Turn | None]
"""The fact that a tensor, with the autograd node of this key as its grad_fn and at this version, is the output of a
port; for a leaf the address of its numbers too, else 0; and the turn of the program's loop in which that was seen.
"""

MOST_NODES_READ: Final = 500
"""The number of nodes of an iteration whose saved tensors are read: more than a reader opens by hand. For thousands
they would be a tenth of the snapshot.
"""
_MOST_ATTRIBUTES: Final = 32

Getter = Callable[[Any], Any]

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_FUNCTION: Final = torch._C._FunctionBase
_CUSTOM: Final[tuple[tuple[str, ...], tuple[Getter, ...]]] = (
    ("saved_tensors", "ctx"),
    (vars(_FUNCTION)["saved_tensors"].__get__, vars),
)
"""The names and getters for a Function of the program's own: what it gave to save_for_backward, and what it wrote on
its `ctx`.
"""


def _no_hooks(_: bool) -> None:
    """Stand in for a torch version that does not say whether there are hooks."""


_hooks: Final[Callable[[bool], Any]] = getattr(torch._C._autograd, "_top_saved_tensors_default_hooks", _no_hooks)
_dispatch_modes: Final[Callable[[], int]] = torch._C._len_torch_dispatch_stack

_NAMES: Final[dict[type, tuple[str, ...]]] = {}
_GETTERS: Final[dict[type, tuple[Getter, ...]]] = {}


NOTHING: Final = SavedRecord((), None)


class SavedReader:
    """A reader of what autograd nodes have saved.

    It remembers whether it has ever met hooks: a Function of the program's own is seen after it has run, when the hooks
    that hold what it saved may be gone.
    """

    def __init__(self) -> None:
        self._met_hooks = False

    def read(
        self,
        functions: Sequence[Any],
        results: Sequence[torch.Tensor],
        transforming: bool,
        bindings: Mapping[int, Binding],
        structure: AutogradStructure,
    ) -> SavedRecord | Unread:
        """Return what an operation's autograd nodes, `functions`, have saved, or why that is not known.

        `results`: those of the operation. `bindings`: the origins of tensors.
        """
        if _hooks(True) is not None:
            self._met_hooks = True
            return "hooks"
        if transforming:
            return "transform"
        if _dispatch_modes() > 0:
            return "observer"
        for result in results:
            if type(result) not in _PLAIN_TYPES:
                return "subclass"
        entries: list[Any] = []
        tensors: list[torch.Tensor] = []
        try:
            for function in functions:
                getters = _GETTERS.get(type(function)) or self._getters(type(function))
                if getters is None:
                    return "hooks"
                for get in getters:
                    entry = get(function)
                    if entry is not None and type(entry) not in _SIMPLE:
                        entry = _read(entry, tensors, bindings, structure)
                    entries.append(entry)
        except _ProgramTensorClass:
            return "subclass"
        except RuntimeError as error:
            return "changed" if "inplace operation" in str(error) else "freed"
        if not entries:
            return NOTHING
        return SavedRecord(tuple(entries), _shared(tensors) if len(tensors) > 1 else None)

    def _getters(self, kind: type) -> tuple[Getter, ...] | None:
        """Return the functions that read what this type of autograd node has saved; null where hooks may hold it."""
        if issubclass(kind, _FUNCTION):
            return None if self._met_hooks else _CUSTOM[1]
        names = saved_names(kind)
        getters = _GETTERS[kind] = tuple(getattr(kind, f"_saved_{name}").__get__ for name in names)
        return getters


def saved_names(kind: type) -> tuple[str, ...]:
    """Return the names of what this type of autograd node saves, as in PyTorch's derivatives.yaml.

    The sizes that it notes for the compiler are left out: they hold no memory.
    """
    if issubclass(kind, _FUNCTION):
        return _CUSTOM[0]
    names = _NAMES.get(kind)
    if names is None:
        found = [name.removeprefix("_saved_") for name in dir(kind) if name.startswith("_saved_")]
        names = _NAMES[kind] = tuple(name for name in found if "_sym_" not in name)
    return names


_SIMPLE: Final = frozenset({bool, int, float, str})


class _ProgramTensorClass(RuntimeError):
    """A tensor of the program's own class was met. Nothing is asked of it, because the program would notice."""


def _read(
    entry: Any, tensors: list[torch.Tensor], bindings: Mapping[int, Binding], structure: AutogradStructure
) -> Any:
    """Return one saved thing that is no plain value as a SavedRecord has it. Tensors are appended to `tensors`."""
    if type(entry) in _PLAIN_TYPES:
        tensor: torch.Tensor = entry
        tensors.append(tensor)
        # most saved tensors are an input itself
        binding = bindings.get(id(tensor))
        if binding is not None and binding[0]() is tensor and binding[2] == tensor._version and tensor.is_contiguous():
            return binding[3]
        return _described(tensor, bindings, structure)
    return _nested(entry, tensors, bindings, structure)


def _described(tensor: torch.Tensor, bindings: Mapping[int, Binding], structure: AutogradStructure) -> Port | SavedPart:
    """Return a tensor that is not the input itself: a result, a view, or one that is there for backward alone."""
    binding = bindings.get(id(tensor))
    port = None
    if binding is not None and binding[0]() is tensor:
        port = binding[3] if binding[2] == version_of(tensor) else None
    elif (function := grad_fn_of(tensor)) is not None:
        port = structure.port(function, tensor.output_nr)
    if port is not None and tensor.is_contiguous():
        return port
    view = False
    if port is None and (base := tensor._base) is not None:
        binding = bindings.get(id(base))
        port = binding[3] if binding is not None and binding[0]() is base else None
        view = port is not None
    size = tensor.nbytes
    if tensor.layout is torch.strided:
        size = min(size, tensor.untyped_storage().nbytes())
    return SavedPart(tuple(tensor.shape), tensor.dtype, size, port, view)


def _nested(
    entry: Any, tensors: list[torch.Tensor], bindings: Mapping[int, Binding], structure: AutogradStructure
) -> Any:
    """Return the tensors of a tuple, or the plain values that a Function wrote on its `ctx`.

    A tensor on `ctx` was not saved for backward. The values are written out at once, because the objects are the
    program's.
    """
    if type(entry) is dict:
        written = list(entry.items())[:_MOST_ATTRIBUTES]
        return {as_data(key): as_data(value) for key, value in written if not issubclass(type(value), torch.Tensor)}
    if issubclass(type(entry), torch.Tensor):
        raise _ProgramTensorClass
    if type(entry) is not tuple or not any(issubclass(type(one), torch.Tensor) for one in entry):
        return entry
    parts: list[Any] = []
    for one in entry:
        if type(one) in _PLAIN_TYPES:
            tensors.append(one)
            parts.append(_described(one, bindings, structure))
        elif one is None:
            parts.append(None)
        else:
            raise _ProgramTensorClass
    return parts


def _shared(tensors: list[torch.Tensor]) -> tuple[int, ...] | None:
    """Return a number for each tensor, equal for those that share memory; null where none do."""
    try:
        places = [tensor.untyped_storage().data_ptr() for tensor in tensors]
    except RuntimeError:
        # sparse tensors have no memory of their own
        return None
    if len(set(places)) == len(places):
        return None
    numbers: dict[int, int] = {}
    # a tensor without elements has no memory to share
    return tuple([numbers.setdefault(place or -at - 1, len(numbers)) for at, place in enumerate(places)])
