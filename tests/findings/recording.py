"""Programs run by the real recorder, with what they printed, and looked through by the rules."""

import contextlib
import io
import warnings
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from gradwalk.contract.snapshot import ConsoleEntry, Program, Snapshot
from gradwalk.findings import Finding, examine
from gradwalk.findings.finding_rule import Rule
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

CASES = Path(__file__).parent / "cases"


def record(source: str) -> Snapshot:
    """The snapshot of a program, console included."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(record=True) as warned:
        # pytest would make errors of what the program is only warned of
        warnings.simplefilter("always")
        run = run_program(Program(source=source), Limits())
    told = [warnings.formatwarning(w.message, w.category, w.filename, w.lineno, "") for w in warned]
    console = [ConsoleEntry(stream="stdout", text=printed.getvalue(), line=None)]
    return run.snapshot(console + [ConsoleEntry(stream="stderr", text=text, line=None) for text in told])


def raises(rule: type[Rule], error: Exception) -> NoReturn:
    """A rule must not fail: in tests its error comes out."""
    raise AssertionError(rule.code) from error


def examined(snapshot: Snapshot) -> list[Finding]:
    """What the rules find; a rule that fails fails the test."""
    return examine(snapshot.head(), snapshot.iterations, raises)


@lru_cache(maxsize=1024)
def snapshot_of(path: Path) -> Snapshot:
    """The snapshot of a program in a file."""
    return record(path.read_text("utf-8"))


@lru_cache(maxsize=1024)
def findings_of(path: Path) -> tuple[Finding, ...]:
    """What the rules find in a program."""
    return tuple(examined(snapshot_of(path)))
