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

_Key = tuple[str | None, int | None, tuple[str, ...]]
"""The identity of an operation in all iterations: its name, its line, and the modules that it ran in."""


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
        if node.id in iteration.before_roots or node.arguments.get("p") == 0 or self._is_on_purpose(node):
            return False
        leaves = [iteration.graph.nodes[i] for i in iteration.graph.before([node.id])]
        leaves += _parameters_beside(iteration.graph, node)
        return any(leaf.kind == "parameter" and leaf_key(leaf) in self._updated for leaf in leaves)

    def _is_on_purpose(self, node: Node) -> bool:
        """Return whether train() is called after all backward passes and not taken back: as for Monte Carlo dropout."""
        text = self.run.text
        line = node.path[0].line if node.path else node.line
        trained = max((c.line for c in text.named("backward", "step") if c.line < (line or 0)), default=0)
        calls = [c for c in text.named("train", "eval") if trained < c.line <= (line or 0) and not c.node.args]
        return bool(trained and calls and calls[-1].name == "train" and not calls[-1].scope)

    def _told(self, iteration: IndexedIteration, node: Node) -> Finding:
        modules = iteration.graph.modules(node)
        name = short(modules[0]) if modules else "The network"
        ran = node.path[0].line if node.path else node.line
        evals = [c.line for c in self.run.text.named("eval") if c.line <= (ran or 0) and not c.node.args]
        trains = [c.line for c in self.run.text.named("train") if c.line <= (ran or 0) and not c.node.args]
        if evals and max(evals) > max(trains, default=0) and "dropout" in (node.op or ""):
            # the module is in eval mode, so the function was not told of it
            why = (
                f"eval() in line {max(evals)} does not reach the {node.op} of line {node.line}: it is called as a "
                f"function, whose training is True by itself, and still sets numbers to 0 at random "
                f"(p={node.arguments.get('p')})."
            )
            todo = f"Write F.{node.op}(x, p={node.arguments.get('p')}, training=self.training), or use nn.Dropout."
            return self.finding(iteration, node, why, Details(todo=todo))
        if node.op == "batch_norm":
            does = "normalises by this batch, and what it computes for one example depends on the others"
        else:
            does = f"sets numbers to 0 at random (p={node.arguments.get('p')})"
        why = f"{name} is evaluated in line {node.line} in training mode: its {node.op} {does}."
        todo = self.todo.replace("net.", f"{name}.") if modules else self.todo
        named = self.run.text.named_only("eval")
        if named:
            todo = (
                f"Write the brackets in line {named[0][1]}, {named[0][0]}(): without them it is only named, not called."
            )
        return self.finding(iteration, node, why, Details(todo=todo))


class TrainedInEval(Rule):
    """After an evaluation the training goes on in evaluation mode."""

    code = "train-forgotten"
    title = "Trained in evaluation mode"
    todo = "Call net.train() at the beginning of every round of training."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._trained: dict[_Key, Node] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Look, in iterations with an update, for operations that once worked in training mode and do not any more."""
        if not iteration.updated:
            return
        graph = iteration.graph
        now = {self._key(graph, n): n for n in graph.operations if n.op in _MODAL and n.id in iteration.before_roots}
        working = {key for key, node in now.items() if _trains(iteration, node)}
        lines = {node.line for node in graph.operations}
        for key, node in self._trained.items():
            if key in working or node.line not in lines or not self._is_trained(iteration, key[2]):
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

    def _is_trained(self, iteration: IndexedIteration, modules: tuple[str, ...]) -> bool:
        """Return whether a network is the one that this iteration trains: another one of the same class runs in the
        same lines.
        """
        owner = next(iter(modules), "")
        names = (iteration.graph.nodes[i].name or "" for i in iteration.updated if i in iteration.graph.nodes)
        return not owner or any(name.startswith(f"{owner}.") for name in names)

    def _key(self, graph: IndexedGraph, node: Node) -> _Key:
        return node.op, node.line, graph.modules(node)


class EvalFromTheStart(Rule):
    """Training begins in evaluation mode: dropout does nothing, batch norm never learns its averages."""

    code = "training-in-eval-mode"
    title = "Trained in evaluation mode from the start"
    todo = "Call net.train() before training."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._idle: Finding | None = None
        self._first: tuple[IndexedIteration, Node] | None = None
        self._works = False
        self._count = 0

    def look(self, iteration: IndexedIteration) -> None:
        """Look at batch norms and dropouts in iterations with an update."""
        if not iteration.updated or not iteration.roots:
            return
        graph = iteration.graph
        self._first = self._first or (iteration, iteration.roots[0])
        self._count += 1
        for node in graph.operations:
            if node.op not in _MODAL or node.id not in iteration.before_roots:
                continue
            if node.op == "dropout" and node.arguments.get("p") == 0:
                continue
            self._works = self._works or _trains(iteration, node)
            weights = [f.source for f in graph.into.get(node.id, ()) if f.edge.argument == "weight"]
            learns = bool(weights) and weights[0].id in iteration.updated
            if node.op == "batch_norm" and node.arguments.get("training") is False and learns and self._idle is None:
                self._idle = self._told(iteration, node, "uses its running averages, which nothing moves")

    def found(self) -> Iterable[Finding]:
        """Return at most one finding, where the program calls eval before it trains and never train."""
        text = self.run.text
        evals = [c for c in text.named("eval") if not c.node.args]
        backward = min((c.line for c in text.named("backward")), default=0)
        if self._works or text.named("train") or not any(c.line < backward for c in evals):
            return
        if self._idle is None and self._first is not None and evals[0].scope == 0:
            dropouts = [c for c in text.calls if c.name.startswith("Dropout") and c.line < evals[0].line]
            # a dropout in evaluation mode computes nothing, so no node shows it
            if dropouts:
                iteration, root = self._first
                self._idle = self._told(iteration, root, f"of line {dropouts[0].line} does nothing", "dropout")
        if self._idle is not None:
            name = evals[0].receiver or "net"
            line = evals[0].line
            todo = f"Call {name}.train() before the loop, and {name}.eval() only before evaluating."
            update = {"iterations": self._count, "line": line, "todo": todo}
            yield self._idle.model_copy(update={**update, "why": f"eval() in line {line} {self._idle.why}"})

    def _told(self, iteration: IndexedIteration, node: Node, does: str, what: str = "batch_norm") -> Finding:
        why = f"comes before training, and train() is never called: {what} {does}."
        return self.finding(iteration, node, why)


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
