"""The writer of the training history: each parameter's range, size and gradient over the iterations, and the first
non-finite number.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from gradwalk.contract.fields import Real
from gradwalk.contract.training_history import FirstNonFinite, LeafHistory, TrainingHistory
from gradwalk.iteration.first_non_finite import NONE, NonFiniteKind, Produced, is_deliberate, origins
from gradwalk.recorder.element_types import elements
from gradwalk.recorder.non_finite_captures import kinds_in, non_finite
from gradwalk.recorder.records import EdgeRecord, IterationRecord, NodeRecord, PassRecord, Port
from gradwalk.recorder.tensor_capture import Captured, TensorSummary

_DIGITS: Final = 6

LeafKey = tuple[str, int]
"""A leaf's name, or its graph and id, and its number among the leaves of this name."""


class _Leaf(NamedTuple):
    """A leaf as one iteration has it."""

    key: LeafKey
    iteration: int
    graph: int
    id: str
    name: str | None
    value: Captured
    gradient: Captured | None


class TrainingHistoryWriter:
    """A writer that takes iteration after iteration. `graphs`: how many graphs they share."""

    def __init__(self, graphs: int) -> None:
        self._graphs = graphs
        self._iterations = 0
        self._leaves: dict[LeafKey, LeafHistory] = {}
        self._first: FirstNonFinite | None = None
        self._unmeasured: list[_Leaf] = []

    def add(self, graph: int, record: IterationRecord) -> None:
        """Add the next iteration, whose graph is number `graph`."""
        iteration = self._iterations
        self._iterations += 1
        if self._first is None:
            self._first = _first_non_finite(record, iteration)
        counts: Counter[str] = Counter()
        for node in record.nodes:
            if node.kind == "parameter" and node.id:
                name = node.name or f"{graph}:{node.id}"
                key = name, counts[name]
                gradient = _gradient(record, node)
                self._unmeasured.append(_Leaf(key, iteration, graph, node.id, node.name, node.values[0], gradient))
                counts[name] += 1
        # a single iteration has no history
        if self._iterations > 1:
            for leaf in self._unmeasured:
                self._measure(leaf)
            self._unmeasured = []

    def training_history(self) -> TrainingHistory:
        """Return the history. A single iteration has no leaves in it."""
        if self._iterations < 2:
            return TrainingHistory(leaves=[], first_nonfinite=self._first)
        for leaf in self._leaves.values():
            for series in _series(leaf):
                series += [None] * (self._iterations - len(series))
        return TrainingHistory(leaves=list(self._leaves.values()), first_nonfinite=self._first)

    def _measure(self, one: _Leaf) -> None:
        leaf = self._leaves.get(one.key)
        if leaf is None:
            leaf = self._leaves[one.key] = LeafHistory(
                name=one.name, nodes=[None] * self._graphs, low=[], high=[], norm=[], gradient_norm=[]
            )
        leaf.nodes[one.graph] = one.id
        now = (*_measured(one.value), None if one.gradient is None else _measured(one.gradient)[2])
        for series, number in zip(_series(leaf), now, strict=True):
            series += [None] * (one.iteration - len(series))
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
    found = non_finite(chain(values, gradients))
    if not any(found.values()):
        return None
    first = next(origins(_Computations(record, found).non_finite()), None)
    return None if first is None else FirstNonFinite(iteration=iteration, node=first.node.id, where=first.where)


class _Computations:
    """The computations of the steps of an iteration. `known`: by the identity of a capture, whether it holds a number
    that is not finite.
    """

    def __init__(self, record: IterationRecord, known: dict[int, bool]) -> None:
        self._record = record
        self._known = known

    def non_finite(self) -> Iterator[Produced[NodeRecord]]:
        """Yield, in the order of the steps, the computations with a result that is not finite, as
        `first_non_finite.computations` does for an iteration that is written.
        """
        record = self._record
        into: dict[NodeRecord, list[EdgeRecord]] = {}
        out_of: dict[NodeRecord, list[EdgeRecord]] = {}
        for edge in record.edges:
            into.setdefault(edge.target, []).append(edge)
            out_of.setdefault(record.source(edge)[0], []).append(edge)
        only_gradients = not any(self._known.get(id(value), True) for node in record.nodes for value in node.values)
        seen: set[NodeRecord] = set()
        for index, (kind, node, source) in enumerate(record.steps):
            if not node.id:
                continue
            if kind in ("leaf", "operation"):
                if only_gradients:
                    continue
                edges = into.get(node, ())
                for leaf in (record.source(edge)[0] for edge in edges):
                    if leaf.kind != "operation" and leaf not in seen:
                        seen.add(leaf)
                        yield from self._value(leaf, index, ())
                seen.add(node)
                yield from self._value(node, index, edges)
            elif isinstance(source, PassRecord):
                yield from self._gradients(source, node, index, into.get(node, ()), out_of.get(node, ()))

    def _value(self, node: NodeRecord, step: int, edges: Sequence[EdgeRecord]) -> Iterator[Produced[NodeRecord]]:
        results = tuple(map(self._kinds, node.values))
        if any(results):
            inputs = (self._input(self._record.source(edge)) for edge in edges)
            deliberate = is_deliberate(node.kind, node.op, node.arguments or {})
            yield Produced(node, step, "value", NONE.union(*inputs), results, deliberate)

    def _gradients(
        self,
        backward: PassRecord,
        node: NodeRecord,
        step: int,
        into: Sequence[EdgeRecord],
        out_of: Sequence[EdgeRecord],
    ) -> Iterator[Produced[NodeRecord]]:
        """Yield the sum of the contributions that came to a node, and then the contributions that leave it."""
        given, back, kinds = backward.gradients, backward.contributions, self._kinds
        outputs = (output for output in range(node.outputs) if (node, output) in given)
        gradient = tuple(kinds(given[node, output]) for output in outputs)
        if any(gradient):
            arrived = (kinds(back[edge]) for edge in out_of if edge in back)
            yield Produced(node, step, "gradient", NONE.union(*arrived), gradient)
        leaving = tuple(kinds(back[edge]) for edge in into if edge in back)
        if any(leaving):
            yield Produced(node, step, "gradient", NONE.union(*gradient), leaving)

    def _input(self, port: Port) -> frozenset[NonFiniteKind]:
        node, output = port
        return self._kinds(node.values[output]) if output < len(node.values) else NONE

    def _kinds(self, captured: Captured) -> frozenset[NonFiniteKind]:
        return NONE if self._known.get(id(captured)) is False else kinds_in(captured)
