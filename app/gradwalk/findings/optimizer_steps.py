"""Findings about the steps of an optimizer: gradients not cleared, parameters left out, steps too large."""

import math
from collections.abc import Hashable, Iterable
from typing import Final, NamedTuple

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Node, Tensor, Update
from gradwalk.findings.finding import Finding, Severity
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.layer_ownership import owned_elsewhere
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import NodeKey
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import Array, is_zero, numbers, real
from gradwalk.iteration.stale_gradient import is_left_over
from gradwalk.iteration.wording import called, counted, listed, number

_MOST_LEAVES: Final = 1000
_ASKING: Final = ("autograd.grad", "inputs=", "torch.func", "register_hook", "retain_grad")
"""Words of a program that uses gradients in another way than by `.grad`."""
_SAME_WAY: Final = 0.99999
"""The cosine above which two gradients are the same but for their length."""


class MissingZeroGrad(Rule):
    """After an update, the gradient that it has used is still in the next one: `.grad` was not cleared."""

    code = "missing-zero-grad"
    title = "Gradients are not cleared between iterations"
    severity = "error"
    todo = "Call optimizer.zero_grad() in every iteration, before backward; by hand, set .grad = None after the update."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._held: dict[Hashable, _Held] = {}
        self._names: dict[str, None] = {}
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Follow the `.grad` of each leaf: after an update its content is old."""
        nodes = iteration.graph.nodes
        for each in iteration.passes:
            for id_, grad in each.accumulated.items():
                given = each.gradients.get(id_) or [None]
                if id_ in nodes and given[0] is not None:
                    self._accumulated(iteration, each, nodes[id_], grad, given[0])
        for update in iteration.body.updates:
            leaf = nodes.get(update.node)
            if leaf is None or update.gradient is None or len(self._held) >= _MOST_LEAVES:
                continue
            held = self._held.get(leaf_key(leaf))
            if held is not None and held.mixed is not None and _used(update, held):
                self._names.setdefault(called(leaf))
                if not self._signs.again(self.code, iteration):
                    self._signs.add(self.code, self._told(iteration, leaf, held, held.mixed))
            self._held[leaf_key(leaf)] = _Held(update.gradient, True, None)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding: whoever forgets to clear one gradient forgets it for all."""
        names = listed(list(self._names)) if self._names else ""
        todo, named = self.todo, self.run.text.named_only("zero_grad")
        if named:
            todo = (
                f"Write the brackets in line {named[0][1]}, {named[0][0]}(): without them it is only named, not called."
            )
        return [f.model_copy(update={"why": f"The .grad of {names} {f.why}", "todo": todo}) for f in self._signs]

    def _accumulated(
        self, iteration: IndexedIteration, each: BackwardPass, leaf: Node, grad: Tensor, given: Tensor
    ) -> None:
        """Note what `.grad` holds after a pass: the gradient of this pass, alone or added to what it held before."""
        key = leaf_key(leaf)
        held = self._held.get(key)
        if held is None:
            return
        after, fresh, before = numbers(grad), numbers(given), numbers(held.grad)
        if after is None or fresh is None or before is None or not is_left_over(before, fresh, after, grad.dtype):
            self._held[key] = _Held(grad, False, None)
            return
        mixed = held.mixed
        if held.used:
            at = int(np.argmax(np.abs(before)))
            mixed = _Mixed(at, float(before.flat[at]), float(fresh.flat[at]), each.line)
        elif mixed is not None:
            mixed = mixed._replace(added=mixed.added + float(fresh.flat[mixed.at]))
        self._held[key] = _Held(grad, False, mixed)

    def _told(self, iteration: IndexedIteration, leaf: Node, held: "_Held", mixed: "_Mixed") -> Finding:
        """Return the finding about an update, whose gradient may have come in several passes."""
        there = numbers(held.grad)
        total = mixed.before + mixed.added if there is None else float(there.flat[mixed.at])
        why = (
            f"still holds the gradient of the iteration before: backward added {number(mixed.added)} to "
            f"{number(mixed.before)}, and the update uses {number(total)}."
        )
        return self.finding(iteration, leaf, why, Details(line=mixed.line))


def _used(update: Update, held: "_Held") -> bool:
    """Return whether an update used what a `.grad` held, clipped perhaps, and not what the program put in its place."""
    used, there = numbers(update.gradient), numbers(held.grad)
    if used is None or there is None or used.shape != there.shape or not used.any():
        return False
    lengths = float(np.linalg.norm(used) * np.linalg.norm(there))
    if not math.isfinite(lengths) or float((used * there).sum()) > _SAME_WAY * lengths:
        return True
    limit = float(np.abs(used).max())
    return bool(np.allclose(used, there.clip(-limit, limit)))


class _Mixed(NamedTuple):
    """A used gradient that was still in a `.grad`. `at`: the flat index of its largest number, `before`; `added`: what
    the passes since then have added there; `line`: of the first of them.
    """

    at: int
    before: float
    added: float
    line: int | None


class _Held(NamedTuple):
    """The content of a `.grad`. `used`: an update has used all of it. `mixed`: the used gradient that is in it."""

    grad: Tensor
    used: bool
    mixed: _Mixed | None


class NotInOptimizer(Rule):
    """A leaf gets gradients and is never updated, while an optimizer updates others."""

    code = "optimizer-without-parameter"
    title = "The optimizer does not know a parameter"
    todo = "Give the optimizer every parameter: net.parameters() of the whole network, or add it to the list."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._updated: set[Hashable] = set()
        self._in_modules = True
        self._optimizer = ""
        self._signs: dict[Hashable, Signs] = {}
        self._names: dict[Hashable, str] = {}
        self._values: dict[Hashable, Array] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Look at iterations in which an optimizer takes a step."""
        nodes = iteration.graph.nodes
        steps = [u for u in iteration.body.updates if u.optimizer is not None and u.node in nodes]
        self._updated |= {leaf_key(nodes[u.node]) for u in iteration.body.updates if u.node in nodes}
        if not steps or any(each.failed for each in iteration.body.backward):
            # a turn that an error has ended may not have come to the step of a second optimizer
            return
        self._optimizer = steps[0].optimizer or ""
        self._in_modules = self._in_modules and all(_of_module(nodes[u.node]) for u in steps)
        for leaf in iteration.graph.parameters:
            key = leaf_key(leaf)
            gradient = iteration.last_gradient(leaf.id)
            if self._is_new_each_time(iteration, leaf, key):
                self._signs.pop(key, None)
                self._updated.add(key)
            if key in self._updated or not leaf.requires_grad or gradient is None or is_zero(gradient):
                continue
            signs = self._signs.get(key)
            if signs is None and len(self._signs) < _MOST_LEAVES:
                signs = self._signs[key] = Signs()
                self._names[key] = called(leaf)
                signs.add(key, self.finding(iteration, leaf, "", Details(line=steps[0].line)))
            elif signs is not None:
                signs.again(key, iteration)

    def _is_new_each_time(self, iteration: IndexedIteration, leaf: Node, key: Hashable) -> bool:
        """Return whether a leaf outside of all modules has other numbers than before without any update: the program
        makes a new one in every turn, as for the weights of an inner step.
        """
        value = None if _of_module(leaf) else numbers(iteration.value(leaf.id))
        if value is None or key in self._updated:
            return False
        before = self._values.setdefault(key, value)
        return before.shape != value.shape or bool((before != value).any())

    def found(self) -> Iterable[Finding]:
        """Return one finding for all such leaves. Where everything that learns is a parameter of a module, a leaf
        outside is data.
        """
        text = self.run.text
        left = [k for k in self._signs if k not in self._updated and not owned_elsewhere(self._names[k], text)]
        sights = [next(iter(self._signs[key])) for key in left]
        if self._in_modules:
            kept = [i for i, key in enumerate(left) if "." in self._names[key]]
            left, sights = [left[i] for i in kept], [sights[i] for i in kept]
        if not sights:
            return
        names = listed([self._names[key] for key in left])
        verb = "gets a gradient and is" if len(left) == 1 else "get gradients and are"
        why = f"{names} {verb} never updated: {self._optimizer} does not know {'it' if len(left) == 1 else 'them'}."
        others = [finding.node for finding in sights[1:] if finding.graph == sights[0].graph]
        yield sights[0].model_copy(update={"why": why, "others": others})


class GradientOfData(Rule):
    """The data require a gradient, and nothing uses it: backward computes it in vain."""

    code = "gradient-of-data"
    title = "The data require a gradient"
    severity = "note"
    todo = "Leave requires_grad=True out for data: the parameters of the layers have it already."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._updated: set[Hashable] = set()
        self._only_modules = True
        source = run.head.program.source
        self._asks = any(words in source for words in _ASKING)

    def look(self, iteration: IndexedIteration) -> None:
        """Look for leaves outside of all modules beside parameters of modules that an optimizer updates."""
        nodes = iteration.graph.nodes
        steps = [u for u in iteration.body.updates if u.optimizer is not None and u.node in nodes]
        self._updated |= {leaf_key(nodes[u.node]) for u in iteration.body.updates if u.node in nodes}
        if not steps or self._asks:
            return
        self._only_modules = self._only_modules and all(_of_module(nodes[u.node]) for u in steps)
        for leaf in iteration.graph.parameters:
            gradient, key = iteration.last_gradient(leaf.id), leaf_key(leaf)
            if _of_module(leaf) or gradient is None or not leaf.name or self._signs.again(key, iteration):
                continue
            if f"{leaf.name}.grad" in self.run.head.program.source or not self._is_data(iteration, leaf):
                continue
            count = counted(math.prod(gradient.shape), "number")
            why = (
                f"{leaf.name} requires a gradient, but it is data: each backward computes {count} for it that nothing "
                "uses."
            )
            severity: Severity = "note" if self.run.head.outcome.error is None else "error"
            self._signs.add(key, self.finding(iteration, leaf, why, Details(severity=severity)))

    def found(self) -> Iterable[Finding]:
        """Return the first finding only."""
        kept = [f for f in self._signs if self._only_modules]
        return kept[:1]

    def _is_data(self, iteration: IndexedIteration, leaf: Node) -> bool:
        """Return whether a leaf goes into a layer as its input, or into a loss as its target."""
        uses = iteration.graph.out_of.get(leaf.id, ())
        return leaf_key(leaf) not in self._updated and any(f.edge.argument in ("input", "target") for f in uses)


class _Loss(NamedTuple):
    iteration: int
    value: float
    rate: float | None
    finding: Finding
    summed: int


class RisingLoss(Rule):
    """The loss grows from update to update until it is many times what it was, or no number any more."""

    code = "learning-rate-too-large"
    title = "The learning rate is too large"
    severity = "error"
    todo = "Divide the learning rate by 10, and again until the loss falls."

    _ENOUGH: Final = 3
    _GROWTH: Final = 10.0

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._losses: dict[NodeKey, list[_Loss]] = {}
        self._uphill = False
        self._updated = False

    def look(self, iteration: IndexedIteration) -> None:
        """Collect the losses of each root that an update followed, and the last one."""
        loss = real(iteration.body.loss)
        if loss is None or not iteration.roots:
            return
        root = iteration.roots[0]
        updates = iteration.body.updates
        self._updated = self._updated or bool(updates)
        self._uphill = self._uphill or any(_climbs(update) for update in updates)
        rate = next((real(u.settings.get("lr")) for u in updates if "lr" in u.settings), None)
        line = updates[0].line if updates else None
        seen = self._losses.setdefault(iteration.graph.keys[root.id], [])
        if not seen or updates or seen[-1].iteration == iteration.index - 1:
            finding = self.finding(iteration, root, "", Details(line=line))
            seen.append(_Loss(iteration.index, loss, rate, finding, _summed(iteration, root)))

    def found(self) -> Iterable[Finding]:
        """Return at most one finding. A program that goes along the gradient wants the loss to rise, and of several
        losses that compete with each other one may rise.
        """
        if self._uphill:
            return
        series = [losses for losses in self._losses.values() if len(losses) >= self._ENOUGH]
        if len(series) != 1:
            return
        losses = series[0]
        finite = [each for each in losses if math.isfinite(each.value)]
        first, highest = finite[0] if finite else None, max(finite, key=lambda x: x.value, default=None)
        if first is None or highest is None or first.value <= 0:
            return
        begin = self._begin(finite)
        rising = finite[-1] is highest and begin is not None
        broke = len(finite) < len(losses)
        if begin is None or not rising or (not broke and highest.value < self._GROWTH * first.value):
            return
        count = sum(each.iteration >= begin.iteration for each in losses)
        last = "no number any more" if broke else number(highest.value)
        if not self._updated:
            return
        rate = next((each.rate for each in losses if each.rate is not None), None)
        by = f"a step of {number(rate)} times the gradient" if rate is not None else "each step"
        why = (
            f"The loss rises from {number(begin.value)} to {last} in {counted(count, 'iteration')}: {by} jumps over "
            "the minimum and lands higher on the other side."
        )
        todo = self.todo
        if begin.summed > 1:
            why = f"{why[:-1]}; the loss is a sum over {begin.summed} numbers, and its gradient as many times larger."
            todo = 'Take the mean, reduction="mean" or .mean(), or divide the learning rate by the number of examples.'
        yield begin.finding.model_copy(update={"why": why, "todo": todo, "iterations": count})

    def _begin(self, losses: list[_Loss]) -> _Loss | None:
        """Return the first loss of an unbroken rise to the end that is long enough; null where there is none."""
        start = len(losses) - 1
        while start > 0 and losses[start - 1].value < losses[start].value:
            start -= 1
        return losses[start] if len(losses) - start >= self._ENOUGH else None


def _of_module(leaf: Node) -> bool:
    return leaf.group is not None or "." in (leaf.name or "")


def _summed(iteration: IndexedIteration, root: Node) -> int:
    """Return how many numbers a loss adds up without dividing by their count; 0 where it does not."""
    if root.op != "sum" and root.arguments.get("reduction") != "sum":
        return 0
    flow = next(iter(iteration.graph.into.get(root.id, ())), None)
    tensor = None if flow is None else iteration.input(flow)
    return 0 if tensor is None else math.prod(tensor.shape)


def _climbs(update: Update) -> bool:
    """Return whether the update went along the gradient and not against it."""
    before, after, gradient = numbers(update.before), numbers(update.after), numbers(update.gradient)
    if before is None or after is None or gradient is None or not before.shape == after.shape == gradient.shape:
        return False
    with np.errstate(all="ignore"):
        along = float(((after - before) * gradient).sum())
    return along > 0 and update.settings.get("momentum", 0) == 0 and not update.state
