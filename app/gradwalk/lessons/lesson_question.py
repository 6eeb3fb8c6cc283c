"""The questions in a lesson's text: a heading that begins with `Question:`, then the possible answers.

Either a list of choices, the right one ticked, each with its reply:

    ### Question: Which parameter gets the larger gradient?
    - [x] `w` | Its local derivative is x = 1.1, and that of b is 1.
    - [ ] `b` | Compare the two local derivatives once more.

or one number with the reply to it:

    ### Question: What is the gradient of x?
    = 20 | 6 from the right and 14 from the left add up.
"""

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gradwalk.lessons.markdown import list_items, render, render_inline
from gradwalk.lessons.passage import Passage

MARK: Final = "Question:"
RELATIVE: Final = 0.01
ABSOLUTE: Final = 0.005
"""The tolerance for a number is the larger one of the two."""

_CHOICE: Final = re.compile(r"[-*+] \[(?P<tick>[ xX])\] (?P<answer>.+?) \| (?P<reply>.+)")
_NUMBER: Final = re.compile(r"= (?P<number>\S+) \| (?P<reply>.+)")


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from. `html` and `reply` are one sentence each, as HTML."""

    html: str
    right: bool
    reply: str


@dataclass(frozen=True)
class Number:
    """The number that is the right answer. An answer is right within `tolerance` of it. `reply`: one sentence as
    HTML.
    """

    value: float
    tolerance: float
    reply: str


@dataclass(frozen=True)
class Question:
    """A question: either choices, one of them right, or a number. `html`: the question itself."""

    html: str
    answer: tuple[Choice, ...] | Number


def read_question(title: str, body: Passage) -> Question:
    """Parse a question from its heading without the mark, and from the lines below it. Raises ValueError."""
    start = _first_answer(body)
    more = body.part(0, start).text.strip()
    html = "".join([f"<p>{render_inline(title)}</p>", render(more) if more else ""])
    answers = body.part(start)
    number = answers.lines[0].startswith("=")
    return Question(html, _read_number(answers) if number else _read_choices(answers))


def _first_answer(body: Passage) -> int:
    items = set(list_items(body.text))
    starts = [i for i, line in enumerate(body.lines) if line.startswith("= ") or (i in items and "[" in line[:4])]
    if not starts:
        raise body.error(
            -1, "under a question stands a list of choices (- [x] answer | reply) or a number (= 20 | reply)"
        )
    return starts[0]


def _read_choices(answers: Passage) -> tuple[Choice, ...]:
    bounds = pairwise([*list_items(answers.text), len(answers.lines)])
    choices = tuple(_read_choice(answers.part(start, end)) for start, end in bounds)
    right = sum(choice.right for choice in choices)
    if len(choices) < 2 or right != 1:
        raise answers.error(
            0, f"a question has two choices or more and one of them right, here {len(choices)} and {right}"
        )
    return choices


def _read_choice(item: Passage) -> Choice:
    found = _CHOICE.fullmatch(_join_lines(item))
    if found is None:
        raise item.error(0, "a choice is written as - [x] answer | reply, or with [ ] where it is wrong")
    return Choice(render_inline(found["answer"]), found["tick"] in "xX", render_inline(found["reply"]))


def _read_number(answers: Passage) -> Number:
    found = _NUMBER.fullmatch(_join_lines(answers))
    value = _number_of(found["number"]) if found else None
    if found is None or value is None:
        raise answers.error(0, "a number is written as = 20 | reply")
    tolerance = max(RELATIVE * abs(value), ABSOLUTE)
    if 0 < abs(value) <= tolerance:
        raise answers.error(0, f"0 would be right too, within {ABSOLUTE}: ask for a larger number")
    return Number(value, tolerance, render_inline(found["reply"]))


def _number_of(text: str) -> float | None:
    try:
        value = float(text.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _join_lines(passage: Passage) -> str:
    """Join the lines of an answer. Raises ValueError for text behind an empty line, which does not belong to it."""
    end = next((i for i, line in enumerate(passage.lines) if not line.strip()), len(passage.lines))
    stray = passage.first_nonblank(end)
    if stray is not None:
        raise passage.error(stray, "text after the answers of a question: put it before the question")
    return " ".join(line.strip() for line in passage.lines[:end])
