"""Findings about a forgotten train() or eval(): dropout and batch norm behave differently in each mode."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers
from gradwalk.iteration.wording import short

_MODAL: Final = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_dropout", "batch_norm")

_EQUAL: Final = 1e-3


class EvaluatedInTraining(Rule):
    """A network is evaluated without gradients, and its dropout or batch norm still works as in training."""

    code = "eval-forgotten"
    title = "Evaluated in training mode"
    todo = "Call net.eval() before evaluating, and net.train() before training again."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._updated: set[object] = set()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at results of learning parameters that are computed without gradients and do not go into a loss."""
        self._updated |= {leaf_key(n) for n in iteration.graph.parameters if n.id in iteration.updated}
        for node in iteration.graph.operations:
            if node.op in _MODAL and node.arguments.get("training") is True and not node.requires_grad:
                key = (node.op, node.line, iteration.graph.modules(node)[:1])
                if not self._signs.again(key, iteration) and self._evaluates(iteration, node):
                    self._signs.add(key, self._told(iteration, node))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each line."""
        return list(self._signs)

    def _evaluates(self, iteration: IndexedIteration, node: Node) -> bool:
        if node.id in iteration.before_roots or node.arguments.get("p") == 0:
            return False
        leaves = [iteration.graph.nodes[i] for i in iteration.graph.before([node.id])]
        leaves += _parameters_beside(iteration.graph, node)
        return any(leaf.kind == "parameter" and leaf_key(leaf) in self._updated for leaf in leaves)

    def _told(self, iteration: IndexedIteration, node: Node) -> Finding:
        modules = iteration.graph.modules(node)
        name = short(modules[0]) if modules else "The network"
        if node.op == "batch_norm":
            does = "normalises by this batch, and what it computes for one example depends on the others"
        else:
            does = f"sets numbers to 0 at random (p={node.arguments.get('p')})"
        why = f"{name} is evaluated in line {node.line} in training mode: its {node.op} {does}."
        todo = self.todo.replace("net.", f"{name}.") if modules else self.todo
        return self.finding(iteration, node, why, Details(todo=todo))


class TrainedInEval(Rule):
    """After an evaluation the training goes on in evaluation mode."""

    code = "train-forgotten"
    title = "Trained in evaluation mode"
    todo = "Call net.train() at the beginning of every round of training."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._trained: dict[tuple[object, ...], Node] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Look, in iterations with an update, for operations that once worked in training mode and do not any more."""
        if not iteration.updated:
            return
        graph = iteration.graph
        now = {self._key(graph, n): n for n in graph.operations if n.op in _MODAL and n.id in iteration.before_roots}
        working = {key for key, node in now.items() if _trains(iteration, node)}
        lines = {node.line for node in graph.operations}
        for key, node in self._trained.items():
            if key in working or node.line not in lines:
                continue
            if not self._signs.again(key, iteration):
                at = now.get(key) or next((n for n in graph.operations if n.line == node.line), None)
                what = "dropout does nothing" if node.op != "batch_norm" else "batch_norm uses its running averages"
                why = f"From iteration {iteration.index} on, training goes on in evaluation mode: {what}."
                self._signs.add(key, self.finding(iteration, at, why, Details(line=node.line)))
        self._trained |= {key: now[key] for key in working}

    def found(self) -> Iterable[Finding]:
        """Return the first finding only."""
        return list(self._signs)[:1]

    def _key(self, graph: IndexedGraph, node: Node) -> tuple[object, ...]:
        return node.op, node.line, graph.modules(node)


def _trains(iteration: IndexedIteration, node: Node) -> bool:
    """Return whether an operation works in training mode. Where iterations that share a graph differ in that, its
    arguments do not show it; then batch norm shows it by its numbers: the mean of each channel is the bias.
    """
    told = node.arguments.get("training")
    if isinstance(told, bool) or node.op != "batch_norm":
        return told is True
    value = numbers(iteration.value(node.id))
    bias = next((f for f in iteration.graph.into.get(node.id, ()) if f.edge.argument == "bias"), None)
    middle = None if bias is None else numbers(iteration.input(bias))
    if value is None or value.ndim < 2 or not value.size or not np.isfinite(value).all():
        return True
    means = value.mean(axis=tuple(axis for axis in range(value.ndim) if axis != 1))
    wanted = middle if middle is not None and middle.shape == means.shape else np.zeros_like(means)
    return bool(np.allclose(means, wanted, atol=_EQUAL * float(np.abs(value).max())))


def _parameters_beside(graph: IndexedGraph, node: Node) -> list[Node]:
    """Return the parameters of the same network that ran on the same line: dropout may be its first layer."""
    name = graph.modules(node)[:1]
    same = [n for n in graph.operations if name and graph.modules(n)[:1] == name and n.line == node.line]
    return [f.source for n in same for f in graph.into.get(n.id, ()) if f.source.kind == "parameter"]
