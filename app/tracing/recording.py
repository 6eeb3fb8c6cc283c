"""What one trace() gathered, kept within its limits, and written as the document of a snapshot."""

import platform
import secrets
from datetime import UTC, datetime
from typing import Any

import orjson
import torch

from app.snapshot import Environment, Program, Snapshot
from app.tracing.iterations import write_iterations
from app.tracing.limits import Limits
from app.tracing.records import IterationRecord
from app.tracing.tensors import Captured, TensorWriter


class Recording:
    """Iterations of records. `truncated`: why the recording stopped early, null while it goes on."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.iterations = [IterationRecord()]
        self.truncated: str | None = None
        self._steps = 0
        self._bytes = 0

    def capture(self, tensor: torch.Tensor) -> Captured:
        """A copy of what a tensor holds now, counted against the limit of bytes."""
        captured = Captured(tensor, self.limits)
        self._bytes += captured.nbytes
        if self._bytes > self.limits.bytes:
            self.truncated = f"the recording reached {self.limits.bytes >> 20} MiB of tensor data"
        return captured

    def count_step(self) -> None:
        """One more step was recorded."""
        self._steps += 1
        if self._steps >= self.limits.steps:
            self.truncated = f"the recording reached {self.limits.steps} steps"

    def document(self) -> dict[str, Any]:
        """`truncated`, `graphs`, `iterations`, `tensors` of app.snapshot.Recorded, ready for orjson."""
        writer = TensorWriter(self.limits)
        graphs, iterations = write_iterations(self.iterations, writer)
        cut = {"reason": self.truncated, "recorded_steps": self._steps} if self.truncated else None
        return {"truncated": cut, "graphs": graphs, "iterations": iterations, "tensors": writer.whole}

    def snapshot(self) -> Snapshot:
        """The recording as a snapshot of its own, for a trace() in any Python process."""
        outcome = {"status": "completed", "error": None}
        return build_snapshot(orjson.dumps({"outcome": outcome, **self.document()}), Program(source=""))


def environment() -> Environment:
    """What programs run on in this process."""
    return Environment(python=platform.python_version(), torch=torch.__version__, device="cpu")


def build_snapshot(recorded: bytes, program: Program, console: list[Any] | None = None) -> Snapshot:
    """A snapshot of this process from the JSON of app.snapshot.Recorded."""
    return Snapshot.model_validate_json(
        orjson.dumps(
            {
                **orjson.loads(recorded),
                "schema_version": 1,
                "id": secrets.token_urlsafe(18),
                "created_at": datetime.now(UTC),
                "program": program.model_dump(),
                "environment": environment().model_dump(),
                "console": console or [],
            }
        )
    )
