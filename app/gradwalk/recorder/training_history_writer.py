"""The writer of the training history: each parameter's range, size and gradient over the iterations, and the first
non-finite number.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

import numpy as np

from gradwalk.contract.fields import Real
from gradwalk.contract.training_history import FirstNonFinite, LeafHistory, TrainingHistory
from gradwalk.iteration.first_non_finite import NONE, NonFiniteKind, Produced, is_deliberate, kinds_of, origins
from gradwalk.recorder.element_types import elements
from gradwalk.recorder.records import EdgeRecord, IterationRecord, NodeRecord, PassRecord, Port
from gradwalk.recorder.tensor_capture import Captured, TensorSummary

_DIGITS: Final = 6

LeafKey = tuple[str, int]
"""A leaf's name, or its graph and id, and its number among the leaves of this name."""


class TrainingHistoryWriter:
    """A writer that takes iteration after iteration. `graphs`: how many graphs they share."""

    def __init__(self, graphs: int) -> None:
        self._graphs = graphs
        self._iterations = 0
        self._leaves: dict[LeafKey, LeafHistory] = {}
        self._first: FirstNonFinite | None = None

    def add(self, graph: int, record: IterationRecord) -> None:
        """Add the next iteration, whose graph is number `graph`."""
        self._iterations += 1
        if self._first is None:
            self._first = _first_non_finite(record, self._iterations - 1)
        counts: Counter[str] = Counter()
        for node in record.nodes:
            if node.kind == "parameter" and node.id:
                name = node.name or f"{graph}:{node.id}"
                self._add_leaf(graph, record, node, (name, counts[name]))
                counts[name] += 1

    def training_history(self) -> TrainingHistory:
        """Return the history. A single iteration has no leaves in it."""
        if self._iterations < 2:
            return TrainingHistory(leaves=[], first_nonfinite=self._first)
        for leaf in self._leaves.values():
            for series in _series(leaf):
                series += [None] * (self._iterations - len(series))
        return TrainingHistory(leaves=list(self._leaves.values()), first_nonfinite=self._first)

    def _add_leaf(self, graph: int, record: IterationRecord, node: NodeRecord, key: LeafKey) -> None:
        leaf = self._leaves.get(key)
        if leaf is None:
            leaf = self._leaves[key] = LeafHistory(
                name=node.name, nodes=[None] * self._graphs, low=[], high=[], norm=[], gradient_norm=[]
            )
        leaf.nodes[graph] = node.id
        gradient = _gradient(record, node)
        now = (*_measured(node.values[0]), None if gradient is None else _measured(gradient)[2])
        for series, number in zip(_series(leaf), now, strict=True):
            series += [None] * (self._iterations - 1 - len(series))
            series.append(number)


def _series(leaf: LeafHistory) -> tuple[list[Real | None], ...]:
    return leaf.low, leaf.high, leaf.norm, leaf.gradient_norm


def _gradient(record: IterationRecord, leaf: NodeRecord) -> Captured | None:
    """Return the `.grad` that an update of the leaf would use, else the gradient that the program asked for."""
    latest = record.passes[::-1]
    accumulated = (each.accumulated[leaf] for each in latest if leaf in each.accumulated)
    given = (each.gradients[leaf, 0] for each in latest if (leaf, 0) in each.gradients)
    return next(accumulated, None) or next(given, None)


def _measured(captured: Captured) -> tuple[float | None, float | None, float | None]:
    """Return the lowest, the highest, and the Euclidean norm of the finite elements."""
    if isinstance(captured, TensorSummary):
        stats = captured.stats
        return (None, None, None) if stats is None else (_short(stats.min), _short(stats.max), _short(stats.norm))
    array = elements(captured[2], captured[1])
    array = array[np.isfinite(array)]
    if not array.size:
        return None, None, None
    if np.iscomplexobj(array):
        array = np.abs(array)
    wide = array.astype(np.float64)
    return _short(wide.min()), _short(wide.max()), _short(math.sqrt(np.dot(wide, wide)))


def _short(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(f"{number:.{_DIGITS}g}")


def _first_non_finite(record: IterationRecord, iteration: int) -> FirstNonFinite | None:
    """Return where the first NaN or infinity of an iteration was made, by the rule that the stage shows."""
    values = (value for node in record.nodes if node.id for value in node.values)
    gradients = (gradient for each in record.passes for gradient in each.gradients.values())
    # most iterations have none: one look at their numbers is enough
    if not any(_kinds(captured) for captured in chain(values, gradients)):
        return None
    found = origins(_computations(record))
    return FirstNonFinite(iteration=iteration, node=found[0].node.id, where=found[0].where) if found else None


def _computations(record: IterationRecord) -> Iterator[Produced[NodeRecord]]:
    """Yield what every step computed, as `first_non_finite.computations` does for an iteration that is written."""
    into: dict[NodeRecord, list[EdgeRecord]] = {}
    out_of: dict[NodeRecord, list[EdgeRecord]] = {}
    for edge in record.edges:
        into.setdefault(edge.target, []).append(edge)
        out_of.setdefault(record.source(edge)[0], []).append(edge)
    seen: set[NodeRecord] = set()
    for index, (kind, node, source) in enumerate(record.steps):
        if not node.id:
            continue
        if kind in ("leaf", "operation"):
            edges = into.get(node, ())
            for leaf in (record.source(edge)[0] for edge in edges):
                if leaf.kind != "operation" and leaf not in seen:
                    seen.add(leaf)
                    yield _value(record, leaf, index, ())
            seen.add(node)
            yield _value(record, node, index, edges)
        elif isinstance(source, PassRecord):
            given, back = source.gradients, source.contributions
            gradient = tuple(_kinds(given[node, output]) for output in range(node.outputs) if (node, output) in given)
            arrived = (_kinds(back[edge]) for edge in out_of.get(node, ()) if edge in back)
            yield Produced(node, index, "gradient", NONE.union(*arrived), gradient)
            leaving = tuple(_kinds(back[edge]) for edge in into.get(node, ()) if edge in back)
            yield Produced(node, index, "gradient", NONE.union(*gradient), leaving)


def _value(record: IterationRecord, node: NodeRecord, step: int, edges: Sequence[EdgeRecord]) -> Produced[NodeRecord]:
    results = tuple(map(_kinds, node.values))
    inputs = (_input(record.source(edge)) for edge in edges) if any(results) else ()
    deliberate = is_deliberate(node.kind, node.op, node.arguments or {})
    return Produced(node, step, "value", NONE.union(*inputs), results, deliberate)


def _input(port: Port) -> frozenset[NonFiniteKind]:
    node, output = port
    return _kinds(node.values[output]) if output < len(node.values) else NONE


def _kinds(captured: Captured) -> frozenset[NonFiniteKind]:
    """Return the kinds of non-finite numbers in a captured tensor."""
    if isinstance(captured, TensorSummary):
        stats = captured.stats
        return NONE if stats is None else kinds_of(nan=stats.nans > 0, plus=stats.infs > 0, minus=False)
    if not (captured[1].is_floating_point or captured[1].is_complex):
        return NONE
    array = elements(captured[2], captured[1])
    if np.isfinite(array).all():
        return NONE
    parts = array.view(array.real.dtype) if np.iscomplexobj(array) else array
    return kinds_of(
        nan=bool(np.isnan(parts).any()), plus=bool(np.isposinf(parts).any()), minus=bool(np.isneginf(parts).any())
    )
