"""Which variable the result of a call goes to, read from the bytecode of the Python that runs."""

import dis
import sys
from typing import Any

import pytest

from gradwalk.recorder.variable_names import find_element, find_name, stores_after

# each marks the calls of f by the numbers that they are called with
PROGRAMS: dict[str, tuple[str, dict[int, list[str]]]] = {
    "a_variable": ("x = f(1)", {1: ["x"]}),
    "nothing": ("f(1)", {1: []}),
    "an_attribute": ("o.h = f(1)", {1: ["h"]}),
    "a_nested_attribute": ("o.o.h = f(1)", {1: []}),
    "an_item_names_nothing": ("d['k'] = f(1)", {1: []}),
    "a_tuple": ("a, b = f(1)", {1: ["a", "b"]}),
    "a_nested_tuple": ("a, (b, c) = f(1)", {1: ["a", "b", "c"]}),
    "a_list": ("[a, b] = f(1)", {1: ["a", "b"]}),
    "two_calls_at_once": ("a, b = f(1), f(2)", {1: [], 2: []}),
    "three_calls_at_once": ("q, k, v = f(1), f(2), f(3)", {1: [], 2: [], 3: []}),
    "names_moved_at_once": ("a = b = c = f(1)\nq, k, v = a, b, c", {1: ["a"]}),
    "a_chain": ("a = b = f(1)", {1: ["a"]}),
    "a_walrus": ("if (n := f(1)): pass", {1: ["n"]}),
    "a_walrus_in_a_call": ("x = f((n := f(1)))", {1: ["n"]}),
    "an_argument_of_another": ("x = f(f(1))", {1: []}),
    "a_starred_rest_has_no_number_of_its_own": ("a, *b = f(1)", {1: []}),
    "an_operand": ("x = f(1) + 0", {1: []}),
    "augmented": ("x = 0\nx += f(1)", {1: []}),
    "the_loop": ("for i in f(1): pass", {1: []}),
    "a_subscript_afterwards": ("x = f(1)[0]", {1: []}),
    "an_annotation": ("x: int = f(1)", {1: ["x"]}),
    "a_global": ("def g():\n    global x\n    x = f(1)\ng()", {1: ["x"]}),
    "a_cell": ("def g():\n    x = f(1)\n    return lambda: x\ng()", {1: ["x"]}),
    "a_return": ("def g():\n    return f(1)\ny = g()", {1: []}),
    "a_comprehension": ("x = [f(1) for _ in '.']", {1: []}),
}


class Result:
    """Something that can be unpacked, to any depth, indexed and added."""

    def __iter__(self) -> Any:
        return iter([Result(), Result()])

    def __getitem__(self, _key: int) -> "Result":
        return self

    def __add__(self, _other: Any) -> "Result":
        return self

    __radd__ = __add__


class Holder:
    o: "Holder"


def targets_of(source: str) -> dict[int, list[str]]:
    """By the number that f was called with, the names that its result was about to be stored under."""
    found: dict[int, list[str]] = {}

    def f(number: Any) -> Result:
        frame = sys._getframe(1)
        if isinstance(number, int):
            found[number] = stores_after(frame.f_code).get(frame.f_lasti, [])
        return Result()

    holder = Holder()
    holder.o = holder
    exec(compile(source, "program", "exec"), {"f": f, "o": holder, "d": {}})
    return found


@pytest.mark.parametrize("name", PROGRAMS)
def test_names_are_those_that_the_result_is_stored_under(name: str) -> None:
    source, expected = PROGRAMS[name]
    assert targets_of(source) == expected


@pytest.mark.parametrize("source", ["x = y * 2", "x = y[0]", "x = y.T", "x = -y"])
def test_operators_name_their_result_too(source: str) -> None:
    """The instruction right before the store, and no other one."""
    code = compile(source, "program", "exec")
    stores = stores_after(code)
    instructions = [i for i in dis.get_instructions(code) if i.opname != "CACHE"]
    (at,) = [at for at, i in enumerate(instructions) if i.opname == "STORE_NAME"]
    assert [i.offset for i in instructions if i.offset in stores] == [instructions[at - 1].offset]


def test_find_name_goes_by_identity_and_leaves_private_names_alone() -> None:
    value = [1]
    assert find_name(value, {"other": [1], "_hidden": value, "mine": value, "later": value}) == "mine"
    assert find_name(value, {"other": [1]}) is None
    assert find_name(value, {}) is None


class Evil:
    """Says of itself what is not true."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __getattribute__(self, name: str) -> object:
        raise AssertionError("code of the program ran")


def test_elements_are_found_in_containers_and_objects() -> None:
    wanted = object()
    for held, name in (
        ({"w": wanted}, "x['w']"),
        ({3: wanted}, "x[3]"),
        ([None, wanted], "x[1]"),
        ((wanted,), "x[0]"),
        (Evil(wanted), "x.value"),
    ):
        assert find_element(wanted, [("other", 1), ("x", held)]) == name
    assert find_element(wanted, [("x", {"w": 1}), ("y", list(range(1000))), ("z", Evil)]) is None
