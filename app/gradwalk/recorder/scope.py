"""trace(): the scope inside which PyTorch code is recorded."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

from gradwalk.recorder.anchors import release
from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.overrides import Overrides
from gradwalk.recorder.perturber import Perturber
from gradwalk.recorder.recorder import Recorder
from gradwalk.recorder.recording import Observer, Recording

_YOUNG: Final = 20_000
"""New objects before the collector looks at them: some hundreds of operations make as many."""


@contextmanager
def trace(
    limits: Limits | None = None,
    program: str | None = None,
    overrides: Overrides | None = None,
    *,
    freeze: bool = True,
    observer: Observer | None = None,
    moving: Perturber | None = None,
    measuring: JacobianProbe | None = None,
) -> Iterator[Recording]:
    """Records any PyTorch code run inside, in this thread. All hooks are removed at the end, whatever happens.

    `program`: file name of the code whose frames count as the user's; null: everything outside torch. `freeze`: whether
    all objects of the process are kept out of the garbage collector's sight meanwhile, if none are as yet; whoever has
    frozen many himself says no, for to count them takes tens of milliseconds. `observer`: as in Recording.
    `moving`: moves one number, for a check of its gradient. `measuring`: a local derivative to measure on the way,
    which ends the program.
    """
    recording = Recording(limits or Limits(), observer)
    # this generator's own frame, contextlib's, and the frame that says `with trace()`
    recorder = Recorder(
        recording, program, sys._getframe(2), overrides or Overrides(), moving or Perturber(), measuring
    )
    handles = recorder.install()
    try:
        watching = nullcontext() if measuring is None else measuring.watching_functions()
        with _rare_collections(freeze), watching, recorder:
            try:
                yield recording
            finally:
                recorder.resume()
                recording.end_iteration()
    finally:
        for handle in handles:
            handle.remove()
        release()


@contextmanager
def _rare_collections(freeze: bool) -> Iterator[None]:
    """Keeps the garbage collector from looking through all of torch, and through all records, again and again while
    records are made: that takes longer than recording. Garbage of the program waits a little longer.

    Nothing is frozen when someone else has frozen objects, which must stay so.
    """
    young, *older = gc.get_threshold()
    rare = max(young, _YOUNG)
    freezing = freeze and gc.get_freeze_count() == 0
    if freezing:
        gc.freeze()
    if young > 0:
        gc.set_threshold(rare, *older)
    try:
        yield
    finally:
        if young > 0 and gc.get_threshold()[0] == rare:
            gc.set_threshold(young, *older)
        if freezing:
            gc.unfreeze()
