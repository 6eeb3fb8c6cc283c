"""The finding about columns of the data whose sizes differ so much that one learning rate cannot fit them all."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import Array, numbers, real
from gradwalk.iteration.wording import called, number

_FIRST_LAYERS: Final = ("linear", "matmul", "__matmul__", "mm", "addmm")
_DROPOUTS: Final = ("dropout", "feature_dropout", "alpha_dropout")


def _before_dropout(iteration: IndexedIteration, source: Node) -> Node:
    """Return the data themselves: of a column of which a dropout has kept one small number, the size says nothing."""
    while source.op in _DROPOUTS and iteration.graph.into.get(source.id):
        source = iteration.graph.into[source.id][0].source
    return source


class UnscaledInput(Rule):
    """The columns of the input are of very different sizes: the largest one decides every step."""

    code = "unscaled-input"
    title = "Input columns of very different sizes"
    todo = "Scale each column: x = (x - x.mean(0)) / x.std(0)."

    _RATIO: Final = 100.0
    _ROWS: Final = 4
    _LARGE: Final = 100.0
    _GROWTH: Final = 10.0

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._large: Finding | None = None
        self._losses: list[float] = []

    def look(self, iteration: IndexedIteration) -> None:
        """Look at the data that go into the first layer of what is trained."""
        graph = iteration.graph
        if not iteration.updated:
            return
        loss = real(iteration.body.loss)
        self._losses += [] if loss is None else [loss]
        for node in graph.operations:
            flows = graph.into.get(node.id, ())
            if node.op not in _FIRST_LAYERS or node.id not in iteration.before_roots or len(flows) < 2:
                continue
            source, weight = _before_dropout(iteration, flows[0].source), flows[1].source
            key = graph.keys[node.id]
            if weight.id in iteration.updated and not source.requires_grad and not self._signs.again(key, iteration):
                self._judge(iteration, node, source, key)

    def found(self) -> Iterable[Finding]:
        """Return the first finding only. Columns that are all large do harm where the loss grows."""
        if not any(True for _ in self._signs) and self._large is not None and self._grows():
            yield self._large
        yield from list(self._signs)[:1]

    def _grows(self) -> bool:
        """Return whether the loss ends far above its beginning, or is no number any more."""
        first, last = self._losses[0], self._losses[-1]
        return not math.isfinite(last) or last > self._GROWTH * abs(first)

    def _all_large(self, iteration: IndexedIteration, node: Node, source: Node, value: Array) -> None:
        size = float(np.sqrt((value * value).mean()))
        if self._large is not None or size < self._LARGE:
            return
        name = called(source)
        named = source.name if source.name and source.name.isidentifier() else "x"
        why = (
            f"The numbers of {name} have a size of about {number(size)}, and the loss grows with every step: the "
            "gradient of the first layer is as many times larger, and each step jumps too far."
        )
        todo = f"Scale the data before training: {named} = ({named} - {named}.mean(0)) / {named}.std(0)."
        self._large = self.finding(iteration, node, why, Details(others=[source], todo=todo))

    def _judge(self, iteration: IndexedIteration, node: Node, source: Node, key: object) -> None:
        value = numbers(iteration.value(source.id))
        if value is None or value.ndim != 2 or value.shape[0] < self._ROWS:
            return
        if not np.isfinite(value).all():
            return
        spreads = value.std(axis=0)
        self._all_large(iteration, node, source, value)
        kept = [i for i in range(value.shape[1]) if spreads[i] > 0 and not np.isin(value[:, i], (0.0, 1.0)).all()]
        if len(kept) < 2:
            return
        largest, smallest = max(kept, key=lambda i: spreads[i]), min(kept, key=lambda i: spreads[i])
        if spreads[largest] < self._RATIO * spreads[smallest]:
            return
        name = called(source)
        why = (
            f"Column {largest} of {name} spreads by {number(float(spreads[largest]))}, column {smallest} by "
            f"{number(float(spreads[smallest]))}: a learning rate that suits one is far too large or too small for the "
            "other."
        )
        named = source.name if source.name and source.name.isidentifier() else "x"
        todo = f"Scale each column before training: {named} = ({named} - {named}.mean(0)) / {named}.std(0)."
        self._signs.add(key, self.finding(iteration, node, why, Details(others=[source], todo=todo)))
