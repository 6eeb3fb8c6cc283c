"""Findings about programs that train and change nothing: no step, a step in the wrong place, no pass at all."""

import ast
from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node, Update
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.program_calls import ProgramCall, dotted, targets_of
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import is_zero, numbers, real
from gradwalk.iteration.wording import called, counted, listed, number

_ORDER: Final = "Keep this order in every turn: optimizer.zero_grad(), loss.backward(), optimizer.step()."


class NothingLearns(Rule):
    """Backward computes gradients, and no parameter ever moves."""

    code = "nothing-learns"
    title = "Nothing learns"
    severity = "error"
    todo = _ORDER
    _ENOUGH: Final = 2
    """The number of passes from which on it is a training: a single one may be a demonstration."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._first: tuple[IndexedIteration, Node] | None = None
        self._names: dict[str, None] = {}
        self._passes = 0
        self._losses: list[float] = []
        self._updates = 0
        self._hand_updates = 0
        self._used_zero = True
        self._moved = False
        self._rate: float | None = None
        self._leaf: Finding | None = None
        self._reached = False

    def look(self, iteration: IndexedIteration) -> None:
        """Collect what passes reach and what updates move."""
        for each in iteration.passes:
            root = iteration.graph.nodes.get(each.root.node)
            leaves = [n for n in iteration.graph.parameters if each.gradients.get(n.id) and n is not root]
            if root is not None and root.kind != "operation" and len(each.gradients) == 1:
                self._root_is_a_leaf(iteration, root)
                continue
            self._reached = self._reached or bool(leaves)
            if any(is_zero(g) is False for leaf in leaves for g in each.gradients[leaf.id]):
                self._passes += 1
                self._names |= dict.fromkeys(called(leaf) for leaf in leaves)
                loss = real(iteration.body.loss)
                self._losses += [] if loss is None else [loss]
                if self._first is None and root is not None:
                    self._first = iteration, root
        for update in iteration.body.updates:
            self._count(update)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding, for the first cause that fits."""
        if not self.run.completed:
            return
        if self._leaf is not None and not self._reached:
            yield self._leaf
        elif self._first is not None and self.run.text.optimizers and not self._hand_updates:
            yield from self._by_optimizer(*self._first)
        elif self._first is not None and not self._hand_updates and self._passes >= self._ENOUGH:
            yield from self._rebound(*self._first)

    def _rebound(self, iteration: IndexedIteration, root: Node) -> Iterable[Finding]:
        """Yield the finding that an update by hand only gives a name to new tensors."""
        looped = {target for loop in self.run.text.loops for target in map(dotted, targets_of(loop))}
        for statement, value in self.run.text.assignments:
            names = [dotted(target) for target in targets_of(statement)]
            reads = {dotted(node) for node in ast.walk(value) if isinstance(node, ast.Attribute)}
            if (
                isinstance(statement, ast.Assign)
                and len(names) == 1
                and names[0] in looped
                and f"{names[0]}.grad" in reads
            ):
                name = names[0]
                why = (
                    f"Line {statement.lineno} gives the name {name} to a new tensor: the parameter in the network "
                    f"keeps its old numbers, and {self._passes} backward passes moved nothing."
                )
                todo = f"Change it in place, inside with torch.no_grad(): {name} -= lr * {name}.grad."
                yield self.finding(iteration, root, why, Details(line=statement.lineno, todo=todo))
                return

    def _count(self, update: Update) -> None:
        if update.optimizer is None:
            self._hand_updates += 1
            return
        self._updates += 1
        self._used_zero = self._used_zero and is_zero(update.gradient) is True
        before, after = numbers(update.before), numbers(update.after)
        self._moved = self._moved or before is None or after is None or bool((before != after).any())
        rate = real(update.settings.get("lr"))
        self._rate = rate if rate is not None and (self._rate is None or rate > self._rate) else self._rate

    def _root_is_a_leaf(self, iteration: IndexedIteration, root: Node) -> None:
        """Note that a pass began at a tensor without history, though the program made an optimizer."""
        if self._leaf is None and self.run.text.optimizers:
            name = called(root)
            why = (
                f"backward begins at {name}, which line {root.line} makes anew out of the bare number: nothing leads "
                "from it back to the parameters, and none of them gets a gradient."
            )
            todo = f"Call backward on the loss itself, and leave the new tensor in line {root.line} out."
            self._leaf = self.finding(iteration, root, why, Details(todo=todo))

    def _by_optimizer(self, iteration: IndexedIteration, root: Node) -> Iterable[Finding]:
        text = self.run.text
        made, steps = text.optimizers[0], text.optimizer_steps
        times = counted(self._passes, "backward pass") if self._passes == 1 else f"{self._passes} backward passes"
        same = ""
        if len(self._losses) > 1 and len(set(self._losses)) == 1:
            same = f", and the loss stays {number(self._losses[0])}"
        if self._updates == 0 and self._passes < self._ENOUGH:
            return
        named = text.named_only("step")
        if self._updates == 0 and not steps and named:
            what, place = named[0]
            why = f"{times} computed gradients, but line {place} only names {what} and does not call it{same}."
            yield self.finding(iteration, root, why, Details(line=place, todo=f"Write the brackets: {what}()."))
        elif self._updates == 0 and not steps:
            name = made.targets[0] if made.targets else "optimizer"
            why = f"{times} computed gradients, but {name} of line {made.line} never takes a step: nothing moves{same}."
            line = self._last_backward(None)
            todo = f"Call {name}.step() after backward, in every turn of the loop."
            yield self.finding(iteration, root, why, Details(line=line, todo=todo))
        elif self._updates == 0:
            yield from self._found_none(iteration, root, steps, times + same)
        elif self._used_zero and self._rate != 0:
            yield from self._cleared(iteration, root, steps)
        elif not self._moved and self._rate == 0:
            why = f"{counted(self._updates, 'update')} changed nothing: the learning rate is 0."
            todo = "Give the optimizer a learning rate above 0, such as lr=0.01."
            yield self.finding(iteration, root, why, Details(line=made.line, todo=todo))

    def _found_none(
        self, iteration: IndexedIteration, root: Node, steps: list[ProgramCall], times: str
    ) -> Iterable[Finding]:
        """Yield the finding that step is called and never finds a gradient."""
        step = steps[-1]
        backward = self._last_backward(step)
        if backward is not None and step.line < backward:
            why = (
                f"step in line {step.line} runs before backward in line {backward}, and at that moment every .grad is "
                f"None: it moves nothing ({times})."
            )
            todo = f"Move the step of line {step.line} behind the backward of line {backward}."
            yield self.finding(iteration, root, why, Details(line=step.line, todo=todo))
            return
        cleared = self._clearing(step, backward)
        if cleared is not None:
            yield from self._cleared(iteration, root, steps)
            return
        same_turn = [c for c in self.run.text.named("backward") if c.scope == step.scope and c.loop == step.loop]
        if not same_turn:
            # a step behind the loop comes after all iterations: whether it moves anything was not recorded
            return
        why = f"step in line {step.line} finds no gradient: it moves nothing ({times})."
        todo = (
            f"Give the optimizer the parameters that get gradients, {listed(list(self._names))}, and clear gradients "
            "only before backward."
        )
        yield self.finding(iteration, root, why, Details(line=step.line, todo=todo))

    def _cleared(self, iteration: IndexedIteration, root: Node, steps: list[ProgramCall]) -> Iterable[Finding]:
        step = steps[-1] if steps else None
        cleared = self._clearing(step, self._last_backward(step))
        if step is None or cleared is None:
            return
        why = (
            f"zero_grad in line {cleared} stands between backward and the step of line {step.line}: it throws the "
            "gradients away before they are used, and nothing moves."
        )
        todo = f"Move the zero_grad of line {cleared} before backward."
        yield self.finding(iteration, root, why, Details(line=cleared, todo=todo))

    def _clearing(self, step: ProgramCall | None, backward: int | None) -> int | None:
        if step is None or backward is None:
            return None
        lines = [c.line for c in self.run.text.named("zero_grad") if backward < c.line < step.line]
        return lines[-1] if lines else None

    def _last_backward(self, step: ProgramCall | None) -> int | None:
        """Return the line of the last backward in the function of a step, or anywhere."""
        calls = [c for c in self.run.text.named("backward") if step is None or c.scope == step.scope]
        return calls[-1].line if calls else None


class LateStep(Rule):
    """Every step of the optimizer runs before the backward pass whose gradients it should use."""

    code = "step-before-backward"
    title = "A step before backward"
    severity = "error"
    todo = _ORDER

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._early: tuple[IndexedIteration, Node, int] | None = None
        self._count = 0
        self._in_order = False

    def look(self, iteration: IndexedIteration) -> None:
        """Compare where the first pass and the updates of an iteration stand in its steps."""
        optimizers = {(u.node, u.line) for u in iteration.body.updates if u.optimizer is not None}
        kinds = [s.kind for s in iteration.body.steps if s.kind != "update" or (s.node, s.line) in optimizers]
        if "update" not in kinds or "backward" not in kinds or not iteration.roots:
            return
        last_update = len(kinds) - kinds[::-1].index("update")
        if last_update > kinds.index("backward"):
            self._in_order = True
            return
        self._count += 1
        if self._early is None:
            line = iteration.body.updates[0].line
            self._early = iteration, iteration.roots[0], line or 0

    def found(self) -> Iterable[Finding]:
        """Return at most one finding, where the text shows the same order."""
        if self._early is None or self._in_order:
            return
        iteration, root, line = self._early
        step = next((c for c in self.run.text.optimizer_steps if c.line == line), None)
        after = [c.line for c in self.run.text.named("backward") if step is not None and c.scope == step.scope]
        if step is None or not after or not line < min(after):
            return
        why = (
            f"step in line {line} runs before backward in line {min(after)}: each update uses the gradient of the turn "
            "before, which belongs to older weights, and the first step finds none."
        )
        todo = f"Move the step of line {line} behind the backward of line {min(after)}."
        found = self.finding(iteration, root, why, Details(line=line, todo=todo))
        yield found.model_copy(update={"iterations": self._count})


class NoBackward(Rule):
    """The program calls the step of an optimizer, and never backward."""

    code = "backward-forgotten"
    title = "Backward is never called"
    severity = "error"
    todo = "Call loss.backward() before optimizer.step()."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._any_pass = False
        self._loss: tuple[IndexedIteration, Node] | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Look for a pass, and for a result that could be the loss: the last single number that needs gradients."""
        self._any_pass = self._any_pass or bool(iteration.body.backward)
        ends = [n for n in iteration.graph.operations if n.requires_grad and not iteration.graph.out_of.get(n.id)]
        ends = [n for n in ends if (value := iteration.value(n.id)) is not None and not value.shape]
        if ends and self._loss is None:
            self._loss = iteration, ends[0]

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        steps = self.run.text.optimizer_steps
        if not (self.run.completed and self._loss and self.run.text.optimizers and steps) or self._any_pass:
            return
        iteration, loss = self._loss
        named = self.run.text.named_only("backward")
        if named:
            what, line = named[0]
            why = (
                f"Line {line} only names {what} and does not call it: every .grad is None, and no step moves anything."
            )
            yield self.finding(iteration, loss, why, Details(line=line, todo=f"Write the brackets: {what}()."))
            return
        why = (
            f"{called(loss)} is computed in line {loss.line}, and backward is never called: every .grad is None, and "
            f"the step of line {steps[0].line} moves nothing."
        )
        name = loss.name if loss.name and loss.name.isidentifier() else "loss"
        todo = f"Call {name}.backward() before the step of line {steps[0].line}."
        yield self.finding(iteration, loss, why, Details(line=steps[0].line, todo=todo))
