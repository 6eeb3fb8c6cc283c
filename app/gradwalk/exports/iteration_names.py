"""The names of iterations for a reader, as on the page (static/src/core/iteration-names.ts), with the same cases as
tests.
"""

import re
from collections.abc import Sequence
from typing import Final

from gradwalk.contract.snapshot import IterationKind, LoopTurn
from gradwalk.exports.number_text import format_number

_LETTERS: Final = 24
"""Letters of a text that a loop runs over; more would hide the other turns."""


def iteration_name(index: int, turns: Sequence[LoopTurn]) -> str:
    """Return the name of an iteration in a sentence: `iteration 7 (epoch 2, batch 5)`. `index`: from 0."""
    text = turn_text(turns)
    return f"iteration {index + 1}" + (f" ({text})" if text else "")


def turn_text(turns: Sequence[LoopTurn], kind: IterationKind = "training") -> str:
    """Return the turns of an iteration: `epoch 2, batch 5`, `turn 5 of the loop in line 12`, `evaluation, epoch 2`;
    empty outside of all loops.
    """
    return ", ".join([*(["evaluation"] if kind == "evaluation" else []), *map(_one_turn, turns)])


def _one_turn(turn: LoopTurn) -> str:
    """Return the text of one turn. A variable that is there for no one to read, as `_`, or that holds what is too long
    to be told, is no name.
    """
    if turn.variable is not None and turn.value is not None and not re.fullmatch("_+", turn.variable):
        # "iteration 6 · iteration 5" would contradict itself
        between = " = " if turn.variable == "iteration" else " "
        return f"{_cut(turn.variable)}{between}{_value_text(turn.value)}"
    return f"turn {turn.number + 1} of " + ("a loop" if turn.line is None else f"the loop in line {turn.line}")


def _value_text(value: float | str | bool) -> str:
    if isinstance(value, str):
        one_line = re.sub(r"\s+", " ", value)
        return f"“{_cut(one_line)}”"
    return format_number(value)


def _cut(text: str) -> str:
    return text[: _LETTERS - 1] + "…" if len(text) > _LETTERS else text
