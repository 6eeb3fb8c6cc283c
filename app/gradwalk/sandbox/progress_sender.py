"""The child's side of progress: which ended iterations are told, so that telling costs the program nothing."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from gradwalk.sandbox.protocol import PROGRESS_SECONDS, FrameKind, as_json

# a program may put another clock into the module
_now = monotonic

SendFrame = Callable[[FrameKind, bytes], None]


class ProgressSender:
    """Sends the iterations that end, not more often than agreed, and the last one whatever happens."""

    def __init__(self, send: SendFrame) -> None:
        self._send = send
        self._unsent: tuple[int, Any] | None = None
        self._next = 0.0

    def iteration_ended(self, index: int, loss: Any) -> None:
        """An iteration has ended. `loss`: as JSON has it, or null."""
        self._unsent = index, loss
        now = _now()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self.flush()

    def flush(self) -> None:
        """Tells of the last one that ended, if it was not told."""
        unsent, self._unsent = self._unsent, None
        if unsent is not None:
            try:
                self._send(FrameKind.PROGRESS, as_json({"index": unsent[0], "loss": unsent[1]}))
            except OSError:  # the program has closed the pipe: that it does is no error of its iteration
                return
            except MemoryError:  # it ends for want of memory, and is told so
                self._unsent = unsent
