"""The recording: all that one trace() gathered, kept within its limits, and written as the document of a snapshot."""

import gc
import platform
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import torch

from gradwalk.contract.models import build
from gradwalk.contract.snapshot import (
    SCHEMA_VERSION,
    ConsoleEntry,
    Environment,
    Graph,
    Iteration,
    Outcome,
    Phase,
    Program,
    Snapshot,
    Tensor,
    Truncated,
)
from gradwalk.contract.training_history import TrainingHistory
from gradwalk.recorder.calls import tensors_of
from gradwalk.recorder.frozen_objects import nothing_is_frozen
from gradwalk.recorder.iteration_writer import IterationWriter, loss_of
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.records import IterationRecord, NodeRecord, StepSource
from gradwalk.recorder.tensor_capture import Captured, TensorWriter, capture, item

_MOST_LOSSES: Final = 100_000
_OVERHEAD: Final = 160
_SUMMARY: Final = 400
"""The approximate number of bytes that a captured tensor takes in addition to its numbers, and that one without numbers
takes.
"""


Observer = Callable[[int, Any], None]
"""A callback that gets the index of an iteration, as the snapshot counts them, and its loss as JSON has it, or null."""


class Recording:
    """The iterations of records. `observer` is called as soon as an iteration is over, past the limits too.

    `truncated`: why the recording stopped early, null while it goes on. `current`: the iteration being recorded.
    `stepping`: an optimizer's step has begun and not ended; it stays true when the step raises. `failure`: the last
    error that went through the recorder, by identity, with its phase and its node.
    """

    def __init__(self, limits: Limits, observer: Observer | None = None) -> None:
        self.limits = limits
        self._observer = observer
        self._finished_iterations = 0
        self._reported: IterationRecord | None = None
        self.current = IterationRecord()
        self.iterations = [self.current]
        self.truncated: str | None = None
        self.stepping = False
        self.failure: tuple[int, Phase, NodeRecord | None] | None = None
        self._steps = 0
        self._bytes = 0
        self._losses: list[Any] = []

    def begin_iteration(self) -> None:
        """End the current iteration and begin a new one."""
        self.end_iteration()
        self.current = IterationRecord()
        self.iterations.append(self.current)

    def end_iteration(self) -> None:
        """End the current iteration, because another one begins or the program has ended, and report it to the
        observer.
        """
        # an iteration in which nothing was recorded does not count
        if self._observer is not None and self.current.nodes and self.current is not self._reported:
            self._notify_observer(loss_of(self.current.passes))

    def capture(self, tensor: torch.Tensor) -> Captured:
        """Return a copy of the numbers that a tensor holds now, and count it against the limit of bytes."""
        captured = capture(tensor, self.limits)
        self._bytes += _OVERHEAD + len(captured[2]) if type(captured) is tuple else _SUMMARY
        if self._bytes > self.limits.bytes:
            self.truncated = f"the recording reached {self.limits.bytes >> 20} MiB of tensor data"
        return captured

    def add_step(self, node: NodeRecord, source: StepSource = None) -> None:
        """Add one step to the timeline: at a node, in a pass, in an update, or (null) in the forward pass."""
        steps = self.current.steps
        steps.nodes.append(node)
        steps.sources.append(source)
        self._steps += 1
        if self._steps >= self.limits.steps:
            self.truncated = f"the recording reached {self.limits.steps} steps"

    def note_loss(self, args: tuple[Any, ...]) -> None:
        """Note the number that a backward pass starts from. Past a limit, nothing else is kept of a pass."""
        roots = tensors_of(args[:1])
        loss = item(capture(roots[0], self.limits)) if len(roots) == 1 and roots[0].numel() == 1 else None
        if loss is not None and len(self._losses) < _MOST_LOSSES:
            self._losses.append(loss)
        if self._observer is not None:
            if self.current.passes:
                self.end_iteration()
            self._notify_observer(loss)

    def _notify_observer(self, loss: Any) -> None:
        index = self._finished_iterations
        self._finished_iterations += 1
        self._reported = self.current
        if self._observer is not None:
            self._observer(index, loss)

    def record_failure(self, error: BaseException, phase: Phase, node: NodeRecord | None) -> None:
        """Note that an operation raised `error`, and mark its node where one is known."""
        if node is not None:
            node.failed = True
        # the error itself would keep all of its frames alive
        self.failure = id(error), phase, node

    def models(self) -> "RecordingModels":
        """Return the recording as models of gradwalk.contract.snapshot."""
        cut = None
        if self.truncated is not None:
            cut = Truncated(reason=self.truncated, recorded_steps=self._steps, losses=self._losses)
        return RecordingModels(self.iterations, cut, TensorWriter(self.limits))

    def snapshot(
        self, outcome: Outcome | None = None, program: Program | None = None, console: list[ConsoleEntry] | None = None
    ) -> Snapshot:
        """Return the recording as a whole snapshot, made in this process."""
        with _without_collector():
            models = self.models()
            iterations = list(models.iterations())
        fields = {
            "outcome": outcome or Outcome(status="completed", error=None),
            "truncated": models.truncated,
            "graphs": models.graphs,
            "iterations": iterations,
            "tensors": models.tensors,
            "course": models.training_history,
            "schema_version": SCHEMA_VERSION,
            "id": secrets.token_urlsafe(18),
            "created_at": datetime.now(UTC),
            "program": program or Program(source=""),
            "environment": environment(),
            "console": console or [],
        }
        return build(Snapshot, fields)


class RecordingModels:
    """A recording as models. `tensors`: the large tensors of the iterations that were taken so far."""

    def __init__(self, iterations: list[IterationRecord], truncated: Truncated | None, tensors: TensorWriter) -> None:
        self.truncated = truncated
        self._writer = IterationWriter(iterations, tensors)
        self._tensors = tensors
        self.graphs: list[Graph] = self._writer.graphs

    @property
    def tensors(self) -> dict[str, Tensor]:
        """The large tensors by their ids."""
        return self._tensors.large

    @property
    def training_history(self) -> TrainingHistory:
        """The training history of the iterations that were taken so far."""
        return self._writer.training_history

    def iterations(self) -> Iterator[Iteration]:
        """Return the iterations one by one, so that they need not all be in memory."""
        return self._writer.iterations()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Switch off the garbage collector while many objects are made. None of them is garbage, and it would look at all
    of them again and again.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # freezing and thawing moves them to the oldest generation: else the collector would look at all of them now
        if nothing_is_frozen():
            gc.freeze()
            gc.unfreeze()
        if collecting:
            gc.enable()


def environment() -> Environment:
    """Return the environment in which programs run in this process."""
    return Environment(python=platform.python_version(), torch=torch.__version__, device="cpu")
