"""One backward pass: hooks on every autograd node, gradients per node, contributions per edge, accumulation."""

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from app.tracing.records import EdgeRecord, NodeRecord, PassRecord, Port
from app.tracing.structure import AutogradFunction, Structure, gradient_edge, reachable
from app.tracing.tensors import Captured

Capture = Callable[[torch.Tensor], Captured]
OnStep = Callable[[str, NodeRecord, PassRecord], None]

ENTRIES: dict[Any, str] = {
    torch.Tensor.backward: "self",
    torch.autograd.backward: "tensors",
    torch.autograd.grad: "outputs",
}
"""The ways to ask for gradients, and the argument that holds the roots."""

_SEEDS = ("gradient", "grad_tensors", "grad_outputs")


class Request:
    """The arguments of one call of backward or autograd.grad."""

    def __init__(self, func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        bound = inspect.signature(func).bind(*args, **kwargs).arguments
        self.roots = [t for t in _listed(bound[ENTRIES[func]]) if isinstance(t, torch.Tensor)]
        seeds = next((_listed(bound[name]) for name in _SEEDS if bound.get(name) is not None), [])
        self.seeds: list[torch.Tensor | None] = [*seeds, *[None] * (len(self.roots) - len(seeds))]
        self.create_graph = bool(bound.get("create_graph"))
        self.returns = func is torch.autograd.grad
        self.inputs = _listed(bound["inputs"]) if self.returns else []


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


class BackwardPass:
    """Watches one pass. `structure`: who owns which autograd node; `on_step` is told each step as it happens."""

    def __init__(self, record: PassRecord, structure: Structure, capture: Capture, on_step: OnStep) -> None:
        self._record = record
        self._structure = structure
        self._capture = capture
        self._on_step = on_step
        self._stepped: set[NodeRecord] = set()
        self._fired: set[int] = set()
        self._walked: list[AutogradFunction] = []
        self._leaves: dict[NodeRecord, torch.Tensor] = {}

    def run(self, request: Request, ports: list[Port], call: Callable[[], Any]) -> Any:
        """Calls, with the hooks in place. Whatever the call raises passes through, the hooks gone, its node marked."""
        for port, root, seed in zip(ports, request.roots, request.seeds, strict=True):
            self._record.roots.append(port)
            if seed is not None or root.numel() == 1:
                given = torch.ones_like(root, requires_grad=False) if seed is None else seed
                self._record.seeds[port] = self._capture(given)
        starts = [e[0] for t in request.roots if (e := gradient_edge(t)) is not None]
        self._walked = [f for f in reachable(starts) if id(f) in self._structure.owners]
        handles = [f.register_hook(partial(self._fire, f)) for f in self._walked]
        try:
            result = call()
        except BaseException:
            self._mark_failed(starts)
            raise
        finally:
            for handle in handles:
                handle.remove()
        self._finish(request, result)
        return result

    def _fire(self, function: AutogradFunction, grad_inputs: Any, grad_outputs: Any) -> None:
        """One autograd node has run: its outputs' gradients are complete, its contributions leave."""
        self._fired.add(id(function))
        record = self._structure.owners[id(function)]
        for number, port in self._structure.outputs.get(id(function), ()):
            gradient = grad_outputs[number] if number < len(grad_outputs) else None
            if gradient is not None:
                self._record.gradients[port] = self._capture(gradient)
        for index, edge in self._structure.slots.get(id(function), ()):
            if grad_inputs[index] is not None:
                self._contribute(edge, grad_inputs[index])
        accumulates = hasattr(function, "variable")
        if accumulates:
            self._leaves[record] = function.variable
        self._step("accumulate" if accumulates else "backward", record)

    def _contribute(self, edge: EdgeRecord, gradient: torch.Tensor) -> None:
        captured = self._capture(gradient)
        before = self._record.contributions.get(edge)
        if before is not None and before.data is not None and captured.data is not None:
            captured.data = before.data + captured.data
        self._record.contributions[edge] = captured

    def _step(self, kind: str, record: NodeRecord) -> None:
        if record not in self._stepped:
            self._stepped.add(record)
            self._on_step(kind, record, self._record)

    def _finish(self, request: Request, result: Any) -> None:
        """What no hook shows: the gradients that autograd.grad returns, and the leaves' `.grad` afterwards."""
        for leaf, tensor in self._leaves.items():
            if tensor.grad is not None:
                self._record.accumulated[leaf] = self._capture(tensor.grad)
        for tensor, gradient in zip(request.inputs, result if request.returns else (), strict=False):
            edge = gradient_edge(tensor) if isinstance(tensor, torch.Tensor) else None
            port = self._structure.producers.get((id(edge[0]), edge[1])) if edge else None
            if port is not None and gradient is not None:
                self._record.gradients[port] = self._capture(gradient)
                self._step("backward", port[0])

    def _mark_failed(self, starts: list[AutogradFunction]) -> None:
        """The engine runs, of the nodes that are ready, the youngest: that one was running when it raised."""
        waiting = {id(f) for f in self._walked if id(f) not in self._fired}
        fed_by_waiting = {id(n) for f in self._walked if id(f) in waiting for n, _ in f.next_functions if n is not None}
        started = {id(f) for f in starts} | {
            id(n) for f in self._walked if id(f) in self._fired for n, _ in f.next_functions if n is not None
        }
        ready = [f for f in self._walked if id(f) in (waiting & started) - fed_by_waiting]
        if ready:
            youngest = max(ready, key=lambda f: f._sequence_nr())
            self._structure.owners[id(youngest)].failed = True
