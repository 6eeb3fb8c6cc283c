"""The soft stop: a signal that becomes an exception in the running program, once, at a moment that breaks nothing.

A signal may find the recorder or the console in the middle of their work. Then the exception is raised at the
program's next line instead; a recorder that takes too long is interrupted all the same, a half-written frame never.
"""

import faulthandler
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

from gradwalk.errors import LimitReached, OutputLimitReached, TimeLimitReached

WALL_SIGNAL: Final = signal.SIGALRM
OUTPUT_SIGNAL: Final = signal.SIGUSR1
CPU_SIGNAL: Final = signal.SIGXCPU

_REASONS: Final[dict[int, type[LimitReached]]] = {
    WALL_SIGNAL: TimeLimitReached,
    CPU_SIGNAL: TimeLimitReached,
    OUTPUT_SIGNAL: OutputLimitReached,
}
_AGAIN_SECONDS: Final = 0.02
_PATIENCE: Final = 10
"""The number of times that the recorder is left to finish."""

_PACKAGE = Path(__file__).parents[1]
_RECORDER: Final = str(_PACKAGE / "recorder")
_SANDBOX: Final = str(_PACKAGE / "sandbox")


class SoftStop:
    """The stop signals of this process, turned into one LimitReached in the program `program_filename`.

    faulthandler writes each signal's stack to `diagnostics` first: it knows the line also inside C code.
    """

    def __init__(self, program_filename: str, diagnostics: int) -> None:
        self._program_filename = program_filename
        self._diagnostics = diagnostics
        self._armed = False
        self._reason: type[LimitReached] | None = None
        self._asked = 0

    def install(self) -> None:
        """Take over the signals. Until `arm` they are ignored."""
        faulthandler.enable(self._diagnostics, all_threads=False)
        for number in _REASONS:
            signal.signal(number, self._on_signal)
            faulthandler.register(number, self._diagnostics, all_threads=False, chain=True)

    def arm(self) -> None:
        """Let a signal stop the program from now on."""
        self._armed = True

    def disarm(self) -> None:
        """Ignore signals from now on, because the answer is written."""
        self._armed = False
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._armed:
            return
        self._reason = self._reason or _REASONS[number]
        self._asked += 1
        program, recorder, sandbox = self._what_runs(frame)
        if program is not None and not sandbox and (not recorder or self._asked > _PATIENCE):
            self._raise()
        if program is not None:
            self._raise_at_next_line(program)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)

    def _what_runs(self, frame: FrameType | None) -> tuple[FrameType | None, bool, bool]:
        """Return the program's innermost frame, and whether the recorder or the sandbox works for it right now."""
        recorder = sandbox = False
        while frame is not None:
            filename = frame.f_code.co_filename
            if filename == self._program_filename:
                return frame, recorder, sandbox
            recorder = recorder or filename.startswith(_RECORDER)
            sandbox = sandbox or filename.startswith(_SANDBOX)
            frame = frame.f_back
        return None, recorder, sandbox

    def _raise_at_next_line(self, program: FrameType) -> None:
        def trace(frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
            if self._armed and frame.f_code.co_filename == self._program_filename:
                self._raise()
            return trace

        program.f_trace = trace
        sys.settrace(trace)

    def _raise(self) -> None:
        """Raise the one exception. The stop is disarmed first, so that nothing follows it into the report."""
        self.disarm()
        reason = self._reason or TimeLimitReached
        raise reason(reason.__doc__ or "")
