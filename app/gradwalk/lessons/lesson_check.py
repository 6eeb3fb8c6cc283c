"""A check of lessons in a real run of their programs, for authors of lessons.

Run it with `python -m gradwalk.lessons.lesson_check [slug ...]`.
"""

import contextlib
import io
import sys
from typing import Final

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.lessons.library import Lesson, Lessons
from gradwalk.lessons.stop_places import Place, StopPosition, iteration_of, position_in
from gradwalk.lessons.stops import Stop
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

QUESTIONS: Final = 2
"""Every lesson has so many questions or more."""


def main(slugs: list[str]) -> int:
    """Print the faults of lessons, by default of all of them, and return the exit code of the process."""
    try:
        lessons = Lessons.built_in()
    except ValueError as error:
        print(error)
        return 1
    wrong = 0
    for lesson in [lessons.get(slug) for slug in slugs] or lessons.all():
        found = faults_of(lesson, record(lesson.source))
        wrong += len(found)
        print(f"{lesson.slug}: {'; '.join(found) or summary_of(lesson)}")
    return min(wrong, 1)


def record(source: str) -> Snapshot:
    """Run a program in this process and return its snapshot. Its output is not printed."""
    with contextlib.redirect_stdout(io.StringIO()):
        return run_program(Program(source=source), Limits()).snapshot()


def faults_of(lesson: Lesson, snapshot: Snapshot) -> list[str]:
    """Return the faults of a lesson, each with file and line."""
    faults = []
    questions = _questions_in(lesson)
    if questions < QUESTIONS:
        faults.append(f"{lesson.file}: a lesson has {QUESTIONS} questions or more, here {questions}")
    if not any(stop.place for stop in lesson.stops):
        faults.append(f"{lesson.file}: no stop has a place (at: PLACE)")
    for stop in lesson.stops:
        try:
            position = position_of(stop, snapshot)
        except ValueError as error:
            faults.append(f"{lesson.file}, line {stop.line}: {error}")
            continue
        if position is not None and position.waits_at < position.step and _is_shown_before(position, snapshot):
            faults.append(
                f"{lesson.file}, line {stop.line}: the gradient of a leaf is on the stage before it arrives there: "
                "wait before backward OPERATION, from which it comes"
            )
    return faults


def _is_shown_before(position: StopPosition, snapshot: Snapshot) -> bool:
    """Return whether a stop waits before a gradient arrives at a leaf that holds no other one: nothing is left to ask,
    because the operation that it comes from has shown it. Where `.grad` held something, the sum is new.
    """
    iteration = snapshot.iterations[position.iteration]
    step = iteration.steps[position.step]
    if step.kind != "accumulate" or step.backward_pass is None:
        return False
    backward = iteration.backward[step.backward_pass]
    held, arrived = backward.accumulated.get(step.node), backward.gradients.get(step.node, [None])[0]
    return held is not None and arrived is not None and held.data == arrived.data


def position_of(stop: Stop, snapshot: Snapshot) -> StopPosition | None:
    """Return the position of a stop in a snapshot; null where the stop names no place. Raises ValueError."""
    return None if stop.place is None else _resolve(stop.place, snapshot)


def summary_of(lesson: Lesson) -> str:
    """Summarise a lesson in one line."""
    places = sum(stop.place is not None for stop in lesson.stops)
    waiting = sum(stop.explanation is not None for stop in lesson.stops)
    return (
        f"{len(lesson.stops)} stops, {places} of them with a place and {waiting} that explain only after the answer, "
        f"{_questions_in(lesson)} questions"
    )


def _questions_in(lesson: Lesson) -> int:
    return sum(len(stop.questions) for stop in lesson.stops)


def _resolve(place: Place, snapshot: Snapshot) -> StopPosition:
    iteration = snapshot.iterations[iteration_of(place, len(snapshot.iterations))]
    return position_in(place, snapshot.graphs[iteration.graph], iteration)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
