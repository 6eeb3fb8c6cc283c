"""The finding about columns of the data whose sizes differ so much that one learning rate cannot fit them all."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers
from gradwalk.iteration.wording import called, number

_FIRST_LAYERS: Final = ("linear", "matmul", "__matmul__", "mm", "addmm")


class UnscaledInput(Rule):
    """The columns of the input are of very different sizes: the largest one decides every step."""

    code = "unscaled-input"
    title = "Input columns of very different sizes"
    todo = "Scale each column: x = (x - x.mean(0)) / x.std(0)."

    _RATIO: Final = 100.0
    _ROWS: Final = 4

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at the data that go into the first layer of what is trained."""
        graph = iteration.graph
        if not iteration.updated:
            return
        for node in graph.operations:
            flows = graph.into.get(node.id, ())
            if node.op not in _FIRST_LAYERS or node.id not in iteration.before_roots or len(flows) < 2:
                continue
            source, weight = flows[0].source, flows[1].source
            key = graph.keys[node.id]
            if weight.id in iteration.updated and not source.requires_grad and not self._signs.again(key, iteration):
                self._judge(iteration, node, source, key)

    def found(self) -> Iterable[Finding]:
        """Return the first finding only."""
        return list(self._signs)[:1]

    def _judge(self, iteration: IndexedIteration, node: Node, source: Node, key: object) -> None:
        value = numbers(iteration.value(source.id))
        if value is None or value.ndim != 2 or value.shape[0] < self._ROWS or value.shape[1] < 2:
            return
        if not np.isfinite(value).all():
            return
        spreads = value.std(axis=0)
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
