"""The run of a program's source text under a trace, and the report of how it ended."""

import builtins
import linecache
import random
import sys
import traceback
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import torch

from gradwalk.contract.perturbation import PERTURBATION_ERROR
from gradwalk.contract.snapshot import ConsoleEntry, ErrorReport, Frame, Outcome, Phase, Program, Snapshot, Status
from gradwalk.error_hints import hint
from gradwalk.errors import LimitReached, OutputLimitReached
from gradwalk.recorder.jacobian_probe import MeasurementDone
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.memory_need import memory_need
from gradwalk.recorder.overrides import Overrides
from gradwalk.recorder.program_tracebacks import of_the_program
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.scope import record
from gradwalk.recorder.trace_options import TraceOptions

PROGRAM_FILENAME = "program.py"
"""The file name that the frames of the user's program carry."""

_LONGEST_MESSAGE = 4000
_MOST_FRAMES = 50
_LONGEST_CHAIN = 20
_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "std::bad_alloc")


class ProgramRun:
    """One execution of a program: how it ended, and what was recorded."""

    def __init__(self, program: Program, outcome: Outcome, recording: Recording) -> None:
        self.program = program
        self.outcome = outcome
        self.recording = recording

    def snapshot(self, console: list[ConsoleEntry] | None = None) -> Snapshot:
        """Return the whole snapshot, made in this process."""
        return self.recording.snapshot(self.outcome, self.program, console)


def run_program(program: Program, limits: Limits, options: TraceOptions | None = None) -> ProgramRun:
    """Compile and execute a program as `__main__`. Never raises: whatever the program raises is the outcome.

    The overrides are the program's own, whatever `options` says. A what-if change, or the perturbation of a gradient
    check, that could not be made is reported as an error where the program itself has none.
    """
    _seed(program.seed)
    recording = Recording(limits)
    outcome = Outcome(status="completed", error=None)
    options = replace(options or TraceOptions(), overrides=Overrides(program.overrides))
    replaced = sys.modules.get("__main__")
    try:
        linecache.cache[PROGRAM_FILENAME] = (
            len(program.source),
            None,
            program.source.splitlines(keepends=True),
            PROGRAM_FILENAME,
        )
        code = compile(program.source, PROGRAM_FILENAME, "exec", dont_inherit=True)
        module = ModuleType("__main__")
        module.__dict__["__builtins__"] = builtins
        sys.modules["__main__"] = module
        traced = record(limits, PROGRAM_FILENAME, options)
        with of_the_program(PROGRAM_FILENAME), traced as recording:
            exec(code, module.__dict__)
    except MeasurementDone:
        pass  # the program has run as far as needed
    except BaseException as error:
        outcome = _outcome(error, recording)
    finally:
        if replaced is not None:
            sys.modules["__main__"] = replaced
    outcome = _with_failure(outcome, "OverrideError", options.overrides.failure_message(recording))
    outcome = _with_failure(outcome, PERTURBATION_ERROR, options.perturber.failure_message())
    return ProgramRun(program, outcome, recording)


def _seed(seed: int) -> None:
    torch.manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed & 0xFFFFFFFF)


def _outcome(error: BaseException, recording: Recording) -> Outcome:
    if isinstance(error, SystemExit) and _is_success(error.code):
        return Outcome(status="completed", error=None)
    kind = _plain(_name_of(type(error)), 100)
    message = _message(error)
    frames = _frames(error)
    phase, node = _where(recording, error)
    line = frames[-1].line if frames else _syntax_line(error)
    status = _status(error, message)
    code = linecache.getline(PROGRAM_FILENAME, line) if line is not None else ""
    sentence = memory_need(message) if status == "out_of_memory" else hint(kind, message, code)
    report = ErrorReport(type=kind, message=message, line=line, frames=frames, phase=phase, node=node, hint=sentence)
    return Outcome(status=status, error=report)


def _with_failure(outcome: Outcome, kind: str, failure_message: str | None) -> Outcome:
    """Return the outcome with the reason why a requested change was not made. An error of the program's own comes
    first.
    """
    if failure_message is None:
        return outcome
    if outcome.error is None:
        message = failure_message if kind == PERTURBATION_ERROR else f"{failure_message} The program ran without that."
        return Outcome(status="failed", error=_report_without_place(kind, message))
    hints = " ".join(filter(None, (outcome.error.hint, failure_message)))
    return outcome.model_copy(update={"error": outcome.error.model_copy(update={"hint": hints})})


def _report_without_place(kind: str, message: str) -> ErrorReport:
    return ErrorReport(type=kind, message=message, line=None, frames=[], phase=None, node=None, hint=None)


def _is_success(code: Any) -> bool:
    """Return whether an exit code means success. It may be any object, so not even its comparison can be trusted."""
    return code is None or (type(code) in (int, bool) and code == 0)


def _name_of(kind: type[BaseException]) -> str:
    """Return a class's own name; a metaclass may answer with something else, or raise."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name


def _status(error: BaseException, message: str) -> Status:
    if isinstance(error, LimitReached):
        return "output_exceeded" if isinstance(error, OutputLimitReached) else "timed_out"
    if isinstance(error, MemoryError) or any(text in message for text in _OUT_OF_MEMORY):
        return "out_of_memory"
    return "failed"


def _message(error: BaseException) -> str:
    """Return the error's own text; a program may have made it raise or lie."""
    try:
        return _plain(str(error), _LONGEST_MESSAGE)
    except BaseException:
        return "(the message could not be printed)"


def _plain(text: Any, longest: int) -> str:
    """Return the text without the lone surrogates that UTF-8 cannot carry."""
    return str.__str__(text)[:longest].encode("utf-8", "backslashreplace").decode()


def _frames(error: BaseException) -> list[Frame]:
    """Return the user's own frames, outermost first. The middle of a deep recursion is left out."""
    frames = [
        Frame(line=line, function=_plain(frame.f_code.co_name, 100))
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == PROGRAM_FILENAME
    ]
    half = _MOST_FRAMES // 2
    return frames if len(frames) <= _MOST_FRAMES else frames[:half] + frames[-half:]


def _syntax_line(error: BaseException) -> int | None:
    line = error.lineno if isinstance(error, SyntaxError) else None
    return line if type(line) is int else None


def _where(recording: Recording, error: BaseException) -> tuple[Phase | None, str | None]:
    """Return the phase in which the program stopped, and the id of the operation that raised, when one was running."""
    identity, phase, node = recording.failure or (None, None, None)
    if identity in [id(e) for e in _chain(error)]:
        return phase, None if node is None else recording.id_of(node)
    return ("update", None) if recording.stepping else (None, None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, the one that led to it, and so on."""
    found: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if found is None:
            return
        yield found
        found = found.__cause__ or found.__context__
