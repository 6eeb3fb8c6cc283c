"""The sys.stdout and sys.stderr of a program: text becomes console entries, each with the line that printed it."""

import io
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, Literal

from gradwalk.contract.snapshot import ConsoleEntry
from gradwalk.errors import OutputLimitReached

Stream = Literal["stdout", "stderr"]
SendEntry = Callable[[ConsoleEntry], None]

EXCESS: Final = 16
"""The bytes that are sent past the allowance, so that the reader knows that there was more."""


class Allowance:
    """The amount of text that may still be printed, in bytes of UTF-8, over both streams together.

    `on_exceeded` is called when the allowance is first exceeded.
    """

    def __init__(self, limit: int, on_exceeded: Callable[[], None]) -> None:
        self.limit = limit
        self.left = limit
        self._on_exceeded = on_exceeded

    def take(self, data: bytes) -> bytes:
        """Return as much of the data as is allowed, and the excess that shows that there was more."""
        if self.left < 0:
            return b""
        taken = data[: self.left + EXCESS]
        self.left -= len(data)
        if self.left < 0:
            self._on_exceeded()
        return taken

    @property
    def exceeded(self) -> bool:
        """True when more was printed than is allowed."""
        return self.left < 0


class ConsoleStream(io.TextIOBase):
    """A text file whose lines are sent as they happen. Raises OutputLimitReached past the allowance."""

    def __init__(self, stream: Stream, allowance: Allowance, send: SendEntry, program_filename: str) -> None:
        super().__init__()
        self._stream: Stream = stream
        self._allowance = allowance
        self._send = send
        self._program_filename = program_filename

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding is always UTF-8."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """The error handler writes lone surrogates as escapes."""
        return "backslashreplace"

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor for what C code writes."""
        return 1 if self._stream == "stdout" else 2

    def write(self, text: Any, /) -> int:
        """Send the text as one entry. A subclass of str cannot influence it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        longest = max(self._allowance.left, 0) + EXCESS
        start = str.__getitem__(text, slice(None, longest))
        taken = self._allowance.take(str.encode(start, "utf-8", "backslashreplace"))
        if taken:
            shown = taken.decode("utf-8", "ignore")
            self._send(ConsoleEntry(stream=self._stream, text=shown, line=self._line()))
        if self._allowance.exceeded:
            raise OutputLimitReached(f"printed more than {self._allowance.limit} bytes")
        return str.__len__(text)

    def _line(self) -> int | None:
        """Return the innermost line of the program that is running."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            if frame.f_code.co_filename == self._program_filename:
                return frame.f_lineno
            frame = frame.f_back
        return None
