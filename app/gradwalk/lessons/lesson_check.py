"""Whether lessons keep what a lesson promises, in a real run of their programs.

For those who write them: `python -m gradwalk.lessons.lesson_check [slug ...]`.
"""

import contextlib
import io
import sys
from typing import Final

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.lessons.library import Lesson, Lessons
from gradwalk.lessons.stop_places import Place, Spot, iteration_of, spot_in
from gradwalk.lessons.stops import Stop
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

QUESTIONS: Final = 2
"""How many a lesson has."""


def main(slugs: list[str]) -> int:
    """Prints what is wrong with lessons, by default with all of them. The process's exit code."""
    try:
        lessons = Lessons.load()
    except ValueError as error:
        print(error)
        return 1
    wrong = 0
    for lesson in [lessons.get(slug) for slug in slugs] or lessons.all():
        found = faults_of(lesson, record(lesson.source))
        wrong += len(found)
        print(f"{lesson.slug}: {'; '.join(found) or walk_of(lesson)}")
    return min(wrong, 1)


def record(source: str) -> Snapshot:
    """The snapshot of a program's run in this process. What it prints is left out."""
    with contextlib.redirect_stdout(io.StringIO()):
        return run_program(Program(source=source), Limits()).snapshot()


def faults_of(lesson: Lesson, snapshot: Snapshot) -> list[str]:
    """What a lesson lacks, each with file and line."""
    faults = []
    asked = sum(len(stop.questions) for stop in lesson.stops)
    if asked != QUESTIONS:
        faults.append(f"{lesson.file}: a lesson has {QUESTIONS} questions, here {asked}")
    if not any(stop.place for stop in lesson.stops):
        faults.append(f"{lesson.file}: no stop has a place (at: PLACE)")
    for stop in lesson.stops:
        try:
            spot_of(stop, snapshot)
        except ValueError as error:
            faults.append(f"{lesson.file}, line {stop.line}: {error}")
    return faults


def spot_of(stop: Stop, snapshot: Snapshot) -> Spot | None:
    """Where a stop is in a snapshot; null where it names no place. Raises ValueError."""
    return None if stop.place is None else _resolved(stop.place, snapshot)


def walk_of(lesson: Lesson) -> str:
    """A lesson in one line."""
    places = sum(stop.place is not None for stop in lesson.stops)
    return f"{len(lesson.stops)} stops, {places} of them with a place, {QUESTIONS} questions"


def _resolved(place: Place, snapshot: Snapshot) -> Spot:
    iteration = snapshot.iterations[iteration_of(place, len(snapshot.iterations))]
    return spot_in(place, snapshot.graphs[iteration.graph], iteration)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
