"""trace(): the scope inside which PyTorch code is recorded."""

import gc
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.snapshot import Override
from app.tracing.anchors import release
from app.tracing.limits import Limits
from app.tracing.recorder import Recorder
from app.tracing.recording import Recording


@contextmanager
def trace(
    limits: Limits | None = None, program: str | None = None, overrides: Iterable[Override] = ()
) -> Iterator[Recording]:
    """Records any PyTorch code run inside, in this thread. All hooks are removed at the end, whatever happens.

    `program`: file name of the code whose frames count as the user's; null: everything outside torch.
    """
    recording = Recording(limits or Limits())
    # this generator's own frame, contextlib's, and the frame that says `with trace()`
    recorder = Recorder(recording, program, sys._getframe(2), overrides)
    handles = recorder.install()
    frozen = _freeze()
    try:
        with recorder:
            try:
                yield recording
            finally:
                recorder.resume()
    finally:
        for handle in handles:
            handle.remove()
        if frozen:
            gc.unfreeze()
        release()


def _freeze() -> bool:
    """Keeps the garbage collector from looking through all of torch again and again while records are made: that takes
    longer than recording. Whether it was done: not when someone else has frozen objects, which must stay so.
    """
    if gc.get_freeze_count() > 0:
        return False
    gc.freeze()
    return True
