"""The recording: all that one trace() gathered, kept within its limits, and written as the document of a snapshot."""

import gc
import math
import platform
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
    Gap,
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
from gradwalk.recorder.progress import Observer, Progress
from gradwalk.recorder.rebound_leaves import Rebindings
from gradwalk.recorder.recording_parts import LAST_TURNS, LastParts, RecordingPart, losses_of, share_for_last_turns
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

_SHARE: Final = 0.4
"""The share of a program's time in which it is recorded: it goes on several times as fast afterwards."""
_TO_FINISH: Final = 1.5
"""The times by which a backward pass that has begun may exceed a limit."""
_FEWEST_TURNS: Final = 6
"""The number of turns that fit into the limits, without which there is no room for last turns."""
_TURNS_WITH_LARGE_TENSORS: Final = 3 * LAST_TURNS
"""The number of turns that fit into the limits, from which on the last turns keep large tensors too."""


class Recording:
    """The segments of a run, in order. `observer` is called as soon as an iteration is over, past the limits too.

    What reaches a limit is cut at the turn before. Then the turns that follow are recorded in parts, of which the last
    ones are kept: `segments` are those of the part that is recorded now. `on_new_part` is called when one begins, whose
    tensors are as if they had never been seen.

    `truncated`: why nothing is recorded at the moment, null while something is. `waits`: it goes on with the next turn.
    `cut_cause`: why something is missing. `exhausted`: there is no room left even for the
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
        self.on_new_part: Callable[[], None] | None = None
        self._room = limits
        self._steps_until = limits.steps
        self.waits = False
        self._part = RecordingPart(self.segments, self.rebindings, [])
        self._first: RecordingPart | None = None
        self._last = LastParts(0.0)
        self._trained_turn: Turn | None = None
        self._steps_before = 0
        # where each turn of the first part begins, and the share of the limits that was filled then
        self._turn_beginnings: list[tuple[int, float]] = []

    @property
    def cut_cause(self) -> str | None:
        """The first limit that was reached, null if none was."""
        return None if self._cut is None else self._cut.cause

    @property
    def all_segments(self) -> list[SegmentRecord]:
        """The segments of all parts."""
        return [segment for part in self._parts for segment in part.segments]

    @property
    def _parts(self) -> list[RecordingPart]:
        return [*([] if self._first is None else [self._first]), *self._last, self._part]

    def enter_turn(self, turn: Turn | None) -> None:
        """Note that the program is in this turn of its loops now."""
        if turn is not self.current.turn:
            trained = self._progress.turn_of(turn)
            if trained is not None and trained is not self._trained_turn:
                self._enter_trained_turn(trained)
            if self.current.is_empty and not self.current.closed:
                self.current.turn = turn
            else:
                self._begin_segment(turn)

    def _enter_trained_turn(self, turn: Turn) -> None:
        """Note that the program begins another turn of the loop that trains. Here a part may end."""
        self._trained_turn = turn
        share = self._share_filled()
        if self._cut is None:
            # an empty segment becomes the first one of the turn
            self._turn_beginnings.append((len(self.segments) - self.current.is_empty, share))
        elif self.waits or (self.truncated is None and self._last.is_enough(self._part.turns, share)):
            self._begin_part(share)
        self._part.turns += 1

    def _share_filled(self) -> float:
        """Return the share of the limits that the part fills which is recorded now."""
        steps = (self.steps - self._steps_before) / self.limits.steps
        return max(steps, self._captures.filled(self.limits))

    def _begin_part(self, share: float) -> None:
        """End the part that was recorded until now, and begin another one."""
        part = self._part
        part.share, part.steps, part.is_whole = share, self.steps - self._steps_before, self.truncated is None
        if self._first is None:
            self._end_first_part(part)
        else:
            self._last.add(part, self._first)
        self.current = SegmentRecord(self.current.turn)
        self.segments = [self.current]
        self.rebindings = Rebindings()
        self._part = RecordingPart(self.segments, self.rebindings, [], self.passes)
        self._captures = CaptureCache(self._room)
        if len(self._turn_beginnings) < _TURNS_WITH_LARGE_TENSORS:
            self._captures.save_room()
        self._steps_before, self._steps_until = self.steps, self.steps + self._room.steps
        self.truncated, self.exhausted, self.waits = None, False, False
        self._progress.forget_leaves()
        if self.on_new_part is not None:
            self.on_new_part()

    def _end_first_part(self, part: RecordingPart) -> None:
        """Drop so many turns of the first part that there is room for the last ones."""
        limits, share = self.limits, share_for_last_turns(len(self._turn_beginnings))
        part.trim(max(at for at, filled in self._turn_beginnings if filled <= 1 - share))
        self._first = part
        self._last = LastParts(share)
        self._room = replace(
            limits,
            steps=math.ceil(share * limits.steps),
            bytes=math.ceil(share * limits.bytes),
            text_bytes=math.ceil(share * limits.text_bytes),
        )

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
        record.number = self.passes
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
            filled = self._captures.filled(self._room)
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
        if self.steps >= self._steps_until:
            self._stop(cut_by_steps(limits))
            self.exhausted = self.exhausted or self.steps > self._steps_until + (_TO_FINISH - 1) * self._room.steps
        now = perf_counter()
        if now > self._recorded_until:
            self._stop(cut_by_seconds(limits), goes_on=False)
        elif self.steps == 1:
            # what a program does before, such as making its data, is not recording
            self._recorded_until = now + _SHARE * (self._began + limits.seconds - now)

    def _stop(self, cut: Cut, *, goes_on: bool = True) -> None:
        """Stop recording, at the first limit that is reached. A backward pass that has begun is recorded to its end.

        `goes_on`: the last turns of the program may still be recorded, if the limits have room for some.
        """
        if self.truncated is None:
            turns, fewest = self._part.turns, _FEWEST_TURNS if self._cut is None else 2
            self.waits = goes_on and turns >= fewest
            self.truncated = cut.cause
            self._cut = self._cut or cut
            self._part.is_whole = False

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
        if loss is not None:
            self._part.lose([loss])
        self._progress.note_loss(loss, self.current.turn)

    def record_failure(self, error: BaseException, phase: Phase, node: NodeRecord | None) -> None:
        """Note that an operation raised `error`, and mark its node where one is known."""
        if node is not None:
            node.failed = True
        # the error itself would keep all of its frames alive
        self.failure = id(error), phase, node

    def models(self) -> "RecordingModels":
        """Return the recording as models of gradwalk.contract.snapshot."""
        cut = None if self._cut is None else self._truncated(self._cut)
        return RecordingModels(self._index, cut, TensorWriter(self.limits))

    def id_of(self, node: NodeRecord) -> str | None:
        """Return the id that a node of the last iteration has in the snapshot. The run has ended."""
        return self._index.id_of(node)

    @cached_property
    def _index(self) -> StructureIndex:
        return StructureIndex(self.iterations)

    def _truncated(self, cut: Cut) -> Truncated:
        gaps = self._gaps
        steps = sum(part.steps for part in self._parts)
        losses = [loss for gap in gaps for loss in gap.losses]
        return Truncated(reason=cut.reason(self.iterations, gaps), recorded_steps=steps, losses=losses, gaps=gaps)

    @cached_property
    def iterations(self) -> list[IterationRecord]:
        """The iterations of a run that has ended."""
        return self._iterations_and_gaps[0]

    @property
    def _gaps(self) -> list[Gap]:
        return self._iterations_and_gaps[1]

    @cached_property
    def _iterations_and_gaps(self) -> tuple[list[IterationRecord], list[Gap]]:
        """The iterations of all parts, and what lies between them."""
        self._part.steps = self.steps - self._steps_before
        iterations: list[IterationRecord] = []
        gaps: list[Gap] = []
        for part in self._parts:
            computed = part.rebindings.resolve(part.segments)
            add_unseen_updates(part.segments, computed)
            failed = self.failure[2] if self.failure is not None and part is self._part else None
            found = iterations_of(part.segments, failed, self._progress.training_loops if self._cut is not None else ())
            _count_passes(found, part.passes_before)
            iterations += found
            lost = part.losses
            if found and self._cut is not None and is_half(iterations, part.is_whole):
                lost = [*losses_of(iterations.pop().passes), *lost]
            if lost or not part.is_whole or part is self._first:
                gaps.append(build(Gap, {"before": len(iterations), "losses": lost}))
        return iterations, gaps

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


def _count_passes(iterations: list[IterationRecord], before: int) -> None:
    """Note in each iteration of a part how many passes the program made before it. `before`: those before the part."""
    for one in iterations:
        one.passes_before = one.passes[0].number if one.passes else before
        before = one.passes_before + len(one.passes)


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
