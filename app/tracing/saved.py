"""What autograd has saved for backward, read right after the call that saved it: which tensors, how large, whose.

Reading leaves no trace. An input is given back as the very object that was saved; for an output torch makes a tensor
that lives no longer than the look at it. What a program would hear of is not read: what its saved_tensors_hooks have
packed (to unpack is to call them), what stands inside a transform of torch.func, what its dispatch mode or own class
of tensors is told about. Nothing of it is held either, only where it came from and how large it is.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from app.snapshot import Unread
from app.tracing.calls import as_data
from app.tracing.records import Port, SavedPart, SavedRecord, SavedTensorRecord
from app.tracing.transforms import observed

Find = Callable[[torch.Tensor, bool], Port | None]
"""The port that a tensor comes from; null when it is of no recorded node. True: only if it still holds that value."""

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_FUNCTION: Final = torch._C._FunctionBase
_of_function: Final[Callable[[Any], Any]] = vars(_FUNCTION)["saved_tensors"].__get__
_MOST_ATTRIBUTES: Final = 32
_WRAPPED: Final = 2**64
"""Sizes and indices are told as 64 bits without a sign: a `dim` of -1 as this less 1."""


def _no_hooks(_: bool) -> None:
    """Stands for a torch that does not tell of hooks."""


_hooks: Final[Callable[[bool], Any]] = getattr(torch._C._autograd, "_top_saved_tensors_default_hooks", _no_hooks)


Getters = tuple[tuple[str, Callable[[Any], Any]], ...]
_GETTERS: Final[dict[type, Getters]] = {}
NOTHING: Final = SavedRecord(())
_UNREAD: Final[dict[Unread, SavedRecord]] = {}


def _unread(why: Unread) -> SavedRecord:
    return _UNREAD.get(why) or _UNREAD.setdefault(why, SavedRecord((), None, why))


class SavedReader:
    """Reads what autograd nodes have saved. `find`: where tensors come from."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._hooked = False

    def read(
        self, functions: list[Any], results: Sequence[torch.Tensor], transforming: bool
    ) -> tuple[SavedRecord, ...]:
        """What each of an operation's autograd nodes, `functions`, has saved. `results`: of the operation."""
        why = self._prevented(results, transforming)
        if why is not None:
            return (_unread(why),) * len(functions)
        tensors: list[torch.Tensor] = []
        saved = tuple([self._one(function, tensors) for function in functions])
        if len(tensors) > 1:
            _share(saved, tensors)
        return saved

    def _prevented(self, results: Sequence[torch.Tensor], transforming: bool) -> Unread | None:
        if _hooks(True) is not None:
            self._hooked = True
            return "hooks"
        if transforming:
            return "transform"
        if observed():
            return "observer"
        for result in results:
            if type(result) not in _PLAIN_TYPES:
                return "subclass"
        return None

    def _one(self, function: Any, tensors: list[torch.Tensor]) -> SavedRecord:
        kind = type(function)
        getters = _GETTERS.get(kind)
        if getters is None:
            if issubclass(kind, _FUNCTION):
                return self._custom(function, tensors)
            getters = _getters(kind)
        if not getters:
            return NOTHING
        count = len(tensors)
        found: list[tuple[str, SavedTensorRecord]] = []
        values: dict[str, Any] | None = None
        try:
            for name, get in getters:
                entry = get(function)
                if entry is None:
                    continue
                if isinstance(entry, torch.Tensor):
                    found.append((name, self._tensor(entry)))
                    tensors.append(entry)
                elif type(entry) is tuple and any(isinstance(one, torch.Tensor) for one in entry):
                    self._several(name, entry, found, tensors)
                else:
                    values = values or {}
                    values[name] = _plain(entry)
        except RuntimeError as error:
            del tensors[count:]
            return _unread(_reason(error))
        return SavedRecord(tuple(found), values) if found or values else NOTHING

    def _custom(self, function: Any, tensors: list[torch.Tensor]) -> SavedRecord:
        """A Function of the program's own: what it gave to save_for_backward, and what it wrote on its `ctx`. It is met
        after it has run: hooks that were there then may be gone.
        """
        if self._hooked:
            return _unread("hooks")
        count = len(tensors)
        found: list[tuple[str, SavedTensorRecord]] = []
        try:
            self._several("saved_tensors", _of_function(function) or (), found, tensors)
        except RuntimeError as error:
            del tensors[count:]
            return _unread(_reason(error))
        written = list(vars(function).items())[:_MOST_ATTRIBUTES]
        return SavedRecord(tuple(found), {as_data(k): as_data(v) for k, v in written if not _is_tensor(v)})

    def _several(
        self, name: str, entries: Sequence[Any], found: list[tuple[str, SavedTensorRecord]], tensors: list[torch.Tensor]
    ) -> None:
        for number, entry in enumerate(entries):
            if _is_tensor(entry):
                found.append((f"{name}[{number}]", self._tensor(entry)))
                tensors.append(entry)

    def _tensor(self, tensor: torch.Tensor) -> SavedTensorRecord:
        if type(tensor) not in _PLAIN_TYPES:
            raise _OwnClass
        port = self._find(tensor, True)
        if port is not None and tensor.is_contiguous():
            return port
        if port is not None or (base := tensor._base) is None:
            return _part(tensor, port, False)
        return _part(tensor, self._find(base, False), True)


def _part(tensor: torch.Tensor, port: Port | None, view: bool) -> SavedPart:
    size = tensor.nbytes
    if tensor.layout is torch.strided:
        size = min(size, tensor.untyped_storage().nbytes())
    return SavedPart(tuple(tensor.shape), tensor.dtype, size, port, view)


class _OwnClass(RuntimeError):
    """A tensor of the program's own class: nothing is asked of it, the program would hear of that."""


def _reason(error: RuntimeError) -> Unread:
    if isinstance(error, _OwnClass):
        return "subclass"
    return "changed" if "inplace operation" in str(error) else "freed"


def _is_tensor(value: Any) -> bool:
    return issubclass(type(value), torch.Tensor)


def _plain(value: Any) -> Any:
    if type(value) is int and value >= _WRAPPED >> 1:
        return value - _WRAPPED
    if type(value) is tuple:
        return [_plain(one) for one in value]
    return as_data(value)


def _getters(kind: type) -> Getters:
    """What a kind of autograd node has saved, by the names of PyTorch's derivatives.yaml. Not the sizes that it has
    noted for the compiler: they hold no memory.
    """
    names = [name for name in dir(kind) if name.startswith("_saved_") and "_sym_" not in name]
    getters = tuple((name.removeprefix("_saved_"), getattr(kind, name).__get__) for name in names)
    _GETTERS[kind] = getters
    return getters


def _share(saved: Sequence[SavedRecord], tensors: list[torch.Tensor]) -> None:
    """Numbers the memory of an operation's saved tensors, where some of them share it."""
    try:
        places = [tensor.untyped_storage().data_ptr() for tensor in tensors]
    except RuntimeError:
        # sparse tensors have no memory of their own
        return
    if len(set(places)) == len(places):
        return
    numbers: dict[int, int] = {}
    # what has no elements has no memory to share
    numbered = iter([numbers.setdefault(place or -at - 1, len(numbers)) for at, place in enumerate(places)])
    for one in saved:
        if one.tensors:
            one.storages = [next(numbered) for _ in one.tensors]
