"""One backward pass: hooks on every autograd node, gradients per node, contributions per edge, accumulation."""

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import torch

from gradwalk.recorder.autograd_structure import AutogradFunction, Owned, Structure, gradient_edge, key_of
from gradwalk.recorder.calls import ENTRIES
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import NodeRecord, PassRecord, Port
from gradwalk.recorder.tensor_capture import Captured, added
from gradwalk.recorder.transforms import transforming, unobserved

Derived = Callable[[AutogradFunction, list[torch.Tensor]], None]

Ready = Callable[[list[tuple[AutogradFunction, Owned]]], None]
"""Is told the autograd nodes of recorded nodes before the pass runs through them."""

Gradients = tuple[torch.Tensor | None, ...]

_SIGNATURES = {func: inspect.signature(func) for func in ENTRIES}
_SEEDS = ("gradient", "grad_tensors", "grad_outputs")


class Request:
    """The arguments of one call of backward or autograd.grad. Raises TypeError as the call itself would.

    `args`, `kwargs`: to call with, for an iterator of inputs (`net.parameters()`) can be read only once.
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


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


class BackwardPass:
    """Watches one pass. `structure`: who owns which autograd node. `derived` is told what a differentiable pass
    computed: the autograd node that ran, and the gradients that it gave.
    """

    def __init__(
        self,
        record: PassRecord,
        structure: Structure,
        recording: Recording,
        derived: Derived,
        ready: Ready | None = None,
    ) -> None:
        self._ready = ready
        self._record = record
        self._structure = structure
        self._recording = recording
        self._derived = derived
        self._stepped: set[NodeRecord] = set()
        self._fired: list[Owned] = []
        self._leaves: dict[NodeRecord, torch.Tensor] = {}
        self._sent: dict[Port, tuple[torch.Tensor, int, Captured]] = {}
        self._arrived: dict[NodeRecord, tuple[Identity | None, Captured] | None] = {}

    def run(self, request: Request, ports: list[Port], call: Callable[[], Any]) -> Any:
        """Calls, with the hooks in place. Whatever the call raises passes through, the hooks gone, its node marked.

        Of a batched pass only the roots are recorded: it computes many gradients per node, and no tensor for any one.
        """
        for port, root, seed in zip(ports, request.roots, request.seeds, strict=True):
            self._record.roots.append(port)
            if request.batched:
                continue
            if seed is not None or root.numel() == 1:
                given = _one(root) if seed is None else seed
                captured, earlier = self._recording.capture(given), self._record.seeds.get(port)
                # the same root may be given twice
                self._record.seeds[port] = captured if earlier is None else added(earlier, captured)
        if request.batched:
            return call()
        starts = self._starts(request, ports)
        walked = self._structure.reachable(starts)
        if self._ready is not None:
            self._ready(walked)
        fire = self._fire
        handles = [function.register_hook(partial(fire, function, owned)) for function, owned in walked]
        try:
            result = call()
        except BaseException as error:
            self._recording.fail(error, "backward", self._running(starts, walked))
            raise
        finally:
            for handle in handles:
                handle.remove()
            self._read_leaves()
        self._finish(request, result)
        return result

    def _starts(self, request: Request, ports: list[Port]) -> list[AutogradFunction]:
        """The autograd nodes of the roots. One may be a leaf, whose node nobody has looked at."""
        starts: list[AutogradFunction] = []
        for port, root in zip(ports, request.roots, strict=True):
            edge = gradient_edge(root)
            if edge is not None:
                if root.is_leaf:
                    self._structure.produce(*edge, port)
                starts.append(edge[0])
        return starts

    def _fire(self, function: AutogradFunction, owned: Owned, grad_inputs: Gradients, grad_outputs: Gradients) -> None:
        """One autograd node has run: its outputs' gradients are complete, its contributions leave."""
        recording, record, owner = self._recording, self._record, owned.owner
        if recording.truncated is not None:
            return
        self._fired.append(owned)
        # their lengths differ where a pass has no use for the last ones
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
                    self._sent[source] = contribution, contribution._version, captured
                else:
                    self._arrived[source[0]] = (
                        None if source[0] in self._arrived else (_identity(contribution), captured)
                    )
                # an operation may take one tensor along two ways: what comes back along both is one contribution
                contributions[edge] = added(contributions[edge], captured) if edge in contributions else captured
        if owned.accumulator is not None:
            self._leaves[owner] = function.variable
        if owner not in self._stepped:
            self._stepped.add(owner)
            recording.step(owner, record)
        if record.differentiable:
            self._derived(function, [g for g in grad_inputs if g is not None])

    def _gradient(self, port: Port, gradient: torch.Tensor) -> Captured:
        """A gradient that is one contribution and nothing else is the very tensor that was captured as that."""
        sent = self._sent.pop(port, None)
        if sent is not None and sent[0] is gradient and sent[1] == gradient._version:
            return sent[2]
        return self._recording.capture(gradient)

    def _leaf_gradient(self, leaf: NodeRecord, gradient: torch.Tensor) -> Captured:
        """The same for a leaf and its `.grad`. A first gradient becomes the `.grad` itself if nobody holds it: so it is
        known by where it is. As the only contribution it has waited for this, and nothing else can be there.
        """
        arrived, identity = self._arrived.get(leaf), _identity(gradient)
        if arrived is not None and identity is not None and arrived[0] == identity:
            return arrived[1]
        captured = self._recording.capture(gradient)
        self._arrived[leaf] = identity, captured
        return captured

    def _finish(self, request: Request, result: Any) -> None:
        """What no hook shows: the gradients that autograd.grad returns."""
        for tensor, gradient in zip(request.inputs, result if request.returns else (), strict=False):
            edge = gradient_edge(tensor) if isinstance(tensor, torch.Tensor) else None
            port = self._structure.port(*edge) if edge else None
            if port is not None and gradient is not None:
                self._record.gradients[port] = self._recording.capture(gradient)
                if port[0] not in self._stepped:
                    self._stepped.add(port[0])
                    self._recording.step(port[0], self._record)

    def _read_leaves(self) -> None:
        """The `.grad` of the leaves that this pass has reached."""
        for leaf, tensor in self._leaves.items():
            if tensor.grad is not None:
                self._record.accumulated[leaf] = self._leaf_gradient(leaf, tensor.grad)

    def _running(
        self, starts: list[AutogradFunction], walked: list[tuple[AutogradFunction, Owned]]
    ) -> NodeRecord | None:
        """The operation that backward was running: the engine takes, of the nodes that are ready, the youngest."""
        fired = set(self._fired)
        waiting = [(f, o) for f, o in walked if o not in fired]
        fed_by_waiting = {key_of(n) for f, _ in waiting for n, _ in f.next_functions if n is not None}
        fed = {key_of(n) for f, o in walked if o in fired for n, _ in f.next_functions if n is not None}
        started = fed.union(map(key_of, starts))
        ready = [(key, o) for f, o in waiting if (key := key_of(f)) in started and key not in fed_by_waiting]
        return max(ready, key=lambda pair: pair[0])[1].owner if ready else None


def _one(root: torch.Tensor) -> torch.Tensor:
    """The gradient that a scalar has of itself; inside of vmap, for each of a batch."""
    if transforming():
        return torch.ones_like(root, requires_grad=False)
    with unobserved():
        return torch.ones(root.shape, dtype=root.dtype)


Identity = tuple[int, int, tuple[int, ...]]


def _identity(tensor: torch.Tensor) -> Identity | None:
    """What two real tensors that are alive at one time have in common only if they hold the same numbers."""
    try:
        return None if tensor.is_complex() or tensor.is_neg() else (tensor.data_ptr(), tensor._version, tensor.stride())
    except RuntimeError:
        return None
