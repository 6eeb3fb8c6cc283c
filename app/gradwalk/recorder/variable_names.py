"""The names in a program's bytecode: the targets that a result is assigned to, the loop variables, the arguments."""

import dis
import sys
from collections.abc import Mapping
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import CodeType
from typing import Any, Final

from gradwalk.recorder.once_per_code import once_per_code

_LOCALS_FUNCTIONS: Final = frozenset({"locals", "vars"})

_LOADS: Final = frozenset(
    {
        "LOAD_NAME",
        "LOAD_FAST",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_AND_CLEAR",
        "LOAD_FAST_BORROW",
        "LOAD_DEREF",
        "LOAD_CLASSDEREF",
        "LOAD_CLOSURE",
    }
)
_STORES: Final = frozenset({"STORE_NAME", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF"})
_IGNORED: Final = frozenset({"CACHE", "EXTENDED_ARG", "PRECALL", "KW_NAMES", "NOP", "NOT_TAKEN", "RESUME"})
_SITES: Final = ("CALL", "BINARY_", "UNARY_", "COMPARE_OP", "LOAD_ATTR")
"""How the names of the instructions begin that compute one result by one call."""

_BETWEEN_EXPRESSIONS: Final = (
    *("STORE_", "DELETE_", "POP_TOP", "RETURN_", "YIELD_", "FOR_ITER", "END_FOR", "JUMP_BACKWARD", "POP_JUMP_BACKWARD"),
    *("LIST_APPEND", "SET_ADD", "MAP_ADD", "RAISE_", "RERAISE"),
)
"""How the names of the instructions begin with which an expression ends."""

_COLLECTORS: Final = frozenset(
    {
        *("all", "any", "dict", "enumerate", "filter", "iter", "list", "map", "max", "min", "next", "reversed"),
        *("set", "sorted", "sum", "tuple", "zip", "reduce", "accumulate", "starmap"),
        *("functools.reduce", "itertools.accumulate", "itertools.starmap"),
    }
)
"""Functions in C that may call others many times: what they are assigned to is not the result of one such call."""

_COMPREHENSIONS: Final = frozenset({"<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"})

_LONGEST_LOOK: Final = 200
_LONGEST_NAME: Final = 100

_NULL_FIRST: Final = sys.version_info < (3, 13)
_ATTRIBUTE_MAY_BE_METHOD: Final = sys.version_info >= (3, 12)
_FLAGS_COUNT_POPS: Final = sys.version_info < (3, 13)
_CALL_EX_POPS_KEYWORDS: Final = sys.version_info >= (3, 14)

Stores = dict[int, list[str]]
"""The names that the result of an instruction is stored under, by the instruction's offset. `*rest` stands for all
further results.
"""


@once_per_code
def calls_locals(code: CodeType) -> bool:
    """Return whether a function calls locals() or vars(), and so may hold the dictionary of its variables."""
    # an attribute such as `model.vars` is among the names of the code too
    return not _LOCALS_FUNCTIONS.isdisjoint(code.co_names) and any(
        i.opname in ("LOAD_GLOBAL", "LOAD_NAME") and i.argval in _LOCALS_FUNCTIONS for i in dis.get_instructions(code)
    )


@once_per_code
def temporary_variables(code: CodeType) -> frozenset[str]:
    """Return the names that only pass a value on: the arguments of a function, the variables of comprehensions."""
    if code.co_name in _COMPREHENSIONS:
        return loop_variables(code)
    stars = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + stars]
    # from Python 3.12 on a comprehension is a part of the function that it stands in
    inlined = [str(i.argval) for i in dis.get_instructions(code) if i.opname == "LOAD_FAST_AND_CLEAR"]
    return frozenset([*arguments, *inlined])


@once_per_code
def loop_variables(code: CodeType) -> frozenset[str]:
    """Return the variables that `for` statements and comprehensions bind."""
    instructions = list(dis.get_instructions(code))
    found: set[str] = set()
    for at, instruction in enumerate(instructions):
        if instruction.opname == "FOR_ITER":
            found.update(name.removeprefix("*") for name in _Results(instructions).targets(at))
    return frozenset(found)


@once_per_code
def stores_after(code: CodeType) -> Stores:
    """Return the names that results are stored under, for `x = f()`, `a, b = f()`, `self.h = f()`, `d['w'] = f()`."""
    instructions = list(dis.get_instructions(code))
    results = _Results(instructions)
    collecting = _calls_of_collectors(instructions)
    found: Stores = {}
    for at, instruction in enumerate(instructions):
        if at in collecting:
            continue
        if instruction.opname.startswith(_SITES):
            names = results.targets(at)
        elif instruction.opname in ("UNPACK_SEQUENCE", "UNPACK_EX"):
            # a tensor that is unpacked makes all of its parts in one call
            names = results.targets(at - 1)
            names = names if len(names) > 1 else []
        else:
            continue
        if names:
            first = (
                instructions[at - 1].offset if at and instructions[at - 1].opname == "PRECALL" else instruction.offset
            )
            # while a Python function runs, its caller's offset is in the cache entries behind the instruction
            after = instructions[at + 1].offset if at + 1 < len(instructions) else first + 2
            for offset in range(first, after, 2):
                found[offset] = names
    return found


@once_per_code
def expressions_in(code: CodeType) -> Mapping[int, int]:
    """Return by the offset of an instruction the number of the expression that it is a part of. While one expression is
    computed, no variable of its frame is bound. What is unpacked is left out: its parts may be bound one by one.
    """
    found: dict[int, int] = {}
    number, offsets, unpacked = 0, list[int](), False
    for offset, name in ((i.offset, i.opname) for i in dis.get_instructions(code, show_caches=True)):
        offsets.append(offset)
        unpacked = unpacked or name.startswith("UNPACK_")
        if name.startswith(_BETWEEN_EXPRESSIONS):
            if not unpacked:
                found.update(dict.fromkeys(offsets, number))
            number, offsets, unpacked = number + 1, [], False
    return found


def _calls_of_collectors(instructions: list[dis.Instruction]) -> set[int]:
    """Return the indices of the calls of functions that may call others many times."""
    found: set[int] = set()
    stack = _Stack()
    for at, instruction in enumerate(instructions):
        if instruction.is_jump_target:
            stack = _Stack()
        called = stack.callee(instruction)
        if called in _COLLECTORS:
            found.add(at)
        if not stack.perform(instruction):
            stack = _Stack()
    return found


class _Result:
    """The result of a call, or one of its parts, on the way to where it is stored.

    `parts`: what it was unpacked into, null where it was not. `rest`: it is the list of all further results.
    """

    def __init__(self, rest: bool = False) -> None:
        self.rest = rest
        self.parts: list[_Result] | None = None
        self.names: list[str] = []

    def unpack(self, before: int, after: int | None) -> "list[_Result]":
        """Return the parts, for so many names before a starred one and after it; without one, `after` is null."""
        self.parts = [_Result() for _ in range(before)]
        if after is not None:
            self.parts += [_Result(rest=True), *(_Result() for _ in range(after))]
        return self.parts

    def flattened(self) -> list[str] | None:
        """Return the names of all parts. Null: a part has none."""
        # in `self.out = out = f()` the variable is the better name
        plain = [name for name in self.names if name.isidentifier()]
        if self.names:
            return [("*" if self.rest else "") + (plain or self.names)[0]]
        if self.parts is None:
            return None
        names: list[str] = []
        for part in self.parts:
            inner = part.flattened()
            if inner is None:
                return None
            names += inner
        return names


class _Results:
    """A search for the targets of results, forward from the instructions that compute them."""

    def __init__(self, instructions: list[dis.Instruction]) -> None:
        self._instructions = instructions
        self._at = {instruction.offset: at for at, instruction in enumerate(instructions)}

    def targets(self, at: int) -> list[str]:
        """Return the names that the result of an instruction is stored under."""
        result = _Result()
        stack = _Stack()
        stack.items.append(result)
        for _ in range(_LONGEST_LOOK):
            at += 1
            if at >= len(self._instructions) or not stack.holds_results():
                break
            instruction = self._instructions[at]
            if instruction.opname == "JUMP_FORWARD":
                # `x = f() if c else g()`
                at = self._at[instruction.argval] - 1
            elif not stack.perform(instruction):
                break
        names = result.flattened() or []
        # more than one starred name cannot be told apart
        return names if sum(name.startswith("*") for name in names) <= 1 else []


_Item = Any
"""What stands on the stack: a result, the text of an expression, a tuple of these, or null for anything else."""


class _Stack:
    """The interpreter's stack as far as it is known. Whatever lies below is unknown."""

    def __init__(self) -> None:
        self.items: list[_Item] = []

    def holds_results(self) -> bool:
        """Return whether a result, or a part of one, is on the stack."""
        return any(
            isinstance(item, _Result) or (isinstance(item, tuple) and any(isinstance(i, _Result) for i in item))
            for item in self.items
        )

    def callee(self, instruction: dis.Instruction) -> str | None:
        """Return the text of the function that an instruction calls."""
        name, count = instruction.opname, int(instruction.arg or 0)
        if name in ("CALL", "CALL_KW"):
            depth = count + 2 + (name == "CALL_KW")
            candidates = self.items[-depth : len(self.items) - depth + 2] if len(self.items) >= depth else []
            return next((item for item in candidates if isinstance(item, str)), None)
        return None

    def perform(self, instruction: dis.Instruction) -> bool:
        """Perform an instruction. Return whether it is known what it does to the stack."""
        name = instruction.opname
        if name in _IGNORED:
            return True
        return (
            self._load(name, instruction)
            or self._store(name, instruction)
            or self._move(name, int(instruction.arg or 0))
            or self._compute(name, instruction)
        )

    def _pop(self, count: int = 1) -> list[_Item]:
        """Remove the topmost items and return them, topmost first. Unknown ones are null."""
        return [self.items.pop() if self.items else None for _ in range(count)]

    def _load(self, name: str, instruction: dis.Instruction) -> bool:
        items = self.items
        value, flag = instruction.argval, int(instruction.arg or 0) & 1
        if name in _LOADS:
            items.append(value)
        elif name in ("LOAD_FAST_LOAD_FAST", "LOAD_FAST_BORROW_LOAD_FAST_BORROW"):
            items.extend(value)
        elif name == "LOAD_GLOBAL":
            items += ([None, value] if _NULL_FIRST else [value, None]) if flag else [value]
        elif name in ("LOAD_CONST", "LOAD_SMALL_INT"):
            items.append(repr(value) if type(value) in (str, int) else None)
        elif name in ("LOAD_BUILD_CLASS", "LOAD_COMMON_CONSTANT", "PUSH_NULL"):
            items.append(None)
        elif name in ("LOAD_ATTR", "LOAD_METHOD"):
            (owner,) = self._pop()
            path = f"{owner}.{value}" if isinstance(owner, str) else None
            method = name == "LOAD_METHOD" or (_ATTRIBUTE_MAY_BE_METHOD and flag)
            items += [path, None] if method else [path]
        elif name == "LOAD_SUPER_ATTR":
            self._pop(3)
            items += [None, None] if flag else [None]
        else:
            return False
        return True

    def _store(self, name: str, instruction: dis.Instruction) -> bool:
        value = instruction.argval
        if name in _STORES:
            _note(self._pop()[0], value)
        elif name == "STORE_FAST_STORE_FAST":
            for target in value:
                _note(self._pop()[0], target)
        elif name == "STORE_FAST_LOAD_FAST":
            _note(self._pop()[0], value[0])
            self.items.append(value[1])
        elif name == "STORE_ATTR":
            _owner, result = self._pop(2)
            _note(result, value)
        elif name == "STORE_SUBSCR":
            key, container, result = self._pop(3)
            known = isinstance(key, str) and isinstance(container, str)
            _note(result, f"{container}[{key}]"[:_LONGEST_NAME] if known else None)
        elif name == "STORE_SLICE":
            self._pop(4)
        else:
            return False
        return True

    def _move(self, name: str, count: int) -> bool:
        items = self.items
        if name in ("COPY", "SWAP"):
            if len(items) < count:
                items[:0] = [None] * (count - len(items))
            if name == "COPY":
                items.append(items[-count])
            else:
                items[-1], items[-count] = items[-count], items[-1]
        elif name == "POP_TOP":
            self._pop()
        elif name in ("UNPACK_SEQUENCE", "UNPACK_EX"):
            (packed,) = self._pop()
            before, after = (count, None) if name == "UNPACK_SEQUENCE" else (count & 0xFF, count >> 8)
            size = before if after is None else before + 1 + after
            parts: list[_Item] = [None] * size
            if isinstance(packed, _Result):
                parts = list(packed.unpack(before, after))
            elif isinstance(packed, tuple) and after is None and len(packed) == size:
                parts = list(packed)
            items.extend(reversed(parts))
        elif name == "BUILD_TUPLE":
            items.append(tuple(reversed(self._pop(count))))
        else:
            return False
        return True

    def _compute(self, name: str, instruction: dis.Instruction) -> bool:
        """Perform an instruction that takes items from the stack and puts one new value on it."""
        if name == "BINARY_SUBSCR" or (name == "BINARY_OP" and instruction.argrepr == "[]"):
            key, container = self._pop(2)
            known = isinstance(key, str) and isinstance(container, str)
            self.items.append(f"{container}[{key}]" if known else None)
            return True
        taken = _items_taken(name, int(instruction.arg or 0))
        if taken is None:
            return False
        self._pop(taken)
        self.items.append(None)
        return True


def _items_taken(name: str, count: int) -> int | None:
    """Return how many items an instruction takes from the stack before it puts one on it. Null: it is not known."""
    if name.startswith("UNARY_"):
        return 1
    fixed = {
        "BINARY_OP": 2,
        "BINARY_SLICE": 3,
        "CALL": count + 2,
        "CALL_KW": count + 3,
        "CALL_FUNCTION_EX": 4 if _CALL_EX_POPS_KEYWORDS else 3 + (count & 1),
        "CALL_INTRINSIC_1": 1,
        "CALL_INTRINSIC_2": 2,
        "COMPARE_OP": 2,
        "CONTAINS_OP": 2,
        "IS_OP": 2,
        "GET_ITER": 1,
        "TO_BOOL": 1,
        "FORMAT_SIMPLE": 1,
        "FORMAT_WITH_SPEC": 2,
        "CONVERT_VALUE": 1,
        "BUILD_LIST": count,
        "BUILD_SET": count,
        "BUILD_SLICE": count,
        "BUILD_STRING": count,
        "BUILD_MAP": 2 * count,
        "BUILD_CONST_KEY_MAP": count + 1,
        "MAKE_FUNCTION": 1 + (count.bit_count() if _FLAGS_COUNT_POPS else 0),
        "SET_FUNCTION_ATTRIBUTE": 2,
    }
    return fixed.get(name)


def _note(item: _Item, name: str | None) -> None:
    if isinstance(item, _Result) and name is not None:
        item.names.append(str(name))
