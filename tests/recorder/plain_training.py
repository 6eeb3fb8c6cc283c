"""The passes and updates of a training program in the order in which they happen, as plain PyTorch makes them and as a
recording tells them.

Plainly, a leaf is watched from the first pass that reaches it: its value is read again after each line of the program
and after each step of an optimizer. Nothing here asks the recorder.
"""

import hashlib
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from types import FrameType
from typing import Any
from unittest import mock

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from gradwalk.contract.snapshot import BackwardPass, Iteration, Node, Snapshot, Tensor
from tests.recorder.oracle import PLAIN_FILE, bits, copied, numbers, run_plainly

SHOWN = 4
"""How many numbers of a tensor a fingerprint shows."""


def fingerprint(tensor: torch.Tensor) -> str:
    """A text that is equal for two tensors only when all their bits are, and that says something when a test fails."""
    plain = tensor.detach()
    first = ", ".join(f"{x:.6g}" if isinstance(x, float) else str(x) for x in plain.reshape(-1)[:SHOWN].tolist())
    shape = "x".join(map(str, plain.shape)) or "scalar"
    return f"{shape} [{first}] {plain.dtype} {hashlib.sha1(bits(plain)).hexdigest()[:8]}"


# ------------------------------------------------------------------ what happened


@dataclass
class TrainingPass:
    """A backward pass. `loss`: its first root. `gradients`: the `.grad` that it left in each leaf, sorted.

    `returned`: what autograd.grad gave back, or the gradients of all nodes of a recorded pass: not compared directly.
    """

    loss: str
    gradients: list[str]
    returned: set[str] = field(default_factory=set, compare=False)


@dataclass
class TrainingUpdate:
    """The values of leaves before and after the updates that follow one another without a pass, sorted."""

    changes: list[tuple[str, str]]


Event = TrainingPass | TrainingUpdate


def add_change(events: list[Event], before: str, after: str) -> None:
    """Add a change of one leaf. Two writes into the same leaf are one change, and a write of the same bits is none."""
    if not events or not isinstance(events[-1], TrainingUpdate):
        events.append(TrainingUpdate([]))
    update = events[-1]
    assert isinstance(update, TrainingUpdate)
    earlier = next((change for change in update.changes if change[1] == before), None)
    if earlier is not None:
        update.changes.remove(earlier)
        before = earlier[0]
    if before != after:
        update.changes.append((before, after))
    update.changes.sort()
    if not update.changes:
        events.pop()


# ------------------------------------------------------------------ plain


@dataclass
class PlainTraining:
    """A plain run. `histories`: the different values, in order, of the variables that were asked for."""

    events: list[Event]
    histories: dict[str, list[str]]


@lru_cache(maxsize=256)
def train_plainly(source: str, variables: tuple[str, ...] = ()) -> PlainTraining:
    """The program run without the recorder, its passes and updates watched."""
    watcher = _Watcher(variables)
    hooks = [
        register_optimizer_step_pre_hook(watcher.before_step),
        register_optimizer_step_post_hook(watcher.after_step),
    ]
    earlier = sys.gettrace()
    try:
        with (
            warnings.catch_warnings(),
            mock.patch.object(torch.Tensor, "backward", watcher.around(torch.Tensor.backward)),
            mock.patch.object(torch.autograd, "backward", watcher.around(torch.autograd.backward)),
            mock.patch.object(torch.autograd, "grad", watcher.around(torch.autograd.grad)),
        ):
            # Python 3.12 says so when the variables of a frame with a comprehension in it are read
            warnings.filterwarnings("ignore", "assigning None to unbound local")
            sys.settrace(watcher.trace)
            ran = run_plainly.__wrapped__(source)
    finally:
        sys.settrace(earlier)
        for hook in hooks:
            hook.remove()
    watcher.look()
    watcher.look_at_variables(ran.variables, {})
    return PlainTraining(watcher.events, watcher.histories)


class _Watcher:
    """Sees every pass, every step of an optimizer, and every line of the program."""

    def __init__(self, variables: Iterable[str]) -> None:
        self.events: list[Event] = []
        self.histories: dict[str, list[str]] = {name: [] for name in variables}
        self._leaves: dict[int, tuple[torch.Tensor, str]] = {}
        self._stepping = False
        self._inside = False

    def trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        """Called by Python before each line of the program, and when a function returns."""
        if frame.f_code.co_filename != PLAIN_FILE:
            return None
        self.look()
        self.look_at_variables(frame.f_globals, frame.f_locals)
        return self.trace

    def look(self) -> None:
        """Compare every leaf with what it was when it was last looked at."""
        if self._stepping:
            return
        for key, (leaf, before) in list(self._leaves.items()):
            after = fingerprint(leaf)
            if after != before:
                self._leaves[key] = (leaf, after)
                add_change(self.events, before, after)

    def look_at_variables(self, around: dict[str, Any], inside: dict[str, Any]) -> None:
        """Note the values of variables, which may be written with an index, that have changed."""
        for name, history in self.histories.items():
            try:
                value = eval(name, around, inside)
            except (NameError, LookupError, AttributeError, TypeError):
                continue
            if isinstance(value, torch.Tensor) and not torch._C._functorch.is_functorch_wrapped_tensor(value):
                found = fingerprint(value)
                if history[-1:] != [found]:
                    history.append(found)

    def before_step(self, *_: Any) -> None:
        """Called by torch before an optimizer's step, whose closure may make passes."""
        self.look()
        self._stepping = True

    def after_step(self, *_: Any) -> None:
        """Called by torch after an optimizer's step."""
        self._stepping = False
        self.look()

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call with eyes; a pass that another one starts belongs to that one."""

        @wraps(call)
        def watching(first: Any, *args: Any, **kwargs: Any) -> Any:
            roots = list(first) if isinstance(first, list | tuple) else [first]
            if self._inside or torch._C._functorch.is_functorch_wrapped_tensor(roots[0]):
                return call(first, *args, **kwargs)
            self._inside = True
            try:
                return self._watch(roots, lambda: call(first, *args, **kwargs))
            finally:
                self._inside = False

        return watching

    def _watch(self, roots: list[torch.Tensor], call: Callable[[], Any]) -> Any:
        self.look()
        leaves = list(_leaves_behind(roots))
        for leaf in leaves:
            self._leaves.setdefault(id(leaf), (leaf, fingerprint(leaf)))
        earlier = [None if leaf.grad is None else (leaf.grad, leaf.grad._version) for leaf in leaves]
        loss = fingerprint(copied(roots[0]))
        result = call()
        left = [
            leaf.grad
            for leaf, before in zip(leaves, earlier, strict=True)
            if leaf.grad is not None
            and (before is None or leaf.grad is not before[0] or leaf.grad._version != before[1])
        ]
        returned = {fingerprint(t) for t in result or () if t is not None}
        self.events.append(TrainingPass(loss, sorted(map(fingerprint, left)), returned))
        return result


def _leaves_behind(roots: list[torch.Tensor]) -> Iterator[torch.Tensor]:
    """Every leaf that a backward pass from `roots` may reach, once."""
    pending: list[Any] = [root.grad_fn for root in roots]
    visited: set[Any] = set()
    while pending:
        function = pending.pop()
        if function is None or function in visited:
            continue
        visited.add(function)
        if hasattr(function, "variable"):
            yield function.variable
        pending += [following for following, _ in function.next_functions]


# ------------------------------------------------------------------ recorded


def recorded_events(snapshot: Snapshot, by_hand: Iterable[str] = ()) -> list[Event]:
    """The passes and updates of a recording in order.

    Left out are the updates of `by_hand`, those of leaves that no pass reaches, such as a second net that is copied
    to, and the passes that torch.func makes inside a transform, which the plain run does not see.
    """
    left_out = set(by_hand)
    reached = [
        (iteration, node)
        for iteration in snapshot.iterations
        for backward in iteration.backward
        for node in backward.gradients
    ]
    trained = {_name(snapshot, iteration, node) for iteration, node in reached}
    trained_nodes = {(iteration.graph, node) for iteration, node in reached}
    events: list[Event] = []
    for iteration in snapshot.iterations:
        made: set[int] = set()
        updates = iter(iteration.updates)
        for step in iteration.steps:
            if step.kind == "update":
                update = next(updates)
                name = _name(snapshot, iteration, update.node)
                known = name in trained or (iteration.graph, update.node) in trained_nodes
                if known and name not in left_out:
                    add_change(events, _stored(update.before, snapshot), _stored(update.after, snapshot))
            elif step.backward_pass is not None and step.backward_pass not in made:
                made.add(step.backward_pass)
                backward = iteration.backward[step.backward_pass]
                if "inside" not in _node(snapshot, iteration, backward.root.node).arguments:
                    events.append(_recorded_pass(iteration, backward, snapshot))
        assert len(made) == len(iteration.backward)
        assert next(updates, None) is None
    return events


def recorded_history(snapshot: Snapshot, name: str) -> list[str]:
    """The values of a leaf by its updates: that before the first of them, and that after each."""
    history: list[str] = []
    for iteration in snapshot.iterations:
        for update in iteration.updates:
            if _name(snapshot, iteration, update.node) == name:
                before, after = _stored(update.before, snapshot), _stored(update.after, snapshot)
                history = history or [before]
                assert history[-1] == before, f"an update of {name} does not begin where the last one ended"
                if after != before:
                    history.append(after)
    return history


def _recorded_pass(iteration: Iteration, backward: BackwardPass, snapshot: Snapshot) -> TrainingPass:
    root = iteration.values[backward.root.node][backward.root.output]
    shown = {_stored(t, snapshot) for tensors in backward.gradients.values() for t in tensors if t is not None}
    left = sorted(_stored(t, snapshot) for t in backward.accumulated.values())
    return TrainingPass(_stored(root, snapshot), left, shown)


def _stored(tensor: Tensor, snapshot: Snapshot) -> str:
    whole = numbers(tensor, snapshot)
    assert whole is not None
    return fingerprint(whole)


def _node(snapshot: Snapshot, iteration: Iteration, identity: str) -> Node:
    return next(node for node in snapshot.graphs[iteration.graph].nodes if node.id == identity)


def _name(snapshot: Snapshot, iteration: Iteration, identity: str) -> str:
    return _node(snapshot, iteration, identity).name or f"node {identity} of graph {iteration.graph}"
