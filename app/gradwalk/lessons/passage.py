"""Lines of a lesson's text with their position in the file, for error messages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """Consecutive lines of a file. `first`: the number of the first line in the file, from 1."""

    file: str
    first: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    def part(self, start: int, end: int | None = None) -> "Passage":
        """Return the lines from index `start` up to, but without, index `end`."""
        return Passage(self.file, self.first + start, self.lines[start:end])

    def error(self, index: int, fault: str) -> ValueError:
        """Return an error that names the file, the line with this index, and the fault."""
        return ValueError(f"{self.file}, line {self.first + index}: {fault}")

    def first_nonblank(self, start: int = 0) -> int | None:
        """Return the index of the first line from `start` on that is not blank; null when all are blank."""
        return next((i for i in range(start, len(self.lines)) if self.lines[i].strip()), None)
