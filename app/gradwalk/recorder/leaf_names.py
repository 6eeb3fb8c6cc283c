"""The names of leaves and modules: how the program's variables reach an object, without running the program's code."""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from types import BuiltinFunctionType, CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Final, NamedTuple, cast
from weakref import ref

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

_WITHOUT_PARTS: Final = (type, ModuleType, torch.Tensor, torch.optim.Optimizer)
"""The types of what is not looked into."""

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
            if id(type(value)) not in _NOWHERE
            # asked at once of functions, which are many
            and (value.__dict__ if type(value) is FunctionType else _may_hold(value))
            and type(name) is str
            and not name.startswith("_")
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
                step = next((form.format(key) for form, key, part in _parts(held) if part is value), None)
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
    taken: list[Part] = []
    stack = [iter(_parts(start))]
    visited.add(id(start))
    while stack:
        for part in stack[-1]:
            held = part[2]
            if held is value:
                return "".join(form.format(key) for form, key, _ in (*taken, part))
            if id(type(held)) in _NOWHERE or id(held) in visited or len(stack) >= _MOST_DEPTH or len(visited) >= most:
                continue
            if _may_hold(held):
                visited.add(id(held))
                taken.append(part)
                stack.append(iter(_parts(held)))
                break
        else:
            stack.pop()
            if taken:
                taken.pop()
    return None


def _may_hold(owner: Any) -> bool:
    """Return whether an object may lead to others. This is asked of what a program's variables hold."""
    kind = type(owner)
    if kind is FunctionType:
        # most have no attributes
        return bool(owner.__dict__)
    if kind is list or kind is tuple:
        return len(owner) <= _MOST_ITEMS and not _PLAIN.issuperset(map(id, map(type, owner)))
    if kind is dict:
        return len(owner) <= _MOST_ITEMS and not _PLAIN.issuperset(map(id, map(type, list(owner.values()))))
    module = _dict_of(kind).get("__module__")
    # such as the recording that is being made: `with trace() as recording`
    return type(module) is not str or not module.startswith(_OURS)


Part = tuple[str, Any, object]
"""How the step to a part of an object is written, its name, index or key, and the part."""

_ATTRIBUTE, _ITEM, _KEY = ".{}", "[{}]", "[{!r}]"


def _parts(owner: object) -> list[Part]:
    """Return what an object holds."""
    kind = type(owner)
    if issubclass(kind, torch.nn.Module):
        return _parts_of_module(owner)
    if issubclass(kind, list) or issubclass(kind, tuple):
        return _parts_of_sequence(owner)
    if issubclass(kind, dict):
        return _parts_of_dict(owner)
    if issubclass(kind, _WITHOUT_PARTS):
        return []
    return [(_ATTRIBUTE, name, part) for name, part in _attributes(owner)]


def _parts_of_module(module: object) -> list[Part]:
    attributes = _attributes(module)
    registered = dict(attributes)
    found: list[Part] = []
    for kind in ("_parameters", "_buffers", "_modules"):
        held = registered.get(kind)
        if issubclass(type(held), dict):
            found += [(_ATTRIBUTE, name, part) for name, part in _items(cast(Any, held)) if type(name) is str]
    found += [(_ATTRIBUTE, name, part) for name, part in attributes if name[:1] != "_"]
    return found


def _parts_of_sequence(owner: Any) -> list[Part]:
    is_tuple = issubclass(type(owner), tuple)
    # by the built-in type, because a class derived from it may run the program's code
    if (tuple.__len__(owner) if is_tuple else list.__len__(owner)) > _MOST_ITEMS:
        return []
    parts = list(tuple.__iter__(owner) if is_tuple else list.__iter__(owner))
    found: list[Part] = [(_ITEM, number, part) for number, part in enumerate(parts)]
    fields = _class_attribute(type(owner), "_fields") if is_tuple else None
    if type(fields) is tuple and all(type(field) is str for field in fields):
        found[: len(fields)] = [(_ATTRIBUTE, name, part) for name, part in zip(fields, parts, strict=False)]
    return found


def _parts_of_dict(owner: Any) -> list[Part]:
    found: list[Part] = [(_KEY, key, part) for key, part in _items(owner) if type(key) is str or type(key) is int]
    # a class of the program's own may have attributes too
    if type(owner) is not dict:
        found += [(_ATTRIBUTE, name, part) for name, part in _attributes(owner)]
    return found


def _items(owner: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return list(dict.items(owner)) if dict.__len__(owner) <= _MOST_ITEMS else []


def _attributes(owner: object) -> list[tuple[str, object]]:
    """Return the attributes that an object itself holds, in its dictionary or its slots."""
    kind = type(owner)
    known = _READERS.get(id(kind))
    if known is None or known[0]() is not kind:
        known = _READERS[id(kind)] = ref(kind), *_readers_of(kind)
    _, dictionaries, slots = known
    found: list[tuple[str, object]] = []
    for read in dictionaries:
        held = read(owner)
        if type(held) is dict:
            found += [(name, part) for name, part in _items(held) if type(name) is str and name[:2] != "__"]
    for name, read in slots:
        try:
            found.append((name, read(owner)))
        except AttributeError:
            continue
    return found


Reader = Callable[[object], object]

_READERS: Final[dict[int, tuple[ref[type], list[Reader], list[tuple[str, Reader]]]]] = {}
"""By the identity of a class: what reads the dictionaries and the slots of its objects."""


def _readers_of(kind: type) -> tuple[list[Reader], list[tuple[str, Reader]]]:
    """Return what reads the dictionaries of a class's objects, and their slots."""
    dictionaries: list[Reader] = []
    slots: list[tuple[str, Reader]] = []
    for one in _mro_of(kind):
        if one is object:
            break
        members = _dict_of(one)
        descriptor = members.get("__dict__")
        if type(descriptor) is GetSetDescriptorType or type(descriptor) is MemberDescriptorType:
            dictionaries.insert(0, descriptor.__get__)
        if "__slots__" in members:
            slots += [
                (name, member.__get__)
                for name, member in members.items()
                if type(member) is MemberDescriptorType and name[:2] != "__"
            ]
    return dictionaries, slots


def _class_attribute(kind: type, name: str) -> object:
    return next((members[name] for one in _mro_of(kind) if name in (members := _dict_of(one))), None)
