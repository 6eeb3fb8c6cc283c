"""Programs run by the real recorder, and the questions about them; a rule that fails fails the test."""

from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from gradwalk.contract.snapshot import Snapshot
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.questions import Question, Verdict, check, choose
from gradwalk.questions.answer_check import Given
from gradwalk.questions.question_rule import Rule
from tests.findings.recording import record


def raises(rule: Rule, error: Exception) -> NoReturn:
    """A rule must not fail: in tests its error comes out."""
    raise AssertionError(rule.code) from error


@lru_cache(maxsize=256)
def recorded(source: str) -> Snapshot:
    """The snapshot of a program."""
    return record(source)


def iteration_of(snapshot: Snapshot, index: int = 0) -> IndexedIteration:
    """Return an iteration as the rules look at it."""
    body = snapshot.iterations[index]
    return IndexedIteration.of(snapshot.graphs[body.graph], body)


def is_first(snapshot: Snapshot, index: int) -> bool:
    """Return whether an iteration is the first one of its graph."""
    graph = snapshot.iterations[index].graph
    return next(one.index for one in snapshot.iterations if one.graph == graph) == index


def asked_about(source: str, seed: int = 0, index: int = 0) -> list[Question]:
    """The questions about one iteration of a program."""
    snapshot = recorded(source)
    return choose(iteration_of(snapshot, index), seed, raises, first=is_first(snapshot, index))


def judged(source: str, question: str, answer: Given, index: int = 0) -> Verdict:
    """What is said about an answer."""
    return check(iteration_of(recorded(source), index), question, answer, raises)


def any_of(kind: str, source: str, index: int = 0) -> Question:
    """A question of a kind, whatever the seed."""
    for seed in range(30):
        for question in asked_about(source, seed, index):
            if question.kind == kind:
                return question
    raise AssertionError(f"no question of the kind {kind}")


def expected(source: str, question: Question, index: int = 0) -> Verdict:
    """What is said about an answer that can be given to the question."""
    answer: Given = 0.0 if question.form == "number" else [question.choices[0].value]
    return judged(source, question.id, answer, index)


def lesson(slug: str) -> str:
    """The program of a lesson."""
    return Path(f"app/gradwalk/lessons/programs/{slug}.py").read_text("utf-8")
