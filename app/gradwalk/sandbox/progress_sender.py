"""The child's side of progress: it reports only some of the ended iterations, so that reporting costs the program
nothing.
"""

from time import monotonic
from typing import Any

from gradwalk.sandbox.protocol import PROGRESS_SECONDS, FrameKind, SendFrame, as_json

# kept, because a program may replace the clock in the time module
_now = monotonic


class ProgressSender:
    """The sender of the iterations that end: not more often than agreed, and the last one whatever happens."""

    def __init__(self, send: SendFrame) -> None:
        self._send = send
        self._unsent: tuple[int, Any] | None = None
        self._next = 0.0

    def iteration_ended(self, index: int, loss: Any) -> None:
        """Report that an iteration has ended, if the time has come. `loss`: as JSON has it, or null."""
        self._unsent = index, loss
        now = _now()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self.flush()

    def flush(self) -> None:
        """Report the last iteration that ended, if it was not reported yet."""
        unsent, self._unsent = self._unsent, None
        if unsent is not None:
            try:
                self._send(FrameKind.PROGRESS, as_json({"index": unsent[0], "loss": unsent[1]}))
            except OSError:  # the program has closed the pipe, which is no error of its iteration
                return
            except MemoryError:  # no memory is left: the report is kept for later
                self._unsent = unsent
