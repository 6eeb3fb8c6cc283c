"""The transcript of what one run printed, assembled by the server from console frames and raw bytes, cut at the output
limit.
"""

import codecs
from dataclasses import dataclass
from typing import Final

from gradwalk.contract.snapshot import ConsoleEntry
from gradwalk.sandbox.console_stream import Stream

_STREAMS: Final[tuple[Stream, Stream]] = ("stdout", "stderr")


@dataclass
class _Piece:
    """An unfinished entry: a line of text may be printed in a thousand parts."""

    stream: Stream
    line: int | None
    parts: list[str]

    def continues(self, entry: ConsoleEntry) -> bool:
        """Return whether the entry continues this unfinished line."""
        return (self.stream, self.line) == (entry.stream, entry.line) and not self.parts[-1].endswith("\n")


class Transcript:
    """The console entries in the order in which they arrived. `limit`: bytes of UTF-8 over both streams."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._pieces: list[_Piece] = []
        self._decoders = {stream: codecs.getincrementaldecoder("utf-8")("replace") for stream in _STREAMS}

    @property
    def entries(self) -> list[ConsoleEntry]:
        """The entries so far, without the text beyond the limit."""
        return [ConsoleEntry(stream=p.stream, text="".join(p.parts), line=p.line) for p in self._pieces]

    @property
    def exceeded(self) -> bool:
        """True when more was printed than the limit allows."""
        return self._left < 0

    def add(self, entry: ConsoleEntry) -> None:
        """Add text that the program printed. It joins the entry before it when that is the same unfinished line."""
        text = self._cut(entry.text)
        if not text:
            return
        if self._pieces and self._pieces[-1].continues(entry):
            self._pieces[-1].parts.append(text)
        else:
            self._pieces.append(_Piece(entry.stream, entry.line, [text]))

    def add_raw(self, stream: Stream, data: bytes) -> None:
        """Add bytes that were written past sys.stdout and sys.stderr: no line is known."""
        if not self.exceeded:
            self.add(ConsoleEntry(stream=stream, text=self._decoders[stream].decode(data), line=None))

    def _cut(self, text: str) -> str:
        if self.exceeded:
            return ""
        data = text.encode("utf-8", "backslashreplace")
        kept = data[: self._left]
        self._left -= len(data)
        return kept.decode("utf-8", "ignore")
