"""The scope of a recording: trace(), inside which PyTorch code is recorded."""

import gc
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from gradwalk.recorder.anchors import release
from gradwalk.recorder.call_sites import FrameLocator
from gradwalk.recorder.frozen_objects import nothing_is_frozen
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.recorder import Recorder
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.trace_options import TraceOptions

_YOUNG: Final = 20_000
"""New objects before the garbage collector runs: some hundreds of operations make as many."""


def trace(limits: Limits | None = None, program: str | None = None) -> AbstractContextManager[Recording]:
    """Record any PyTorch code that runs inside the `with` block, in this thread.

    All hooks are removed at the end, whatever happens. `limits`: how much is recorded. `program`: the file name of the
    code whose frames count as the user's; null: every file outside torch and the recorder.
    """
    return record(limits or Limits(), program, TraceOptions())


@contextmanager
def record(limits: Limits, program: str | None, options: TraceOptions) -> Iterator[Recording]:
    """Record as `trace` does, with the options that only Gradwalk itself uses."""
    recording = Recording(limits, options.observer)
    # 0 is this generator's own frame, 1 contextlib's, and 2 the one with the `with` statement
    recorder = Recorder(recording, FrameLocator(program, sys._getframe(2)), options)
    handles = recorder.install()
    probe = options.probe
    try:
        watching = nullcontext() if probe is None else probe.recording_custom_functions()
        with _rare_collections(options.freeze), watching, recorder:
            try:
                yield recording
            finally:
                recorder.resume()
                recording.end()
    finally:
        for handle in handles:
            handle.remove()
        release()


@contextmanager
def _rare_collections(freeze: bool) -> Iterator[None]:
    """Make the garbage collector run rarely while records are made, because looking through all of torch and all
    records again and again takes longer than recording. Garbage of the program waits a little longer. At the end the
    records are handed to the oldest generation, for the same reason: freezing and thawing moves them there.

    Nothing is frozen when someone else has frozen objects, which must stay so.
    """
    young, *older = gc.get_threshold()
    rare = max(young, _YOUNG)
    freezing = freeze and nothing_is_frozen()
    if freezing:
        gc.freeze()
    if young > 0:
        gc.set_threshold(rare, *older)
    try:
        yield
    finally:
        if freezing:
            gc.freeze()
            gc.unfreeze()
        if young > 0 and gc.get_threshold()[0] == rare:
            gc.set_threshold(young, *older)
