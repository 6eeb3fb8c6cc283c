import signal

import pytest

from gradwalk.contract.snapshot import ErrorReport, Frame, Outcome, Recorded, Status
from gradwalk.sandbox.answer_reader import RawAnswer
from gradwalk.sandbox.verdict import Allowed, Cause, Ending, Exit, judge

ALLOWED = Allowed(wall_seconds=5.0, memory_mib=256, output_kib=64)


def told(status: Status, line: int | None = 3) -> Recorded:
    """What a child tells."""
    error = None
    if status != "completed":
        frames = [Frame(line=3, function="<module>")]
        error = ErrorReport(
            type="T", message="child", line=line, frames=frames, phase="forward", node="n1", hint="child"
        )
    outcome = Outcome(status=status, error=error)
    return Recorded(outcome=outcome, truncated=None, graphs=[], iterations=[], tensors={})


def answered(line: int | None = None, stopped: Cause | None = None) -> Ending:
    """An ending with an answer, whatever stands in it."""
    return Ending(RawAnswer(b""), stopped, line, None)


def killed(by: signal.Signals, cpu_seconds: float = 0.1, memory_bytes: int = 0) -> Exit:
    return Exit(int(by), cpu_seconds, memory_bytes)


def error_of(ending: Ending, recorded: Recorded | None = None) -> ErrorReport:
    error = judge(ending, recorded, ALLOWED).outcome.error
    assert error is not None
    return error


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_a_sound_answer_is_kept_as_it_is(status: Status) -> None:
    assert judge(answered(), told(status), ALLOWED) == told(status)


LIMITS: list[tuple[Status, str]] = [
    ("timed_out", "Stopped after 5 s at line 3."),
    ("out_of_memory", "This program needed more than 256 MiB, at line 3."),
    ("output_exceeded", "This program printed more than 64 KiB, at line 3. The rest was cut."),
]


@pytest.mark.parametrize(("status", "message"), LIMITS)
def test_a_limit_is_told_in_a_students_words_and_keeps_where_it_was(status: Status, message: str) -> None:
    error = error_of(answered(), told(status))
    assert error.message == message
    assert (error.line, error.node, error.phase, len(error.frames)) == (3, "n1", "forward", 1)
    assert error.hint is not None
    assert error.hint != "child"
    assert error.hint.startswith("child ") is (status == "out_of_memory")


def test_memory_that_is_known_to_be_needed_is_told_beside_what_fits() -> None:
    error = error_of(answered(), told("out_of_memory"))
    assert error.hint == "child Here 256 MiB fit in all: make the layers or the tensors smaller."
    told_nothing = told("out_of_memory").outcome.error
    assert told_nothing is not None
    outcome = Outcome(status="out_of_memory", error=told_nothing.model_copy(update={"hint": None}))
    error = error_of(answered(), told("out_of_memory").model_copy(update={"outcome": outcome}))
    assert error.hint == "Look for a list that grows in a loop, or make the tensors smaller."


def test_the_crash_reporter_knows_a_line_that_the_program_did_not_tell() -> None:
    assert error_of(answered(line=8), told("timed_out", line=None)).message == "Stopped after 5 s at line 8."


@pytest.mark.parametrize(("stopped", "status"), [("time", "timed_out"), ("output", "output_exceeded")])
@pytest.mark.parametrize("claimed", ["completed", "failed"])
def test_a_stop_that_the_program_swallowed_is_told(stopped: Cause, status: Status, claimed: Status) -> None:
    assert judge(answered(stopped=stopped), told(claimed), ALLOWED).outcome.status == status


def test_an_answer_that_is_not_sound_is_a_crash() -> None:
    outcome = judge(answered(4), None, ALLOWED).outcome
    assert outcome.status == "crashed"
    assert outcome.error is not None
    assert outcome.error.message == "The program damaged its own recording, so nothing can be shown."
    assert outcome.error.line == 4


ENDINGS: dict[str, tuple[Ending, Status, str]] = {
    "hard stop": (
        Ending(None, "time", 7, killed(signal.SIGKILL)),
        "timed_out",
        "Stopped after 5 s at line 7.",
    ),
    "hard stop of a flood": (
        Ending(None, "output", None, killed(signal.SIGKILL)),
        "output_exceeded",
        "This program printed more than 64 KiB. The rest was cut.",
    ),
    "CPU limit": (Ending(None, None, None, killed(signal.SIGXCPU)), "timed_out", "Stopped after 5 s."),
    "hard CPU limit": (Ending(None, None, None, killed(signal.SIGKILL, 11.0)), "timed_out", "Stopped after 5 s."),
    "machine out of memory": (
        Ending(None, None, 2, killed(signal.SIGKILL, 0.1, 200 << 20)),
        "out_of_memory",
        "This program needed more than 256 MiB, at line 2.",
    ),
    "killed from outside": (
        Ending(None, None, None, killed(signal.SIGKILL, 0.1, 1 << 20)),
        "crashed",
        "Python itself crashed (SIGKILL).",
    ),
    "segmentation fault": (
        Ending(None, None, 9, killed(signal.SIGSEGV)),
        "crashed",
        "Python itself crashed at line 9 (SIGSEGV).",
    ),
    "os._exit": (
        Ending(None, None, None, Exit(0, 0.1, 0)),
        "crashed",
        "The program ended Python itself before its recording could be kept.",
    ),
    "sandbox gone": (
        Ending(None, None, None, None),
        "crashed",
        "The sandbox had to be restarted while this program ran. Run it again.",
    ),
    "tampered": (
        Ending(None, "tampered", None, killed(signal.SIGKILL, 0.1, 500 << 20)),
        "crashed",
        "The program damaged the channel of its own recording, so nothing can be shown.",
    ),
    "unknown signal": (
        Ending(None, None, None, Exit(40, 0.1, 0)),
        "crashed",
        "Python itself crashed (signal 40).",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_an_end_without_an_answer_is_explained(name: str) -> None:
    ending, status, message = ENDINGS[name]
    recorded = judge(ending, None, ALLOWED)
    assert recorded.outcome.status == status
    assert recorded.outcome.error is not None
    assert recorded.outcome.error.message == message
    assert recorded.outcome.error.line == ending.line
    assert (recorded.graphs, recorded.iterations, recorded.tensors) == ([], [], {})


def test_a_recording_that_was_written_too_slowly_is_kept_and_the_program_is_not_blamed() -> None:
    ending = Ending(RawAnswer(b""), None, None, None, unwritten=True)
    recorded = judge(ending, told("completed"), ALLOWED)
    assert recorded.outcome == told("completed").outcome
    truncated = recorded.truncated
    assert truncated is not None
    assert "the program had ended" in truncated.reason
    assert "0 iterations are here" in truncated.reason


def test_a_stopped_program_whose_recording_was_written_too_slowly_is_still_a_stopped_one() -> None:
    recorded = judge(Ending(RawAnswer(b""), "time", 7, None, unwritten=True), told("timed_out"), ALLOWED)
    assert recorded.outcome.status == "timed_out"
    assert recorded.truncated is not None


def test_a_recording_of_which_nothing_arrived_says_that_the_program_ended() -> None:
    error = error_of(Ending(None, None, None, killed(signal.SIGKILL), unwritten=True))
    assert error.message == "The program ended, but the server was too slow to write its recording down."
    assert "loop that never ends" not in (error.hint or "")


def test_parts_of_a_second_are_shown() -> None:
    short = Allowed(wall_seconds=1.5, memory_mib=256, output_kib=64)
    error = judge(Ending(None, "time", None, None), None, short).outcome.error
    assert error is not None
    assert error.message == "Stopped after 1.5 s."
