"""Training by hand: `w = w - 0.1 * gradient` without autograd, where only the shape of the computation tells."""

import re
from typing import Final

from gradwalk.recorder.calls import is_in_place
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


def mark_loops_by_hand(loops: TrainingLoops, segments: list[SegmentRecord], into: Into) -> None:
    """Mark the loops whose turns update the same tensor by hand, each from what the last one left."""
    runs: list[LoopRun] = []
    latest_update: dict[tuple[int | None, str | None], tuple[NodeRecord, Turn | None]] = {}
    by_leaf: dict[object, Turn | None] = {}
    for segment in segments:
        for update in segment.updates:
            leaf = update.node.leaf
            if leaf in by_leaf:
                runs += _runs_between(by_leaf[leaf], segment.turn)
            by_leaf[leaf] = segment.turn
        for node in segment.nodes:
            if _updated(node, into) is None:
                continue
            key = (node.line, node.op)
            before = latest_update.get(key)
            if before is not None and before[1] is not segment.turn and _follows(node, before[0], into):
                runs += _runs_between(before[1], segment.turn)
            latest_update[key] = node, segment.turn
    # from the last sample of one epoch to the first of the next it is a turn of the epochs
    around = {outer.loop for run in runs for outer in runs_around(run.parent)}
    for run in runs:
        if run.loop not in around:
            loops.mark(run.loop)


def _runs_between(one: Turn | None, other: Turn | None) -> list[LoopRun]:
    run = innermost_common_run(one, other)
    return [] if run is None or one is other else [run]


def with_updates_by_hand(draft: Draft, into: Into) -> None:
    """Add the updates that one turn of such a loop makes, and its loss."""
    for node in [node for node in draft.nodes if node.leaf is None]:
        updated = _updated(node, into)
        if updated is None or (updated.source[0] in draft.members and updated.source[0].leaf is None):
            continue
        before, gradient = _value(updated), _gradient(node, updated, into)
        if before is None:
            continue
        record = UpdateRecord(updated.source[0], None, before, node.values[0], gradient, {}, {}, node.line)
        draft.steps_by_hand.add(node)
        draft.updates.append(record)
        draft.steps.append((updated.source[0], record))
    named = [n for n in draft.nodes if n.leaf is None and n.name and _LOSS.search(n.name) and _is_scalar(n)]
    draft.loss = named[0] if named else None
    draft.steps_by_hand.update(named[:1])


def _updated(node: NodeRecord, into: Into) -> EdgeRecord | None:
    """Return the edge from the tensor that an operation updates, `w` in `w = w - 0.1 * gradient`; null if it is none.

    The gradient was computed from that tensor, neither of them requires a gradient of autograd, and the result has the
    tensor's name.
    """
    if node.op not in _STEPS or node.requires_grad or node.group is not None or len(node.values) != 1:
        return None
    edges = into.get(node, ())
    if len(edges) != 2 or edges[0].argument not in ("self", "input"):
        return None
    updated, change = edges[0], edges[1].source[0]
    before = updated.source[0]
    if not is_in_place(node.op) and (node.name is None or node.name not in (before.name, before.name_as_leaf)):
        return None
    subtracts = "sub" in node.op
    scaled = change.op in _SCALINGS or bool((node.arguments or {}).get("alpha"))
    if change.leaf is not None or not (subtracts or scaled):
        return None
    return updated if _depends_on(change, updated.source[0], into) else None


def _depends_on(node: NodeRecord, on: NodeRecord, into: Into) -> bool:
    pending, seen = [node], {node}
    while pending and len(seen) < _MOST_STEPS_BACK:
        for edge in into.get(pending.pop(), ()):
            source = edge.source[0]
            if source is on or (on.leaf is not None and source.leaf is on.leaf):
                return True
            if source not in seen and source.leaf is None:
                seen.add(source)
                pending.append(source)
    return False


def _follows(node: NodeRecord, before: NodeRecord, into: Into) -> bool:
    """Return whether an update goes on from what the one before it left."""
    edge = _updated(node, into)
    return edge is not None and edge.source[0] is before


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
