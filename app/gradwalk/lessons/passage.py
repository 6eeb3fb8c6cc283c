"""Lines of a lesson's text that know where they stand in its file, so that what is wrong in them can be found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """Some lines of a file in a row. `first`: the number of the first one in the file, from 1."""

    file: str
    first: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    def part(self, start: int, end: int | None = None) -> "Passage":
        """The lines from index `start` up to, but without, index `end`."""
        return Passage(self.file, self.first + start, self.lines[start:end])

    def error(self, index: int, what: str) -> ValueError:
        """What is wrong in the line with this index, and where that is."""
        return ValueError(f"{self.file}, line {self.first + index}: {what}")

    def begins(self, start: int = 0) -> int | None:
        """The index of the first line from `start` on that is not empty; null where all of them are."""
        return next((i for i in range(start, len(self.lines)) if self.lines[i].strip()), None)
