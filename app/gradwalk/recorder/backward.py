"""The hooks of one backward pass: gradients per node, contributions per edge, accumulation in leaves."""

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch
from torch import ones, ones_like

from gradwalk.recorder.autograd_structure import AutogradFunction, AutogradStructure, Ownership, gradient_edge, key_of
from gradwalk.recorder.calls import ENTRIES, hidden_from_modes
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import NodeRecord, PassRecord, Port
from gradwalk.recorder.tensor_capture import Captured, computes_by_itself, sum_captured
from gradwalk.recorder.transforms import function_modes, transforming, unobserved

OnDerived = Callable[[AutogradFunction, list[torch.Tensor]], None]

BeforePass = Callable[[list[tuple[AutogradFunction, Ownership]]], None]
"""A callback that gets the autograd nodes of recorded nodes before the pass runs through them."""

Gradients = tuple[torch.Tensor | None, ...]

_SIGNATURES = {func: inspect.signature(func) for func in ENTRIES}
_SEEDS = ("gradient", "grad_tensors", "grad_outputs")


class BackwardRequest:
    """The arguments of one call of backward or autograd.grad. Raises TypeError as the call itself would.

    `args`, `kwargs`: the arguments to call with. They may differ from the caller's, because an iterator of inputs
    (`net.parameters()`) can be read only once. `input_ports`: by input, its port where one is known.
    """

    def __init__(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        call = _SIGNATURES[func].bind(*args, **kwargs)
        bound = call.arguments
        for name in ("outputs", "inputs"):
            if isinstance(bound.get(name), Iterable) and not isinstance(bound[name], torch.Tensor | tuple):
                bound[name] = list(bound[name])
        self.args, self.kwargs = call.args, call.kwargs
        self.roots = [t for t in _listed(bound[ENTRIES[func]]) if isinstance(t, torch.Tensor)]
        seeds = next((_listed(bound[name]) for name in _SEEDS if bound.get(name) is not None), [])
        self.seeds: list[torch.Tensor | None] = [*seeds, *[None] * (len(self.roots) - len(seeds))]
        self.create_graph = bool(bound.get("create_graph"))
        self.batched = bool(bound.get("is_grads_batched"))
        self.returns = func is torch.autograd.grad
        self.inputs = _listed(bound["inputs"]) if self.returns else []
        self.input_ports: list[Port | None] = []


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


class BackwardHooks:
    """The hooks on every autograd node of one pass.

    `structure`: the owners of the autograd nodes. `on_derived` is called in a differentiable pass, with an autograd
    node that ran and the gradients that it computed.
    """

    def __init__(
        self,
        record: PassRecord,
        structure: AutogradStructure,
        recording: Recording,
        on_derived: OnDerived,
        before_pass: BeforePass | None = None,
    ) -> None:
        self._before_pass = before_pass
        self._record = record
        self._structure = structure
        self._recording = recording
        self._on_derived = on_derived
        self._nodes_with_step: set[NodeRecord] = set()
        self._ran: list[Ownership] = []
        self._leaves: dict[NodeRecord, torch.Tensor] = {}
        self._last_contributions: dict[Port, tuple[torch.Tensor, int, Captured]] = {}
        self._captured_at_leaves: dict[NodeRecord, tuple[MemoryIdentity | None, Captured] | None] = {}

    def run(self, request: BackwardRequest, ports: list[Port], call: Callable[[], Any]) -> Any:
        """Make the call with the hooks in place. Whatever it raises passes through, after the hooks are removed and the
        failed node is marked.

        Of a batched pass only the roots are recorded: it computes many gradients per node, and there is no tensor for
        any single one.
        """
        for port, root, seed in zip(ports, request.roots, request.seeds, strict=True):
            self._record.roots.append(port)
            if request.batched:
                continue
            if seed is not None or root.numel() == 1:
                seed_value = _implicit_seed(root) if seed is None else seed
                captured, earlier = self._recording.capture(seed_value), self._record.seeds.get(port)
                # the same root may be given twice
                self._record.seeds[port] = captured if earlier is None else sum_captured(earlier, captured)
        if request.batched:
            return call()
        starts = self._find_start_nodes(request, ports)
        reachable = self._structure.reachable(starts)
        if self._before_pass is not None:
            self._before_pass(reachable)
        # torch calls hooks with the modes of the program on: a default device is one
        on_node_run = hidden_from_modes(self._on_node_run) if function_modes() else self._on_node_run
        handles = [function.register_hook(partial(on_node_run, function, owned)) for function, owned in reachable]
        try:
            result = call()
        except BaseException as error:
            self._recording.record_failure(error, "backward", self._find_failed_node(starts, reachable))
            raise
        finally:
            for handle in handles:
                handle.remove()
            self._record_accumulated()
        self._record_returned(request, result)
        return result

    def _find_start_nodes(self, request: BackwardRequest, ports: list[Port]) -> list[AutogradFunction]:
        """Return the autograd nodes of the roots. A root may be a leaf, whose autograd node is not registered yet."""
        starts: list[AutogradFunction] = []
        for port, root in zip(ports, request.roots, strict=True):
            edge = gradient_edge(root)
            if edge is not None:
                function, number = edge
                if root.is_leaf:
                    self._structure.set_output_port(function, key_of(function), number, port)
                starts.append(function)
        return starts

    def _on_node_run(
        self, function: AutogradFunction, owned: Ownership, grad_inputs: Gradients, grad_outputs: Gradients
    ) -> None:
        """Record what one autograd node computed: the gradients of its outputs are complete, and its contributions
        leave.
        """
        recording, record, owner = self._recording, self._record, owned.owner
        if recording.exhausted:
            return
        self._ran.append(owned)
        # the lengths differ where a pass does not need the last gradients
        for port, gradient in zip(owned.outputs, grad_outputs, strict=False):
            if port is not None and gradient is not None:
                leaf = owned.accumulator is not None
                record.gradients[port] = (
                    self._leaf_gradient(owner, gradient) if leaf else self._gradient(port, gradient)
                )
        contributions = record.contributions
        for edge, contribution in zip(owned.slots, grad_inputs, strict=False):
            if edge is not None and contribution is not None:
                captured = recording.capture(contribution)
                source = edge.source
                if source[0].kind == "operation":
                    self._last_contributions[source] = contribution, contribution._version, captured
                else:
                    self._captured_at_leaves[source[0]] = (
                        None if source[0] in self._captured_at_leaves else (_memory_identity(contribution), captured)
                    )
                # an operation may use one tensor twice: what comes back from both uses is one contribution
                contributions[edge] = sum_captured(contributions[edge], captured) if edge in contributions else captured
        if owned.accumulator is not None:
            self._leaves[owner] = function.variable
        if owner not in self._nodes_with_step:
            self._nodes_with_step.add(owner)
            recording.add_step(owner, record)
        if record.differentiable:
            self._on_derived(function, [g for g in grad_inputs if g is not None])

    def _gradient(self, port: Port, gradient: torch.Tensor) -> Captured:
        """Return the captured gradient of a port. A gradient that is one contribution and nothing else is the very
        tensor that was captured as that contribution, and is not captured again.
        """
        last = self._last_contributions.pop(port, None)
        if last is not None and last[0] is gradient and last[1] == gradient._version:
            return last[2]
        return self._recording.capture(gradient)

    def _leaf_gradient(self, leaf: NodeRecord, gradient: torch.Tensor) -> Captured:
        """Return the captured gradient, or `.grad`, of a leaf; a tensor that was captured already is not captured
        again.

        Autograd makes the first gradient itself the `.grad` when no one else references it, so it is recognised by its
        memory. It is the leaf's only contribution and is still alive, so no other tensor can be at that address.
        """
        earlier_capture, identity = self._captured_at_leaves.get(leaf), _memory_identity(gradient)
        if earlier_capture is not None and identity is not None and earlier_capture[0] == identity:
            return earlier_capture[1]
        captured = self._recording.capture(gradient)
        self._captured_at_leaves[leaf] = identity, captured
        return captured

    def _record_returned(self, request: BackwardRequest, result: Any) -> None:
        """Record the gradients that autograd.grad returns, which no hook shows."""
        returned: set[Port] = set()
        results = result if request.returns else ()
        for tensor, known, gradient in zip(request.inputs, request.input_ports, results, strict=False):
            edge = gradient_edge(tensor) if isinstance(tensor, torch.Tensor) else None
            # inside vmap autograd does not tell where the gradient of a tensor of another level goes
            port = self._structure.port(*edge) if edge else known
            if port is not None and gradient is not None:
                captured, gradients = self._recording.capture(gradient), self._record.gradients
                # two inputs may be wrappers around one tensor
                gradients[port] = sum_captured(gradients[port], captured) if port in returned else captured
                returned.add(port)
                if port[0] not in self._nodes_with_step:
                    self._nodes_with_step.add(port[0])
                    self._recording.add_step(port[0], self._record)

    def _record_accumulated(self) -> None:
        """Record the `.grad` of the leaves that this pass has reached."""
        for leaf, tensor in self._leaves.items():
            if tensor.grad is not None:
                self._record.accumulated[leaf] = self._leaf_gradient(leaf, tensor.grad)

    def _find_failed_node(
        self, starts: list[AutogradFunction], reachable: list[tuple[AutogradFunction, Ownership]]
    ) -> NodeRecord | None:
        """Return the operation that backward was running. The engine takes the youngest of the nodes that are ready."""
        fired = set(self._ran)
        waiting = [(f, o) for f, o in reachable if o not in fired]
        fed_by_waiting = {key_of(n) for f, _ in waiting for n, _ in f.next_functions if n is not None}
        fed = {key_of(n) for f, o in reachable if o in fired for n, _ in f.next_functions if n is not None}
        started = fed.union(map(key_of, starts))
        ready = [(key, o) for f, o in waiting if (key := key_of(f)) in started and key not in fed_by_waiting]
        return max(ready, key=lambda pair: pair[0])[1].owner if ready else None


def _implicit_seed(root: torch.Tensor) -> torch.Tensor:
    """Return the gradient that a scalar has with respect to itself, 1; inside vmap, one for each of the batch."""
    if transforming():
        return ones_like(root, requires_grad=False)
    with unobserved():
        return ones(root.shape, dtype=root.dtype, device="cpu")


MemoryIdentity = tuple[int, int, tuple[int, ...]]


def _memory_identity(tensor: torch.Tensor) -> MemoryIdentity | None:
    """Return a key that two real tensors alive at the same time share only if they hold the same numbers; null if there
    is none.
    """
    if computes_by_itself(type(tensor)):
        return None
    try:
        return None if tensor.is_complex() or tensor.is_neg() else (tensor.data_ptr(), tensor._version, tensor.stride())
    except RuntimeError:
        return None
