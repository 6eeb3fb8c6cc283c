"""The programs whose sentences are tested, and their sentences."""

import contextlib
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from gradwalk.contract.snapshot import Snapshot
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.sentence import Sentence
from gradwalk.lessons import Lessons
from gradwalk.narration.narrator import told
from tests.explain.pages import MOST_ITERATIONS, recorded

CASES: Final = Path("tests/cases")


class ToldStep(NamedTuple):
    """A step with its sentence. `has_numbers`: whether the recording holds a number that it could tell."""

    program: str
    sentence: Sentence
    has_numbers: bool


def names() -> list[str]:
    """Return the names of all lessons and cases."""
    lessons = [f"lesson {lesson.slug}" for lesson in Lessons.built_in().all()]
    return lessons + [f"case {path.stem}" for path in sorted(CASES.glob("*.py"))]


@cache
def snapshot_of(name: str) -> Snapshot:
    """Return the recording of a lesson or a case."""
    kind, _, short = name.partition(" ")
    lesson = Lessons.built_in().get(short) if kind == "lesson" else None
    source = lesson.source if lesson else (CASES / f"{short}.py").read_text("utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        return recorded(source)


def steps_of(name: str) -> Iterator[ToldStep]:
    """Yield every step of the first iterations of a program."""
    snapshot = snapshot_of(name)
    for body in snapshot.iterations[:MOST_ITERATIONS]:
        # without the numbers of large tensors, as on the page
        iteration = IndexedIteration.of(snapshot.graphs[body.graph], body)
        for step, sentence in zip(iteration.body.steps, told(iteration).sentences, strict=True):
            yield ToldStep(name, sentence, _has_numbers(iteration, step.node))


def _has_numbers(iteration: IndexedIteration, node: str) -> bool:
    """Return whether any number of the node was recorded: on the device `meta` none is."""
    values = iteration.body.values.get(node, [])
    return any(tensor.device != "meta" and (tensor.data or tensor.stats) for tensor in values)
