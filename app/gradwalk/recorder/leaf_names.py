"""The names of leaves and modules: how the program's variables reach an object, without running the program's code."""

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from types import BuiltinFunctionType, CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Final, NamedTuple, cast

import torch

from gradwalk.recorder.variable_names import loop_variables, temporary_variables

_MOST_ITEMS: Final = 256
"""The size up to which a container is looked through."""
_MOST_DEPTH: Final = 8
_MOST_OBJECTS: Final = 1000
"""How many objects are looked through behind one variable."""
_LONGEST_NAME: Final = 100

_PLAIN: Final = frozenset(
    map(
        id,
        (
            *(int, float, bool, str, bytes, type(None), complex, range, type, ModuleType, BuiltinFunctionType),
            *(torch.Size, torch.device, torch.dtype, torch.Generator),
        ),
    )
)
"""The types of what is no leaf and leads to none. By identity, as the hash of a class may be the program's code."""
_TENSORS: Final = frozenset(map(id, (torch.Tensor, torch.nn.Parameter)))

_OURS: Final = "gradwalk."
"""How the names of the modules begin whose objects hold nothing of the program's."""

_value_of: Final = itemgetter(1)
_mro_of: Final = type.__dict__["__mro__"].__get__
_dict_of: Final = type.__dict__["__dict__"].__get__


class Scope:
    """The variables that one frame sees, as they are now. `code`: that of the frame; null for the globals of a file."""

    __slots__ = ("_code", "_pairs")

    def __init__(self, variables: Mapping[str, object], code: CodeType | None = None) -> None:
        # at once, because another thread of the program may bind variables
        self._pairs = list(variables.items())
        self._code = code

    def names_of(self, value: object) -> list[str]:
        """Return the variables that hold `value` itself."""
        # most often there is none: this way no loop in Python is needed to tell
        if id(value) not in map(id, map(_value_of, self._pairs)):
            return []
        return [name for name, held in self.variables() if held is value]

    def variables(self) -> Iterator[tuple[str, object]]:
        """Return the names of the variables, each with its value. Private ones are left out."""
        return ((name, value) for name, value in self._pairs if type(name) is str and not name.startswith("_"))

    @property
    def temporary(self) -> frozenset[str]:
        """The variables that only pass a value on."""
        return frozenset() if self._code is None else temporary_variables(self._code)

    @property
    def loops(self) -> frozenset[str]:
        """The variables that loops bind."""
        return frozenset() if self._code is None else loop_variables(self._code)


class FoundName(NamedTuple):
    """A name by which the program reaches an object. `is_final`: no better one is expected later."""

    text: str
    is_final: bool


def find_variable(value: object, scopes: list[Scope]) -> FoundName | None:
    """Return the variable that holds `value` itself, outermost scope first. The last choice is one that only passes it
    on.
    """
    temporary: str | None = None
    for scope in scopes:
        for name in scope.names_of(value):
            if name not in scope.temporary:
                return FoundName(name, True)
            temporary = temporary or name
    return None if temporary is None else FoundName(temporary, False)


def find_item(value: object, scopes: list[Scope]) -> FoundName | None:
    """Return the place of `value` in a list, tuple or dictionary of a variable: `batch['x']`."""
    for scope in scopes:
        for name, held in scope.variables():
            if type(held) is dict or type(held) is list or type(held) is tuple:
                step = next((step for step, part in _parts(held) if part is value), None)
                if step is not None:
                    return FoundName((name + step)[:_LONGEST_NAME], False)
    return None


def find_leaf_name(tensor: torch.Tensor, scopes: list[Scope]) -> FoundName | None:
    """Return the name by which the program's variables reach a leaf: `w`, `params['w']`, `net.fc.weight`.

    `scopes`: outermost first. What learns has the name of the place where it lives on; data has the name of the
    variable that the program puts it into before it hands it over.
    """
    if tensor.requires_grad or isinstance(tensor, torch.nn.Parameter):
        return find_lasting_name(tensor, scopes)
    bound = find_variable(tensor, scopes)
    if bound is not None and bound.is_final:
        return bound
    for scope in scopes:
        path = _find_path(tensor, scope)
        if path is not None:
            return FoundName(path, scope is scopes[0])
    return bound


def find_lasting_name(value: object, scopes: list[Scope], besides: frozenset[int] = frozenset()) -> FoundName | None:
    """Return the name by which a parameter or a module is reached: in the outermost scope that reaches it, and there
    by a variable or a path before the variable of a loop. `besides`: the identities of objects that no path leads
    through.
    """
    for scope in scopes:
        names = scope.names_of(value)
        plain = [name for name in names if name not in scope.temporary and name not in scope.loops]
        path = plain[0] if plain else _find_path(value, scope, besides)
        if path is not None:
            # a function may still hand it to its caller
            return FoundName(path, scope is scopes[0])
        if names:
            return FoundName(names[0], False)
    return None


def _find_path(value: object, scope: Scope, besides: frozenset[int] = frozenset()) -> str | None:
    visited = set(besides)
    loops = scope.loops
    # in `for layer in layers` the list is the better start
    for name, start in sorted(scope.variables(), key=lambda variable: variable[0] in loops):
        if not _may_hold(start) or id(start) in besides:
            continue
        path = _path_to(value, start, visited)
        if path is not None:
            return (name + path)[:_LONGEST_NAME]
    return None


def _path_to(value: object, start: object, visited: set[int]) -> str | None:
    """Return the path from an object to `value`, such as `.layers[0].weight`, depth first: in the order in which
    named_parameters() goes.
    """
    most = len(visited) + _MOST_OBJECTS
    stack: list[tuple[str, Iterator[tuple[str, object]]]] = [("", _parts(start))]
    visited.add(id(start))
    while stack:
        path, parts = stack[-1]
        for step, part in parts:
            if part is value:
                return path + step
            if not _may_hold(part) or id(part) in visited:
                continue
            if len(stack) < _MOST_DEPTH and len(visited) < most:
                visited.add(id(part))
                stack.append((path + step, _parts(part)))
                break
        else:
            stack.pop()
    return None


def _may_hold(owner: object) -> bool:
    """Return whether an object may lead to others. This is asked of everything that a program's variables hold."""
    kind = type(owner)
    if id(kind) in _PLAIN or id(kind) in _TENSORS:
        return False
    if kind is list or kind is tuple:
        return not _PLAIN.issuperset(map(id, map(type, cast(list[object], owner))))
    if kind is dict:
        return not _PLAIN.issuperset(map(id, map(type, list(cast(dict[object, object], owner).values()))))
    if kind is FunctionType:
        # most have no attributes
        return bool(cast(FunctionType, owner).__dict__)
    module = _dict_of(kind).get("__module__")
    # such as the recording that is being made: `with trace() as recording`
    return type(module) is not str or not module.startswith(_OURS)


def _parts(owner: object) -> Iterator[tuple[str, object]]:
    """Return what an object holds, each with the text that leads to it."""
    kind = type(owner)
    if issubclass(kind, torch.nn.Module):
        return _parts_of_module(owner)
    if issubclass(kind, list) or issubclass(kind, tuple):
        return _parts_of_sequence(owner)
    if issubclass(kind, dict):
        return _parts_of_dict(owner)
    if issubclass(kind, type | ModuleType | torch.Tensor | torch.optim.Optimizer):
        return iter(())
    return ((f".{name}", value) for name, value in _attributes(owner))


def _parts_of_module(module: object) -> Iterator[tuple[str, object]]:
    attributes = _attributes(module)
    registered = dict(attributes)
    for kind in ("_parameters", "_buffers", "_modules"):
        held = registered.get(kind)
        if issubclass(type(held), dict):
            yield from ((f".{name}", value) for name, value in _items(cast(dict[Any, Any], held)) if type(name) is str)
    yield from ((f".{name}", value) for name, value in attributes if not name.startswith("_"))


def _parts_of_sequence(owner: Any) -> Iterator[tuple[str, object]]:
    is_tuple = issubclass(type(owner), tuple)
    # by the built-in type, because a class derived from it may run the program's code
    if (tuple.__len__(owner) if is_tuple else list.__len__(owner)) > _MOST_ITEMS:
        return
    fields = _class_attribute(type(owner), "_fields") if is_tuple else None
    names = fields if type(fields) is tuple and all(type(field) is str for field in fields) else ()
    for number, value in enumerate(list(tuple.__iter__(owner) if is_tuple else list.__iter__(owner))):
        yield (f".{names[number]}" if number < len(names) else f"[{number}]"), value


def _parts_of_dict(owner: Any) -> Iterator[tuple[str, object]]:
    for key, value in _items(owner):
        if type(key) is str or type(key) is int:
            yield f"[{key!r}]", value
    # a class of the program's own may have attributes too
    if type(owner) is not dict:
        yield from ((f".{name}", value) for name, value in _attributes(owner))


def _items(owner: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return list(dict.items(owner)) if dict.__len__(owner) <= _MOST_ITEMS else []


def _attributes(owner: object) -> list[tuple[str, object]]:
    """Return the attributes that an object itself holds, in its dictionary or its slots."""
    found: list[tuple[str, object]] = []
    for one in _mro_of(type(owner)):
        if one is object:
            break
        members = _dict_of(one)
        descriptor = members.get("__dict__")
        if type(descriptor) is GetSetDescriptorType or type(descriptor) is MemberDescriptorType:
            held = descriptor.__get__(owner)
            if type(held) is dict:
                found[:0] = [(name, value) for name, value in _items(held) if type(name) is str]
        if "__slots__" in members:
            found += _slots(owner, members.items())
    return [(name, value) for name, value in found if not name.startswith("__")]


def _slots(owner: object, members: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    for name, descriptor in members:
        if type(descriptor) is MemberDescriptorType:
            try:
                yield name, descriptor.__get__(owner)
            except AttributeError:
                continue


def _class_attribute(kind: type, name: str) -> object:
    return next((members[name] for one in _mro_of(kind) if name in (members := _dict_of(one))), None)
