"""The verdict on an ended run: from what is known about it to its outcome, in a student's words. Pure."""

import os
import signal
from dataclasses import dataclass
from typing import Final, Literal

from gradwalk.contract.snapshot import ErrorReport, Outcome, Recorded, Status, Truncated
from gradwalk.sandbox.answer_reader import RawAnswer

Cause = Literal["time", "output", "tampered"]
"""The reason why the server stopped a run: too slow, too much text, a channel that was closed or carries no valid
frames.
"""


@dataclass(frozen=True)
class Allowed:
    """The limits as the messages name them."""

    wall_seconds: float
    memory_mib: int
    output_kib: int


@dataclass(frozen=True)
class Exit:
    """The end of a child. `status`: as waitpid returns it. `cpu_seconds`: what it used. `memory_bytes`: the most that
    it had beyond the zygote's own.
    """

    status: int
    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Ending:
    """The end of a run as the server saw it.

    `answer`: the child's answer, unread, if there was one. `stopped`: why the server stopped it, if it did. `line`:
    where Python's own crash report saw the program. `exit`: null when the whole sandbox went away. `unwritten`: writing
    the recording down took too long; the answer is what had arrived.
    """

    answer: RawAnswer | None
    stopped: Cause | None
    line: int | None
    exit: Exit | None
    unwritten: bool = False


_HINTS: Final[dict[Status, str]] = {
    "timed_out": "Look for a loop that never ends, or make the network, the data or the number of iterations smaller.",
    "out_of_memory": "Look for a list that grows in a loop, or make the tensors smaller.",
    "output_exceeded": "Print less, for example the loss of every tenth iteration only.",
}

_UNWRITTEN: Final = "The program ended, but the server was too slow to write its recording down."
_WRITE_LESS: Final = "Run it again when the server has less to do, or use fewer iterations or smaller tensors."

_SUSPICIOUS_SHARE: Final = 0.5
"""A child that had this share of its memory when it was killed from outside was killed for its memory."""


def judge(ending: Ending, recorded: Recorded | None, allowed: Allowed) -> Recorded:
    """Return what the run left: its answer, or an empty recording that says what happened.

    `recorded`: the answer when it is sound.
    """
    if ending.answer is None:
        return _without_answer(ending, allowed)
    if recorded is None:
        return _empty(_crashed("The program damaged its own recording, so nothing can be shown.", ending.line))
    outcome = _final_outcome(recorded.outcome, ending, allowed)
    truncated = _cut_while_written(recorded) if ending.unwritten else recorded.truncated
    return recorded.model_copy(update={"outcome": outcome, "truncated": truncated})


def _cut_while_written(recorded: Recorded) -> Truncated:
    """Return that only the first iterations of a recording arrived in time. The program is not to blame."""
    count = len(recorded.iterations)
    reason = (
        f"the program had ended, but the server was too slow to write all of its recording down: {count} "
        f"{'iteration is' if count == 1 else 'iterations are'} here. Run it again when the server has less to do, or "
        "record less: fewer iterations or smaller tensors."
    )
    return Truncated(reason=reason, recorded_steps=sum(len(iteration.steps) for iteration in recorded.iterations))


def _final_outcome(outcome: Outcome, ending: Ending, allowed: Allowed) -> Outcome:
    """Return the child's outcome, unless the program swallowed a stop. Limits are named in the words of the page."""
    status = _stopped_as(ending.stopped) or outcome.status
    if status not in _HINTS:
        return outcome
    error = outcome.error
    line = error.line if error is not None and error.line is not None else ending.line
    report = _limit_report(status, line, allowed)
    if error is not None:
        told = report.hint
        if status == "out_of_memory" and error.hint is not None:
            told = f"{error.hint} Here {allowed.memory_mib} MiB fit in all: make the layers or the tensors smaller."
        report = error.model_copy(update={"message": report.message, "hint": told, "line": line})
    return Outcome(status=status, error=report)


def _without_answer(ending: Ending, allowed: Allowed) -> Recorded:
    if ending.unwritten and ending.stopped is None:
        return _empty(Outcome(status="timed_out", error=_report("TimeLimitReached", _UNWRITTEN, None, _WRITE_LESS)))
    status = _stopped_as(ending.stopped)
    if ending.stopped is None:
        status = _limit_that_killed(ending.exit, allowed)
    if status is not None:
        return _empty(Outcome(status=status, error=_limit_report(status, ending.line, allowed)))
    return _empty(_crashed(_how_it_crashed(ending), ending.line))


def _stopped_as(cause: Cause | None) -> Status | None:
    if cause == "time":
        return "timed_out"
    return "output_exceeded" if cause == "output" else None


def _limit_that_killed(exit: Exit | None, allowed: Allowed) -> Status | None:
    """Return the limit at which the kernel killed the child.

    SIGXCPU and SIGKILL come at the CPU limit, SIGKILL also when the machine's memory ran out.
    """
    if exit is None or not os.WIFSIGNALED(exit.status):
        return None
    killer = os.WTERMSIG(exit.status)
    if killer == signal.SIGXCPU or (killer == signal.SIGKILL and exit.cpu_seconds >= allowed.wall_seconds):
        return "timed_out"
    if killer == signal.SIGKILL and exit.memory_bytes >= _SUSPICIOUS_SHARE * (allowed.memory_mib << 20):
        return "out_of_memory"
    return None


def _how_it_crashed(ending: Ending) -> str:
    if ending.stopped == "tampered":
        return "The program damaged the channel of its own recording, so nothing can be shown."
    if ending.exit is None:
        return "The sandbox had to be restarted while this program ran. Run it again."
    if not os.WIFSIGNALED(ending.exit.status):
        return "The program ended Python itself before its recording could be kept."
    return f"Python itself crashed{_at(ending.line)} ({_name(os.WTERMSIG(ending.exit.status))})."


def _name(number: int) -> str:
    """Return a signal's name; real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _limit_report(status: Status, line: int | None, allowed: Allowed) -> ErrorReport:
    messages: dict[Status, tuple[str, str]] = {
        "timed_out": ("TimeLimitReached", f"Stopped after {allowed.wall_seconds:g} s{_at(line)}."),
        "out_of_memory": ("MemoryError", f"This program needed more than {allowed.memory_mib} MiB{_at(line, ', ')}."),
        "output_exceeded": (
            "OutputLimitReached",
            f"This program printed more than {allowed.output_kib} KiB{_at(line, ', ')}. The rest was cut.",
        ),
    }
    kind, message = messages[status]
    return _report(kind, message, line, _HINTS[status])


def _crashed(message: str, line: int | None) -> Outcome:
    return Outcome(status="crashed", error=_report("Crash", message, line, None))


def _report(kind: str, message: str, line: int | None, hint: str | None) -> ErrorReport:
    return ErrorReport(type=kind, message=message, line=line, frames=[], phase=None, node=None, hint=hint)


def _at(line: int | None, before: str = " ") -> str:
    return "" if line is None else f"{before}at line {line}"


def _empty(outcome: Outcome) -> Recorded:
    return Recorded(outcome=outcome, truncated=None, graphs=[], iterations=[], tensors={})
