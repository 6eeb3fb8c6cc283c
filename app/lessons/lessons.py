"""Reading the lessons from their folder."""

from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from app.errors import LessonNotFound

FOLDER = Path(__file__).parent
FIRST = "neuron"
"""The lesson that a newcomer sees."""

# No HTML of the text's own passes, and links may only be http(s), mailto or relative: the default of the parser.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Lesson:
    """One lesson. `text`: Markdown; `html`: the same rendered; `source`: the program. `order`: place in the list."""

    slug: str
    order: int
    title: str
    summary: str
    text: str
    html: str
    source: str


class Lessons:
    """All lessons by slug."""

    def __init__(self, lessons: list[Lesson]) -> None:
        self._by_slug = {lesson.slug: lesson for lesson in sorted(lessons, key=lambda x: x.order)}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Lessons":
        """Reads every lesson of a folder. Raises ValueError, naming the file and what it lacks."""
        return cls([read_lesson(text, folder / "programs") for text in (folder / "texts").glob("*.md")])

    def all(self) -> list[Lesson]:
        """In the order in which they are taught."""
        return list(self._by_slug.values())

    def get(self, slug: str) -> Lesson:
        """Raises LessonNotFound."""
        if slug not in self._by_slug:
            raise LessonNotFound(f"No lesson has this name: choose one of {', '.join(self._by_slug)}.")
        return self._by_slug[slug]

    def first(self) -> Lesson:
        """The lesson that a newcomer sees."""
        return self.get(FIRST)


def read_lesson(path: Path, programs: Path) -> Lesson:
    """A lesson from its text, whose first lines are `name: value` up to a blank line, and from the program of the
    same name. Raises ValueError.
    """
    head, _, text = path.read_text("utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    missing = {"order", "title", "summary"} - fields.keys()
    if missing:
        raise ValueError(f"{path.name}: the first lines must give {', '.join(sorted(missing))}")
    return Lesson(
        slug=path.stem,
        order=int(fields["order"]),
        title=fields["title"],
        summary=fields["summary"],
        text=text.strip() + "\n",
        html=_MARKDOWN.render(text),
        source=(programs / f"{path.stem}.py").read_text("utf-8"),
    )
