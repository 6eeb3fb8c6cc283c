"""The child's side of progress: it reports only some of the ended iterations, so that reporting costs the program
nothing.
"""

from time import monotonic
from typing import Any

from gradwalk.recorder.iteration_writer import write_turn
from gradwalk.recorder.turns import Turn
from gradwalk.sandbox.protocol import LONGEST_PROGRESS, PROGRESS_SECONDS, FrameKind, SendFrame, as_json

# kept, because a program may replace the clock in the time module
_now = monotonic


class ProgressSender:
    """The sender of the iterations that end: not more often than agreed, and the last one whatever happens."""

    def __init__(self, send: SendFrame) -> None:
        self._send = send
        self._unsent: tuple[int, Any, list[Turn]] | None = None
        self._next = 0.0

    def iteration_ended(self, index: int, loss: Any, turns: list[Turn]) -> None:
        """Report that an iteration has ended, if the time has come. `loss`: as JSON has it, or null. `turns`: those of
        the loops around it, outermost first.
        """
        self._unsent = index, loss, turns
        now = _now()
        if now >= self._next:
            self._next = now + PROGRESS_SECONDS
            self.flush()

    def flush(self) -> None:
        """Report the last iteration that ended, if it was not reported yet."""
        unsent, self._unsent = self._unsent, None
        if unsent is not None:
            try:
                self._send(FrameKind.PROGRESS, _report(*unsent))
            except OSError:  # the program has closed the pipe, which is no error of its iteration
                return
            except MemoryError:  # no memory is left: the report is kept for later
                self._unsent = unsent


def _report(index: int, loss: Any, turns: list[Turn]) -> bytes:
    """Return the report of an iteration, without its turns where their names are too long."""
    report = as_json({"index": index, "loss": loss, "turns": [write_turn(turn).model_dump() for turn in turns]})
    return report if len(report) <= LONGEST_PROGRESS else as_json({"index": index, "loss": loss})
