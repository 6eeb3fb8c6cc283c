"""The check of an answer: the question is found again by its id, and answered from the snapshot."""

import math
import re
from typing import Final

from gradwalk.errors import AnswerNotAChoice, AnswerNotANumber, QuestionNotFound
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions.question import QUESTION_ID, Verdict
from gradwalk.questions.question_choice import RULES, Failed, id_of, log_failure
from gradwalk.questions.question_rule import Asked

Given = float | str | list[str]

_NONE: Final = "This snapshot has no question with this id: take one from its questions."
_LONGEST: Final = 40


def iteration_of(question_id: str) -> int:
    """Return the iteration that a question is about. Raises QuestionNotFound."""
    return int(_parts(question_id)[1])


def check(iteration: IndexedIteration, question_id: str, answer: Given, failed: Failed = log_failure) -> Verdict:
    """Check the answer to a question. Raises QuestionNotFound, AnswerNotANumber, AnswerNotAChoice."""
    asked = _find(iteration, question_id, failed)
    right = _is_near(asked, answer) if isinstance(asked.expected, float) else _is_chosen(asked, answer)
    number = isinstance(asked.expected, float)
    return Verdict(
        question=question_id,
        right=right,
        expected=asked.expected if isinstance(asked.expected, float) else list(asked.expected),
        tolerance=asked.margin if number else None,
        why=asked.why if right else _corrected(asked, answer),
        node=asked.node,
        edge=asked.edge,
        backward_pass=asked.backward_pass,
        element=None if asked.element is None else list(asked.element),
    )


def _corrected(asked: Asked, answer: Given) -> str:
    """Return the reason for the right answer, behind what is to be said of the wrong one."""
    chosen = [answer] if isinstance(answer, str) else answer if isinstance(answer, list) else []
    told = [asked.mistakes[value] for value in chosen if value in asked.mistakes]
    return " ".join([*told, asked.why])


def _find(iteration: IndexedIteration, question_id: str, failed: Failed) -> Asked:
    code = _parts(question_id)[0]
    rule = next((one for one in RULES if one.code == code), None)
    try:
        spots = [] if rule is None else rule.spots(iteration)
        spot = next((one for one in spots if rule and id_of(iteration, rule, one) == question_id), None)
        asked = None if rule is None or spot is None else rule.ask(iteration, spot)
    except Exception as error:
        if rule is not None:
            failed(rule, error)
        asked = None
    if asked is None:
        raise QuestionNotFound(_NONE)
    return asked


def _parts(question_id: str) -> tuple[str, ...]:
    found = re.fullmatch(QUESTION_ID, question_id)
    if found is None:
        raise QuestionNotFound(_NONE)
    return found.groups()


def _is_near(asked: Asked, answer: Given) -> bool:
    return isinstance(asked.expected, float) and abs(_number(answer) - asked.expected) <= asked.margin


def _number(answer: Given) -> float:
    """Read a number as people write it: `-0.5`, `−0,5`, `1e-3`. Raises AnswerNotANumber."""
    if isinstance(answer, list):
        raise AnswerNotANumber("A number is asked for: answer with one number, not with a list.")
    try:
        value = float(answer.strip().replace("−", "-").replace(",", ".")) if isinstance(answer, str) else float(answer)
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise AnswerNotANumber("A number is asked for: write it with digits, as in -0.25.")
    return value


def _is_chosen(asked: Asked, answer: Given) -> bool:
    """Return whether exactly the right choices were given. Raises AnswerNotAChoice."""
    if isinstance(answer, float | int):
        raise AnswerNotAChoice("Answer with the values of choices of this question.")
    chosen = answer if isinstance(answer, list) else [answer]
    values = {choice.value for choice in asked.choices}
    unknown = [value for value in chosen if value not in values]
    if unknown or not chosen:
        which = f"{unknown[0][:_LONGEST]} is none of them" if unknown else "none was given"
        raise AnswerNotAChoice(f"Answer with the values of choices of this question: {which}.")
    if asked.form == "one" and len(chosen) > 1:
        raise AnswerNotAChoice("Only one of the choices is asked for: answer with one value.")
    return set(chosen) == set(asked.expected if isinstance(asked.expected, tuple) else ())
