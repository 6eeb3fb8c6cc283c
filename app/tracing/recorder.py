"""The recorder: sees every torch call made while it is active, in one thread, and leaves no trace on the program."""

import threading
import weakref
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import torch
from torch.overrides import TorchFunctionMode

from app.snapshot import NodeKind, Override
from app.tracing.backward import ENTRIES, BackwardPass, Request
from app.tracing.calls import Tensors, arguments, call_name, tensors_of
from app.tracing.modules import ModuleScope
from app.tracing.names import Place, find_name, locate
from app.tracing.overrides import Overrides
from app.tracing.recording import Recording
from app.tracing.records import (
    EdgeRecord,
    IterationRecord,
    NodeRecord,
    PassRecord,
    Port,
    StepRecord,
    UpdateRecord,
)
from app.tracing.structure import AutogradFunction, Structure
from app.tracing.tensors import Captured
from app.tracing.updates import OptimizerSteps, UpdatesByHand, version


class Recorder(TorchFunctionMode):
    """Sees every torch call while active. `program`: the file name of the user's frames; null: any outside torch."""

    PROPERTIES: ClassVar[set[str]] = {"T", "mT", "H", "mH", "real", "imag"}
    """Attributes whose reading is an operation."""

    def __init__(self, recording: Recording, program: str | None, overrides: Iterable[Override]) -> None:
        super().__init__()
        self._recording = recording
        self._program = program
        self._overrides = Overrides(overrides)
        self._thread = threading.get_ident()
        self._ports: dict[int, tuple[weakref.ref[torch.Tensor], Port]] = {}
        self._earlier: dict[int, tuple[weakref.ref[torch.Tensor], Port]] = {}
        self._structure = Structure()
        self._modules = ModuleScope(self._watching, self._place)
        self._by_hand = UpdatesByHand(self._known_node, self._capture, self._updated)
        self._optimizers = OptimizerSteps(self._watching, self._known_node, self._capture, self._updated)

    def install(self) -> list[Any]:
        """Registers torch's global hooks; gives back their handles."""
        return self._modules.install() + self._optimizers.install()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Called by torch in place of `func`, with this mode switched off inside."""
        kwargs = kwargs or {}
        if not self._watching():
            return func(*args, **kwargs)
        if func in ENTRIES:
            return self._backward(func, args, kwargs)
        dunder = getattr(func, "__name__", "")
        name = call_name(func)
        if dunder == "__get__":
            return self._read(name, func, args, kwargs)
        if dunder == "__set__":
            return self._assign(name, func, args, kwargs)
        return self._call(name, func, args, kwargs)

    # ------------------------------------------------------------------ forward

    def _call(self, name: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        place = self._place()
        if place.optimizing:
            return func(*args, **kwargs)
        tensors, plain = arguments(func, args, kwargs)
        if any(self._by_hand.is_gradient(t) for _, t in tensors):
            return self._by_hand.perform(tensors, place.line, lambda: func(*args, **kwargs))
        if _writes(name, kwargs):
            return self._write(name, tensors, plain, place, lambda: func(*args, **kwargs))
        versions = [version(t) for _, t in tensors]
        try:
            result = func(*args, **kwargs)
        except Exception:
            self._failed(name, tensors, plain, place)
            raise
        results = tensors_of(result)
        if not results:
            return result
        if not tensors:
            self._created(results, place)
        elif all(any(r is t and version(t) == v for (_, t), v in zip(tensors, versions, strict=True)) for r in results):
            # the very tensor that went in came out untouched: an operation that is not one
            self._rename(results, place)
        else:
            self._operation(name, tensors, plain, results, place)
        return result

    def _operation(self, name: str, tensors: Tensors, plain: Any, results: list[torch.Tensor], place: Place) -> None:
        self._begin(any(t.requires_grad for t in results))
        sources = [(argument, self._port(tensor, place)) for argument, tensor in tensors]
        self._finish_operation(self._node(name, plain, place), sources, results, place)

    def _write(self, name: str, tensors: Tensors, plain: Any, place: Place, call: Callable[[], Any]) -> Any:
        """An in-place call: its inputs must be looked at before it changes them."""
        target = next((t for a, t in tensors if a == "out"), tensors[0][1]) if tensors else None
        if target is None or place.frame is None or (not place.direct and self._known(target) is None):
            # a library preparing its own tensors: nn.init on a new parameter, BatchNorm counting its batches
            return call()
        if (target.requires_grad and target.is_leaf) or self._by_hand.leaf_behind(target) is not target:
            try:
                return self._by_hand.perform(tensors, place.line, call)
            except Exception:
                self._failed(name, tensors, plain, place)
                raise
        unwritten = version(target)
        self._begin(torch.is_grad_enabled() and any(t.requires_grad for _, t in tensors))
        sources = [(argument, self._port(tensor, place)) for argument, tensor in tensors]
        try:
            result = call()
        except Exception:
            self._failed(name, tensors, plain, place)
            raise
        if version(target) != unwritten:
            self._finish_operation(self._node(name, plain, place), sources, [target], place)
        return result

    def _finish_operation(
        self, record: NodeRecord, sources: list[tuple[str, Port]], results: list[torch.Tensor], place: Place
    ) -> None:
        edges = [EdgeRecord(port[0], port[1], record, argument) for argument, port in sources]
        record.outputs = len(results)
        record.requires_grad = any(t.requires_grad for t in results)
        record.values = [self._capture(t) for t in results]
        targets = place.targets()
        record.name = ", ".join(targets) if len(targets) == len(results) or len(targets) == 1 else None
        edges = self._structure.attach(record, results, edges, self._reach)
        for number, tensor in enumerate(results):
            self._bind(tensor, (record, number))
        self._iteration.edges += edges
        self._step(StepRecord("operation", record, record.line))

    def _failed(self, name: str, tensors: Tensors, plain: Any, place: Place) -> None:
        """The call raised: its node stands in the graph, marked, with the tensors that went into it."""
        if not tensors or place.frame is None or (name.startswith("__") and name != "__getitem__"):
            return
        self._begin(torch.is_grad_enabled() and any(t.requires_grad for _, t in tensors))
        sources = [(argument, self._port(tensor, place)) for argument, tensor in tensors]
        record = self._node(name, plain, place)
        record.failed, record.outputs = True, 0
        self._iteration.edges += [EdgeRecord(p[0], p[1], record, argument) for argument, p in sources]
        self._step(StepRecord("operation", record, record.line))

    def _node(self, name: str, plain: dict[str, Any], place: Place) -> NodeRecord:
        record = NodeRecord("operation", name, None, place.line, self._modules.group, plain)
        self._iteration.nodes.append(record)
        return record

    # ------------------------------------------------------------------ leaves

    def _created(self, results: list[torch.Tensor], place: Place) -> None:
        """The program's own factory call (torch.tensor, torch.randn): a leaf that is a step of its own."""
        if not place.direct or place.frame is None:
            return
        self._begin(False)
        names = place.targets()
        for i, tensor in enumerate(results):
            record = self._leaf(tensor, names[i] if i < len(names) else None, place)
            self._step(StepRecord("leaf", record, record.line))

    def _leaf(self, tensor: torch.Tensor, name: str | None, place: Place) -> NodeRecord:
        owner = self._modules.owner(tensor)
        learns = bool(tensor.requires_grad) and tensor.is_leaf
        kind: NodeKind = "parameter" if learns else "input"
        group = None
        if owner is not None:
            name, kind, group = owner
        earlier = self._was_in_an_earlier_iteration(tensor)
        name = name or place.variable(tensor) or self._attribute(tensor, place) or (earlier.name if earlier else None)
        line = earlier.line if earlier is not None else place.line
        self._overrides.apply(name, tensor)
        record = NodeRecord(kind, None, name, line, group, requires_grad=bool(tensor.requires_grad))
        record.values = [self._capture(tensor)]
        self._iteration.nodes.append(record)
        self._bind(tensor, (record, 0))
        return record

    def _was_in_an_earlier_iteration(self, tensor: torch.Tensor) -> NodeRecord | None:
        found = self._earlier.get(id(tensor))
        return found[1][0] if found is not None and found[0]() is tensor else None

    def _attribute(self, tensor: torch.Tensor, place: Place) -> str | None:
        """`net.fc1.weight` for a parameter that a program takes from a module outside of that module's call."""
        if place.frame is None or not isinstance(tensor, torch.nn.Parameter):
            return None
        for name, value in [*place.frame.f_locals.items(), *place.frame.f_globals.items()]:
            if isinstance(value, torch.nn.Module):
                found = find_name(tensor, value.named_parameters())
                if found is not None:
                    return f"{name}.{found}"
        return None

    def _rename(self, results: list[torch.Tensor], place: Place) -> None:
        """`w = torch.randn(3).requires_grad_()`: the tensor is the same, its name and its kind may be new."""
        for tensor, name in zip(results, place.targets(), strict=False):
            port = self._known(tensor)
            if port is None:
                continue
            record = port[0]
            record.name = record.name or name
            if record.kind == "input" and tensor.requires_grad and tensor.is_leaf:
                record.kind, record.requires_grad = "parameter", True
                self._structure.produce(tensor, port)

    # ------------------------------------------------------------------ attributes

    def _read(self, name: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        if name in self.PROPERTIES:
            return self._call(name, func, args, kwargs)
        result = func(*args, **kwargs)
        if name == "grad" and isinstance(result, torch.Tensor):
            self._by_hand.mark_gradient(result)
        elif name == "data" and isinstance(result, torch.Tensor) and isinstance(args[0], torch.Tensor):
            self._by_hand.mark_alias(result, args[0])
        return result

    def _assign(self, name: str, func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        if name != "data":
            return func(*args, **kwargs)
        return self._by_hand.perform([("self", args[0])], self._place().line, lambda: func(*args, **kwargs))

    # ------------------------------------------------------------------ updates

    def _updated(self, tensor: torch.Tensor, record: UpdateRecord) -> None:
        record.line = record.line or self._place().line
        self._iteration.updates.append(record)
        self._step(StepRecord("update", record.node, record.line, record))
        if not self._iteration.passes:
            self._ports.pop(id(tensor), None)

    # ------------------------------------------------------------------ backward

    def _backward(self, func: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        place = self._place()
        request = Request(func, args, kwargs)
        ports = [self._port(root, place) for root in request.roots]
        record = PassRecord(place.line, ends_iteration=not request.create_graph)
        self._iteration.passes.append(record)
        watched = BackwardPass(record, self._structure, self._capture, self._backward_step)
        result = watched.run(request, ports, lambda: func(*args, **kwargs))
        if request.returns and not request.create_graph:
            for tensor in tensors_of(result):
                self._by_hand.mark_gradient(tensor)
        return result

    def _backward_step(self, kind: str, record: NodeRecord, source: PassRecord) -> None:
        step: StepRecord = StepRecord("accumulate" if kind == "accumulate" else "backward", record, record.line, source)
        self._step(step)

    # ------------------------------------------------------------------ where tensors come from

    def _known(self, tensor: torch.Tensor) -> Port | None:
        found = self._ports.get(id(tensor))
        return found[1] if found is not None and found[0]() is tensor else None

    def _known_node(self, tensor: torch.Tensor) -> NodeRecord | None:
        port = self._known(tensor)
        return None if port is None else port[0]

    def _port(self, tensor: torch.Tensor, place: Place) -> Port:
        """The node and output that this tensor comes from; a tensor never seen before becomes a node now."""
        port = self._known(tensor)
        function = None if tensor.is_inference() else _grad_fn(tensor)
        if port is not None and (function is None or (id(function), tensor.output_nr) in self._structure.producers):
            if port[0].name is None and port[0].outputs == 1:
                port[0].name = place.variable(tensor)
            return port
        ended = any(p.ends_iteration for p in self._iteration.passes)
        if function is not None and not ended and self._was_in_an_earlier_iteration(tensor) is None:
            return self._hidden(tensor, function, place)
        return self._leaf(tensor, None, place), 0

    def _hidden(self, tensor: torch.Tensor, function: AutogradFunction, place: Place) -> Port:
        """An operation that no torch call showed: a custom autograd.Function, a write through a view, a derivative
        made by create_graph. It is read from autograd's graph.
        """
        port = self._structure.producers.get((id(function), tensor.output_nr))
        if port is not None:
            # another Python object for a tensor that is known
            self._bind(tensor, port)
            return port
        record = self._node(function.name().removesuffix("Backward"), {}, place)
        self._finish_operation(record, [], [tensor], place)
        record.name = place.variable(tensor)
        return record, 0

    def _reach(self, function: AutogradFunction, number: int) -> Port | None:
        """A leaf that autograd knows and no recorded call has shown."""
        variable = getattr(function, "variable", None)
        return (self._leaf(variable, None, self._place()), 0) if isinstance(variable, torch.Tensor) else None

    def _bind(self, tensor: torch.Tensor, port: Port) -> None:
        self._ports[id(tensor)] = (weakref.ref(tensor), port)
        self._structure.produce(tensor, port)

    # ------------------------------------------------------------------ the recording

    @property
    def _iteration(self) -> IterationRecord:
        return self._recording.iterations[-1]

    def _begin(self, differentiable: bool) -> None:
        """A new iteration begins with the first differentiable operation after a backward pass, or with anything
        after the update that followed it.
        """
        current = self._iteration
        ended = any(p.ends_iteration for p in current.passes)
        if ended and (differentiable or current.updates):
            self._recording.iterations.append(IterationRecord())
            self._earlier = {k: v for k, v in {**self._earlier, **self._ports}.items() if v[0]() is not None}
            self._ports = {}
            self._by_hand.forget()
            self._structure = Structure()

    def _step(self, step: StepRecord) -> None:
        self._iteration.steps.append(step)
        self._recording.count_step()

    def _capture(self, tensor: torch.Tensor) -> Captured:
        return self._recording.capture(tensor)

    def _place(self) -> Place:
        return locate(self._program)

    def _watching(self) -> bool:
        return not self._recording.truncated and threading.get_ident() == self._thread


def _grad_fn(tensor: torch.Tensor) -> AutogradFunction | None:
    try:
        return tensor.grad_fn
    except RuntimeError:
        return None


def _writes(name: str, kwargs: dict[str, Any]) -> bool:
    if name == "__setitem__" or kwargs.get("inplace") or kwargs.get("out") is not None:
        return True
    return name.endswith("_") and not name.endswith("__") and name != "requires_grad_"
