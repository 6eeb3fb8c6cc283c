"""Every lesson keeps what a lesson promises, in a real run of its program."""

from pathlib import Path

import pytest

from gradwalk.lessons import Lesson, Lessons
from gradwalk.lessons.lesson_check import faults_of, main, record
from gradwalk.lessons.lesson_question import Number
from gradwalk.lessons.library import read_lesson


@pytest.mark.parametrize("lesson", Lessons.built_in().all(), ids=lambda lesson: lesson.slug)
def test_every_place_is_there_and_two_questions_or_more_are_asked(lesson: Lesson) -> None:
    assert faults_of(lesson, record(lesson.source)) == []


@pytest.mark.parametrize("lesson", Lessons.built_in().all(), ids=lambda lesson: lesson.slug)
def test_every_question_of_choices_has_one_right_answer(lesson: Lesson) -> None:
    answers = [question.answer for stop in lesson.stops for question in stop.questions]
    choices = [answer for answer in answers if not isinstance(answer, Number)]
    assert [sum(choice.right for choice in one) for one in choices] == [1] * len(choices)


def test_what_a_lesson_lacks_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text("import torch\nz = torch.ones(2) * 2\n")
    path = tmp_path / "small.md"
    path.write_text("order: 1\ntitle: A\nsummary: B\n\nWords.\n\n## A\nat: backward z\n")
    lesson = read_lesson(path, tmp_path)
    questions, place = faults_of(lesson, record(lesson.source))
    assert questions == "small.md: a lesson has 2 questions or more, here 0"
    assert place == "small.md, line 8: iteration 0 has no backward step of z, only of nothing"


TWICE = """import torch
w = torch.tensor(2.0, requires_grad=True)
z = w * 3
z.backward(retain_graph=True)
z.backward()
"""


@pytest.mark.parametrize(("place", "fits"), [("w", False), ("w#2", True), ("z", True)])
def test_a_stop_asks_for_a_gradient_before_the_stage_shows_it(tmp_path: Path, place: str, fits: bool) -> None:
    (tmp_path / "small.py").write_text(TWICE)
    path = tmp_path / "small.md"
    stop = f"## A\nat: before backward {place}\n\n### Question: Q?\n= 3 | R\n\n### Then\n\nMore.\n"
    path.write_text(f"order: 1\ntitle: A\nsummary: B\n\nWords.\n\n{stop}")
    lesson = read_lesson(path, tmp_path)
    told = [fault for fault in faults_of(lesson, record(lesson.source)) if "line 8" in fault]
    assert [fault.partition(": ")[2][:22] for fault in told] == ([] if fits else ["the gradient of a leaf"])


def test_the_command_tells_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neuron"]) == 0
    assert (
        "neuron: 8 stops, 7 of them with a place and 1 that explain only after the answer, 2 questions"
        in capsys.readouterr().out
    )
