"""The recorder: sees every torch call made while it is active, in one thread, and leaves no trace on the program."""

import threading
from collections.abc import Iterable
from types import FrameType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from app.snapshot import Override
from app.tracing.backward import BackwardPass, Request
from app.tracing.calls import Call, Kind, Tensors, describe, tensors_of
from app.tracing.modules import ModuleScope
from app.tracing.origins import Origins
from app.tracing.overrides import Overrides
from app.tracing.places import Frames, Place
from app.tracing.recording import Recording
from app.tracing.records import EdgeRecord, PassRecord, Port, UpdateRecord
from app.tracing.structure import version_of
from app.tracing.updates import OptimizerSteps, UpdatesByHand

Sources = list[tuple[str, Port]]


class Recorder(TorchFunctionMode):
    """Sees every torch call while active. `program`, `floor`: which frames are the user's, as in Frames."""

    def __init__(
        self, recording: Recording, program: str | None, floor: FrameType | None, overrides: Iterable[Override]
    ) -> None:
        super().__init__()
        self._recording = recording
        self._thread = threading.get_ident()
        self._locate = Frames(program, floor).locate
        self._modules = ModuleScope(self._watching, self._locate)
        self._origins = Origins(recording, self._modules, Overrides(overrides), self._locate)
        known, capture = self._origins.known, recording.capture
        self._by_hand = UpdatesByHand(known, capture, self._updated)
        self._optimizers = OptimizerSteps(self._watching, known, capture, self._updated)
        self._handlers = {
            "backward": self._backward,
            "read": self._read,
            "assign": self._assign,
            "write": self._write,
            "operation": self._operation,
            "silent": self._silent,
        }

    def install(self) -> list[Any]:
        """Registers torch's global hooks; gives back their handles."""
        return self._modules.install() + self._optimizers.install()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Called by torch in place of `func`, with this mode switched off inside."""
        if self._recording.truncated is not None:
            return func(*args, **(kwargs or {}))
        call = describe(func)
        kind: Kind = call.kind
        return self._handlers[kind](call, args, kwargs or {})

    # ------------------------------------------------------------------ forward

    def _silent(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        return call.func(*args, **kwargs)

    def _operation(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        if (kwargs or call.inplace is not None) and call.writes(args, kwargs):
            return self._write(call, args, kwargs)
        place = self._locate()
        if place.optimizing:
            return call.func(*args, **kwargs)
        tensors, plain = call.arguments(args, kwargs)
        # what follows a backward pass may belong to it or begin anew: that is known when the result is
        unknown = self._recording.current.ended or not call.proven
        updating = self._by_hand.marked and any(self._by_hand.is_gradient(t) for _, t in tensors)
        sources = None if unknown or updating else self._sources(tensors, place)
        try:
            result = call.func(*args, **kwargs)
        except Exception:
            self._failed(call, tensors, sources, plain, place)
            raise
        results = [result] if isinstance(result, torch.Tensor) else tensors_of(result)
        if not call.proven:
            call.learn(result, bool(results))
        if not results:
            pass
        elif updating:
            self._by_hand.mark_gradients(results)
        elif not tensors:
            self._created(results, place)
        elif _all_among(results, tensors):
            # the very tensor that went in came out untouched: an operation that is not one
            self._rename(results, place)
        else:
            if sources is None:
                self._begin(any(t.requires_grad for t in results))
                sources = self._sources(tensors, place)
            self._finish(call.name, plain, sources, results, place)
        return result

    def _write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        """An in-place call: its inputs must be looked at before it changes them."""
        place = self._locate()
        tensors, plain = call.arguments(args, kwargs)
        target = next((t for a, t in tensors if a.startswith("out")), tensors[0][1]) if tensors else None
        direct = place.direct or (target is not None and self._origins.known(target) is not None)
        if target is None or place.frame is None or place.optimizing or not direct:
            # a library preparing its own tensors: nn.init on a new parameter, BatchNorm counting its batches
            return call.func(*args, **kwargs)
        hand = self._by_hand
        leaf = (target.requires_grad and target.is_leaf) or hand.leaf_behind(target) is not target
        if leaf or (hand.marked and any(hand.is_gradient(t) for _, t in tensors)):
            try:
                return hand.perform(tensors, place.line, lambda: call.func(*args, **kwargs))
            except Exception:
                self._failed(call, tensors, None, plain, place)
                raise
        self._begin(torch.is_grad_enabled() and any(t.requires_grad for _, t in tensors))
        sources = self._sources(tensors, place)
        unwritten = version_of(target)
        try:
            result = call.func(*args, **kwargs)
        except Exception:
            self._failed(call, tensors, sources, plain, place)
            raise
        if version_of(target) != unwritten:
            results = tensors_of(result)
            self._finish(call.name, plain, sources, results or [target], place)
        return result

    def _sources(self, tensors: Tensors, place: Place) -> Sources:
        port = self._origins.port
        return [(argument, port(tensor, place)) for argument, tensor in tensors]

    def _finish(
        self, name: str, plain: dict[str, Any], sources: Sources, results: list[torch.Tensor], place: Place
    ) -> None:
        record = self._origins.operation(name, place)
        record.arguments = plain
        targets = place.targets
        if targets and len(targets) in (1, len(results)):
            record.name = ", ".join(targets)
        self._origins.finish(record, sources, results)

    def _failed(
        self, call: Call, tensors: Tensors, sources: Sources | None, plain: dict[str, Any], place: Place
    ) -> None:
        """The call raised: its node stands in the graph, marked, with the tensors that went into it."""
        name = call.name
        if not tensors or place.frame is None or (name.startswith("__") and name != "__getitem__"):
            return
        if sources is None:
            self._begin(torch.is_grad_enabled() and any(t.requires_grad for _, t in tensors))
            sources = self._sources(tensors, place)
        record = self._origins.operation(name, place)
        record.arguments, record.failed, record.outputs = plain, True, 0
        self._recording.current.edges += [EdgeRecord(port, record, argument) for argument, port in sources]
        self._recording.step(record)

    # ------------------------------------------------------------------ leaves

    def _created(self, results: list[torch.Tensor], place: Place) -> None:
        """The program's own factory call (torch.tensor, torch.randn): a leaf that is a step of its own."""
        if not place.direct or place.frame is None:
            return
        self._begin(False)
        names = place.targets
        for i, tensor in enumerate(results):
            record = self._origins.leaf(tensor, names[i] if i < len(names) else None, place)
            self._recording.step(record)

    def _rename(self, results: list[torch.Tensor], place: Place) -> None:
        """`w = torch.randn(3).requires_grad_()`: the tensor is the same, its name and its kind may be new."""
        for tensor, name in zip(results, place.targets, strict=False):
            record = self._origins.known(tensor)
            if record is None:
                continue
            record.name = record.name or name
            if record.kind == "input" and tensor.requires_grad and tensor.is_leaf:
                record.kind, record.requires_grad = "parameter", True
                self._origins.bind(tensor, (record, 0))

    # ------------------------------------------------------------------ attributes

    def _read(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        result = call.func(*args, **kwargs)
        if not isinstance(result, torch.Tensor):
            return result
        if call.name == "grad":
            self._by_hand.mark_gradients([result])
        elif call.name == "data" and isinstance(args[0], torch.Tensor):
            self._by_hand.mark_alias(result, args[0])
        return result

    def _assign(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        if call.name != "data":
            return call.func(*args, **kwargs)
        line = self._locate().line
        return self._by_hand.perform([("self", args[0])], line, lambda: call.func(*args, **kwargs))

    # ------------------------------------------------------------------ updates and backward passes

    def _updated(self, record: UpdateRecord) -> None:
        record.line = record.line or self._locate().line
        self._recording.current.updates.append(record)
        self._recording.step(record.node, record)

    def _backward(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        place = self._locate()
        try:
            request = Request(call.func, args, kwargs)
        except TypeError:
            # the call itself says what is wrong with its arguments
            return call.func(*args, **kwargs)
        ports = [self._origins.port(root, place) for root in request.roots]
        current = self._recording.current
        record = PassRecord(place.line, request.create_graph)
        current.passes.append(record)
        watched = BackwardPass(record, self._origins.structure, self._recording, self._origins.derive)
        result = watched.run(request, ports, lambda: call.func(*args, **kwargs))
        if not request.create_graph:
            current.ended = True
            if request.returns:
                self._by_hand.mark_gradients(tensors_of(result))
        return result

    # ------------------------------------------------------------------ the recording

    def _begin(self, differentiable: bool) -> None:
        """A new iteration begins with the first differentiable operation after a backward pass, or with anything
        after the update that followed it.
        """
        current = self._recording.current
        if current.ended and (differentiable or current.updates):
            self._recording.begin_iteration()
            self._origins.begin_iteration()
            self._by_hand.forget()

    def _watching(self) -> bool:
        return self._recording.truncated is None and threading.get_ident() == self._thread


def _all_among(results: list[torch.Tensor], tensors: Tensors) -> bool:
    """Whether every result is the very tensor that stands in some argument."""
    for result in results:
        for _, tensor in tensors:
            if tensor is result:
                break
        else:
            return False
    return True
