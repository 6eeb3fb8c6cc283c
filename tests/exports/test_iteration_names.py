"""Iterations are named as on the page: the cases are the page's own."""

from pathlib import Path

import pytest

from gradwalk.contract.snapshot import IterationKind, LoopTurn
from gradwalk.exports.iteration_names import iteration_name, turn_text

PAGE = Path("static/src/core/iteration-names.test.ts")


def turn(variable: str | None, value: float | str | bool | None, number: int = 4, line: int | None = 12) -> LoopTurn:
    return LoopTurn(line=line, number=number, variable=variable, value=value)


EPOCH = turn("epoch", 2, 2, 9)

CASES: list[tuple[list[LoopTurn], str]] = [
    ([turn("step", 0, 0)], "step 0"),
    ([EPOCH, turn("batch", 5)], "epoch 2, batch 5"),
    ([turn("fold", 1), EPOCH, turn("i", 7)], "fold 1, epoch 2, i 7"),
    ([turn("epoch", 1, 0)], "epoch 1"),
    ([turn("_", 4)], "turn 5 of the loop in line 12"),
    ([turn("iteration", 4)], "iteration = 4"),
    ([turn("_i", 4)], "_i 4"),
    ([EPOCH, turn("xb", None)], "epoch 2, turn 5 of the loop in line 12"),
    ([turn(None, None, 0, 3)], "turn 1 of the loop in line 3"),
    ([turn(None, None, 0, None)], "turn 1 of a loop"),
    ([turn("name", "bias")], "name “bias”"),
    ([turn("name", "")], "name “”"),
    ([turn("name", "a\n  b")], "name “a b”"),
    ([turn("bias", True)], "bias True"),
    ([turn("bias", False)], "bias False"),
    ([turn("lr", 0.1)], "lr 0.1"),
    ([turn("shift", -3)], "shift −3"),
]


@pytest.mark.parametrize(("turns", "text"), CASES, ids=[text for _, text in CASES])
def test_the_turns_are_told_as_on_the_page(turns: list[LoopTurn], text: str) -> None:
    assert turn_text(turns) == text
    assert f"'{text}'" in PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("variable", "value", "text"),
    [
        ("w", "x" * 60, f"w “{'x' * 23}…”"),
        ("w", "🙂" * 25, f"w “{'🙂' * 23}…”"),
        ("n" * 60, 1, f"{'n' * 23}… 1"),
    ],
)
def test_what_is_long_is_cut(variable: str, value: int | str, text: str) -> None:
    assert turn_text([turn(variable, value)]) == text


@pytest.mark.parametrize(
    ("kind", "turns", "text"),
    [
        ("training", [], ""),
        ("evaluation", [EPOCH], "evaluation, epoch 2"),
        ("evaluation", [], "evaluation"),
    ],
)
def test_a_validation_says_so(kind: IterationKind, turns: list[LoopTurn], text: str) -> None:
    assert turn_text(turns, kind) == text


def test_the_name_has_the_running_number_and_the_turns() -> None:
    assert iteration_name(6, [EPOCH, turn("batch", 5)]) == "iteration 7 (epoch 2, batch 5)"
    assert iteration_name(6, []) == "iteration 7"
