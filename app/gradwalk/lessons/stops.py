"""The stops of a lesson.

Each heading of the second level begins a stop, with its text, the place that the stage shows, questions, and perhaps a
text that is folded until they are answered:

    ## The second way back
    at: before backward left

    `left` is `2 * x`, and 7 has arrived at it.

    ### Question: What travels to x?
    = 14 | A product with 2 doubles.

    ### Then

    7 · 2 = **14** travels to `x`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gradwalk.lessons.lesson_question import MARK, Question, read_question
from gradwalk.lessons.markdown import Heading, headings, plain, render
from gradwalk.lessons.passage import Passage
from gradwalk.lessons.stop_places import Place, read_place

AT: Final = "at:"
THEN: Final = "Then"


@dataclass(frozen=True)
class Stop:
    """A stop of a lesson. `title`: plain text; `html`: its text without the questions. `place`: null where the stage
    does not change; `line`: the number of the line that names the place. `explanation`: the text after the questions
    as HTML, which is folded until they are answered; null without one.
    """

    title: str
    html: str
    place: Place | None
    line: int
    questions: tuple[Question, ...]
    explanation: str | None


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
    asking, then = _divide(body)
    if place is not None and place.before and then is None:
        raise stop.error(first or 0, f"a stop that waits before its place has a question and ### {THEN} after it")
    marked = [heading for heading in headings(asking.text) if heading.level == 3 and heading.text.startswith(MARK)]
    if then is not None and not marked:
        raise then.error(0, f"### {THEN} stands after a question of its stop")
    questions = (
        read_question(heading.text.removeprefix(MARK).strip(), part.part(1))
        for heading, part in _sections(marked, asking)
    )
    return Stop(
        title=plain(title),
        html=render(asking.part(0, marked[0].line if marked else None).text),
        place=place,
        line=stop.first + (first or 0),
        questions=tuple(questions),
        explanation=None if then is None else render(then.part(1).text),
    )


def _divide(body: Passage) -> tuple[Passage, Passage | None]:
    """Return what a stop asks, and from its heading on what it explains then; null where it has no such part."""
    start = next((x.line for x in headings(body.text) if x.level == 3 and x.text == THEN), None)
    if start is None:
        return body, None
    then = body.part(start)
    after = [heading for heading in headings(then.text) if heading.level == 3 and heading.text.startswith(MARK)]
    if after:
        raise then.error(after[0].line, f"### {THEN} ends its stop: ask in the next one")
    return body.part(0, start), then


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
