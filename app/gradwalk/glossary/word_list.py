"""The words of the glossary, read from their file.

Each heading of the second level begins a word, with lines `name: value`, an empty line and the definition:

    ## momentum
    forms: momenta
    seen: valley / Momentum
    related: SGD, Adam

    A memory of earlier gradients that each step follows.

`seen` is the slug of a lesson and the title of one of its stops.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from gradwalk.lessons import Lessons
from gradwalk.lessons.markdown import headings
from gradwalk.lessons.passage import Passage

FILE: Final = Path(__file__).parent / "words.md"

_REQUIRED: Final = ("seen", "related")
_KNOWN: Final = ("forms", *_REQUIRED)
_SEEN: Final = re.compile(r"(?P<slug>[a-z0-9-]+) / (?P<stop>.+)")


@dataclass(frozen=True)
class Word:
    """A word of the glossary. `forms`: other ways to write it; `definition`: sentences, with code in backticks.

    `lesson`: the slug of the lesson that shows it; `stop`: the number of the stop there, from 1. `related`: the names
    of other words. `id`: the name in addresses.
    """

    id: str
    name: str
    forms: tuple[str, ...]
    definition: str
    lesson: str
    stop: int
    related: tuple[str, ...]


class Glossary:
    """All words, in the order of the alphabet."""

    def __init__(self, words: list[Word]) -> None:
        self._words = sorted(words, key=lambda word: (word.name.lower(), word.name))

    @classmethod
    @cache
    def built_in(cls) -> "Glossary":
        """Return the glossary of this package, which does not change while a process runs."""
        return cls.load(FILE, Lessons.built_in())

    @classmethod
    def load(cls, file: Path, lessons: Lessons) -> "Glossary":
        """Read the words of a file. Raises ValueError with file, line and the fault: a lesson, a stop or a related word
        that does not exist, or a word that is written twice.
        """
        text = Passage(file.name, 1, tuple(file.read_text("utf-8").splitlines()))
        starts = [heading for heading in headings(text.text) if heading.level == 2]
        bounds = pairwise([*(heading.line for heading in starts), len(text.lines)])
        parts = [(heading.text, text.part(start, end)) for heading, (start, end) in zip(starts, bounds, strict=True)]
        names = {name for name, _ in parts}
        taken: set[str] = set()
        words = []
        for name, part in parts:
            word = _read_word(name, part, lessons)
            for form in (word.name, *word.forms):
                if form in taken:
                    raise part.error(0, f'"{form}" is there already')
                taken.add(form)
            for other in word.related:
                if other not in names or other == name:
                    raise part.error(0, f'"{other}" is no other word of the glossary')
            words.append(word)
        return cls(words)

    def all(self) -> list[Word]:
        """Return all words in the order of the alphabet."""
        return list(self._words)


def _read_word(name: str, part: Passage, lessons: Lessons) -> Word:
    end = part.lines.index("", 1) if "" in part.lines[1:] else len(part.lines)
    fields: dict[str, str] = {}
    for index in range(1, end):
        key, _, value = part.lines[index].partition(": ")
        if key not in _KNOWN or not value.strip():
            raise part.error(index, f"under a word stand {', '.join(_KNOWN)}, each as name: value")
        fields[key] = value.strip()
    missing = [key for key in _REQUIRED if key not in fields]
    definition = " ".join(line.strip() for line in part.lines[end:] if line.strip())
    if missing or not definition:
        raise part.error(0, f"a word needs {', '.join(missing) or 'a definition after an empty line'}")
    slug, stop = _place(fields["seen"], part, lessons)
    return Word(
        id=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
        name=name,
        forms=_listed(fields.get("forms", "")),
        definition=definition,
        lesson=slug,
        stop=stop,
        related=_listed(fields["related"]),
    )


def _place(seen: str, part: Passage, lessons: Lessons) -> tuple[str, int]:
    """Return the slug of a lesson, and the number of the stop with this title, from 1."""
    found = _SEEN.fullmatch(seen)
    lesson = next((one for one in lessons.all() if found and one.slug == found["slug"]), None)
    if found is None or lesson is None:
        raise part.error(0, f'"{seen}" is no place: write the slug of a lesson, " / " and the title of a stop')
    titles = [stop.title for stop in lesson.stops]
    if found["stop"] not in titles:
        raise part.error(0, f"the lesson {lesson.slug} has no stop {found['stop']}, only {', '.join(titles)}")
    return lesson.slug, titles.index(found["stop"]) + 1


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
