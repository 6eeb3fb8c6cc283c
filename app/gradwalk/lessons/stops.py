"""The stops of a lesson. Each heading of the second level begins a stop, with its text, the place that the stage shows,
and questions.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gradwalk.lessons.lesson_question import MARK, Question, read_question
from gradwalk.lessons.markdown import Heading, headings, plain, render
from gradwalk.lessons.passage import Passage
from gradwalk.lessons.stop_places import Place, read_place

AT: Final = "at:"


@dataclass(frozen=True)
class Stop:
    """A stop of a lesson. `title`: plain text; `html`: its text without the questions. `place`: null where the stage
    does not change; `line`: the number of the line that names the place.
    """

    title: str
    html: str
    place: Place | None
    line: int
    questions: tuple[Question, ...]


def read_stops(text: Passage) -> tuple[str, tuple[Stop, ...]]:
    """Return the opening as HTML, and the stops of a lesson's text. Raises ValueError with file and line."""
    starts = [heading for heading in headings(text.text) if heading.level == 2]
    opening = text.part(0, starts[0].line if starts else None)
    if any(heading.text.startswith(MARK) for heading in headings(opening.text)):
        raise opening.error(0, "a question belongs to a stop: put it under a heading with ##")
    _forbid_places(opening)
    return render(opening.text), tuple(_read_stop(heading.text, part) for heading, part in _sections(starts, text))


def _sections(starts: list[Heading], text: Passage) -> list[tuple[Heading, Passage]]:
    """Return each heading with its section: the lines from the heading to the next one."""
    bounds = pairwise([*(heading.line for heading in starts), len(text.lines)])
    return [(heading, text.part(start, end)) for heading, (start, end) in zip(starts, bounds, strict=True)]


def _read_stop(title: str, stop: Passage) -> Stop:
    first = stop.first_nonblank(1)
    place = _place_in(stop, first)
    body = stop.part(1 if place is None or first is None else first + 1)
    _forbid_places(body)
    marked = [heading for heading in headings(body.text) if heading.level == 3 and heading.text.startswith(MARK)]
    text = body.part(0, marked[0].line if marked else None)
    questions = (
        read_question(heading.text.removeprefix(MARK).strip(), part.part(1))
        for heading, part in _sections(marked, body)
    )
    return Stop(plain(title), render(text.text), place, stop.first + (first or 0), tuple(questions))


def _place_in(stop: Passage, index: int | None) -> Place | None:
    if index is None or not stop.lines[index].startswith(AT):
        return None
    try:
        return read_place(stop.lines[index].removeprefix(AT))
    except ValueError as error:
        raise stop.error(index, str(error)) from error


def _forbid_places(text: Passage) -> None:
    for index, line in enumerate(text.lines):
        if line.startswith(AT):
            raise text.error(index, "a place stands directly under the heading of a stop (##), one for each stop")
