"""Findings about a backward pass that runs into what was computed in an earlier turn, or through one graph twice."""

from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import BackwardPass, Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.wording import called

_ENOUGH: Final = 3


class EarlierIterations(Rule):
    """Backward goes back into earlier turns of the loop, through a hidden state or a sum that is carried on."""

    code = "graph-of-earlier-turns"
    title = "Backward runs into earlier turns"
    severity = "error"
    todo = "Cut the way back with detach() between the turns."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        error = run.head.outcome.error
        message = "" if error is None else error.message
        self._failed = "through the graph a second time" in message or "modified by an inplace operation" in message
        self._sizes: list[int] = []
        self._updated = False
        self._first: tuple[IndexedIteration, Node] | None = None
        self._last: tuple[IndexedIteration, Node, int | None] | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Count the operations of earlier turns that a gradient comes back to."""
        self._updated = self._updated or bool(iteration.updated) or bool(self.run.text.optimizers)
        if not iteration.body.backward:
            return
        own = {step.node for step in iteration.steps("operation")}
        each = iteration.body.backward[-1]
        back = [n for n in iteration.graph.operations if n.id not in own and (each.gradients.get(n.id) or n.failed)]
        carried = self._carried(iteration, own, back)
        self._sizes.append(len(back) if carried is not None else 0)
        self._last = None
        if carried is not None:
            self._first = self._first or (iteration, carried)
            self._last = iteration, carried, each.line

    def found(self) -> Iterable[Finding]:
        """Return at most one finding: about the pass that failed, or about passes that grow from turn to turn."""
        if self._failed and self._last is not None:
            iteration, carried, line = self._last
            yield self._told(iteration, carried, self._reason(iteration), line)
        elif self._first is not None and self._updated and self._grows():
            iteration, carried = self._first
            growth = " → ".join(str(size) for size in self._sizes[-_ENOUGH:])
            how = f"it takes longer with every turn (operations of earlier turns: {growth})"
            found = self._told(iteration, carried, how, iteration.body.backward[-1].line)
            yield found.model_copy(update={"iterations": sum(size > 0 for size in self._sizes), "severity": "warning"})

    def _carried(self, iteration: IndexedIteration, own: set[str], back: list[Node]) -> Node | None:
        """Return the result of an earlier turn that an operation of this turn uses."""
        ids = {node.id for node in back}
        for node in iteration.graph.operations:
            if node.id in own and node.id in iteration.before_roots:
                for flow in iteration.graph.into.get(node.id, ()):
                    if flow.source.id in ids:
                        return flow.source
        if not self._failed or iteration.index == 0:
            return None
        results = [n for n in iteration.graph.operations if n.name]
        made = {(name, n.line) for n in results for name in (n.name or "").split(", ")}
        inputs = (n for n in iteration.graph.leaves if n.kind == "input" and n.id in iteration.before_roots)
        return next((n for n in inputs if n.requires_grad or (n.name, n.line) in made), None)

    def _grows(self) -> bool:
        last = self._sizes[-_ENOUGH:]
        return len(last) == _ENOUGH and last[0] < last[1] < last[2]

    def _reason(self, iteration: IndexedIteration) -> str:
        error = self.run.head.outcome.error
        if error is not None and "inplace" in error.message:
            step = next((c.line for c in self.run.text.optimizer_steps), None)
            where = f"the step of line {step}" if step is not None else "an update"
            return f"{where} has changed the weights since then"
        return "that graph was freed by the pass before"

    def _told(self, iteration: IndexedIteration, carried: Node, how: str, line: int | None) -> Finding:
        name = called(carried)
        value = iteration.value(carried.id)
        is_sum = value is not None and not value.shape
        what = "the sum of the earlier losses" if is_sum else "computed in the turn before"
        why = f"{name} is {what}, and backward in line {line} follows it back into the earlier turns: {how}."
        if is_sum and (carried.op or "").strip("_") not in ("add", "iadd"):
            what = "a loss of an earlier turn"
            todo = f"Call backward on the loss of this turn only, and keep earlier ones as numbers: {name}.item()."
            why = f"{name} is {what}, and backward in line {line} follows it back into the earlier turns: {how}."
        elif is_sum:
            todo = f"Call backward on the loss of this turn only, and add up numbers: {name} += loss.item()."
        else:
            cut = f"{name}.detach()"
            if any(n.name == carried.name and n.outputs > 1 for n in iteration.graph.operations):
                cut = f"tuple(part.detach() for part in {name})"
            todo = f"Cut the way back at the end of each turn: {name} = {cut}, and no retain_graph=True."
        return self.finding(iteration, carried, why, Details(line=line, todo=todo))


class BackwardTwice(Rule):
    """A backward pass failed because an earlier one has freed the graph that both go through."""

    code = "backward-twice"
    title = "Backward through one graph twice"
    severity = "error"
    todo = "Compute the loss again before the second backward."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        error = run.head.outcome.error
        self._failed = error is not None and "through the graph a second time" in error.message
        self._last: Finding | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Look for the operation that was freed, and the pass that freed it."""
        self._last = None
        if not self._failed or not iteration.body.backward:
            return
        last = iteration.body.backward[-1]
        own = {step.node for step in iteration.steps("operation")}
        failed = next((n for n in iteration.graph.operations if n.failed and n.id in own), None)
        earlier = [each for each in iteration.body.backward[:-1] if failed and each.gradients.get(failed.id)]
        if failed is not None and earlier:
            self._last = self._told(iteration, failed, earlier[-1], last)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._last is None else [self._last]

    def _told(self, iteration: IndexedIteration, failed: Node, earlier: BackwardPass, last: BackwardPass) -> Finding:
        nodes = iteration.graph.nodes
        first, second = called(nodes[earlier.root.node]), called(nodes[last.root.node])
        if "grad(" in self.run.line(earlier.line) and ".backward" not in self.run.line(earlier.line):
            why = f"grad in line {earlier.line} has freed the graph of {called(failed)}, and line {last.line} needs it."
            todo = f"Call it in line {earlier.line} with create_graph=True: its result goes into {second} too."
        elif earlier.root.node == last.root.node:
            why = (
                f"backward of {first} in line {earlier.line} has freed its graph, and line {last.line} goes through it."
            )
            todo = (
                f"Compute {first} again before line {last.line}, leave one of the two calls out, or give the first one "
                "retain_graph=True."
            )
        else:
            why = (
                f"{first} and {second} are both computed from {called(failed)}: backward of {first} in line "
                f"{earlier.line} has freed that part, and {second} in line {last.line} needs it."
            )
            todo = (
                f"Call backward once on their sum, ({first} + {second}).backward(), or give the first one "
                "retain_graph=True."
            )
        return self.finding(iteration, failed, why, Details(line=last.line, todo=todo))
