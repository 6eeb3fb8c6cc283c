"""What a program prints about its errors shows its own lines and no file of this machine."""

import contextlib
import io
import sys
import traceback
import warnings
from pathlib import Path

import pytest
import torch

import gradwalk
from gradwalk.contract.snapshot import Program
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program

FOLDERS = (str(Path(gradwalk.__file__).parent), str(Path(torch.__file__).parent), sys.prefix, sys.base_prefix)

FAILING = """
import logging, sys, traceback, torch
def multiply(a, b):
    return a @ b
try:
    multiply(torch.ones(2), torch.ones(3))
except RuntimeError as error:
    {}
"""

WAYS = {
    "print_exc": "traceback.print_exc()",
    "print_exception": "traceback.print_exception(error)",
    "format_exc": "print(traceback.format_exc())",
    "print_tb": "traceback.print_tb(error.__traceback__)",
    "logging": "print(logging.Formatter().formatException(sys.exc_info()))",
    "format_tb": "print(''.join(traceback.format_tb(error.__traceback__)))",
}


def printed(source: str) -> str:
    """Return everything that the program prints, to either stream."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text), warnings.catch_warnings():
        warnings.simplefilter("default")
        run_program(Program(source=source), Limits()).snapshot()
    return text.getvalue()


@pytest.mark.parametrize("way", WAYS)
def test_a_traceback_has_the_lines_of_the_program_alone(way: str) -> None:
    text = printed(FAILING.format(WAYS[way]))
    files = [line for line in text.splitlines() if line.startswith("  File ")]
    assert files == ['  File "program.py", line 6, in <module>', '  File "program.py", line 4, in multiply']


def test_the_stack_of_a_hook_has_the_lines_of_the_program_alone() -> None:
    text = printed("""
import traceback, torch
def hook(gradient):
    traceback.print_stack()
x = torch.ones(2, requires_grad=True)
h = x * 2
h.register_hook(hook)
h.sum().backward()
""")
    files = [line for line in text.splitlines() if line.startswith("  File ")]
    # the first is the one of this file, which is no library
    assert files[-2:] == ['  File "program.py", line 8, in <module>', '  File "program.py", line 4, in hook']
    assert not any(folder in text for folder in FOLDERS)


def test_anomaly_detection_shows_the_line_of_the_forward_pass() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run_program(Program(source=ANOMALY), Limits())
    [warning] = [w for w in caught if "Error detected in SqrtBackward0" in str(w.message)]
    assert (warning.filename, warning.lineno) == ("program.py", 7)
    text = str(warning.message)
    assert '  File "program.py", line 6, in <module>\n    y = torch.sqrt(x) * 0\n' in text
    assert not any(folder in text for folder in FOLDERS)


ANOMALY = """
import torch
torch.autograd.set_detect_anomaly(True)
try:
    x = torch.tensor(0.0, requires_grad=True)
    y = torch.sqrt(x) * 0
    y.backward()
except RuntimeError:
    pass
finally:
    torch.autograd.set_detect_anomaly(False)
"""


def test_a_function_that_the_program_has_set_is_left_alone() -> None:
    before = traceback.StackSummary.format_frame_summary
    printed("import traceback\ntraceback.StackSummary.format_frame_summary = lambda self, frame, **_: 'mine'")
    try:
        assert traceback.StackSummary.format_frame_summary is not before
    finally:
        traceback.StackSummary.format_frame_summary = before  # type: ignore[method-assign]
    printed("x = 1")
    assert traceback.StackSummary.format_frame_summary is before
