"""The server's side of progress: what a child tells while its program runs, within what was agreed."""

import math
from typing import Final, Protocol

from gradwalk.sandbox.protocol import PROGRESS_SECONDS, IterationEnded, ProtocolError

_GENEROSITY: Final = 2
"""So many times the frames that a child sends which keeps to what was agreed."""


class ProgressReceiver(Protocol):
    """Is told how a run goes on, at most a few hundred times a second."""

    def program_started(self) -> None:
        """The child has the program and starts it."""

    def iteration_ended(self, iteration: IterationEnded) -> None:
        """An iteration has ended."""


class ProgressChannel:
    """Passes on what one child tells. `seconds`: how long it may tell anything. `begun`: it has begun to run a job."""

    def __init__(self, seconds: float) -> None:
        self.receiver: ProgressReceiver | None = None
        self.started = False
        self._frames_left = _GENEROSITY * math.ceil(seconds / PROGRESS_SECONDS)

    def begin(self) -> None:
        """The child says that it starts the program. Saying it again changes nothing."""
        if not self.started and self.receiver is not None:
            self.receiver.program_started()
        self.started = True

    def progress(self, body: bytes) -> None:
        """The body of a PROGRESS frame. Raises ProtocolError for too many of them, ValidationError for a forged one."""
        self._frames_left -= 1
        if self._frames_left < 0:
            raise ProtocolError("more progress than a program can make")
        iteration_ended = IterationEnded.model_validate_json(body)
        if self.receiver is not None:
            self.receiver.iteration_ended(iteration_ended)
