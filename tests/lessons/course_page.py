"""Writes docs/course.md, the map of the course: `python -m tests.lessons.course_page docs/course.md`."""

import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from gradwalk.glossary import Glossary
from gradwalk.lessons import Lesson, Lessons
from tests.lessons.topics import TOPICS, Topic, asked_in, named_in, shown_at, tried_in

_HEAD = """# The course

{lessons} lessons in {parts} parts, in the order in which they build on each other. On the page this is the map of the
course (<kbd>U</kbd>), which also shows what was done in this browser. [docs/lessons.md](lessons.md) tells how to write
a lesson, [docs/glossary.md](glossary.md) defines the words.

This page is written from the lessons: `python -m tests.lessons.course_page docs/course.md`.
"""
_TOPICS = """## Topics

Every topic is named in a text, shown with numbers at a stop, asked in a question and tried in an exercise. The table
counts the lessons that name it, and says at which stops and in which lessons it is shown, asked and tried.

| topic | named in | shown at | asked in | tried in |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, Markdown."""
    listed = Lessons.built_in().by_part()
    parts = [(name, [lesson for _, lesson in group]) for name, group in groupby(listed, key=lambda one: one[0])]
    rows = "\n".join(map(_row, TOPICS))
    return "\n".join(
        [_HEAD.format(lessons=len(listed), parts=len(parts)), *(_part(*part) for part in parts), f"{_TOPICS}{rows}\n"]
    )


def _part(name: str, lessons: list[Lesson]) -> str:
    return "\n".join([f"## {name}", "", *map(_entry, lessons)])


def _entry(lesson: Lesson) -> str:
    everyone = Lessons.built_in().all()
    number = everyone.index(lesson) + 1
    questions = sum(len(stop.questions) for stop in lesson.stops)
    needs = [Lessons.built_in().get(slug) for slug in lesson.needs]
    leads = [other for other in everyone if lesson.slug in other.needs]
    words = [word for word in Glossary.built_in().all() if word.lesson == lesson.slug]
    told = [
        f"{len(lesson.stops)} stops, {questions} questions.",
        f"Builds on {_links(needs)}." if needs else "Needs nothing.",
        *([f"Leads to {_links(leads)}."] if leads else []),
        *([f"Words: {', '.join(f'[{word.name}](glossary.md#{word.id})' for word in words)}."] if words else []),
    ]
    return f'<a id="{lesson.slug}"></a>\n\n**{number}. {lesson.title}.** {lesson.summary} {" ".join(told)}\n'


def _row(topic: Topic) -> str:
    count = len(named_in(topic))
    shown = "; ".join(f"{_link(lesson)}: {stop.title}" for lesson, stop in shown_at(topic))
    asked = _links(dict.fromkeys(lesson for lesson, _ in asked_in(topic)))
    named = f"{count} {'lesson' if count == 1 else 'lessons'}"
    return f"| {topic.name} | {named} | {shown} | {asked} | {_links(tried_in(topic))} |"


def _links(lessons: Iterable[Lesson]) -> str:
    return ", ".join(map(_link, lessons))


def _link(lesson: Lesson) -> str:
    return f"[{lesson.title}](#{lesson.slug})"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), "utf-8")
