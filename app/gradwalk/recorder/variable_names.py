"""The names of variables: which one holds a tensor, and which one the result of an instruction is assigned to."""

import dis
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Final

_STORES = {"STORE_NAME", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF", "STORE_ATTR"}
_LOCALS_FUNCTIONS = frozenset({"locals", "vars"})
_SKIPPED = {"CACHE", "EXTENDED_ARG", "COPY", "PRECALL", "NOP"}

_MOST_ITEMS: Final = 256
_LONGEST_NAME: Final = 100

Stores = dict[int, list[str]]
"""The names that the result of an instruction is stored under, by the instruction's offset."""


def find_name(value: object, variables: Mapping[str, object]) -> str | None:
    """Return the first plain name among `variables` whose object is `value` itself."""
    for name, candidate in list(variables.items()):
        if candidate is value and type(name) is str and not name.startswith("_"):
            return name
    return None


def calls_locals(code: CodeType) -> bool:
    """Return whether a function calls locals() or vars(), and so may hold the dictionary of its variables."""
    return not _LOCALS_FUNCTIONS.isdisjoint(code.co_names) and _loads_locals_function(code)


def find_element(value: object, variables: Iterable[tuple[str, object]]) -> str | None:
    """Return the place of `value` itself in a small container or object: `params['w']`, `layers[0]` or `neuron.w`."""
    for name, candidate in list(variables):
        items: Iterable[tuple[object, object]] = ()
        # by type, because a class derived from one of these may run the program's code
        if (type(candidate) is list or type(candidate) is tuple) and len(candidate) <= _MOST_ITEMS:
            items = list(enumerate(candidate))
        elif type(candidate) is dict and len(candidate) <= _MOST_ITEMS:
            items = list(candidate.items())
        for key, item in items:
            if item is value and type(key) in (str, int):
                return f"{name}[{key!r}]"[:_LONGEST_NAME]
        attribute = find_name(value, _attributes(candidate))
        if attribute is not None:
            return f"{name}.{attribute}"
    return None


def _attributes(owner: object) -> dict[str, object]:
    """Return the attributes of an object whose class the program has written, without running the program's code."""
    if issubclass(type(owner), type | ModuleType) or type(owner).__module__ == "builtins":
        return {}
    try:
        attributes = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return {}
    return attributes if type(attributes) is dict and len(attributes) <= _MOST_ITEMS else {}


@lru_cache(maxsize=256)
def _loads_locals_function(code: CodeType) -> bool:
    # an attribute such as `model.vars` is among the names of the code too
    return any(
        i.opname in ("LOAD_GLOBAL", "LOAD_NAME") and i.argval in _LOCALS_FUNCTIONS for i in dis.get_instructions(code)
    )


@lru_cache(maxsize=256)
def stores_after(code: CodeType) -> Stores:
    """Return the names that results are stored under, for `x = f()`, `a, b = f()`, `self.h = f()`."""
    found: Stores = {}
    instructions = [i for i in dis.get_instructions(code) if i.opname not in _SKIPPED]
    for at, instruction in enumerate(instructions[:-1]):
        names = _stored(instructions, at + 1)
        if names:
            # while a Python function runs, its caller's offset is in the cache entries behind the instruction
            for offset in range(instruction.offset, instructions[at + 1].offset, 2):
                found[offset] = names
    return found


def _stored(instructions: list[dis.Instruction], at: int) -> list[str]:
    first = instructions[at]
    if first.opname == "UNPACK_SEQUENCE":
        return _unpacked(instructions, at)[0]
    if first.opname in _STORES:
        return [str(first.argval)]
    # self.h = f(x): the object is loaded between the call and the store
    following = instructions[at + 1] if at + 1 < len(instructions) else None
    if first.opname.startswith("LOAD_") and following is not None and following.opname == "STORE_ATTR":
        return [str(following.argval)]
    return []


def _unpacked(instructions: list[dis.Instruction], at: int) -> tuple[list[str], int]:
    """Return the names of `out, (h, c) = ...`, and the index of the next instruction."""
    names: list[str] = []
    left = int(instructions[at].arg or 0)
    at += 1
    while left > 0 and at < len(instructions):
        left -= 1
        if instructions[at].opname == "UNPACK_SEQUENCE":
            inner, at = _unpacked(instructions, at)
            names += inner
        else:
            if instructions[at].opname in _STORES:
                names.append(str(instructions[at].argval))
            at += 1
    return names, at
