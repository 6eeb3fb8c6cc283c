"""The server's side of progress: the reports that a child sends while its program runs, within the agreed rate."""

import math
from typing import Final, Protocol

from gradwalk.sandbox.protocol import PROGRESS_SECONDS, IterationReport, ProtocolError

_GENEROSITY: Final = 2
"""This many times the frames that an honest child sends are accepted."""


class ProgressReceiver(Protocol):
    """A callback object for the progress of a run. It is called at most a few hundred times a second."""

    def program_started(self) -> None:
        """Handle that the child has the program and starts it."""

    def iteration_ended(self, iteration: IterationReport) -> None:
        """Handle that an iteration has ended."""


class ProgressChannel:
    """The channel that passes on the reports of one child.

    `seconds`: how long the child may report. `started`: it has begun to run a job.
    """

    def __init__(self, seconds: float) -> None:
        self.receiver: ProgressReceiver | None = None
        self.started = False
        self._frames_left = _GENEROSITY * math.ceil(seconds / PROGRESS_SECONDS)

    def begin(self) -> None:
        """Handle the child's report that it starts the program. A second report changes nothing."""
        if not self.started and self.receiver is not None:
            self.receiver.program_started()
        self.started = True

    def progress(self, body: bytes) -> None:
        """Handle the body of a PROGRESS frame. Raises ProtocolError for too many frames, ValidationError for a forged
        one.
        """
        self._frames_left -= 1
        if self._frames_left < 0:
            raise ProtocolError("more progress than a program can make")
        iteration_ended = IterationReport.model_validate_json(body)
        if self.receiver is not None:
            self.receiver.iteration_ended(iteration_ended)
