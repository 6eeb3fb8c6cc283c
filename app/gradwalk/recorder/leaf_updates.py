"""Updates of leaves: by an optimizer (torch's global step hooks) or by hand (an in-place write without grad)."""

import weakref
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import torch
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from gradwalk.recorder.autograd_structure import grad_fn_of, version_of
from gradwalk.recorder.call_sites import Locate
from gradwalk.recorder.calls import COPIES, NamedTensors, as_data, hidden_from_modes, tensors_of
from gradwalk.recorder.deferred_calls import DeferredCall
from gradwalk.recorder.gradient_changes import GradientChanges, written
from gradwalk.recorder.rebound_leaves import Rebinding
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import LeafRecord, NodeRecord, UpdateRecord
from gradwalk.recorder.tensor_capture import Captured
from gradwalk.recorder.tensor_registry import TensorRegistry, memory_of

_MOST_MARKS = 1_000
"""How many tensors are remembered before those that are gone are forgotten."""

_MOST_PASSES_BACK = 64
_MOST_VALUES_BACK = 8
"""The numbers of backward passes, and of values of a leaf, among which the last pass through the leaf is looked for."""

_MOST_EDGES = 64
"""The number of edges among which those of the last operations are looked for."""

FindNode = Callable[[torch.Tensor], NodeRecord | None]
OnUpdate = Callable[[UpdateRecord], None]
BeforeStep = list[tuple[torch.Tensor, Captured, Captured | None, dict[str, Any]]]


class OptimizerSteps:
    """The hooks that turn every optimizer step into one UpdateRecord per parameter that has a gradient and was
    recorded.

    `is_following`: whether the recording goes on, if not now then in the next turn: a closure may begin one.

    `is_computing`: a step without a closure has begun and not ended; it stays true when the step raises.
    """

    def __init__(
        self,
        is_following: Callable[[], bool],
        find_node: FindNode,
        recording: Recording,
        on_update: OnUpdate,
        locate: Locate,
    ) -> None:
        self._is_following = is_following
        self._locate = locate
        self._find_node = find_node
        self._recording = recording
        self._capture = recording.capture
        self._on_update = on_update
        self._captured_before: BeforeStep = []
        self.is_computing = False

    def install(self) -> list[Any]:
        """Register the hooks and return their handles."""
        return [
            register_optimizer_step_pre_hook(self._before_step),
            register_optimizer_step_post_hook(self._after_step),
        ]

    @hidden_from_modes
    def _before_step(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        self._captured_before = []
        if not self._is_following():
            return
        # the step may be in another turn of a loop than the call before it
        self._locate()
        self._recording.stepping = True
        # the first argument is the optimizer
        self.is_computing = len(args) == 1 and not kwargs
        self._captured_before = [
            (
                parameter,
                self._capture(parameter),
                # a closure computes it anew during the step
                None if parameter.grad is None or not self.is_computing else self._capture(parameter.grad),
                settings,
            )
            for group in optimizer.param_groups
            for settings in [{k: as_data(v) for k, v in group.items() if k != "params" and v is not None}]
            for parameter in group["params"]
        ]

    @hidden_from_modes
    def _after_step(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        self.is_computing = False
        if not self._is_following():
            return
        self._recording.stepping = False
        captured_before, self._captured_before = self._captured_before, []
        if self._recording.truncated is not None:
            return
        for parameter, value, gradient, settings in captured_before:
            # looked up only now, because a closure may have recorded whole iterations since the step began
            node = self._find_node(parameter)
            if node is None or parameter.grad is None:
                continue
            state = optimizer.state.get(parameter, {})
            record = UpdateRecord(
                node=node,
                optimizer=type(optimizer).__name__,
                before=value,
                after=self._capture(parameter),
                gradient=gradient or self._capture(parameter.grad),
                settings=settings,
                state={k: self._capture(v) if isinstance(v, torch.Tensor) else as_data(v) for k, v in state.items()},
                line=None,
            )
            self._on_update(record)


class ManualUpdates:
    """A detector of hand-written updates: `w -= lr * w.grad` under no_grad, `w.data -= ...`, `w.data = ...`.

    These write into recorded leaves without autograd's knowledge. What is computed from a `.grad` on the way there
    prepares the update and is no operation of the network. `marked`: such tensors, by identity; most of the time there
    are none. `changes`: the writes into the `.grad`s themselves.
    """

    def __init__(
        self,
        registry: TensorRegistry,
        recording: Recording,
        on_update: OnUpdate,
    ) -> None:
        self._registry = registry
        self._find_node = registry.find_node
        self._recording = recording
        self._capture = recording.capture
        self._on_update = on_update
        self.changes = GradientChanges(registry.find_node, recording)
        self.marked: dict[int, weakref.ref[torch.Tensor]] = {}
        self._used: set[int] = set()
        self._aliases: dict[int, tuple[weakref.ref[torch.Tensor], weakref.ref[torch.Tensor]]] = {}

    def note_update(self) -> None:
        """Note that an update was made: what was computed from gradients until now was for it."""
        self._used = set(self.marked)

    def begin_pass(self) -> None:
        """Forget the marks that an update has used. A momentum goes into the next one like any data."""
        for key in self._used:
            self.marked.pop(key, None)
        self._used = set()

    def mark_gradients(self, tensors: Iterable[torch.Tensor]) -> None:
        """Note that each tensor is some `.grad`, or was computed from one."""
        for tensor in tensors:
            self.marked[id(tensor)] = weakref.ref(tensor)
            self._used.discard(id(tensor))
        if len(self.marked) > _MOST_MARKS:
            self.marked = {key: one for key, one in self.marked.items() if one() is not None}

    def unmark(self, tensor: torch.Tensor) -> None:
        """Remove the mark of a tensor that has become a trainable leaf: what is computed from it belongs to the network
        again.
        """
        self.marked.pop(id(tensor), None)

    def is_gradient(self, tensor: torch.Tensor) -> bool:
        """Return whether the tensor was marked as part of an update."""
        found = self.marked.get(id(tensor))
        return found is not None and found() is tensor

    def mark_alias(self, tensor: torch.Tensor, leaf: torch.Tensor) -> None:
        """Note that `tensor` is `leaf.data`: writing into it writes into the leaf."""
        if len(self._aliases) > _MOST_MARKS:
            self._aliases = {key: one for key, one in self._aliases.items() if one[0]() is not None}
        self._aliases[id(tensor)] = weakref.ref(tensor), weakref.ref(leaf)

    def leaf_behind(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return the leaf that this tensor is the `.data` of, or a view of; else the tensor itself."""
        base = tensor._base
        for one in (tensor, base):
            found = self._aliases.get(id(one))
            leaf = found[1]() if found is not None and found[0]() is one else None
            if leaf is not None:
                return leaf
        return base if base is not None and base.requires_grad and base.is_leaf else tensor

    def is_own_data(self, leaf: torch.Tensor, value: object) -> bool:
        """Return whether `value` is the `.data` of `leaf`, which `leaf.data += step` assigns at its end."""
        found = self._aliases.get(id(value))
        return (
            found is not None
            and found[0]() is value
            and found[1]() is leaf
            and isinstance(value, torch.Tensor)
            and 0 != memory_of(value) == memory_of(leaf)
            and value.shape == leaf.shape
            and value.stride() == leaf.stride()
        )

    def perform(self, tensors: NamedTensors, line: int | None, call: Callable[[], Any]) -> Any:
        """Make the call. If it wrote into a recorded leaf, record an update; else mark its results when a gradient went
        in.
        """
        written_leaves = [(t, self.leaf_behind(t)) for t in written(tensors)]
        prepared: list[tuple[UpdateRecord, torch.Tensor, torch.Tensor, tuple[int, int]]] = []
        by_gradient = any(self.is_gradient(t) for _, t in tensors)
        for target, leaf in written_leaves:
            node = self._find_node(leaf)
            if node is not None and node.kind != "operation":
                value, gradient = self._capture(leaf), None if leaf.grad is None else self._capture(leaf.grad)
                if gradient is None and by_gradient and node.leaf is not None:
                    gradient = self._last_gradient(node.leaf)
                record = UpdateRecord(node, None, value, value, gradient, {}, {}, line)
                prepared.append((record, target, leaf, _write_state(target, leaf)))
        result = call()
        for record, target, leaf, unwritten in prepared:
            if _write_state(target, leaf) != unwritten:
                record.after = self._capture(leaf)
                self._registry.forget_value(leaf)
                self._on_update(record)
        if by_gradient:
            # never a trainable tensor: what is computed from it is the network
            trainable = {id(target) for target, leaf in written_leaves if leaf.requires_grad}
            self.mark_gradients(t for t in tensors_of(result) if id(t) not in trainable)
            for target, _ in written_leaves:
                self._recording.rebindings.note_write(target, self._capture)
        return result

    def note_result(self, call: DeferredCall, tensors: NamedTensors, result: torch.Tensor) -> None:
        """Note the result of a call that computed with gradients: a leaf that went in may get it as its next value."""
        behind: dict[NodeRecord, torch.Tensor | None] = {}
        for _, tensor in tensors:
            if tensor.shape != result.shape:
                continue
            leaf = self.leaf_behind(tensor)
            known = self._find_node(leaf)
            node = known if known is None or known.leaf is not None else self._copied_leaf(known)
            earlier = self._registry.deferred.find(tensor) if known is None else None
            if node is not None and node.requires_grad:
                behind[node] = leaf if node is known else None
            elif earlier is not None:
                behind |= dict.fromkeys(earlier.leaves)
        for node, source in behind.items():
            self._note_next_value(node, source, call, result)
        call.leaves = list(behind)

    def _note_next_value(
        self, node: NodeRecord, tensor: torch.Tensor | None, call: DeferredCall, result: torch.Tensor
    ) -> None:
        """Note what a leaf may hold next. `tensor`: the leaf itself; null when only what was computed from it went into
        the call.
        """
        leaf = node.leaf
        assert leaf is not None
        earlier = self._recording.rebindings.waiting(leaf)
        after = self._capture(result)
        if earlier is not None and tensor is None:
            if earlier.update.after == after:
                earlier.result = weakref.ref(result)
                return
            before, gradient = earlier.update.before, earlier.update.gradient
        else:
            changed = tensor is not None and self._registry.find_port(tensor) is None
            before = self._capture(tensor) if tensor is not None and changed else node.values[0]
            grad = None if tensor is None else tensor.grad
            gradient = self._last_gradient(leaf) if grad is None else self._capture(grad)
        update = UpdateRecord(node, None, before, after, gradient, {}, {}, call.location.line)
        rebinding = Rebinding(update, self._recording.hold_place(), weakref.ref(result))
        self._recording.rebindings.add(leaf, rebinding)

    def _last_gradient(self, leaf: LeafRecord) -> Captured | None:
        """Return the `.grad` that the last of the latest passes through a leaf left there, or what autograd.grad
        returned for it; null if no pass of them went through it.
        """
        latest = (each for segment in reversed(self._recording.segments) for each in reversed(segment.passes))
        for each in islice(latest, _MOST_PASSES_BACK):
            for node in reversed(leaf.nodes[-_MOST_VALUES_BACK:]):
                found = each.accumulated.get(node) or each.gradients.get((node, 0))
                if found is not None:
                    return found
        return None

    def _copied_leaf(self, node: NodeRecord) -> NodeRecord | None:
        """Return the leaf that a chain of copies begins with, such as `w.detach().clone()`; null for all else."""
        latest = self._recording.current.edges[-_MOST_EDGES:]
        while node.leaf is None:
            edge = next((edge for edge in latest if edge.target is node), None) if node.op in COPIES else None
            if edge is None:
                return None
            node = edge.source[0]
        return node


def _write_state(target: torch.Tensor, leaf: torch.Tensor) -> tuple[int, int]:
    """Return a value that changes after a write into `target`, or when `leaf` gets other memory."""
    return version_of(target), memory_of(leaf)


def extends_network(tensors: NamedTensors, results: list[torch.Tensor]) -> bool:
    """Return whether a gradient would flow through a call and on to what its inputs were computed from.

    Such a call is a part of the network, though it reads a `.grad`. `w - lr * w.grad` may still be detached, and is an
    update then; an update has the shape of what it updates.
    """
    trainable = [t for _, t in tensors if t.requires_grad]
    return any(r.requires_grad and any(grad_fn_of(t) or t.shape != r.shape for t in trainable) for r in results)
