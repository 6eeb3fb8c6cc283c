"""The variables of a frame, read without leaving a trace."""

import sys
from collections.abc import Mapping
from inspect import CO_OPTIMIZED
from types import CodeType, FrameType
from typing import Final

from gradwalk.recorder.variable_names import calls_locals


def locals_of(frame: FrameType) -> Mapping[str, object]:
    """Return the variables of a frame. There are none where the program itself holds the dictionary that locals()
    returned.
    """
    if _keeps_copy(frame.f_code):
        return {} if calls_locals(frame.f_code) else frame.f_locals
    if sys.version_info >= (3, 13) and not frame.f_code.co_flags & CO_OPTIMIZED and type(frame.f_locals) is not dict:
        # while a comprehension runs that Python has inlined into a module, only its own variables are shown
        return frame.f_globals
    return frame.f_locals


def release_copy(frame: FrameType, variables: Mapping[str, object]) -> None:
    """Empty the copy of a frame's variables, which would keep alive what the program deletes."""
    if _keeps_copy(frame.f_code) and type(variables) is dict:
        variables.clear()


def _keeps_copy(code: CodeType) -> bool:
    """Return whether `f_locals` is a copy that the frame keeps, the one that locals() returns. Functions do so before
    Python 3.13.
    """
    return _FUNCTIONS_KEEP_COPIES and bool(code.co_flags & CO_OPTIMIZED)


_FUNCTIONS_KEEP_COPIES: Final = sys.version_info < (3, 13)
