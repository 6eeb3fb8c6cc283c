"""Findings about updates of tensors that should not move, or should move once: a parameter twice, a frozen one."""

from collections import Counter
from collections.abc import Hashable, Iterable

import numpy as np

from gradwalk.contract.snapshot import Node, Update
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers
from gradwalk.iteration.wording import called, listed, number


class UpdatedTwice(Rule):
    """One gradient moves the same parameter more than once: it is in two optimizers, or twice in one."""

    code = "parameter-twice"
    title = "A parameter is updated twice"
    todo = "Give each parameter to one optimizer, once."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._names: dict[str, None] = {}
        self._first: Finding | None = None
        self._count = 0

    def look(self, iteration: IndexedIteration) -> None:
        """Look for leaves with two updates by an optimizer that use the same gradient."""
        if len(iteration.body.backward) != 1:
            return
        by_leaf: dict[str, list[Update]] = {}
        for update in iteration.body.updates:
            if update.optimizer not in (None, "LBFGS") and update.gradient is not None:
                by_leaf.setdefault(update.node, []).append(update)
        twice = {node: updates for node, updates in by_leaf.items() if len(updates) > 1 and _same(updates)}
        self._count += bool(twice)
        for id_, updates in twice.items():
            leaf = iteration.graph.nodes.get(id_)
            if leaf is not None:
                self._names.setdefault(called(leaf))
                self._first = self._first or self._told(iteration, leaf, updates)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        if self._first is not None:
            why = f"{listed(list(self._names))} {self._first.why}"
            yield self._first.model_copy(update={"why": why, "iterations": self._count})

    def _told(self, iteration: IndexedIteration, leaf: Node, updates: list[Update]) -> Finding:
        lines = list(dict.fromkeys(update.line for update in updates))
        times = f"{len(updates)} times" if len(updates) > 2 else "twice"
        if len(lines) > 1:
            where = f"once by the step of line {lines[0]} and again by that of line {lines[1]}"
            todo = "Give each parameter to one optimizer only, and call one step for each backward."
        else:
            where = f"in one step of line {lines[0]}, for it stands twice in the optimizer's list"
            todo = "Give the optimizer each parameter once: net.parameters() already holds those of all layers."
        why = f"moved {times} by one gradient, {where}: the step is {times} as long as the learning rate says."
        return self.finding(iteration, leaf, why, Details(line=lines[0], todo=todo))


class FrozenMoves(Rule):
    """A parameter that was frozen by requires_grad = False is still moved by the optimizer."""

    code = "frozen-and-moving"
    title = "Frozen and still moving"
    todo = "Give the optimizer only what shall learn."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._names: dict[str, None] = {}
        self._first: Finding | None = None
        self._times: Counter[Hashable] = Counter()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for leaves that require no gradient and get another value by an optimizer."""
        for update in iteration.body.updates:
            leaf = iteration.graph.nodes.get(update.node)
            before, after = numbers(update.before), numbers(update.after)
            if leaf is None or leaf.requires_grad or leaf.kind == "operation" or update.optimizer is None:
                continue
            if before is None or after is None or before.shape != after.shape or not bool((before != after).any()):
                continue
            self._times[leaf_key(leaf)] += 1
            self._names.setdefault(called(leaf))
            if self._first is None:
                at = int(np.argmax(np.abs(after - before)))
                reason = "its .grad still holds an old gradient"
                decay, momentum = update.settings.get("weight_decay"), update.settings.get("momentum")
                if momentum or update.state:
                    reason = "the optimizer remembers its earlier gradients"
                elif decay:
                    reason = f"weight decay pulls at it (weight_decay={decay})"
                why = (
                    f"requires no gradient and still moves, from {number(before.flat[at])} to {number(after.flat[at])} "
                    f"in the step of line {update.line}: {reason}."
                )
                self._first = self.finding(iteration, leaf, why, Details(line=update.line))

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        if self._first is None:
            return
        names = list(self._names)
        why = f"{names[0]} {self._first.why}"
        todo = (
            f"Give the optimizer only what shall learn, [p for p in net.parameters() if p.requires_grad], or set the "
            f".grad of {listed(names)} to None when you freeze."
        )
        yield self._first.model_copy(update={"why": why, "todo": todo, "iterations": max(self._times.values())})


class MovingAverages(Rule):
    """A batch norm whose weights are frozen still works in training mode: its running averages move."""

    code = "frozen-batch-norm-in-training"
    title = "Frozen batch norm that goes on averaging"
    severity = "note"
    todo = "Call eval() on the frozen part after every net.train()."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._first: Finding | None = None
        self._count = 0

    def look(self, iteration: IndexedIteration) -> None:
        """Look at batch norms in iterations with an update."""
        if not iteration.updated:
            return
        graph = iteration.graph
        for node in graph.operations:
            flows = graph.into.get(node.id, ())
            weight = next((f.source for f in flows if f.edge.argument == "weight"), None)
            if node.op != "batch_norm" or node.arguments.get("training") is not True or weight is None:
                continue
            if weight.requires_grad or weight.kind == "operation" or weight.id in iteration.updated:
                continue
            self._count += 1
            if self._first is None:
                why = (
                    f"{called(weight)} is frozen, but its batch norm works in training mode: it normalises by each "
                    "batch, and its running averages go on moving."
                )
                self._first = self.finding(iteration, node, why, Details(others=[weight]))

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._first is None else [self._first.model_copy(update={"iterations": self._count})]


def _same(updates: list[Update]) -> bool:
    """Return whether all of them use the same numbers."""
    first, *others = (numbers(update.gradient) for update in updates)
    return first is not None and all(o is not None and o.shape == first.shape and (o == first).all() for o in others)
