"""Every topic of the course is named, shown with numbers, asked and tried; docs/course.md is the table of that."""

from pathlib import Path

import pytest

from gradwalk.lessons import Lessons
from tests.lessons.course_page import page
from tests.lessons.topics import TOPICS, Topic, asked_in, has_number, named_in, shown_at, tried_in

each_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


@each_topic
def test_it_is_named_and_shown_with_numbers(topic: Topic) -> None:
    lessons = {lesson.slug for lesson in named_in(topic)}
    shown = shown_at(topic)
    assert lessons & {lesson.slug for lesson, _ in shown}
    assert all(stop.place is not None for _, stop in shown)
    assert any(has_number(stop) for _, stop in shown)


@each_topic
def test_it_is_asked_and_tried(topic: Topic) -> None:
    assert len(asked_in(topic)) == len(topic.asked)
    assert tried_in(topic)


def test_there_are_no_two_topics_of_one_name() -> None:
    assert len({topic.name for topic in TOPICS}) == len(TOPICS) >= 36


def test_every_part_of_the_course_has_topics() -> None:
    parts = {lesson.slug: part for part, lesson in Lessons.built_in().by_part()}
    taught = {parts[lesson.slug] for topic in TOPICS for lesson, _ in shown_at(topic)}
    assert taught == set(parts.values())


def test_the_page_is_current() -> None:
    written = Path("docs/course.md").read_text("utf-8")
    assert written == page(), "run: python -m tests.lessons.course_page docs/course.md"
