"""The recorder: a mode that sees every torch call of one thread while active, and leaves no trace on the program."""

import threading
from functools import partial
from typing import Any, Final

import torch
from torch.compiler import is_compiling
from torch.overrides import TorchFunctionMode

from gradwalk.recorder.backward import BackwardHooks, BackwardRequest
from gradwalk.recorder.call_sites import FrameLocator
from gradwalk.recorder.calls import CallKind, TorchFunction, describe, tensors_of, with_subclass_dispatch
from gradwalk.recorder.forward import ForwardRecorder
from gradwalk.recorder.fused import FusedModules
from gradwalk.recorder.interventions import Interventions
from gradwalk.recorder.iteration_boundary import IterationBoundary
from gradwalk.recorder.leaf_updates import ManualUpdates, OptimizerSteps
from gradwalk.recorder.modules import ModuleHooks, ModuleScope
from gradwalk.recorder.recorder_context import RecorderContext
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import PassRecord, UpdateRecord
from gradwalk.recorder.tensor_registry import TensorRegistry
from gradwalk.recorder.trace_options import TraceOptions

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})


class Recorder(TorchFunctionMode):
    """The mode that sees every torch call while active.

    `frames`: the search for the user's frames.
    """

    def __init__(self, recording: Recording, frames: FrameLocator, options: TraceOptions) -> None:
        super().__init__()
        self._recording = recording
        self._thread = threading.get_ident()
        self._locate = frames.locate
        modules = ModuleScope()
        context = RecorderContext(recording, self._locate, modules)
        interventions = Interventions(recording, options.overrides, options.perturber)
        self._registry = TensorRegistry(context, interventions)
        find_node = self._registry.find_node
        self._manual_updates = ManualUpdates(find_node, recording.capture, self._record_update)
        self._optimizers = OptimizerSteps(self._is_recording, find_node, recording, self._record_update)
        self._boundary = IterationBoundary(recording, self._registry, self._manual_updates)
        forward = ForwardRecorder(self, context, self._registry, self._manual_updates, self._boundary)
        forward.captures_early = options.perturber.active
        options.perturber.watch(recording)
        self._fused = FusedModules(self, forward.record_fused)
        self._modules = ModuleHooks(modules, self._is_recording, self._locate, self._fused, forward.name_module_output)
        probe = options.probe
        self._before_pass = None if probe is None else partial(probe.measure, recording)
        operation = forward.record_operation
        self._handlers = {
            "backward": self._backward,
            "read": self._read,
            "assign": self._assign,
            "write": forward.record_write,
            "operation": operation if probe is None else probe.recording_calls(operation, recording),
            "decomposed": forward.record_decomposed,
        }

    def install(self) -> list[Any]:
        """Register torch's global hooks and return their handles."""
        return self._modules.install() + self._optimizers.install()

    def resume(self) -> None:
        """Put the mode back on the stack if a program was stopped while it was off."""
        self._fused.resume()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run and record a call. Torch calls this in place of `func`, with this mode switched off inside."""
        if is_compiling() or torch._C._is_tracing():
            # Dynamo compiles this method too, as part of the program, and gives wrong results where it cannot; for
            # torch.jit.trace every size is a tensor, and what the recorder asks would become a part of the trace
            return func(*args, **(kwargs or {}))
        function = describe(func)
        kind: CallKind = function.kind
        if kind == "silent" or self._recording.truncated is not None:
            if kind == "backward":
                self._recording.note_loss(args)
            return func(*args, **(kwargs or {}))
        if types and kind != "decomposed" and not _PLAIN_TYPES.issuperset(types):
            # a subclass's own __torch_function__ sees the call, and not what the recorder computes with its tensors
            with torch._C.DisableTorchFunctionSubclass():
                return self._handlers[kind](with_subclass_dispatch(function), args, kwargs or {})
        return self._handlers[kind](function, args, kwargs or {})

    def _read(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        result = function.func(*args, **kwargs)
        if not isinstance(result, torch.Tensor):
            return result
        if function.name == "grad":
            self._manual_updates.mark_gradients([result])
        elif function.name == "data" and isinstance(args[0], torch.Tensor):
            if self._manual_updates.is_gradient(args[0]):
                self._manual_updates.mark_gradients([result])
            self._manual_updates.mark_alias(result, args[0])
        return result

    def _assign(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        if function.name != "data":
            return function.func(*args, **kwargs)
        line = self._locate().line
        return self._manual_updates.perform([("self", args[0])], line, lambda: function.func(*args, **kwargs))

    def _record_update(self, record: UpdateRecord) -> None:
        record.line = record.line or self._locate().line
        self._recording.current.updates.append(record)
        self._recording.add_step(record.node, record)

    def _backward(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        location = self._locate()
        try:
            request = BackwardRequest(function.original, args, kwargs)
        except TypeError:
            # the call itself says what is wrong with its arguments
            return function.func(*args, **kwargs)
        self._boundary.begin(True, [("", root) for root in request.roots])
        ports = [self._registry.root_port(root, location) for root in request.roots]
        current = self._recording.current
        record = PassRecord(location.line, request.create_graph)
        current.passes.append(record)
        watched = BackwardHooks(
            record, self._registry.structure, self._recording, self._registry.add_derived_operation, self._before_pass
        )
        try:
            result = watched.run(request, ports, lambda: function.func(*request.args, **request.kwargs))
        except BaseException:
            record.failed = True
            raise
        finally:
            # a program may go on with the next iteration after a pass that failed
            if not request.create_graph:
                current.end()
        if request.returns and not request.create_graph:
            self._manual_updates.mark_gradients(tensors_of(result))
        return result

    def _is_recording(self) -> bool:
        if is_compiling() or torch._C._is_tracing():
            return False
        return self._recording.truncated is None and threading.get_ident() == self._thread
