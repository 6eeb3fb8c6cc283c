"""The lessons, read from their folder."""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from gradwalk.errors import LessonNotFound
from gradwalk.lessons.passage import Passage
from gradwalk.lessons.stops import Stop, read_stops

FOLDER: Final = Path(__file__).parent
FIRST: Final = "neuron"
"""The slug of the lesson that a newcomer sees."""

_REQUIRED: Final = ("order", "title", "summary")
_KNOWN: Final = (*_REQUIRED, "part", "needs")


@dataclass(frozen=True)
class Lesson:
    """One lesson. `order`: its position in the list; `part`: the part of the course that begins with it, else null;
    `needs`: the slugs of the lessons that it builds on.

    `text`: Markdown; `html`: the same text rendered, without places and questions; `opening`: its part before the first
    stop, rendered. `source`: the program. `file`: the name of the file with the text, for messages to its author.
    """

    slug: str
    order: int
    title: str
    summary: str
    part: str | None
    needs: tuple[str, ...]
    text: str
    html: str
    opening: str
    stops: tuple[Stop, ...]
    source: str
    file: str


class Lessons:
    """All lessons by slug."""

    def __init__(self, lessons: list[Lesson]) -> None:
        self._by_slug = {lesson.slug: lesson for lesson in sorted(lessons, key=lambda x: (x.order, x.slug))}

    @classmethod
    @cache
    def built_in(cls) -> "Lessons":
        """Return the lessons of this package, which do not change while a process runs."""
        return cls.load(FOLDER)

    @classmethod
    def load(cls, folder: Path) -> "Lessons":
        """Read all lessons of a folder. Raises ValueError with file, line and the fault, also where a lesson builds on
        one that is not taught before it.
        """
        lessons = cls([read_lesson(text, folder / "programs") for text in (folder / "texts").glob("*.md")])
        taught: set[str] = set()
        for lesson in lessons.all():
            unknown = [slug for slug in lesson.needs if slug not in taught]
            if unknown:
                raise ValueError(f"{lesson.file}, line 1: it needs {', '.join(unknown)}, which no lesson before it is")
            taught.add(lesson.slug)
        return lessons

    def all(self) -> list[Lesson]:
        """Return all lessons in the order in which they are taught."""
        return list(self._by_slug.values())

    def by_part(self) -> list[tuple[str, Lesson]]:
        """Return each lesson with the title of its part of the course: a part ends where a lesson begins the next
        one.
        """
        part = ""
        listed = []
        for lesson in self.all():
            part = lesson.part or part
            listed.append((part, lesson))
        return listed

    def get(self, slug: str) -> Lesson:
        """Return a lesson. Raises LessonNotFound."""
        if slug not in self._by_slug:
            raise LessonNotFound(f"No lesson has this name: choose one of {', '.join(self._by_slug)}.")
        return self._by_slug[slug]

    def first(self) -> Lesson:
        """Return the lesson that a newcomer sees."""
        return self.get(FIRST)


def read_lesson(path: Path, programs: Path) -> Lesson:
    """Read a lesson from its text, whose first lines are `name: value` up to an empty line, and from the program of the
    same name. Raises ValueError with file, line and the fault.
    """
    whole = Passage(path.name, 1, tuple(path.read_text("utf-8").splitlines()))
    end = whole.lines.index("") if "" in whole.lines else len(whole.lines)
    fields = _read_head(whole.part(0, end))
    text = whole.part(end)
    opening, stops = read_stops(text)
    program = programs / f"{path.stem}.py"
    if not program.is_file():
        raise whole.error(0, f"there is no program beside this text: programs/{program.name}")
    return Lesson(
        slug=path.stem,
        order=int(fields["order"]),
        title=fields["title"],
        summary=fields["summary"],
        part=fields.get("part"),
        needs=tuple(slug.strip() for slug in fields.get("needs", "").split(",") if slug.strip()),
        text=text.text.strip() + "\n",
        html="\n".join([opening, *(_rendered(stop) for stop in stops)]),
        opening=opening,
        stops=stops,
        source=program.read_text("utf-8"),
        file=path.name,
    )


def _rendered(stop: Stop) -> str:
    return "\n".join([f"<h2>{escape(stop.title)}</h2>", *(part for part in (stop.html, stop.explanation) if part)])


def _read_head(head: Passage) -> dict[str, str]:
    fields: dict[str, str] = {}
    for index, line in enumerate(head.lines):
        name, colon, value = line.partition(":")
        if not colon or not value.strip() or name not in _KNOWN:
            raise head.error(index, f"the first lines give {', '.join(_KNOWN)}, each as name: value")
        fields[name] = value.strip()
    missing = [name for name in _REQUIRED if name not in fields]
    if missing:
        raise head.error(max(len(head.lines), 1) - 1, f"the first lines must give {', '.join(missing)}")
    if not fields["order"].isdecimal():
        raise head.error(0, f'the order is a whole number, not "{fields["order"]}"')
    return fields
