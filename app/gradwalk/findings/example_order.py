"""Findings about numbers that end up at the wrong place: examples without labels, a view in place of a transpose."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import Array, is_whole, numbers
from gradwalk.iteration.wording import at_line, called

_LOSSES: Final = (
    *("mse_loss", "l1_loss", "cross_entropy", "nll_loss", "binary_cross_entropy", "smooth_l1_loss", "huber_loss"),
    *("binary_cross_entropy_with_logits", "sub", "__sub__"),
)
_INDEXING: Final = ("__getitem__", "index_select")
_FEWEST: Final = 3
_MOST_LOSSES: Final = 20
_DEEPEST: Final = 200


class LabelsLeftBehind(Rule):
    """The examples are shuffled and their labels are not, or in another order."""

    code = "labels-not-shuffled"
    title = "Examples shuffled without their labels"
    severity = "error"
    todo = "Index the labels with the same order."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for a permutation among what the prediction was computed from that is not in the target."""
        graph = iteration.graph
        orders = [node for node in graph.operations if self._order(iteration, node) is not None]
        if not orders:
            return
        losses = [node for node in graph.operations if node.op in _LOSSES]
        for node in losses[:_MOST_LOSSES]:
            if node.id not in iteration.before_roots:
                continue
            flows = [f for f in graph.into.get(node.id, ()) if f.edge.argument != "weight"][:2]
            if len(flows) != 2 or flows[0].source.requires_grad == flows[1].source.requires_grad:
                continue
            first = flows[0].source.requires_grad
            predicted, wanted = (flows[0], flows[1]) if first else (flows[1], flows[0])
            key = graph.keys[node.id]
            if self._signs.again(key, iteration):
                continue
            shuffled = self._permuted(iteration, predicted.source)
            target = self._permuted(iteration, wanted.source)
            value = iteration.input(wanted)
            if shuffled is None or value is None or not value.shape or value.shape[0] != len(shuffled[1]):
                continue
            if target is None and self._is_derived(iteration, wanted.source):
                continue
            if target is None or not np.array_equal(target[1], shuffled[1]):
                self._signs.add(key, self._told(iteration, node, shuffled[0], wanted.source))

    def found(self) -> Iterable[Finding]:
        """Return the first finding only."""
        return list(self._signs)[:1]

    def _told(self, iteration: IndexedIteration, node: Node, indexing: Node, target: Node) -> Finding:
        flows = iteration.graph.into.get(indexing.id, [])
        data = called(flows[0].source)
        order = next((called(f.source) for f in flows[1:] if f.source.name), "order")
        why = (
            f"Line {indexing.line} puts the rows of {data} into another order, and {called(target)} keeps its own: "
            f"{at_line(node)} compares each prediction with the label of another example."
        )
        name = target.name or "y"
        todo = f"Use the same order for both: {name}[{order}] beside {data}[{order}]."
        return self.finding(iteration, node, why, Details(others=[indexing, target], todo=todo, line=indexing.line))

    def _permuted(self, iteration: IndexedIteration, end: Node) -> tuple[Node, Array] | None:
        """Return the indexing by a permutation of all rows that a node was computed from, and the permutation."""
        graph = iteration.graph
        for id_ in sorted(graph.before([end.id]), key=lambda i: int(i[1:]))[:_DEEPEST]:
            order = self._order(iteration, graph.nodes[id_])
            if order is not None:
                return graph.nodes[id_], order
        return None

    def _order(self, iteration: IndexedIteration, node: Node) -> Array | None:
        """Return the permutation by which an indexing puts all rows of some data into another order."""
        flows = iteration.graph.into.get(node.id, ())
        if node.op not in _INDEXING or len(flows) != 2 or flows[0].source.requires_grad:
            return None
        data, index = iteration.input(flows[0]), iteration.input(flows[1])
        if data is None or index is None or not is_whole(index) or index.dtype == "bool" or len(index.shape) != 1:
            return None
        order, rows = numbers(index), data.shape[0] if data.shape else 0
        everything = np.arange(rows)
        if order is None or len(order) != rows or rows < _FEWEST or np.array_equal(order, everything):
            return None
        return order if np.array_equal(np.sort(order), everything) else None

    def _is_derived(self, iteration: IndexedIteration, target: Node) -> bool:
        """Return whether the target was computed here, from data that may be in the right order already."""
        return target.kind == "operation" and len(iteration.graph.into.get(target.id, ())) > 1


class ViewForTranspose(Rule):
    """view or reshape is used to swap dimensions: it does not swap them, it cuts the same row of numbers anew."""

    code = "view-for-transpose"
    title = "view in place of transpose"
    todo = "Use transpose or permute."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for a view with the same sizes in another order, in front of a loss."""
        graph = iteration.graph
        for node in graph.operations:
            flows = graph.into.get(node.id, ())
            if node.op not in ("view", "reshape") or node.id not in iteration.before_roots or not flows:
                continue
            before, after = iteration.input(flows[0]), iteration.value(node.id)
            if before is None or after is None or node.op not in self.run.line(node.line):
                # PyTorch's own modules arrange their numbers as they like
                continue
            old = [size for size in before.shape if size != 1]
            new = [size for size in after.shape if size != 1]
            if len(before.shape) != len(after.shape) or old == new or sorted(old) != sorted(new):
                continue
            key = graph.keys[node.id]
            if not self._signs.again(key, iteration):
                name = called(flows[0].source)
                why = (
                    f"{at_line(node)} turns {name} of the shape {tuple(before.shape)} into {tuple(after.shape)}: it "
                    "does not swap the dimensions, it fills the new shape row by row, so numbers of different examples "
                    "end up in one row."
                )
                todo = f"Swap dimensions with {name}.transpose(...) or permute(...)."
                if len(before.shape) == 2:
                    todo = f"Swap rows and columns with {name}.T."
                self._signs.add(key, self.finding(iteration, node, why, Details(others=[flows[0].source], todo=todo)))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each view."""
        return list(self._signs)
