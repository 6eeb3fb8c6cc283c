"""The forward pass: each torch call becomes what it means, most often an operation with edges, values and autograd
nodes.
"""

from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

from gradwalk.recorder.autograd_structure import version_of
from gradwalk.recorder.call_sites import CallLocation
from gradwalk.recorder.calls import Arguments, NamedTensors, TorchFunction, named_tensors, tensors_of
from gradwalk.recorder.decomposed import without_dispatch_guard
from gradwalk.recorder.leaf_updates import ManualUpdates, extends_network
from gradwalk.recorder.recorder_context import RecorderContext
from gradwalk.recorder.records import EdgeRecord, NodeRecord, Port
from gradwalk.recorder.tensor_registry import TensorRegistry
from gradwalk.recorder.transforms import transforming, unobserved
from gradwalk.recorder.view_writes import assigns_to_itself, shows_the_base, viewed_by

Sources = list[tuple[str, Port]]

_OPERATORS: Final = frozenset({"__getitem__", "__setitem__"})
"""The special methods that are operations; the others convert (`__bool__`, `__len__`) or print."""

_UNPACKING: Final = torch.Tensor.__iter__.__code__
"""What runs when the program unpacks a tensor: `a, b = x`."""


class ForwardRecorder:
    """A recorder of forward calls, which makes each call itself.

    `mode`: the mode that sees the calls; it is off while they run. `captures_early`: leaves are looked at before any
    call, because a gradient check changes one.
    """

    def __init__(
        self,
        mode: TorchFunctionMode,
        context: RecorderContext,
        registry: TensorRegistry,
        manual_updates: ManualUpdates,
    ) -> None:
        self._mode = mode
        self._recording = context.recording
        self._locate = context.locate
        self._modules = context.modules
        self._registry = registry
        self._manual_updates = manual_updates
        self.captures_early = False

    def record_decomposed(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        """Run a call that hides a network so that each of its operations is seen on its own."""
        try:
            with self._mode:
                return without_dispatch_guard(function.func)(*args, **kwargs)
        except Exception as error:
            failure = self._recording.failure
            if failure is None or failure[0] != id(error):
                # none of the operations inside raised it
                self._record_failed(error, function, function.arguments(args, kwargs), None, self._locate())
            raise

    def record_operation(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        """Run and record a call that returns new tensors, unless it turns out to be something else."""
        if (kwargs or function.inplace is not None) and function.writes(args, kwargs):
            return self.record_write(function, args, kwargs)
        location = self._locate()
        if location.optimizing:
            return function.func(*args, **kwargs)
        arguments = tensors, plain = function.arguments(args, kwargs)
        updating = self._manual_updates.marked and any(self._manual_updates.is_gradient(t) for _, t in tensors)
        # before the call, because it may change what it reads (BatchNorm its statistics); but `size()` makes no node
        sources = (
            self._sources(tensors, location)
            if (function.returns_tensors or self.captures_early) and not updating
            else None
        )
        try:
            result = function.func(*args, **kwargs)
        except Exception as error:
            self._record_failed(error, function, arguments, sources, location)
            raise
        results = [result] if isinstance(result, torch.Tensor) else tensors_of(result)
        if not function.returns_tensors:
            function.learn_from_result(result, bool(results))
        if not results:
            pass
        elif not tensors:
            self._record_created(results, location)
        elif _all_among(results, tensors):
            # the tensor that went in came out untouched: that is no operation
            self._record_same_tensor(results, location)
        elif _is_new_leaf(results[0]):
            self._record_created(results, location)
        elif updating and self._modules.group is None and not extends_network(tensors, results):
            self._manual_updates.mark_gradients(results)
            if len(results) == 1:
                call = self._registry.deferred.defer(function, plain, tensors, results[0], location)
                self._manual_updates.note_result(call, tensors, results[0])
        else:
            record = self._finish_operation(
                function, plain, sources or self._sources(tensors, location), results, location
            )
            if function.inside is not None and not transforming():
                with unobserved():
                    parts = {name: compute(*args, **kwargs) for name, compute in function.inside.items()}
                record.inside = {name: self._recording.capture(part) for name, part in parts.items()}
        return result

    def record_write(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        """Run and record an in-place call. Its inputs must be captured before it changes them."""
        location = self._locate()
        if location.optimizing:
            return function.func(*args, **kwargs)
        arguments = tensors, plain = function.arguments(args, kwargs)
        target = next((t for a, t in tensors if a.startswith("out")), tensors[0][1]) if tensors else None
        direct = location.entry is None or (target is not None and self._registry.find_node(target) is not None)
        if target is None or location.frame is None or not direct or self._is_counter(target, location):
            if target is not None and self._manual_updates.is_gradient(target):
                with self._manual_updates.changes.watched(function.name, tensors, location):
                    return function.func(*args, **kwargs)
            # a library preparing its own tensors: nn.init on a new parameter, BatchNorm counting its batches
            return function.func(*args, **kwargs)
        if function.name == "__setitem__" and assigns_to_itself(*args):
            return self._end_view_write(function, args, target)
        updates = self._manual_updates
        trainable = target.requires_grad or isinstance(target, torch.nn.Parameter)
        # in this order: after a write, a view of a leaf raises when its `is_leaf` is read
        leaf = updates.leaf_behind(target) is not target or (trainable and target.is_leaf)
        if leaf or (updates.marked and any(updates.is_gradient(t) for _, t in tensors)):
            try:
                with updates.changes.watched(function.name, tensors, location):
                    return updates.perform(tensors, location.line, lambda: function.func(*args, **kwargs))
            except Exception as error:
                self._record_failed(error, function, arguments, None, location)
                raise
        sources = self._sources(tensors, location)
        base = self._written_base(target, tensors, location)
        if base is not None:
            sources.append(("base", self._registry.port(base, location)))
        unwritten = version_of(target)
        try:
            result = function.func(*args, **kwargs)
        except Exception as error:
            self._record_failed(error, function, arguments, sources, location)
            raise
        if version_of(target) != unwritten:
            results = tensors_of(result) or [target]
            record = self._finish_operation(function, plain, sources, results if base is None else [base], location)
            if base is not None:
                record.name = location.variable(base)
        return result

    def _is_counter(self, target: torch.Tensor, location: CallLocation) -> bool:
        """Return whether a module of a library counts something: that is no part of the network, also after the program
        has looked at the count.
        """
        counts = not target.is_floating_point() and not target.is_complex()
        return counts and location.entry is not None and self._modules.is_running()

    def _written_base(self, target: torch.Tensor, tensors: NamedTensors, location: CallLocation) -> torch.Tensor | None:
        """Return the tensor that a call writes into through the view `target`; null if the target is all that is shown
        as written.
        """
        base = viewed_by(target)
        if base is None:
            return None
        if torch.is_grad_enabled() and (base.requires_grad or any(t.requires_grad for _, t in tensors)):
            # to autograd this is an operation on the tensor that is viewed
            return base
        known = not base.requires_grad and self._registry.find_node(base) is not None
        return base if known and shows_the_base(target, base, location) else None

    def _end_view_write(self, function: TorchFunction, args: Any, target: torch.Tensor) -> Any:
        """Run the assignment that ends `x[k] += row`: to autograd it is one more step of the same write."""
        base = viewed_by(target)
        written = target if base is None else base
        port = self._registry.find_port(written)
        result = function.func(*args)
        if port is not None and port[0].kind == "operation":
            self._registry.extend_operation(port[0], written)
        return result

    def name_module_output(self, output: Any, location: CallLocation) -> None:
        """Name the operations that made `output` after the variables that the program assigns a module's result to."""
        results = tensors_of(output)
        names = location.names_of_results(len(results))
        nodes = {
            node for t in results if (node := self._registry.find_node(t)) is not None and node.kind == "operation"
        }
        if len(nodes) == 1 and names:
            node = nodes.pop()
            if node.name is None and len(names) in (1, node.outputs):
                node.name = ", ".join(names)

    def record_fused(self, module: torch.nn.Module, inputs: Any, output: Any) -> None:
        """Record a module that ran in one piece as one operation, named after the module's class."""
        if self._recording.truncated is not None:
            return
        location = self._locate()
        tensors = named_tensors("input", inputs)
        name = type(module).__name__
        if isinstance(module, torch.jit.ScriptModule):
            tensors += module.named_parameters()
            name = str(module.original_name)
        sources = self._sources(tensors, location)
        record = self._registry.add_operation(name, location)
        self._registry.finish_operation(record, sources, tensors_of(output))

    def _sources(self, tensors: NamedTensors, location: CallLocation) -> Sources:
        port = self._registry.port
        sources: Sources = []
        for argument, tensor in tensors:
            sources.append((argument, port(tensor, location)))
        return sources

    def _finish_operation(
        self,
        function: TorchFunction,
        plain: dict[str, Any],
        sources: Sources,
        results: list[torch.Tensor],
        location: CallLocation,
    ) -> NodeRecord:
        record = self._registry.add_operation(function.name, location)
        record.arguments = plain
        # the variable names this operation only if the program called it itself, and not a module that calls it
        unpacking = location.entry is _UNPACKING and len(results) > 1 and len(location.targets) > 1
        if location.entry is None or location.entry is function.code or unpacking:
            record.name = ", ".join(location.names_of_results(len(results))) or None
        elif record.group is None:
            record.in_library = True
        self._registry.finish_operation(record, sources, results)
        return record

    def _record_failed(
        self,
        error: Exception,
        function: TorchFunction,
        arguments: Arguments,
        sources: Sources | None,
        location: CallLocation,
    ) -> None:
        """Record a call that raised: its node is in the graph, marked as failed, with the tensors that went into it."""
        name = function.name
        tensors, plain = arguments
        if not tensors or location.frame is None or (name.startswith("__") and name not in _OPERATORS):
            return
        if sources is None:
            sources = self._sources(tensors, location)
        record = self._registry.add_operation(name, location)
        record.arguments, record.outputs = plain, 0
        self._recording.current.edges += [EdgeRecord(port, record, argument) for argument, port in sources]
        self._recording.add_step(record)
        self._recording.record_failure(error, "forward", record)

    def _record_created(self, results: list[torch.Tensor], location: CallLocation) -> None:
        """Record the program's own factory call (torch.tensor, torch.randn): a leaf that is a step of its own."""
        if location.entry is not None or location.frame is None:
            return
        names = location.names_of_results(len(results))
        nodes = self._recording.segment().nodes
        for i, tensor in enumerate(results):
            record = self._registry.add_leaf(tensor, names[i] if i < len(names) else None, location)
            # a mask made inside a module belongs to the module; a tensor that is passed in does not
            record.group = record.group or self._modules.group
            # a wrapper of torch.func may stand for a tensor that is known
            if record.leaf is not None and record not in nodes:
                nodes.append(record)
            self._recording.add_step(record)

    def _record_same_tensor(self, results: list[torch.Tensor], location: CallLocation) -> None:
        """Record a call that returned the tensor it got, such as `w = torch.randn(3).requires_grad_()`: its name and
        its kind may be new.
        """
        # in `net = Net().requires_grad_(False)` the variable names no parameter
        names = location.names_of_results(len(results)) if location.entry is None else []
        for i, tensor in enumerate(results):
            name = names[i] if i < len(names) else None
            if tensor.requires_grad and tensor.is_leaf:
                self._manual_updates.unmark(tensor)
            self._note_kind(tensor, name, location)

    def note_trainable(self, tensor: torch.Tensor, location: CallLocation) -> None:
        """Record that the program has set the `requires_grad` of a tensor."""
        if tensor.requires_grad and tensor.is_leaf:
            self._manual_updates.unmark(tensor)
        self._note_kind(tensor, None, location)

    def _note_kind(self, tensor: torch.Tensor, name: str | None, location: CallLocation) -> None:
        """Make the node of a tensor a leaf that learns, or one that does not, as the tensor is now."""
        trainable = tensor.requires_grad and tensor.is_leaf
        record = self._registry.find_node(tensor)
        if record is None:
            return
        if record.kind == "operation":
            if trainable:
                leaf = self._registry.add_leaf(tensor, name, location)
                if leaf.leaf is None:
                    # a wrapper of torch.func stands for the result of an operation
                    return
                leaf.name = leaf.name or record.name
                self._recording.segment().nodes.append(leaf)
                self._recording.add_step(leaf)
                self._recording.rebindings.note_computed_leaf(record, leaf)
            else:
                record.name = record.name or name
            return
        record.name = record.name or name
        # inside torch.func it is a wrapper that requires a gradient, and not the leaf itself
        if bool(tensor.requires_grad) != record.requires_grad and not transforming():
            # from now on it is another kind of leaf: what was computed from it before keeps the old one
            self._registry.forget_value(tensor)


def _is_new_leaf(result: torch.Tensor) -> bool:
    """Return whether the result is a new leaf, as of `torch.zeros_like(x, requires_grad=True)`, and not merely a view
    made without gradients.
    """
    return result.requires_grad and result.is_leaf and not result._is_view()


def _all_among(results: list[torch.Tensor], tensors: NamedTensors) -> bool:
    """Return whether every result is the very tensor of some argument."""
    for result in results:
        for _, tensor in tensors:
            if tensor is result:
                break
        else:
            return False
    return True
