"""The finding about gradients that are clipped where nothing uses them any more."""

from collections.abc import Iterable

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import norm
from gradwalk.iteration.wording import number


class UselessClipping(Rule):
    """Gradients are clipped after the step has used them, or before backward has computed them."""

    code = "clipping-without-effect"
    title = "Clipping without an effect"
    severity = "error"
    todo = "Clip between backward and step."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._first: tuple[IndexedIteration, Node] | None = None
        self._largest = 0.0
        self._count = 0

    def look(self, iteration: IndexedIteration) -> None:
        """Note how large the gradients were that the steps used."""
        lengths = [norm(u.gradient) for u in iteration.body.updates if u.optimizer is not None]
        total = sum(length * length for length in lengths if length is not None) ** 0.5
        if lengths:
            self._count += 1
            self._largest = max(self._largest, total)
            if self._first is None:
                node = iteration.graph.nodes.get(iteration.body.updates[0].node)
                self._first = None if node is None else (iteration, node)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each call that clips in vain. What counts is the order from one step to the next."""
        if self._first is None:
            return
        text = self.run.text
        clips = text.named("clip_grad_norm_", "clip_grad_value_", "clip_grad_norm", "clip_grads_with_norm_")
        for clip in clips:
            here = [c for c in text.named("backward") if c.scope == clip.scope]
            steps = [c for c in text.optimizer_steps if c.scope == clip.scope]
            if not here or not steps:
                continue
            events = sorted([(c.place, "backward") for c in here] + [(c.place, "step") for c in steps])
            before = [what for place, what in events if place < clip.place]
            last = before[-1] if before else events[-1][1]
            if last == "backward" and (before or events[0][1] == "step"):
                continue
            where = f"after the step of line {max(c.line for c in steps)}"
            if steps[-1].place > clip.place:
                where = f"before the backward of line {min(c.line for c in here)}"
            why = (
                f"{clip.name} in line {clip.line} runs {where}: the updates use the gradients as they are, with a norm "
                f"of up to {number(self._largest)}."
            )
            todo = f"Move line {clip.line} between backward (line {here[-1].line}) and step (line {steps[-1].line})."
            iteration, node = self._first
            found = self.finding(iteration, node, why, Details(line=clip.line, todo=todo))
            yield found.model_copy(update={"iterations": self._count})
            return
