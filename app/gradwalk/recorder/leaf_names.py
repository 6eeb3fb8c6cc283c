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
_NOWHERE: Final = _PLAIN | frozenset(map(id, (torch.Tensor, torch.nn.Parameter)))
"""The types of what leads to no other object."""

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

    def holders(self) -> list[tuple[str, object]]:
        """Return the variables whose values may lead to others, those that loops bind last: in `for layer in layers`
        the list is the better start.
        """
        found = [
            (name, value)
            for name, value in self._pairs
            if id(type(value)) not in _NOWHERE and type(name) is str and not name.startswith("_") and _may_hold(value)
        ]
        loops = self.loops
        return sorted(found, key=lambda variable: variable[0] in loops) if loops else found

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
                step = next((step for step, part in _parts(held, value) if part is value), None)
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
    for name, start in scope.holders():
        if id(start) in besides:
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
    stack = [("", iter(_parts(start, value)))]
    visited.add(id(start))
    while stack:
        path, parts = stack[-1]
        for step, part in parts:
            if part is value:
                return path + step
            if id(part) not in visited and len(stack) < _MOST_DEPTH and len(visited) < most:
                visited.add(id(part))
                stack.append((path + step, iter(_parts(part, value))))
                break
        else:
            stack.pop()
    return None


def _may_hold(owner: object) -> bool:
    """Return whether an object may lead to others. This is asked of what a program's variables hold."""
    kind = type(owner)
    if kind is list or kind is tuple:
        items = cast(list[object], owner)
        return len(items) <= _MOST_ITEMS and not _PLAIN.issuperset(map(id, map(type, items)))
    if kind is dict:
        values = cast(dict[object, object], owner).values()
        return len(values) <= _MOST_ITEMS and not _PLAIN.issuperset(map(id, map(type, list(values))))
    if kind is FunctionType:
        # most have no attributes
        return bool(cast(FunctionType, owner).__dict__)
    module = _dict_of(kind).get("__module__")
    # such as the recording that is being made: `with trace() as recording`
    return type(module) is not str or not module.startswith(_OURS)


def _leads_to(part: object, value: object) -> bool:
    """Return whether an object is `value`, or may lead to it."""
    return part is value or (id(type(part)) not in _NOWHERE and _may_hold(part))


def _parts(owner: object, value: object) -> list[tuple[str, object]]:
    """Return what an object holds that is `value` or may lead to it, each with the text that leads to it."""
    kind = type(owner)
    if issubclass(kind, torch.nn.Module):
        return _parts_of_module(owner, value)
    if issubclass(kind, list) or issubclass(kind, tuple):
        return _parts_of_sequence(owner, value)
    if issubclass(kind, dict):
        return _parts_of_dict(owner, value)
    if issubclass(kind, type | ModuleType | torch.Tensor | torch.optim.Optimizer):
        return []
    return [(f".{name}", part) for name, part in _attributes(owner) if _leads_to(part, value)]


def _parts_of_module(module: object, value: object) -> list[tuple[str, object]]:
    attributes = _attributes(module)
    registered = dict(attributes)
    found: list[tuple[str, object]] = []
    for kind in ("_parameters", "_buffers", "_modules"):
        held = registered.get(kind)
        if issubclass(type(held), dict):
            items = _items(cast(dict[Any, Any], held))
            found += [(f".{name}", part) for name, part in items if type(name) is str and _leads_to(part, value)]
    found += [(f".{name}", part) for name, part in attributes if name[:1] != "_" and _leads_to(part, value)]
    return found


def _parts_of_sequence(owner: Any, value: object) -> list[tuple[str, object]]:
    is_tuple = issubclass(type(owner), tuple)
    # by the built-in type, because a class derived from it may run the program's code
    if (tuple.__len__(owner) if is_tuple else list.__len__(owner)) > _MOST_ITEMS:
        return []
    fields = _class_attribute(type(owner), "_fields") if is_tuple else None
    names = fields if type(fields) is tuple and all(type(field) is str for field in fields) else ()
    parts = list(tuple.__iter__(owner) if is_tuple else list.__iter__(owner))
    return [
        (f".{names[number]}" if number < len(names) else f"[{number}]", part)
        for number, part in enumerate(parts)
        if _leads_to(part, value)
    ]


def _parts_of_dict(owner: Any, value: object) -> list[tuple[str, object]]:
    found = [
        (f"[{key!r}]", part)
        for key, part in _items(owner)
        if (type(key) is str or type(key) is int) and _leads_to(part, value)
    ]
    # a class of the program's own may have attributes too
    if type(owner) is not dict:
        found += [(f".{name}", part) for name, part in _attributes(owner) if _leads_to(part, value)]
    return found


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
                found[:0] = [(name, part) for name, part in _items(held) if type(name) is str and name[:2] != "__"]
        if "__slots__" in members:
            found += _slots(owner, members.items())
    return found


def _slots(owner: object, members: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    for name, descriptor in members:
        if type(descriptor) is MemberDescriptorType and name[:2] != "__":
            try:
                yield name, descriptor.__get__(owner)
            except AttributeError:
                continue


def _class_attribute(kind: type, name: str) -> object:
    return next((members[name] for one in _mro_of(kind) if name in (members := _dict_of(one))), None)
