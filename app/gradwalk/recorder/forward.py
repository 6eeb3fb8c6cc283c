"""Forwards: what each torch call becomes, most often an operation: a node with edges, values and autograd nodes."""

from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

from gradwalk.recorder.autograd_structure import version_of
from gradwalk.recorder.call_sites import Locate, Place
from gradwalk.recorder.calls import Call, Tensors, named_tensors, tensors_of
from gradwalk.recorder.decomposed import without_dispatch_guard
from gradwalk.recorder.iteration_boundary import IterationBoundary
from gradwalk.recorder.leaf_updates import UpdatesByHand, goes_on
from gradwalk.recorder.modules import ModuleScope
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import EdgeRecord, NodeRecord, Port
from gradwalk.recorder.tensor_registry import TensorRegistry
from gradwalk.recorder.transforms import transforming, unobserved

Sources = list[tuple[str, Port]]

_OPERATORS: Final = frozenset({"__getitem__", "__setitem__"})
"""Special methods that are operations; the others convert (`__bool__`, `__len__`) or print."""


class Forward:
    """Makes the calls, and records them. `mode` is what sees them; it is off while they run."""

    def __init__(
        self,
        mode: TorchFunctionMode,
        recording: Recording,
        locate: Locate,
        modules: ModuleScope,
        origins: TensorRegistry,
        by_hand: UpdatesByHand,
        cutting: IterationBoundary,
    ) -> None:
        self._mode = mode
        self._recording = recording
        self._locate = locate
        self._modules = modules
        self._origins = origins
        self._by_hand = by_hand
        self._cutting = cutting
        self.early = False
        """Whether a leaf is looked at before any call: in a check, which moves it."""

    def opened(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        """A call that hides a network: its operations are made one by one, and seen."""
        try:
            with self._mode:
                return without_dispatch_guard(call.func)(*args, **kwargs)
        except Exception as error:
            failure = self._recording.failure
            if failure is None or failure[0] != id(error):
                # it was none of the operations inside
                tensors, plain = call.arguments(args, kwargs)
                self._failed(error, call, tensors, None, plain, self._locate())
            raise

    def operation(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
        """A call that gives new tensors, unless it turns out to be something else."""
        if (kwargs or call.inplace is not None) and call.writes(args, kwargs):
            return self.write(call, args, kwargs)
        place = self._locate()
        if place.optimizing:
            return call.func(*args, **kwargs)
        tensors, plain = call.arguments(args, kwargs)
        updating = self._by_hand.marked and any(self._by_hand.is_gradient(t) for _, t in tensors)
        # before the call, for it may change what it reads (BatchNorm its statistics); but `size()` makes no node
        sources = self._sources(tensors, place) if (call.proven or self.early) and not updating else None
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

    def write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Any:
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

    def returned(self, output: Any, place: Place) -> None:
        """A module that the program called gave `output`: its variables name the operations that made it."""
        results = tensors_of(output)
        names = place.targets
        nodes = {node for t in results if (node := self._origins.known(t)) is not None and node.kind == "operation"}
        if len(nodes) == 1 and names and len(names) in (1, len(results)):
            node = nodes.pop()
            if node.name is None and len(names) in (1, node.outputs):
                node.name = ", ".join(names)

    def fused(self, module: torch.nn.Module, inputs: Any, output: Any) -> None:
        """A module ran in one piece: one operation of its own name."""
        place = self._locate()
        sources = self._sources(named_tensors("input", inputs), place)
        record = self._origins.operation(type(module).__name__, place)
        self._origins.finish(record, sources, tensors_of(output))

    def _sources(self, tensors: Tensors, place: Place) -> Sources:
        if self._recording.current.ended:
            self._cutting.begin(torch.is_grad_enabled() and any(t.requires_grad for _, t in tensors), tensors)
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

    def _created(self, results: list[torch.Tensor], place: Place) -> None:
        """The program's own factory call (torch.tensor, torch.randn): a leaf that is a step of its own."""
        if place.entry is not None or place.frame is None:
            return
        self._cutting.begin(False, [])
        names = place.targets
        for i, tensor in enumerate(results):
            record = self._origins.leaf(tensor, names[i] if i < len(names) else None, place)
            # a mask made inside a module is the module's own affair; what is handed in stands outside
            record.group = record.group or self._modules.group
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
            if record.kind != "operation" and not learns and not self._recording.current.uses(record):
                # `net.requires_grad_(False)`: frozen before anything was computed from it
                record.requires_grad = False
            if learns and record.kind == "operation":
                self._recording.step(self._origins.leaf(tensor, name, place))
                continue
            record.name = record.name or name
            if learns and record.kind == "input":
                record.kind, record.requires_grad = "parameter", True
                self._origins.bind(tensor, (record, 0))


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
