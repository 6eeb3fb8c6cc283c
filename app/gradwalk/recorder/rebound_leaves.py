"""Updates that give a leaf's name to a new tensor: `w = (w - lr * w.grad).detach().requires_grad_()`.

What is computed from a leaf and its gradient waits until a new leaf holds the very same numbers. Whether both are the
same variable of the program is decided when the run is over, because only then all names are known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import ref

import torch

from gradwalk.recorder.calls import COPIES
from gradwalk.recorder.records import EdgeRecord, LeafRecord, NodeRecord, PassRecord, SegmentRecord, UpdateRecord
from gradwalk.recorder.tensor_capture import Captured, shape_of
from gradwalk.recorder.training_loops import is_around
from gradwalk.recorder.turns import Turn

_MOST_STEPS_BACK: Final = 2_000
_MOST_WAITING: Final = 1_000
"""How many leaves are waited for: an attack on each batch computes from a leaf that is never used again."""


@dataclass(slots=True, eq=False)
class Rebinding:
    """A tensor that was computed from a leaf and its gradient. `update`: what it is if it takes the leaf's name.

    `place`: the empty segment at the point of the run where it was computed. `result`: the tensor. `successor`: the
    first leaf that holds the same numbers; null as long as there is none.
    """

    update: UpdateRecord
    place: SegmentRecord
    result: ref[torch.Tensor]
    successor: NodeRecord | None = None


class Rebindings:
    """The tensors of a run that may have taken the name of the leaf that they were computed from."""

    def __init__(self) -> None:
        self._waiting: dict[LeafRecord, Rebinding] = {}
        self._found: list[Rebinding] = []
        self._computed: list[tuple[NodeRecord, NodeRecord]] = []

    def waiting(self, leaf: LeafRecord) -> Rebinding | None:
        """Return what was last computed from a leaf and its gradient, as long as no new leaf holds these numbers."""
        return self._waiting.get(leaf)

    def add(self, leaf: LeafRecord, rebinding: Rebinding) -> None:
        """Add a tensor that was computed from a leaf and its gradient. It takes the place of the one before it."""
        self._waiting[leaf] = rebinding
        if len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]

    def note_write(self, tensor: torch.Tensor, capture: Callable[[torch.Tensor], Captured]) -> None:
        """Note that a tensor was written: its numbers may be clamped before it becomes a leaf."""
        for one in self._waiting.values():
            if one.result() is tensor:
                one.update.after = capture(tensor)

    def note_leaf(self, node: NodeRecord) -> list[Rebinding]:
        """Note a new leaf that learns, and return what it may be the successor of."""
        found = [leaf for leaf, one in self._waiting.items() if one.update.after == node.values[0]]
        rebindings = [self._waiting.pop(leaf) for leaf in found]
        for one in rebindings:
            one.update.after, one.successor = node.values[0], node
        self._found += rebindings
        return rebindings

    def note_computed_leaf(self, operation: NodeRecord, leaf: NodeRecord) -> None:
        """Note that the result of an operation has become a leaf."""
        self._computed.append((operation, leaf))

    def resolve(self, segments: Sequence[SegmentRecord]) -> set[LeafRecord]:
        """Add the updates, and make one leaf of the leaves that have the same name. The run has ended.

        Return the leaves that operations have made.
        """
        updating = {_site(one) for one in self._found if _becomes_one_leaf(one)}
        # the last one of a run may never be used: it is an update if the same line has made one before
        last = [one for one in self._waiting.values() if _site(one) in updating]
        for one in (*self._found, *last):
            if one.successor is None or one.successor.leaf is one.update.node.leaf:
                one.place.updates.append(one.update)
                one.place.steps.nodes.append(one.update.node)
                one.place.steps.sources.append(one.update)
        if self._computed:
            _resolve_computed(self._computed, segments)
        computed = {leaf.leaf for _, leaf in self._computed if leaf.leaf is not None}
        _resolve_created(segments, computed)
        self._waiting, self._found, self._computed = {}, [], []
        return computed


def _site(rebinding: Rebinding) -> tuple[int | None, str | None]:
    return rebinding.update.line, rebinding.update.node.name


def _becomes_one_leaf(rebinding: Rebinding) -> bool:
    """Make one leaf of a leaf and its successor. Return false if they are two variables of the program."""
    leaf, successor = rebinding.update.node.leaf, rebinding.successor
    if leaf is None or successor is None or successor.leaf is None or successor.name != rebinding.update.node.name:
        return False
    merge_leaves(leaf, successor.leaf)
    return True


def merge_leaves(leaf: LeafRecord, other: LeafRecord) -> None:
    """Make one leaf of two."""
    for node in other.nodes if other is not leaf else ():
        node.leaf, node.number = leaf, len(leaf.nodes)
        leaf.nodes.append(node)


# ------------------------------------------------------------------ results of operations that become leaves


def _resolve_computed(computed: list[tuple[NodeRecord, NodeRecord]], segments: Sequence[SegmentRecord]) -> None:
    """Find the updates among the results of operations that have become leaves: `w - lr * g` is one where the graph of
    the gradient was created too.
    """
    into: dict[NodeRecord, list[EdgeRecord]] = {}
    users: dict[NodeRecord, set[NodeRecord]] = {}
    segment_of: dict[NodeRecord, SegmentRecord] = {}
    gradients: dict[NodeRecord, Captured] = {}
    for segment in segments:
        segment_of |= dict.fromkeys(segment.nodes, segment)
        for each in segment.passes:
            gradients |= {node: value for (node, _), value in each.gradients.items() if node.leaf is not None}
        for edge in segment.edges:
            into.setdefault(edge.target, []).append(edge)
            users.setdefault(edge.source[0], set()).add(edge.target)
    made: dict[tuple[int | None, str | None], NodeRecord] = {}
    found: set[NodeRecord] = set()
    for result, leaf in computed:
        operation, handed_on = result, [leaf]
        while operation.op in COPIES and operation in into:
            handed_on.append(operation)
            operation = into[operation][0].source[0]
        updated = _updated_leaf(operation, leaf, into)
        if updated is None or updated.leaf is None or leaf.leaf is None or operation not in segment_of:
            continue
        merge_leaves(updated.leaf, leaf.leaf)
        _add_after(operation, segment_of[operation], _step(operation, updated, leaf.values[0], gradients))
        made[operation.line, operation.op] = leaf
        found.add(operation)
        for node in handed_on:
            if node is leaf or users.get(node, set()).issubset(handed_on):
                _leave_out(node, segment_of[node])
    for node, segment in segment_of.items():
        # the last one of a run may never become a leaf
        if (node.line, node.op) in made and node not in found and node.leaf is None:
            updated = _updated_leaf(node, made[node.line, node.op], into)
            if updated is not None:
                _add_after(node, segment, _step(node, updated, node.values[0], gradients))


def _step(
    operation: NodeRecord, updated: NodeRecord, value: Captured, gradients: dict[NodeRecord, Captured]
) -> UpdateRecord:
    """Return the update of a leaf by the operation that computed its new value."""
    return UpdateRecord(updated, None, updated.values[0], value, gradients.get(updated), {}, {}, operation.line)


def _add_after(operation: NodeRecord, segment: SegmentRecord, update: UpdateRecord) -> None:
    """Add the update of a leaf right after the operation that computed its new value."""
    at = segment.steps.nodes.index(operation) + 1
    segment.steps.nodes.insert(at, update.node)
    segment.steps.sources.insert(at, update)
    earlier = segment.steps.sources[:at]
    segment.updates.insert(sum(isinstance(source, UpdateRecord) for source in earlier), update)


def _leave_out(node: NodeRecord, segment: SegmentRecord) -> None:
    """Remove a node from its segment: it only handed on what an update computed."""
    segment.nodes.remove(node)
    segment.edges = [edge for edge in segment.edges if edge.target is not node]
    at = segment.steps.nodes.index(node)
    del segment.steps.nodes[at], segment.steps.sources[at]


def _updated_leaf(
    operation: NodeRecord, new: NodeRecord, into: dict[NodeRecord, list[EdgeRecord]]
) -> NodeRecord | None:
    """Return the leaf with the name of a new one that an operation was computed from, and from a gradient."""
    pending, seen = [operation], {operation}
    updated, by_gradient = None, False
    while pending and len(seen) < _MOST_STEPS_BACK:
        node = pending.pop()
        if node.leaf is not None:
            alike = node.name is not None and node.name == new.name and node.requires_grad
            if alike and shape_of(node.values[0]) == shape_of(new.values[0]):
                updated = node
        by_gradient = by_gradient or node.derived or (node.leaf is not None and node.leaf.is_gradient)
        for edge in into.get(node, ()):
            if edge.source[0] not in seen:
                seen.add(edge.source[0])
                pending.append(edge.source[0])
    return updated if by_gradient else None


# ------------------------------------------------------------------ leaves that are created anew


def _resolve_created(segments: Sequence[SegmentRecord], computed: set[LeafRecord]) -> None:
    """Find the updates by a leaf that the program creates in the turn of a pass, for the next one: `w = torch.tensor(
    w.detach().numpy() - lr * w.grad.numpy(), requires_grad=True)`. `computed`: leaves that operations have made.
    """
    first_use: dict[LeafRecord, Turn | None] = {}
    for segment in segments:
        for edge in segment.edges:
            if edge.source[0].leaf is not None:
                first_use.setdefault(edge.source[0].leaf, segment.turn)
    trained: dict[str, tuple[NodeRecord, PassRecord, Turn]] = {}
    updating: set[tuple[int | None, str | None]] = set()
    for segment in segments:
        for each in segment.passes:
            for node, _ in each.gradients:
                if node.leaf is not None and node.name is not None and segment.turn is not None:
                    trained[node.name] = node, each, segment.turn
        for node in [node for node in segment.nodes if node.leaf is not None and node.name in trained]:
            before, by, turn = trained[node.name or ""]
            new = node.leaf
            if new is None or before.leaf is None or segment.turn is None:
                continue
            if new is before.leaf or new in computed or not _learns(new):
                continue
            alike = shape_of(node.values[0]) == shape_of(before.values[0]) and is_around(segment.turn, turn)
            used_later = not is_around(segment.turn, first_use[new]) if new in first_use else _site_of(node) in updating
            if alike and used_later:
                updating.add(_site_of(node))
                merge_leaves(before.leaf, new)
                _replace_creation(segment, node, before, by)


def _learns(leaf: LeafRecord) -> bool:
    return any(node.requires_grad for node in leaf.nodes)


def _site_of(node: NodeRecord) -> tuple[int | None, str | None]:
    return node.line, node.name


def _replace_creation(segment: SegmentRecord, new: NodeRecord, before: NodeRecord, by: PassRecord) -> None:
    """Put an update in the place where a leaf was created."""
    gradient = by.accumulated.get(before) or by.gradients.get((before, 0))
    update = UpdateRecord(before, None, before.values[0], new.values[0], gradient, {}, {}, new.line)
    segment.nodes.remove(new)
    at = segment.steps.nodes.index(new)
    segment.steps.nodes[at], segment.steps.sources[at] = before, update
    segment.updates.insert(0, update)
