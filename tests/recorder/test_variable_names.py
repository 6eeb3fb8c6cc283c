"""Which variable the result of a call goes to, read from the bytecode of the Python that runs."""

import dis
import sys
from typing import Any

import pytest

from gradwalk.recorder.variable_names import loop_variables, stores_after, temporary_variables

# each marks the calls of f by the numbers that they are called with
PROGRAMS: dict[str, tuple[str, dict[int, list[str]]]] = {
    "a_variable": ("x = f(1)", {1: ["x"]}),
    "nothing": ("f(1)", {1: []}),
    "an_attribute": ("o.h = f(1)", {1: ["h"]}),
    "a_nested_attribute": ("o.o.h = f(1)", {1: ["h"]}),
    "an_attribute_of_an_item": ("l[0].h = f(1)", {1: ["h"]}),
    "an_item_of_a_dictionary": ("d['k'] = f(1)", {1: ["d['k']"]}),
    "an_item_of_a_list": ("l[0] = f(1)", {1: ["l[0]"]}),
    "an_item_at_a_variable": ("i = 0\nl[i] = f(1)", {1: ["l[i]"]}),
    "an_item_of_an_attribute": ("o.d = d\no.d['k'] = f(1)", {1: ["o.d['k']"]}),
    "an_item_of_an_item": ("d['e'] = {}\nd['e']['k'] = f(1)", {1: ["d['e']['k']"]}),
    "an_item_at_an_expression_names_nothing": ("l[len('')] = f(1)", {1: []}),
    "a_slice_names_nothing": ("l[0:1] = f(1)", {1: []}),
    "a_tuple": ("a, b = f(1)", {1: ["a", "b"]}),
    "a_nested_tuple": ("a, (b, c) = f(1)", {1: ["a", "b", "c"]}),
    "a_list": ("[a, b] = f(1)", {1: ["a", "b"]}),
    "a_tuple_of_items": ("d['a'], o.b = f(1)", {1: ["d['a']", "b"]}),
    "two_calls_at_once": ("a, b = f(1), f(2)", {1: ["a"], 2: ["b"]}),
    "three_calls_at_once": ("q, k, v = f(1), f(2), f(3)", {1: ["q"], 2: ["k"], 3: ["v"]}),
    "four_calls_at_once": ("a, b, c, e = f(1), f(2), f(3), f(4)", {1: ["a"], 2: ["b"], 3: ["c"], 4: ["e"]}),
    "calls_in_a_tuple_that_stays_one": ("t = f(1), f(2)", {1: [], 2: []}),
    "calls_in_a_list": ("t = [f(1), f(2)]", {1: [], 2: []}),
    "calls_in_a_dictionary": ("t = {'a': f(1), 'b': f(2)}", {1: [], 2: []}),
    "names_moved_at_once": ("a = b = c = f(1)\nq, k, v = a, b, c", {1: ["a"]}),
    "a_chain": ("a = b = f(1)", {1: ["a"]}),
    "a_chain_prefers_the_variable": ("o.h = h = f(1)", {1: ["h"]}),
    "a_chain_of_an_item_and_a_variable": ("d['k'] = k = f(1)", {1: ["k"]}),
    "a_walrus": ("if (n := f(1)): pass", {1: ["n"]}),
    "a_walrus_in_a_call": ("x = f((n := f(1)))", {1: ["n"]}),
    "a_walrus_in_a_loop": ("while not (n := f(1)): pass", {1: ["n"]}),
    "an_argument_of_another": ("x = f(f(1))", {1: []}),
    "a_starred_rest": ("a, *b = f(1)", {1: ["a", "*b"]}),
    "a_starred_middle": ("a, *b, c = f(1)", {1: ["a", "*b", "c"]}),
    "an_operand": ("x = f(1) + 0", {1: []}),
    "augmented": ("x = 0\nx += f(1)", {1: []}),
    "an_augmented_item": ("d['x'] = 0\nd['x'] += f(1)", {1: []}),
    "the_loop": ("for i in f(1): pass", {1: []}),
    "a_subscript_afterwards": ("x = f(1)[0]", {1: []}),
    "an_annotation": ("x: int = f(1)", {1: ["x"]}),
    "an_annotation_in_a_function": ("def g():\n    x: int = f(1)\n    return x\ng()", {1: ["x"]}),
    "a_global": ("def g():\n    global x\n    x = f(1)\ng()", {1: ["x"]}),
    "a_cell": ("def g():\n    x = f(1)\n    return lambda: x\ng()", {1: ["x"]}),
    "an_outer_variable": (
        "def g():\n    x = 0\n    def h():\n        nonlocal x\n        x = f(1)\n    h()\ng()",
        {1: ["x"]},
    ),
    "a_class": ("class C:\n    x = f(1)\n    a, b = f(2)", {1: ["x"], 2: ["a", "b"]}),
    "two_variables_of_a_function": ("def g():\n    a, b = f(1)\n    return a\ng()", {1: ["a", "b"]}),
    "a_variable_that_is_used_at_once": ("def g():\n    a = f(1)\n    return a + 0\ng()", {1: ["a"]}),
    "an_item_at_a_variable_of_a_function": ("def g(l, i):\n    l[i] = f(1)\ng(l, 0)", {1: ["l[i]"]}),
    "three_calls_in_a_function": ("def g():\n    a, b, c = f(1), f(2), f(3)\ng()", {1: ["a"], 2: ["b"], 3: ["c"]}),
    "either_of_two": ("x = f(1) if d else f(2)\ny = f(3) if not d else f(4)", {2: ["x"], 3: ["y"]}),
    "keywords": ("x = f(number=1)", {1: ["x"]}),
    "spread_arguments": ("x = f(*[1])\ny = f(**{'number': 2})", {1: ["x"], 2: ["y"]}),
    "a_return": ("def g():\n    return f(1)\ny = g()", {1: []}),
    "a_comprehension": ("x = [f(1) for _ in '.']", {1: []}),
    "a_comprehension_in_a_function": ("def g():\n    x = [f(1) for _ in '.']\ng()", {1: []}),
    "a_sum": ("x = sum([f(1)])", {1: []}),
    "the_parts_of_a_map": ("a, b = map(f, (1, 2))", {1: ["a", "b"], 2: ["a", "b"]}),
    "the_single_part_of_a_map": ("a, = map(f, (1,))", {1: []}),
    "a_list_of_a_map": ("x = list(map(f, (1, 2)))", {1: [], 2: []}),
    "a_spread_map": ("x = [*map(f, (1, 2))]", {1: [], 2: []}),
    "the_next_of_a_map": ("x = next(map(f, (1, 2)))", {1: []}),
    "the_fold_of_a_list": ("import functools\nx = functools.reduce(f, [1, 2])", {1: []}),
    "a_loop_over_a_map": ("for x in map(f, (1, 2)): pass", {1: [], 2: []}),
    "a_context": ("with f(1) as x: pass", {1: []}),
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

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


class Holder:
    o: "Holder"


def targets_of(source: str) -> dict[int, list[str]]:
    """By the number that f was called with, the names that its result was about to be stored under."""
    found: dict[int, list[str]] = {}

    def f(number: Any, _other: Any = None) -> Result:
        frame = sys._getframe(1)
        if isinstance(number, int):
            found[number] = stores_after(frame.f_code).get(frame.f_lasti, [])
        return Result()

    holder = Holder()
    holder.o = holder
    exec(compile(source, "program", "exec"), {"f": f, "o": holder, "d": {}, "l": [holder]})
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


LOOPS = {
    "a_variable": ("for x in l: pass", {"x"}),
    "several": ("for i, (x, y) in l: pass", {"i", "x", "y"}),
    "a_rest": ("for x, *rest in l: pass", {"x", "rest"}),
    "an_item": ("for d['x'] in l: pass", {"d['x']"}),
    "a_function": ("def g(l):\n    for x in l: print(x)", {"x"}),
    "several_of_a_function": ("def g(l):\n    for x, y in l: print(y)", {"x", "y"}),
    "a_comprehension_in_a_function": ("def g(l):\n    for a in l: return {x: y for x, y in a}", {"a"}),
}


@pytest.mark.parametrize("name", LOOPS)
def test_the_variables_of_loops(name: str) -> None:
    source, expected = LOOPS[name]
    code = compile(source, "program", "exec")
    inner = next((constant for constant in code.co_consts if hasattr(constant, "co_code")), code)
    # from Python 3.12 on a comprehension is a part of its function
    assert expected <= loop_variables(inner) <= {*expected, "x", "y"}


def test_the_variables_that_only_pass_a_value_on() -> None:
    def function(a: int, /, b: int, *rest: int, c: int = 0, **more: int) -> int:
        total = a + b + c
        for step in rest:
            total += step
        return total + len([x + "y" for x in more])

    found = temporary_variables(function.__code__)
    assert {"a", "b", "rest", "c", "more"} <= found <= {"a", "b", "rest", "c", "more", "x"}
    assert ("x" in found) == (sys.version_info >= (3, 12))
    (inner,) = [c for c in compile("g = (x for x in y)", "program", "exec").co_consts if hasattr(c, "co_code")]
    assert temporary_variables(inner) == {"x"}
    assert temporary_variables(compile("x = 1\nfor y in l: pass", "program", "exec")) == frozenset()
