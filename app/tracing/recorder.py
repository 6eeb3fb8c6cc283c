"""The recorder: sees every torch call made while it is active, in one thread, and leaves no trace on the program."""

import threading
from collections.abc import Iterable
from types import FrameType
from typing import Any, Final

import torch
from torch.compiler import is_compiling
from torch.overrides import TorchFunctionMode

from app.snapshot import Override
from app.tracing.backward import BackwardPass, Request
from app.tracing.calls import Call, Kind, Tensors, describe, named_tensors, telling, tensors_of
from app.tracing.fused import FusedModules
from app.tracing.modules import ModuleScope
from app.tracing.opened import body_of
from app.tracing.origins import Origins
from app.tracing.overrides import Overrides
from app.tracing.places import Frames, Place
from app.tracing.recording import Recording
from app.tracing.records import EdgeRecord, NodeRecord, PassRecord, Port, UpdateRecord
from app.tracing.structure import version_of
from app.tracing.transforms import transforming, unobserved
from app.tracing.updates import OptimizerSteps, UpdatesByHand, goes_on

Sources = list[tuple[str, Port]]

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})

_OPERATORS: Final = frozenset({"__getitem__", "__setitem__"})
"""Special methods that are operations; the others convert (`__bool__`, `__len__`) or print."""


class Recorder(TorchFunctionMode):
    """Sees every torch call while active. `program`, `floor`: which frames are the user's, as in Frames."""

    def __init__(
        self, recording: Recording, program: str | None, floor: FrameType | None, overrides: Iterable[Override]
    ) -> None:
        super().__init__()
        self._recording = recording
        self._thread = threading.get_ident()
        self._locate = Frames(program, floor).locate
        self._fused = FusedModules(self, self._fused_module)
        self._modules = ModuleScope(self._watching, self._locate, self._fused, self._returned)
        self._origins = Origins(recording, self._modules, Overrides(overrides), self._locate)
        known, capture = self._origins.known, recording.capture
        self._by_hand = UpdatesByHand(known, capture, self._updated)
        self._optimizers = OptimizerSteps(self._watching, known, recording, self._updated)
        self._handlers = {
            "backward": self._backward,
            "read": self._read,
            "assign": self._assign,
            "write": self._write,
            "operation": self._operation,
            "opened": self._opened,
        }

    def install(self) -> list[Any]:
        """Registers torch's global hooks; gives back their handles."""
        return self._modules.install() + self._optimizers.install()

    def resume(self) -> None:
        """Puts the mode back on the stack if a program was stopped while it was off."""
        self._fused.resume()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Called by torch in place of `func`, with this mode switched off inside."""
        if is_compiling():
            # Dynamo compiles this method too, as part of the program, and gives wrong results where it cannot
            return func(*args, **(kwargs or {}))
        call = describe(func)
        kind: Kind = call.kind
        if kind == "silent" or self._recording.truncated is not None:
            if kind == "backward":
                self._recording.note_loss(args)
            return func(*args, **(kwargs or {}))
        if types and kind != "opened" and not _PLAIN_TYPES.issuperset(types):
            # a subclass's own __torch_function__ hears of the call, and not of what the recorder asks its tensors
            with torch._C.DisableTorchFunctionSubclass():
                return self._handlers[kind](telling(call), args, kwargs or {})
        return self._handlers[kind](call, args, kwargs or {})

    # ------------------------------------------------------------------ forward

    def _opened(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        try:
            with self:
                return body_of(call.func)(*args, **kwargs)
        except Exception as error:
            failure = self._recording.failure
            if failure is None or failure[0] != id(error):
                # it was none of the operations inside
                tensors, plain = call.arguments(args, kwargs)
                self._failed(error, call, tensors, None, plain, self._locate())
            raise

    def _operation(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        if (kwargs or call.inplace is not None) and call.writes(args, kwargs):
            return self._write(call, args, kwargs)
        place = self._locate()
        if place.optimizing:
            return call.func(*args, **kwargs)
        tensors, plain = call.arguments(args, kwargs)
        updating = self._by_hand.marked and any(self._by_hand.is_gradient(t) for _, t in tensors)
        # before the call, for it may change what it reads (BatchNorm its statistics); but `size()` makes no node
        sources = self._sources(tensors, place) if call.proven and not updating else None
        try:
            result = call.func(*args, **kwargs)
        except Exception as error:
            self._failed(error, call, tensors, sources, plain, place)
            raise
        results = [result] if isinstance(result, torch.Tensor) else tensors_of(result)
        if not call.proven:
            call.learn(result, bool(results))
        if not results:
            pass
        elif not tensors:
            self._created(results, place)
        elif _all_among(results, tensors):
            # the very tensor that went in came out untouched: an operation that is not one
            self._rename(results, place)
        elif _is_new_leaf(results[0]):
            self._created(results, place)
        elif updating and self._modules.group is None and not goes_on(tensors, results):
            self._by_hand.mark_gradients(results)
        else:
            record = self._finish(call, plain, sources or self._sources(tensors, place), results, place)
            if call.inside is not None and not transforming():
                with unobserved():
                    parts = {name: compute(*args, **kwargs) for name, compute in call.inside.items()}
                record.inside = {name: self._recording.capture(part) for name, part in parts.items()}
        return result

    def _write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        """An in-place call: its inputs must be looked at before it changes them."""
        place = self._locate()
        if place.optimizing:
            return call.func(*args, **kwargs)
        tensors, plain = call.arguments(args, kwargs)
        target = next((t for a, t in tensors if a.startswith("out")), tensors[0][1]) if tensors else None
        direct = place.entry is None or (target is not None and self._origins.known(target) is not None)
        if target is None or place.frame is None or not direct:
            # a library preparing its own tensors: nn.init on a new parameter, BatchNorm counting its batches
            return call.func(*args, **kwargs)
        hand = self._by_hand
        learns = target.requires_grad or isinstance(target, torch.nn.Parameter)
        # in this order, for a view of a leaf refuses to tell whether it is one after it was written
        leaf = hand.leaf_behind(target) is not target or (learns and target.is_leaf)
        if leaf or (hand.marked and any(hand.is_gradient(t) for _, t in tensors)):
            try:
                return hand.perform(tensors, place.line, lambda: call.func(*args, **kwargs))
            except Exception as error:
                self._failed(error, call, tensors, None, plain, place)
                raise
        sources = self._sources(tensors, place)
        unwritten = version_of(target)
        try:
            result = call.func(*args, **kwargs)
        except Exception as error:
            self._failed(error, call, tensors, sources, plain, place)
            raise
        if version_of(target) != unwritten:
            # autograd sees a write through a view as an operation on the tensor that is viewed
            base = target._base if target.requires_grad else None
            results = tensors_of(result) or [target]
            self._finish(call, plain, sources, results if base is None else [base], place)
        return result

    def _sources(self, tensors: Tensors, place: Place) -> Sources:
        if self._recording.current.ended:
            self._begin(torch.is_grad_enabled() and any(t.requires_grad for _, t in tensors), tensors)
        port = self._origins.port
        sources: Sources = []
        for argument, tensor in tensors:
            sources.append((argument, port(tensor, place)))
        return sources

    def _finish(
        self, call: Call, plain: dict[str, Any], sources: Sources, results: list[torch.Tensor], place: Place
    ) -> NodeRecord:
        record = self._origins.operation(call.name, place)
        record.arguments = plain
        # the variable gets what the program called: this function, not a module that calls it
        if place.entry is None or place.entry is call.code:
            names = place.targets
            if names and len(names) in (1, len(results)):
                record.name = ", ".join(names)
        self._origins.finish(record, sources, results)
        return record

    def _returned(self, output: Any, place: Place) -> None:
        """A module that the program called gave `output`: its variables name the operations that made it."""
        results = tensors_of(output)
        names = place.targets
        nodes = {node for t in results if (node := self._origins.known(t)) is not None and node.kind == "operation"}
        if len(nodes) == 1 and names and len(names) in (1, len(results)):
            node = nodes.pop()
            if node.name is None and len(names) in (1, node.outputs):
                node.name = ", ".join(names)

    def _fused_module(self, module: torch.nn.Module, inputs: Any, output: Any) -> None:
        """A module ran in one piece: one operation of its own name."""
        place = self._locate()
        sources = self._sources(named_tensors("input", inputs), place)
        record = self._origins.operation(type(module).__name__, place)
        self._origins.finish(record, sources, tensors_of(output))

    def _failed(
        self,
        error: Exception,
        call: Call,
        tensors: Tensors,
        sources: Sources | None,
        plain: dict[str, Any],
        place: Place,
    ) -> None:
        """The call raised: its node stands in the graph, marked, with the tensors that went into it."""
        name = call.name
        if not tensors or place.frame is None or (name.startswith("__") and name not in _OPERATORS):
            return
        if sources is None:
            sources = self._sources(tensors, place)
        record = self._origins.operation(name, place)
        record.arguments, record.outputs = plain, 0
        self._recording.current.edges += [EdgeRecord(port, record, argument) for argument, port in sources]
        self._recording.step(record)
        self._recording.fail(error, "forward", record)

    # ------------------------------------------------------------------ leaves

    def _created(self, results: list[torch.Tensor], place: Place) -> None:
        """The program's own factory call (torch.tensor, torch.randn): a leaf that is a step of its own."""
        if place.entry is not None or place.frame is None:
            return
        self._begin(False, [])
        names = place.targets
        for i, tensor in enumerate(results):
            record = self._origins.leaf(tensor, names[i] if i < len(names) else None, place)
            self._recording.step(record)

    def _rename(self, results: list[torch.Tensor], place: Place) -> None:
        """`w = torch.randn(3).requires_grad_()`: the tensor is the same, its name and its kind may be new."""
        # `net = Net().requires_grad_(False)` gives its name to no parameter
        names = place.targets if place.entry is None else []
        for i, tensor in enumerate(results):
            name = names[i] if i < len(names) else None
            learns = tensor.requires_grad and tensor.is_leaf
            if learns:
                self._by_hand.unmark(tensor)
            record = self._origins.known(tensor)
            if record is None:
                continue
            if learns and record.kind == "operation":
                self._recording.step(self._origins.leaf(tensor, name, place))
                continue
            record.name = record.name or name
            if learns and record.kind == "input":
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
            if self._by_hand.is_gradient(args[0]):
                self._by_hand.mark_gradients([result])
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
            request = Request(call.original, args, kwargs)
        except TypeError:
            # the call itself says what is wrong with its arguments
            return call.func(*args, **kwargs)
        self._begin(True, [("", root) for root in request.roots])
        ports = [self._origins.root(root, place) for root in request.roots]
        current = self._recording.current
        record = PassRecord(place.line, request.create_graph)
        current.passes.append(record)
        watched = BackwardPass(record, self._origins.structure, self._recording, self._origins.derive)
        try:
            result = watched.run(request, ports, lambda: call.func(*request.args, **request.kwargs))
        finally:
            # a program may go on with the next iteration after a pass that failed
            if not request.create_graph:
                current.end()
        if request.returns and not request.create_graph:
            self._by_hand.mark_gradients(tensors_of(result))
        return result

    # ------------------------------------------------------------------ the recording

    def _begin(self, differentiable: bool, tensors: Tensors) -> None:
        """After a backward pass: a new iteration begins with the first differentiable operation, or with anything after
        the update that followed. What goes on from a graph that backward has kept does not begin anew, nor does what
        measures it. A use of parameters without gradients is a validation: it begins an iteration of its own.
        """
        current = self._recording.current
        if not current.ended or not (differentiable or current.updates):
            return
        if any(self._origins.has_graph(tensor) for _, tensor in tensors):
            return
        sources = [node for _, t in tensors if (node := self._origins.known(t)) is not None]
        if differentiable or not any(map(current.follows, sources)):
            self._recording.begin_iteration()
            self._origins.begin_iteration()
            self._by_hand.forget()
            if not differentiable and any(t.requires_grad for _, t in tensors):
                self._recording.current.end()

    def _watching(self) -> bool:
        return self._recording.truncated is None and threading.get_ident() == self._thread


def _is_new_leaf(result: torch.Tensor) -> bool:
    """`torch.zeros_like(x, requires_grad=True)`: a leaf, and not for being a view that was made without gradients."""
    return result.requires_grad and result.is_leaf and not result._is_view()


def _all_among(results: list[torch.Tensor], tensors: Tensors) -> bool:
    """Whether every result is the very tensor that stands in some argument."""
    for result in results:
        for _, tensor in tensors:
            if tensor is result:
                break
        else:
            return False
    return True
