"""Reading the lessons from their folder."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from gradwalk.errors import LessonNotFound
from gradwalk.lessons.passage import Passage
from gradwalk.lessons.stops import Stop, read_stops

FOLDER: Final = Path(__file__).parent
FIRST: Final = "neuron"
"""The lesson that a newcomer sees."""

_NEEDED: Final = ("order", "title", "summary")
_KNOWN: Final = (*_NEEDED, "part")


@dataclass(frozen=True)
class Lesson:
    """One lesson. `order`: place in the list; `part`: the part of the course that begins with it, else null.

    `text`: Markdown; `html`: the same rendered, without places and questions; `opening`: what of it stands before the
    first stop. `source`: the program. `file`: where its text is, for whoever writes it.
    """

    slug: str
    order: int
    title: str
    summary: str
    part: str | None
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
    def load(cls, folder: Path = FOLDER) -> "Lessons":
        """Reads every lesson of a folder. Raises ValueError, naming file, line and what is missing."""
        return cls([read_lesson(text, folder / "programs") for text in (folder / "texts").glob("*.md")])

    def all(self) -> list[Lesson]:
        """In the order in which they are taught."""
        return list(self._by_slug.values())

    def by_part(self) -> list[tuple[str, Lesson]]:
        """Each lesson with the part of the course that it is in: it goes on until a lesson begins another one."""
        part = ""
        listed = []
        for lesson in self.all():
            part = lesson.part or part
            listed.append((part, lesson))
        return listed

    def get(self, slug: str) -> Lesson:
        """Raises LessonNotFound."""
        if slug not in self._by_slug:
            raise LessonNotFound(f"No lesson has this name: choose one of {', '.join(self._by_slug)}.")
        return self._by_slug[slug]

    def first(self) -> Lesson:
        """The lesson that a newcomer sees."""
        return self.get(FIRST)


def read_lesson(path: Path, programs: Path) -> Lesson:
    """A lesson from its text, whose first lines are `name: value` up to an empty line, and from the program of the
    same name. Raises ValueError, naming file, line and what is missing.
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
        text=text.text.strip() + "\n",
        html="\n".join([opening, *(f"<h2>{escape(stop.title)}</h2>\n{stop.html}" for stop in stops)]),
        opening=opening,
        stops=stops,
        source=program.read_text("utf-8"),
        file=path.name,
    )


def _read_head(head: Passage) -> dict[str, str]:
    fields: dict[str, str] = {}
    for index, line in enumerate(head.lines):
        name, colon, value = line.partition(":")
        if not colon or not value.strip() or name not in _KNOWN:
            raise head.error(index, f"the first lines give {', '.join(_KNOWN)}, each as name: value")
        fields[name] = value.strip()
    missing = [name for name in _NEEDED if name not in fields]
    if missing:
        raise head.error(max(len(head.lines), 1) - 1, f"the first lines must give {', '.join(missing)}")
    if not fields["order"].isdecimal():
        raise head.error(0, f'the order is a whole number, not "{fields["order"]}"')
    return fields
