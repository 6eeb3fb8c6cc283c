"""Updates that no torch call has made: of a NumPy array, or of Python numbers, from which the next leaf is made.

Nothing shows such a step. It is known afterwards by its numbers: the leaf of the same name and line holds, in the next
pass, its earlier value minus a multiple of its gradient.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from gradwalk.recorder.rebound_leaves import merge_leaves
from gradwalk.recorder.records import LeafRecord, NodeRecord, SegmentRecord, UpdateRecord
from gradwalk.recorder.tensor_capture import Captured, as_tensor, shape_of
from gradwalk.recorder.transforms import unobserved

_TOLERANCE: Final = 1e-4
"""The relative error up to which a step is a multiple of the gradient, and two multiples are equal."""
_LEAST_STEP: Final = 100
"""How many times the rounding error of a value a step must be, so that it says anything."""


@dataclass(slots=True, eq=False)
class _Passed:
    """A leaf with the gradient that it got in a pass, and the segment of that pass."""

    leaf: NodeRecord
    gradient: Captured
    segment: SegmentRecord


@dataclass(slots=True, eq=False)
class _Step:
    """A step from one value of a leaf to the next. `multiple`: of the gradient. `several`: more than one number
    agrees.
    """

    before: _Passed
    after: NodeRecord
    multiple: float
    several: bool


def add_unseen_updates(segments: Sequence[SegmentRecord], computed: Container[LeafRecord]) -> None:
    """Add the updates that only numbers show. The run has ended, and all other updates are known. `computed`: leaves
    that operations have made, of which nothing is unseen.

    One number is a multiple of any other: where a leaf has only one, all of its steps must have the same multiple.
    """
    by_site: dict[tuple[str | None, int | None], list[_Step]] = {}
    for step in _steps(segments, computed):
        by_site.setdefault((step.after.name, step.after.line), []).append(step)
    for steps in by_site.values():
        first = steps[0].multiple
        alike = len(steps) > 1 and all(abs(step.multiple - first) <= _TOLERANCE * abs(first) for step in steps)
        for step in steps:
            if step.several or alike:
                _add(step)


def _steps(segments: Sequence[SegmentRecord], computed: Container[LeafRecord]) -> Iterator[_Step]:
    """Yield the changes of leaves from one turn's pass to the next one's that no update tells, where they are multiples
    of the gradient.
    """
    last: dict[tuple[str, int | None], _Passed] = {}
    for segment in segments:
        for each in segment.passes:
            for (node, output), gradient in each.gradients.items():
                if node.leaf is None or node.leaf in computed or node.name is None or not node.requires_grad:
                    continue
                before = last.get((node.name, node.line))
                if before is not None and before.leaf is not node and before.segment.turn is not segment.turn:
                    step = _step(before, node)
                    if step is not None:
                        yield step
                if output == 0:
                    left = each.accumulated.get(node) or gradient
                    last[node.name, node.line] = _Passed(node, left, segment)
        for update in segment.updates:
            last.pop((update.node.name or "", update.node.line), None)


def _step(before: _Passed, after: NodeRecord) -> _Step | None:
    """Return the step between two values of a leaf, if it is a multiple of the gradient."""
    old, new = before.leaf.values[0], after.values[0]
    if shape_of(old) != shape_of(new) or shape_of(before.gradient) != shape_of(new):
        return None
    with unobserved():
        values = [as_tensor(captured) for captured in (old, new, before.gradient)]
        if any(value is None or not value.is_floating_point() for value in values):
            return None
        rounding = max(torch.finfo(value.dtype).eps for value in values if value is not None)
        was, became, gradient = (value.double().reshape(-1) for value in values if value is not None)
        change = was - became
        size, product = float(change.abs().max()) if len(change) else 0.0, float(gradient @ gradient)
        error = rounding * float(was.abs().max()) if len(was) else 0.0
        if not size > _LEAST_STEP * error or not 0 < product < float("inf"):
            return None
        multiple = float(change @ gradient) / product
        distance = float((change - multiple * gradient).abs().max())
        if not distance <= _TOLERANCE * size + 4 * error:
            return None
        return _Step(before, after, multiple, int(gradient.count_nonzero()) > 1)


def _add(step: _Step) -> None:
    node, segment = step.before.leaf, step.before.segment
    if node.leaf is not None and step.after.leaf is not None:
        merge_leaves(node.leaf, step.after.leaf)
    update = UpdateRecord(node, None, node.values[0], step.after.values[0], step.before.gradient, {}, {}, None)
    segment.updates.append(update)
    segment.steps.nodes.append(node)
    segment.steps.sources.append(update)
