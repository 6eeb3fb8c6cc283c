"""The writer of the training history: each parameter's range, size and gradient over the iterations, and the first
non-finite number.
"""

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.fields import Real
from gradwalk.contract.training_history import FirstNonFinite, LeafHistory, TrainingHistory
from gradwalk.recorder.records import IterationRecord, NodeRecord
from gradwalk.recorder.tensor_capture import Captured, TensorSummary, as_array

_DIGITS: Final = 6
_MASKING: Final = frozenset({"masked_fill", "masked_fill_", "where", "fill_", "full_like", "__setitem__"})
"""Operations that put infinite numbers into a tensor on purpose, for a softmax to turn into 0."""

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
            self._first = self._nonfinite(record)
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

    def _nonfinite(self, record: IterationRecord) -> FirstNonFinite | None:
        masked: set[NodeRecord] = set()
        for node in record.nodes:
            if node.id and _any_broken(node.values):
                if not _any_nan(node.values) and (node.op in _MASKING or _takes(record, node, masked)):
                    masked.add(node)
                    continue
                return FirstNonFinite(iteration=self._iterations - 1, node=node.id, where="value")
        for each in record.passes:
            for (node, _), gradient in each.gradients.items():
                if node.id and _any_broken([gradient]):
                    return FirstNonFinite(iteration=self._iterations - 1, node=node.id, where="gradient")
        return None


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
    array = as_array(captured)
    array = array[np.isfinite(array)]
    if not array.size:
        return None, None, None
    if np.iscomplexobj(array):
        array = np.abs(array)
    wide = array.astype(np.float64)
    return _short(wide.min()), _short(wide.max()), _short(math.sqrt(np.dot(wide, wide)))


def _short(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(f"{number:.{_DIGITS}g}")


def _any_broken(values: Iterable[Captured]) -> bool:
    return any(map(_broken, values))


def _takes(record: IterationRecord, node: NodeRecord, masked: set[NodeRecord]) -> bool:
    """Return whether infinite numbers that are there on purpose go into the node."""
    return bool(masked) and any(edge.target is node and edge.source[0] in masked for edge in record.edges)


def _any_nan(values: Iterable[Captured]) -> bool:
    return any(map(_nan, values))


def _nan(captured: Captured) -> bool:
    if isinstance(captured, TensorSummary):
        return captured.stats is not None and captured.stats.nans > 0
    fractional = captured[1].is_floating_point or captured[1].is_complex
    return fractional and bool(np.isnan(as_array(captured)).any())


def _broken(captured: Captured) -> bool:
    if isinstance(captured, TensorSummary):
        return captured.stats is not None and captured.stats.nans + captured.stats.infs > 0
    fractional = captured[1].is_floating_point or captured[1].is_complex
    return fractional and not np.isfinite(as_array(captured)).all()
