"""Training by hand: `w = w - 0.1 * gradient` without autograd, where only the shape of the computation tells."""

import re
from typing import Final

from gradwalk.recorder.calls import COPIES, is_in_place
from gradwalk.recorder.iteration_draft import Draft
from gradwalk.recorder.records import EdgeRecord, NodeRecord, SegmentRecord, UpdateRecord
from gradwalk.recorder.tensor_capture import Captured
from gradwalk.recorder.tensor_numbers import item
from gradwalk.recorder.training_loops import TrainingLoops, innermost_common_run, runs_around
from gradwalk.recorder.turns import LoopRun, Turn

_STEPS: Final = frozenset({"sub", "add", "sub_", "add_", "__isub__", "__iadd__", "__sub__", "__add__", "subtract"})
_SCALINGS: Final = frozenset({"mul", "rmul", "div", "multiply", "true_divide", "__rmul__", "__mul__", "__truediv__"})
_LOSS: Final = re.compile(r"loss|cost|error|err$|mse|nll|objective", re.IGNORECASE)
_MOST_STEPS_BACK: Final = 2_000

Into = dict[NodeRecord, list[EdgeRecord]]

Site = tuple[int | None, str | None]
"""The line and the name of an operation."""


class HandTraining:
    """The updates of a run that compute a tensor's next value themselves.

    `into`: by operation, the edges into it. `by_transforms`: the run has backward passes, so that only what torch.func
    has computed is a gradient.
    """

    def __init__(self, into: Into, by_transforms: bool) -> None:
        self._into = into
        self._by_transforms = by_transforms
        self._sites: set[Site] = set()

    def mark_loops(self, loops: TrainingLoops, segments: list[SegmentRecord]) -> None:
        """Mark the loops whose turns update the same tensor by hand, each from what the last one left."""
        runs: list[LoopRun] = []
        latest_update: dict[tuple[Site, str | None], tuple[NodeRecord, Turn | None]] = {}
        by_leaf: dict[object, Turn | None] = {}
        for segment in segments:
            for update in segment.updates if not self._by_transforms else ():
                leaf = update.node.leaf
                if leaf in by_leaf:
                    runs += _runs_between(by_leaf[leaf], segment.turn)
                by_leaf[leaf] = segment.turn
            for node in segment.nodes:
                edge = self._updated(node)
                if edge is None:
                    continue
                key = _site(node), node.name or node.name_as_leaf
                before = latest_update.get(key)
                if before is not None and before[1] is not segment.turn and edge.source[0] is before[0]:
                    runs += _runs_between(before[1], segment.turn)
                latest_update[key] = node, segment.turn
                self._sites.add(key[0])
        # from the last sample of one epoch to the first of the next it is a turn of the epochs
        around = {outer.loop for run in runs for outer in runs_around(run.parent)}
        for run in runs:
            if run.loop not in around:
                loops.mark(run.loop)

    def add_updates(self, draft: Draft) -> None:
        """Add the updates that one turn of such a loop makes, and its loss."""
        for node in [node for node in draft.nodes if node.leaf is None]:
            updated = self._updated(node)
            if updated is None or (updated.source[0] in draft.members and updated.source[0].leaf is None):
                continue
            before, gradient = _value(updated), _gradient(self._copied_step(node), updated, self._into)
            if before is None:
                continue
            record = UpdateRecord(updated.source[0], None, before, node.values[0], gradient, {}, {}, node.line)
            draft.steps_by_hand.add(node)
            draft.updates.append(record)
            draft.steps.append((updated.source[0], record))
        if not draft.passes:
            named = [n for n in draft.nodes if n.leaf is None and n.name and _LOSS.search(n.name) and _is_scalar(n)]
            draft.loss = named[0] if named else None
            draft.steps_by_hand.update(named[:1])

    def _updated(self, node: NodeRecord) -> EdgeRecord | None:
        """Return the edge from the tensor that an operation updates, `w` in `w = w - 0.1 * gradient`; null if it is
        none.

        The gradient was computed from that tensor, neither of them requires a gradient of autograd, and the result has
        the tensor's name, or has it when it is detached.
        """
        if node.requires_grad or node.group is not None or len(node.values) != 1:
            return None
        step = self._copied_step(node)
        if step.op not in _STEPS:
            return None
        edges = self._into.get(step, ())
        if len(edges) != 2 or edges[0].argument not in ("self", "input"):
            return None
        updated, change = edges[0], edges[1].source[0]
        if not is_in_place(step.op) and not self._has_name_of(node, updated.source[0]):
            return None
        subtracts = "sub" in step.op
        scaled = change.op in _SCALINGS or bool((step.arguments or {}).get("alpha"))
        if change.leaf is not None or not (subtracts or scaled):
            return None
        return updated if self._depends_on(change, updated.source[0]) else None

    def _copied_step(self, node: NodeRecord) -> NodeRecord:
        """Return the operation whose result, which has no name, a node only hands on; else the node itself."""
        found = node
        while found.op in COPIES and self._into.get(found):
            found = self._into[found][0].source[0]
        return found if found.name is None else node

    def _has_name_of(self, node: NodeRecord, before: NodeRecord) -> bool:
        names = {node.name, node.name_as_leaf} - {None}
        # what the last turn binds within a list is never used, and so it has no name
        return bool(names & {before.name, before.name_as_leaf}) if names else _site(node) in self._sites

    def _depends_on(self, change: NodeRecord, on: NodeRecord) -> bool:
        """Return whether a change is a gradient: computed from what it changes, and inside torch.func where it must."""
        pending, seen = [change], {change}
        depends, derived = False, not self._by_transforms
        while pending and len(seen) < _MOST_STEPS_BACK and not (depends and derived):
            node = pending.pop()
            derived = derived or node.derived
            for edge in self._into.get(node, ()):
                source = edge.source[0]
                depends = depends or source is on or (on.leaf is not None and source.leaf is on.leaf)
                if source not in seen and source.leaf is None:
                    seen.add(source)
                    pending.append(source)
        return depends and derived


def _runs_between(one: Turn | None, other: Turn | None) -> list[LoopRun]:
    run = innermost_common_run(one, other)
    return [] if run is None or one is other else [run]


def _site(node: NodeRecord) -> Site:
    return node.line, node.op


def _gradient(node: NodeRecord, updated: EdgeRecord, into: Into) -> Captured | None:
    """Return the captured gradient of `w - 0.1 * gradient`: what is scaled, or else what is subtracted."""
    change = next(edge for edge in into[node] if edge is not updated)
    inner = into.get(change.source[0], ())
    if change.source[0].op in _SCALINGS and len(inner) == 1:
        return _value(inner[0])
    return _value(change)


def _value(edge: EdgeRecord) -> Captured | None:
    node, output = edge.source
    return node.values[output] if output < len(node.values) else None


def _is_scalar(node: NodeRecord) -> bool:
    return bool(node.values) and item(node.values[0]) is not None
