"""train() and eval() forgotten: dropout and batch norm do something else in each."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Rule, Signs
from gradwalk.findings.finding_words import short
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.recorded_numbers import numbers
from gradwalk.findings.snapshot_view import GraphView, Moment, Run

_MODAL: Final = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_dropout", "batch_norm")

_EQUAL: Final = 1e-3


class EvaluatedInTraining(Rule):
    """A network is evaluated without gradients, and its dropout or batch norm still works as in training."""

    code = "eval-forgotten"
    title = "Evaluated in training mode"
    todo = "Call net.eval() before evaluating, and net.train() before training again."

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._updated: set[object] = set()

    def look(self, moment: Moment) -> None:
        """What is computed from parameters that learn, without gradients, and does not go into a loss."""
        self._updated |= {leaf_key(n) for n in moment.graph.parameters if n.id in moment.updated}
        for node in moment.graph.operations:
            if node.op in _MODAL and node.arguments.get("training") is True and not node.requires_grad:
                key = (node.op, node.line, moment.graph.modules(node)[:1])
                if not self._signs.again(key, moment) and self._evaluates(moment, node):
                    self._signs.add(key, self._told(moment, node))

    def found(self) -> Iterable[Finding]:
        """One for each line."""
        return list(self._signs)

    def _evaluates(self, moment: Moment, node: Node) -> bool:
        if node.id in moment.before_roots or node.arguments.get("p") == 0:
            return False
        leaves = [moment.graph.nodes[i] for i in moment.graph.before([node.id])]
        leaves += _parameters_beside(moment.graph, node)
        return any(leaf.kind == "parameter" and leaf_key(leaf) in self._updated for leaf in leaves)

    def _told(self, moment: Moment, node: Node) -> Finding:
        modules = moment.graph.modules(node)
        name = short(modules[0]) if modules else "The network"
        if node.op == "batch_norm":
            does = "normalises by this batch, and what it computes for one example depends on the others"
        else:
            does = f"sets numbers to 0 at random (p={node.arguments.get('p')})"
        why = f"{name} is evaluated in line {node.line} in training mode: its {node.op} {does}."
        todo = self.todo.replace("net.", f"{name}.") if modules else self.todo
        return self.finding(moment, node, why, todo=todo)


class TrainedInEval(Rule):
    """After an evaluation the training goes on in evaluation mode."""

    code = "train-forgotten"
    title = "Trained in evaluation mode"
    todo = "Call net.train() at the beginning of every round of training."

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._trained: dict[tuple[object, ...], Node] = {}

    def look(self, moment: Moment) -> None:
        """Of the iterations with an update: what worked as in training once, and does not any more."""
        if not moment.updated:
            return
        graph = moment.graph
        now = {self._key(graph, n): n for n in graph.operations if n.op in _MODAL and n.id in moment.before_roots}
        working = {key for key, node in now.items() if _trains(moment, node)}
        lines = {node.line for node in graph.operations}
        for key, node in self._trained.items():
            if key in working or node.line not in lines:
                continue
            if not self._signs.again(key, moment):
                at = now.get(key) or next((n for n in graph.operations if n.line == node.line), None)
                what = "dropout does nothing" if node.op != "batch_norm" else "batch_norm uses its running averages"
                why = f"From iteration {moment.index} on, training goes on in evaluation mode: {what}."
                self._signs.add(key, self.finding(moment, at, why, line=node.line))
        self._trained |= {key: now[key] for key in working}

    def found(self) -> Iterable[Finding]:
        """The first of all."""
        return list(self._signs)[:1]

    def _key(self, graph: GraphView, node: Node) -> tuple[object, ...]:
        return node.op, node.line, graph.modules(node)


def _trains(moment: Moment, node: Node) -> bool:
    """Whether it works as in training. Where iterations that share a graph differ in that, its arguments do not tell;
    then batch norm shows it by its numbers: the mean of each channel is the bias.
    """
    told = node.arguments.get("training")
    if isinstance(told, bool) or node.op != "batch_norm":
        return told is True
    value = numbers(moment.value(node.id))
    bias = next((f for f in moment.graph.into.get(node.id, ()) if f.edge.argument == "bias"), None)
    middle = None if bias is None else numbers(moment.input(bias))
    if value is None or value.ndim < 2 or not value.size or not np.isfinite(value).all():
        return True
    means = value.mean(axis=tuple(axis for axis in range(value.ndim) if axis != 1))
    wanted = middle if middle is not None and middle.shape == means.shape else np.zeros_like(means)
    return bool(np.allclose(means, wanted, atol=_EQUAL * float(np.abs(value).max())))


def _parameters_beside(graph: GraphView, node: Node) -> list[Node]:
    """Parameters of the same network that ran on the same line: dropout may be its first layer."""
    name = graph.modules(node)[:1]
    same = [n for n in graph.operations if name and graph.modules(n)[:1] == name and n.line == node.line]
    return [f.source for n in same for f in graph.into.get(n.id, ()) if f.source.kind == "parameter"]
