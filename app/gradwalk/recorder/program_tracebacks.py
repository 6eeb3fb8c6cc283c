"""The tracebacks and warnings of a program: they show the program's own lines, and no file of this machine."""

import sys
import sysconfig
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, TextIO

import torch

_FOREIGN: Final = (
    str(Path(__file__).parents[1]),
    str(Path(torch.__file__).parent),
    sys.prefix,
    sys.base_prefix,
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    "<frozen ",
)
"""The beginnings of the names of files that are not the user's: Gradwalk's, torch's, and those of Python."""


def is_foreign(filename: str) -> bool:
    """Return whether a file belongs to a library."""
    return filename.startswith(_FOREIGN)


def without_folders(message: Warning | str) -> Warning | str:
    """Return the message without the folders of libraries that torch has written into it."""
    text = str(message)
    found = [folder for folder in _FOREIGN if folder in text]
    for folder in found:
        text = text.replace(f"{folder}/", "")
    return text if found else message


@contextmanager
def of_the_program(program: str) -> Iterator[None]:
    """Leave library frames out of the tracebacks that are printed inside the block, and show warnings with the line of
    the file `program` that led to them. Errors that Python cannot raise, as in `__del__`, are shown in the same way.

    Between the program and torch stand the recorder's frames, and what calls the program are those of a server.
    """
    formatted, shown = traceback.StackSummary.format_frame_summary, warnings.showwarning

    def format_frame_summary(self: traceback.StackSummary, frame: traceback.FrameSummary, **options: object) -> str:
        # null leaves the frame out, as the documentation of this method says
        return None if is_foreign(frame.filename) else formatted(self, frame, **options)  # type: ignore[return-value]

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        frame: FrameType | None = sys._getframe(1) if is_foreign(filename) else None
        while frame is not None and frame.f_code.co_filename != program:
            frame = frame.f_back
        if frame is not None:
            filename, lineno = program, frame.f_lineno
        shown(without_folders(message), category, filename, lineno, file, line)

    def show_unraisable(error: "sys.UnraisableHookArgs") -> None:
        # Python's own function prints all frames
        print(f"{error.err_msg or 'Exception ignored in'}: {error.object!r}", file=sys.stderr)
        traceback.print_exception(error.exc_type, error.exc_value, error.exc_traceback)

    traceback.StackSummary.format_frame_summary = format_frame_summary  # type: ignore[method-assign, assignment]
    warnings.showwarning = show
    unraisable, sys.unraisablehook = sys.unraisablehook, show_unraisable
    try:
        yield
    finally:
        # not if the program has set other functions
        if traceback.StackSummary.format_frame_summary is format_frame_summary:  # type: ignore[comparison-overlap]
            traceback.StackSummary.format_frame_summary = formatted  # type: ignore[method-assign]
        if warnings.showwarning is show:
            warnings.showwarning = shown
        if sys.unraisablehook is show_unraisable:
            sys.unraisablehook = unraisable
