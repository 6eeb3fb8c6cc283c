"""The stops of a lesson: what its text says under each heading of the second level, where the stage goes there, and
what is asked there.
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
    """`title`: plain text; `html`: what is said there, without the questions. `place`: null where the stage stays as it
    is; `line`: the line of the file that names it.
    """

    title: str
    html: str
    place: Place | None
    line: int
    questions: tuple[Question, ...]


def read_stops(text: Passage) -> tuple[str, tuple[Stop, ...]]:
    """The opening as HTML, and the stops of a lesson's text. Raises ValueError, naming file and line."""
    starts = [heading for heading in headings(text.text) if heading.level == 2]
    opening = text.part(0, starts[0].line if starts else None)
    if any(heading.text.startswith(MARK) for heading in headings(opening.text)):
        raise opening.error(0, "a question belongs to a stop: put it under a heading with ##")
    _without_places(opening)
    return render(opening.text), tuple(_read_stop(heading.text, part) for heading, part in _under(starts, text))


def _under(starts: list[Heading], text: Passage) -> list[tuple[Heading, Passage]]:
    """Each heading with its lines, its own among them, up to the next one."""
    bounds = pairwise([*(heading.line for heading in starts), len(text.lines)])
    return [(heading, text.part(start, end)) for heading, (start, end) in zip(starts, bounds, strict=True)]


def _read_stop(title: str, stop: Passage) -> Stop:
    under = stop.begins(1)
    place = _place_in(stop, under)
    body = stop.part(1 if place is None or under is None else under + 1)
    _without_places(body)
    asked = [heading for heading in headings(body.text) if heading.level == 3 and heading.text.startswith(MARK)]
    said = body.part(0, asked[0].line if asked else None)
    questions = (
        read_question(heading.text.removeprefix(MARK).strip(), part.part(1)) for heading, part in _under(asked, body)
    )
    return Stop(plain(title), render(said.text), place, stop.first + (under or 0), tuple(questions))


def _place_in(stop: Passage, index: int | None) -> Place | None:
    if index is None or not stop.lines[index].startswith(AT):
        return None
    try:
        return read_place(stop.lines[index].removeprefix(AT))
    except ValueError as error:
        raise stop.error(index, str(error)) from error


def _without_places(text: Passage) -> None:
    for index, line in enumerate(text.lines):
        if line.startswith(AT):
            raise text.error(index, "a place stands directly under the heading of a stop (##), one for each stop")
