"""The finding for a backward pass that failed because a value that it needs was overwritten."""

from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.wording import at_line, called

_WRITING: Final = ("__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ipow__")


class InPlace(Rule):
    """An in-place change between forward and backward."""

    code = "in-place-change"
    title = "An in-place change that breaks backward"
    severity = "error"
    todo = "Write the result into a new tensor: y = y + 1 instead of y += 1, torch.where instead of y[i] = 0."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        error = run.head.outcome.error
        self._failed = error is not None and "modified by an inplace operation" in error.message
        self._found: Finding | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Look at the last pass, which is the one that failed; the operation whose gradient could not be computed is
        marked.
        """
        if self._failed and iteration.body.backward:
            failed = [node for node in iteration.graph.operations if node.failed]
            told = (self._finding(iteration, node) for node in failed)
            self._found = next((finding for finding in told if finding is not None), None)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._found is None else [self._found]

    def _finding(self, iteration: IndexedIteration, failed: Node) -> Finding | None:
        """Return the finding about the first written tensor among those that the operation may have saved: its inputs
        and its result.
        """
        graph = iteration.graph
        saved = [failed, *(flow.source for flow in graph.into.get(failed.id, ()))]
        for node in saved:
            for flow in graph.out_of.get(node.id, ()):
                writer = flow.target
                if writer.id != failed.id and _writes(writer) and graph.into[writer.id][0].source.id == node.id:
                    needed = "its own result" if node.id == failed.id else f"its input {called(node)}"
                    why = f"{at_line(writer)} overwrites {called(node)}, and backward of {at_line(failed)} needs "
                    return self.finding(iteration, writer, f"{why}{needed}.", Details(others=[node, failed]))
        return None


class StepBetween(Rule):
    """An optimizer changed weights between the forward pass of a loss and its backward pass."""

    code = "step-between"
    title = "A step between forward and backward"
    severity = "error"
    todo = "Compute the loss anew after the step, or call all backward passes before the first step."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        error = run.head.outcome.error
        self._failed = error is not None and "modified by an inplace operation" in error.message
        self._found: Finding | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Look for the operation that failed in the last pass, and for an update of its weight before."""
        self._found = None
        own = {step.node for step in iteration.steps("operation")}
        if not self._failed or not iteration.body.backward:
            return
        last = iteration.body.backward[-1]
        root = iteration.graph.nodes.get(last.root.node)
        updates = {update.node: update for update in iteration.body.updates}
        for node in (n for n in iteration.graph.operations if n.failed and n.id in own):
            weight = next((f.source for f in iteration.graph.into.get(node.id, ()) if f.source.id in updates), None)
            if weight is not None and root is not None:
                line = updates[weight.id].line
                why = (
                    f"The step of line {line} changes {called(weight)}, and backward of {called(root)} in line "
                    f"{last.line} needs its old numbers: {called(root)} was computed before that step."
                )
                todo = (
                    f"Compute {called(root)} anew after the step of line {line}, or call both backward passes before "
                    "the first step."
                )
                self._found = self.finding(iteration, node, why, Details(others=[weight], line=last.line, todo=todo))
                return

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._found is None else [self._found]


def _writes(node: Node) -> bool:
    op = node.op or ""
    return op in _WRITING or (op.endswith("_") and not op.endswith("__")) or node.arguments.get("inplace") is True
