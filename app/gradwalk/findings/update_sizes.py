"""Findings about updates that are far too small, and about weight decay that is far stronger than the gradient."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node, Tensor, Update
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers, real
from gradwalk.iteration.wording import number

_DECOUPLED: Final = ("AdamW",)


class _Totals(Rule):
    """A rule about the updates of an optimizer in each iteration, all parameters together."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self.first: tuple[IndexedIteration, Node, Update] | None = None
        self.count = 0

    def look(self, iteration: IndexedIteration) -> None:
        """Measure the updates of an iteration together."""
        updates = [u for u in iteration.body.updates if u.optimizer is not None and u.node in iteration.graph.nodes]
        if updates:
            self.count += 1
            self.first = self.first or (iteration, iteration.graph.nodes[updates[0].node], updates[0])
            self.measure(updates)

    def measure(self, updates: Sequence[Update]) -> None:
        """Take the updates of one iteration into account."""
        raise NotImplementedError

    def told(self, why: str, todo: str) -> Finding | None:
        """Return the finding, at the first update."""
        if self.first is None:
            return None
        iteration, node, update = self.first
        found = self.finding(iteration, node, why, Details(line=update.line, todo=todo))
        return found.model_copy(update={"iterations": self.count})


class TinyUpdates(_Totals):
    """Every update changes the weights by less than five millionths: thousands of steps would change nothing."""

    code = "learning-rate-too-small"
    title = "The learning rate is too small"
    todo = "Make the learning rate larger."

    _TINY: Final = 5e-6
    _ENOUGH: Final = 2
    _GRADIENT: Final = 1e-4

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._largest = 0.0
        self._gradient = 0.0
        self._known = True

    def measure(self, updates: Sequence[Update]) -> None:
        """Compare the change of all weights with the weights."""
        before, change = _length(u.before for u in updates), _length_of_changes(updates)
        gradient = _length(u.gradient for u in updates)
        if before is None or change is None or gradient is None or before == 0:
            self._known = False
            return
        self._largest = max(self._largest, change / before)
        self._gradient = max(self._gradient, gradient / before)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        rate = None if self.first is None else real(self.first[2].settings.get("lr"))
        if not self._known or self.count < self._ENOUGH or not rate or self._gradient < self._GRADIENT:
            return
        if self._largest >= self._TINY:
            return
        size = (
            f"at most {number(self._largest)} of themselves" if self._largest else "nothing: the change is rounded away"
        )
        why = (
            f"In {self.count} steps the weights change by {size}: with a learning rate of {number(rate)} nothing moves."
        )
        optimizer = "" if self.first is None else self.first[2].optimizer or ""
        good = 1e-3 if "Adam" in optimizer else 0.01
        todo = f"Make the learning rate much larger: {optimizer} usually starts with about lr={good}."
        finding = self.told(why, todo)
        yield from [] if finding is None else [finding]


class StrongDecay(_Totals):
    """Weight decay pulls at the weights far more than the gradient of the loss does, and they shrink to nothing."""

    code = "weight-decay-too-large"
    title = "Weight decay far above the gradient"
    todo = "Make weight_decay smaller."

    _RATIO: Final = 2.0
    _SHRUNK: Final = 0.7
    _ENOUGH: Final = 2

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._pull: tuple[float, float, float] | None = None
        self._lengths: list[float] = []

    def measure(self, updates: Sequence[Update]) -> None:
        """Compare the pull of the decay with that of the gradient, in the first step."""
        before, after = _length(u.before for u in updates), _length(u.after for u in updates)
        gradient = _length(u.gradient for u in updates)
        decays = [real(u.settings.get("weight_decay")) or 0.0 for u in updates]
        if before is None or after is None or gradient is None:
            return
        self._lengths += [before, after]
        if self._pull is None and max(decays) > 0:
            decayed = _length(u.before for u, decay in zip(updates, decays, strict=True) if decay > 0) or 0.0
            scale = max(decays)
            self._pull = scale, scale * decayed, gradient
            if updates[0].optimizer in _DECOUPLED:
                # it moves every number by about the learning rate, and the decay comes on top of that
                count = sum(int(np.prod(u.before.shape)) for u in updates)
                self._pull = scale, scale * decayed, float(count**0.5)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding, where the weights do shrink."""
        if self._pull is None or self.count < self._ENOUGH:
            return
        decay, pull, gradient = self._pull
        first, last = self._lengths[0], self._lengths[-1]
        if pull < self._RATIO * gradient or last > self._SHRUNK * first:
            return
        why = (
            f"weight_decay={number(decay)} pulls at the weights with {number(pull)}, the loss only with "
            f"{number(gradient)}: in {self.count} steps their norm shrinks from {number(first)} to {number(last)}, and "
            "the network forgets what it learns."
        )
        finding = self.told(why, "Make weight_decay much smaller: usual values are 0 to 0.1, often 1e-4.")
        yield from [] if finding is None else [finding]


def _length(tensors: Iterable[Tensor | None]) -> float | None:
    """Return the Euclidean norm of several tensors together; null where one is not known or not finite."""
    total = 0.0
    for tensor in tensors:
        array = numbers(tensor)
        if array is None or not np.isfinite(array).all():
            return None
        total += float((array * array).sum())
    return float(total**0.5)


def _length_of_changes(updates: Sequence[Update]) -> float | None:
    total = 0.0
    for update in updates:
        before, after = numbers(update.before), numbers(update.after)
        if before is None or after is None or before.shape != after.shape or not np.isfinite(after).all():
            return None
        total += float(((after - before) ** 2).sum())
    return float(total**0.5)
