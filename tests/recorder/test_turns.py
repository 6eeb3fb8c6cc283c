"""Turns of loops, told from where the program is when it calls."""

import sys
from types import FrameType
from typing import Any

import pytest

from gradwalk.recorder.code_loops import CodeLoops
from gradwalk.recorder.turns import TurnTracker

FILE = "turns.py"


def watched(source: str) -> list[list[int]]:
    """Run a program that calls `here()`. Return for each call the numbers of the turns around it, outermost first."""
    seen: list[list[int]] = []
    tracker = TurnTracker(None)

    def here(value: Any = None) -> Any:
        frames: list[FrameType] = []
        frame: FrameType | None = sys._getframe(1)
        direct = frame is not None and frame.f_code.co_filename == FILE
        while frame is not None:
            if frame.f_code.co_filename == FILE:
                frames.append(frame)
            frame = frame.f_back
        turn = tracker.update(frames[::-1], direct)
        seen.append([] if turn is None else [one.number for one in turn.chain()])
        return value

    exec(compile(source, FILE, "exec"), {"here": here})
    return seen


PROGRAMS: dict[str, tuple[str, list[list[int]]]] = {
    "no_loop": ("here()\nhere()", [[], []]),
    "for": ("here()\nfor i in range(2):\n    here()\n    here()\nhere()", [[], [0], [0], [1], [1], []]),
    "one_call_in_a_turn": ("for i in range(3):\n    here()", [[0], [1], [2]]),
    "nested": (
        "for a in range(2):\n    here()\n    for b in range(2):\n        here()\n    here()",
        [[0], [0, 0], [0, 1], [0], [1], [1, 0], [1, 1], [1]],
    ),
    "nested_with_nothing_between": (
        "for a in range(2):\n    for b in range(2):\n        here()",
        [[0, 0], [0, 1], [1, 0], [1, 1]],
    ),
    "while": ("i = 0\nwhile i < 3:\n    here()\n    i += 1", [[0], [1], [2]]),
    "test_of_a_while": ("i = 0\nwhile here(i) < 2:\n    here()\n    i += 1", [[0], [0], [1], [1], [2]]),
    "while_true_with_continue_and_break": (
        "i = 0\nwhile True:\n    here()\n    i += 1\n    if i < 3: continue\n    here()\n    break\nhere()",
        [[0], [1], [2], [2], []],
    ),
    "end_of_a_turn_before_a_break": (
        "for i in range(5):\n    here()\n    if i == 2:\n        here()\n        here()\n        break\nhere()",
        [[0], [1], [2], [2], [2], []],
    ),
    "end_of_a_turn_before_a_break_out_of_two_loops": (
        "for a in range(2):\n    for b in range(3):\n        here()\n        if b == 1:\n            here()\n"
        "            break\n    here()\nhere()",
        [[0, 0], [0, 1], [0, 1], [0], [1, 0], [1, 1], [1, 1], [1], []],
    ),
    "end_of_a_turn_before_a_return": (
        "def f():\n    i = 0\n    while i < 4:\n        here()\n        i += 1\n        if i > 1:\n"
        "            return here()\n    return here()\nf()\nhere()",
        [[0], [1], [1], []],
    ),
    "while_around_a_for": (
        "e = 0\nwhile e < 2:\n    for b in range(2):\n        here()\n    e += 1",
        [[0, 0], [0, 1], [1, 0], [1, 1]],
    ),
    "while_around_a_for_that_counts_first": (
        "e = 0\nwhile e < 2:\n    here()\n    e += 1\n    for b in range(2):\n        here()\n    here()",
        [[0], [0, 0], [0, 1], [0], [1], [1, 0], [1, 1], [1]],
    ),
    "while_around_a_while": (
        "e = 0\nwhile e < 2:\n    b = 0\n    while b < 2:\n        here()\n        b += 1\n    e += 1",
        [[0, 0], [0, 1], [1, 0], [1, 1]],
    ),
    "while_around_two_loops": (
        "e = 0\nwhile e < 2:\n    for b in (1, 2):\n        here()\n    m = e\n    for b in (1, 2):\n        here()\n"
        "    e += 1",
        [[0, 0], [0, 1], [0, 0], [0, 1], [1, 0], [1, 1], [1, 0], [1, 1]],
    ),
    "branches": (
        "for i in range(4):\n    if i % 2:\n        here()\n    else:\n        here()",
        [[0], [1], [2], [3]],
    ),
    "handler": (
        "for i in range(3):\n    try:\n        here()\n        1 / (i - 1)\n"
        "    except ZeroDivisionError:\n        here()\n    here()",
        [[0], [0], [1], [1], [1], [2], [2]],
    ),
    "comprehension": ("for i in range(2):\n    [here() for _ in range(2)]\n    here()", [[0]] * 3 + [[1]] * 3),
    "map_and_sum": (
        "def f(x):\n    return here(x)\nfor i in range(2):\n    sum(map(f, [1, 2, 3]))\n    here()",
        [[0]] * 4 + [[1]] * 4,
    ),
    "function_in_a_loop": (
        "def step():\n    here()\n    here()\nfor i in range(2):\n    step()",
        [[0], [0], [1], [1]],
    ),
    "loop_in_a_function_in_a_loop": (
        "def inner():\n    for b in range(2):\n        here()\nfor a in range(2):\n    inner()",
        [[0, 0], [0, 1], [1, 0], [1, 1]],
    ),
    "variable_written_in_the_body": (
        "for x, y in [(1, 2), (3, 4)]:\n    here()\n    x = x + 1\n    here()",
        [[0], [0], [1], [1]],
    ),
    "generator": (
        "def batches():\n    for i in range(2):\n        yield here(i)\nfor x in batches():\n    here()",
        [[0, 0], [0], [1, 0], [1]],
    ),
    "method_with_a_while": (
        "class Fit:\n    def run(self):\n        n = 0\n        while n < 2:\n            here()\n            here()\n"
        "            n += 1\nFit().run()\nFit().run()",
        [[0], [0], [1], [1]] * 2,
    ),
    "for_else": ("for i in range(2):\n    here()\nelse:\n    here()", [[0], [1], []]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_turn_of_a_call(name: str) -> None:
    source, expected = PROGRAMS[name]
    assert watched(source) == expected


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("for i in x: f(i)", ["i"]),
        ("for a, (b, c) in x: f()", ["a", "b", "c"]),
        ("for a, b in x:\n    b = f(b)", ["a"]),
        ("while f(): g()", []),
    ],
)
def test_the_variables_that_tell_turns_apart(source: str, variables: list[str]) -> None:
    loops = {loop for around in CodeLoops(compile(source, FILE, "exec")).loops_of for loop in around}
    assert [loop.variables for loop in loops] == [variables]
