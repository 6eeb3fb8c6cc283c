"""The recording: all that one trace() gathered, kept within its limits, and written as the document of a snapshot."""

import gc
import math
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from time import perf_counter
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
from gradwalk.recorder.isolation import isolated
from gradwalk.recorder.iteration_writer import IterationWriter
from gradwalk.recorder.iterations import is_half, iterations_of
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.progress import Observer, Progress, loss_of
from gradwalk.recorder.rebound_leaves import Rebindings
from gradwalk.recorder.records import (
    IterationRecord,
    NodeRecord,
    PassRecord,
    SegmentRecord,
    StepSource,
    UpdateRecord,
)
from gradwalk.recorder.shared_graphs import StructureIndex
from gradwalk.recorder.tensor_capture import CaptureCache, Captured, capture
from gradwalk.recorder.tensor_numbers import item
from gradwalk.recorder.tensor_writer import TensorWriter
from gradwalk.recorder.truncation import Cut, cut_by_bytes, cut_by_seconds, cut_by_steps
from gradwalk.recorder.turns import Turn
from gradwalk.recorder.unseen_updates import add_unseen_updates

_MOST_LOSSES: Final = 100_000
_SHARE: Final = 0.4
"""The share of a program's time in which it is recorded: it goes on several times as fast afterwards."""
_TO_FINISH: Final = 1.5
"""The times by which a backward pass that has begun may exceed a limit."""


class Recording:
    """The segments of a run, in order. `observer` is called as soon as an iteration is over, past the limits too.

    `truncated`: why the recording stopped early, null while it goes on. `exhausted`: there is no room left even for the
    end of a backward pass. `current`: the segment being recorded. `operations_since_pass`: how many operations were
    recorded since the last backward pass. `steps` and `passes`: how many there were. `stepping`: an optimizer's step
    has begun and not ended; it stays true when the step raises. `failure`: the last error that went through the
    recorder, by identity, with its phase and its node.
    """

    def __init__(self, limits: Limits, observer: Observer | None = None) -> None:
        self.limits = limits
        self._progress = Progress(observer)
        self.current = SegmentRecord(None)
        self.segments = [self.current]
        self.truncated: str | None = None
        self.operations_since_pass = 0
        self.steps = 0
        self.passes = 0
        self.exhausted = False
        self._cut: Cut | None = None
        self._began = perf_counter()
        self._recorded_until = math.inf
        self.stepping = False
        self.failure: tuple[int, Phase, NodeRecord | None] | None = None
        self.rebindings = Rebindings()
        self._captures = CaptureCache(limits)
        self._losses: list[Any] = []

    def enter_turn(self, turn: Turn | None) -> None:
        """Note that the program is in this turn of its loops now."""
        if turn is not self.current.turn:
            if self.current.is_empty and not self.current.closed:
                self.current.turn = turn
            else:
                self._begin_segment(turn)

    def segment(self) -> SegmentRecord:
        """Return the segment that a call belongs to which is recorded now."""
        if self.current.closed:
            self._begin_segment(self.current.turn)
        return self.current

    def _begin_segment(self, turn: Turn | None) -> None:
        self.current = SegmentRecord(turn)
        self.segments.append(self.current)

    def hold_place(self) -> SegmentRecord:
        """Return an empty segment for an update that may turn out to be made now."""
        self._begin_segment(self.current.turn)
        self.current.closed = True
        return self.current

    def begin_pass(self, record: PassRecord) -> None:
        """Add a backward pass that is about to run. It is a segment of its own."""
        if self.current.closed or not self.current.is_empty:
            self._begin_segment(self.current.turn)
        self.current.passes.append(record)
        self.passes += 1

    def end_pass(self, record: PassRecord) -> None:
        """Note that a backward pass has ended."""
        self.current.closed = True
        self.operations_since_pass = 0
        self._progress.note_pass(record, self.current.turn)

    def add_update(self, record: UpdateRecord) -> None:
        """Add an update of a leaf, and its step. The next call begins another segment."""
        self.current.updates.append(record)
        self.add_step(record.node, record)
        self.current.closed = True
        self._progress.note_update(record, self.current.turn)

    def note_new_leaf(self, node: NodeRecord) -> None:
        """Note a leaf that learns and that nothing was known of."""
        for one in self.rebindings.note_leaf(node):
            self._progress.note_update(one.update, one.place.turn)

    def end(self) -> None:
        """Note that the program has ended."""
        self._progress.end()

    def capture(self, tensor: torch.Tensor) -> Captured:
        """Return a copy of the numbers that a tensor holds now, and count it against the limit of bytes."""
        captured = self._captures.capture(tensor)
        if self._captures.is_nearly_full:
            filled = self._captures.filled(self.limits)
            if filled > 1:
                self._stop(cut_by_bytes(self.limits))
                self.exhausted = self.exhausted or filled > _TO_FINISH
        return captured

    def add_step(self, node: NodeRecord, source: StepSource = None) -> None:
        """Add one step to the timeline: at a node, in a pass, in an update, or (null) in the forward pass."""
        steps = self.current.steps
        steps.nodes.append(node)
        steps.sources.append(source)
        self.steps += 1
        limits = self.limits
        if self.steps >= limits.steps:
            self._stop(cut_by_steps(limits))
            self.exhausted = self.exhausted or self.steps > _TO_FINISH * limits.steps
        now = perf_counter()
        if now > self._recorded_until:
            self._stop(cut_by_seconds(limits))
        elif self.steps == 1:
            # what a program does before, such as making its data, is not recording
            self._recorded_until = now + _SHARE * (self._began + limits.seconds - now)

    def _stop(self, cut: Cut) -> None:
        """Stop recording, at the first limit that is reached. A backward pass that has begun is recorded to its end."""
        if self._cut is None:
            self._cut, self.truncated = cut, cut.cause

    def leave_out(self, backward_pass: PassRecord) -> None:
        """Remove a backward pass for whose end there was no room: its gradients would not be sums of what is there."""
        current = self.current
        current.closed = True
        current.passes.remove(backward_pass)
        kept = [(node, source) for _, node, source in current.steps if source is not backward_pass]
        self.steps -= len(current.steps) - len(kept)
        current.steps.nodes = [node for node, _ in kept]
        current.steps.sources = [source for _, source in kept]

    def note_loss(self, args: tuple[Any, ...]) -> None:
        """Note the number that a backward pass starts from, of several the first. Past a limit, nothing else is kept of
        a pass.
        """
        roots = tensors_of(args[:1])
        loss = item(capture(roots[0], self.limits)) if roots and roots[0].numel() == 1 else None
        if loss is not None and len(self._losses) < _MOST_LOSSES:
            self._losses.append(loss)
        self._progress.note_loss(loss, self.current.turn)

    def record_failure(self, error: BaseException, phase: Phase, node: NodeRecord | None) -> None:
        """Note that an operation raised `error`, and mark its node where one is known."""
        if node is not None:
            node.failed = True
        # the error itself would keep all of its frames alive
        self.failure = id(error), phase, node

    def models(self) -> "RecordingModels":
        """Return the recording as models of gradwalk.contract.snapshot."""
        cut = None
        if self._cut is not None:
            reason = self._cut.reason(len(self.iterations))
            cut = Truncated(reason=reason, recorded_steps=self.steps, losses=self._losses)
        return RecordingModels(self._index, cut, TensorWriter(self.limits))

    def id_of(self, node: NodeRecord) -> str | None:
        """Return the id that a node of the last iteration has in the snapshot. The run has ended."""
        return self._index.id_of(node)

    @cached_property
    def _index(self) -> StructureIndex:
        return StructureIndex(self.iterations)

    @cached_property
    def iterations(self) -> list[IterationRecord]:
        """The iterations of a run that has ended."""
        computed = self.rebindings.resolve(self.segments)
        add_unseen_updates(self.segments, computed)
        iterations = iterations_of(self.segments, None if self.failure is None else self.failure[2])
        if self._cut is not None and is_half(iterations):
            losses = [loss_of([each]) for each in iterations.pop().passes]
            self._losses[:0] = [loss for loss in losses if loss is not None]
        return iterations

    def snapshot(
        self, outcome: Outcome | None = None, program: Program | None = None, console: list[ConsoleEntry] | None = None
    ) -> Snapshot:
        """Return the recording as a whole snapshot, made in this process."""
        with isolated(), _without_collector():
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

    def __init__(self, index: StructureIndex, truncated: Truncated | None, tensors: TensorWriter) -> None:
        self.truncated = truncated
        self._writer = IterationWriter(index, tensors)
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
