"""trace(): the scope inside which PyTorch code is recorded."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.snapshot import Override
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
    recorder = Recorder(recording, program, overrides)
    handles = recorder.install()
    try:
        with recorder:
            yield recording
    finally:
        for handle in handles:
            handle.remove()
