"""The recorder: a mode that sees every torch call of one thread while active, and leaves no trace on the program."""

import sys
import threading
from functools import partial
from typing import Any, Final

import torch
from torch.compiler import is_compiling
from torch.overrides import TorchFunctionMode

from gradwalk.recorder.backward import BackwardHooks, BackwardRequest
from gradwalk.recorder.call_sites import FrameLocator
from gradwalk.recorder.calls import ENTRIES, CallKind, TorchFunction, describe, tensors_of, with_subclass_dispatch
from gradwalk.recorder.forward import ForwardRecorder
from gradwalk.recorder.fused import FusedModules
from gradwalk.recorder.interventions import Interventions
from gradwalk.recorder.leaf_updates import ManualUpdates, OptimizerSteps
from gradwalk.recorder.modules import ModuleHooks, ModuleScope
from gradwalk.recorder.recorder_context import RecorderContext
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import PassRecord, UpdateRecord
from gradwalk.recorder.tensor_registry import TensorRegistry
from gradwalk.recorder.trace_options import TraceOptions
from gradwalk.recorder.transforms import function_modes

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_NOT_RECORDED_IN_STEPS: Final = frozenset({"operation", "write"})
"""The kinds of calls by which an optimizer computes what it needs for its step. The step itself is recorded whole."""


class Recorder(TorchFunctionMode):
    """The mode that sees every torch call while active.

    `frames`: the search for the user's frames.
    """

    def __init__(self, recording: Recording, frames: FrameLocator, options: TraceOptions) -> None:
        super().__init__()
        self._recording = recording
        self._thread = threading.get_ident()
        self._locate = frames.locate
        self._skip_calls = frames.skip_calls
        self._is_optimizing = frames.is_optimizing
        modules = ModuleScope()
        context = RecorderContext(recording, self._locate, modules)
        interventions = Interventions(recording, options.overrides, options.perturber)
        self._registry = TensorRegistry(context, interventions)
        find_node = self._registry.find_node
        self._manual_updates = ManualUpdates(self._registry, recording, self._record_update)
        self._optimizers = OptimizerSteps(self._is_following, find_node, recording, self._record_update, self._locate)
        forward = ForwardRecorder(self, context, self._registry, self._manual_updates)
        self._note_trainable = forward.note_trainable
        frames.on_turn = recording.enter_turn
        frames.running_modules = modules.running
        recording.on_new_part = self._registry.forget
        forward.captures_early = options.perturber.active
        options.perturber.watch(recording)
        self._fused = FusedModules(self, forward.record_fused)
        self._modules = ModuleHooks(modules, self._is_following, self._locate, self._fused, forward.name_module_output)
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
        if self._recording.truncated is not None and not self._goes_on(func):
            if func in ENTRIES:
                self._note_loss(args)
            return func(*args, **(kwargs or {}))
        function = describe(func)
        kind: CallKind = function.kind
        if kind == "silent":
            return func(*args, **(kwargs or {}))
        if (function_modes() or (types and not _PLAIN_TYPES.issuperset(types))) and kind != "decomposed":
            # a subclass's own __torch_function__, and a mode of the program such as its default device, see the call,
            # and not what the recorder computes with the tensors
            with torch._C.DisableTorchFunction():
                return self._handlers[kind](with_subclass_dispatch(function), args, kwargs or {})
        if self._optimizers.is_computing and kind in _NOT_RECORDED_IN_STEPS and self._is_optimizing(sys._getframe(1)):
            return func(*args, **(kwargs or {}))
        return self._handlers[kind](function, args, kwargs or {})

    def _read(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        result = function.func(*args, **kwargs)
        if not isinstance(result, torch.Tensor):
            return result
        if function.name == "grad":
            self._manual_updates.mark_gradients([result])
            self._manual_updates.changes.note_owner(result, args[0])
            self._registry.note_gradients([result], None)
        elif function.name == "data" and isinstance(args[0], torch.Tensor):
            if self._manual_updates.is_gradient(args[0]):
                self._manual_updates.mark_gradients([result])
                self._manual_updates.changes.note_data(result, args[0])
            self._manual_updates.mark_alias(result, args[0])
        return result

    def _assign(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        if function.name == "requires_grad":
            result = function.func(*args, **kwargs)
            self._note_trainable(args[0], self._locate())
            return result
        if function.name != "data" or self._manual_updates.is_own_data(*args):
            return function.func(*args, **kwargs)
        line = self._locate().line
        tensors = [("self", args[0]), *((name, t) for name, t in (("value", args[1]),) if isinstance(t, torch.Tensor))]
        return self._manual_updates.perform(tensors, line, lambda: function.func(*args, **kwargs))

    def _record_update(self, record: UpdateRecord) -> None:
        record.line = record.line or self._locate().line
        self._recording.add_update(record)
        self._manual_updates.note_update()

    def _backward(self, function: TorchFunction, args: Any, kwargs: dict[str, Any]) -> Any:
        location = self._locate()
        try:
            request = BackwardRequest(function.original, args, kwargs)
        except TypeError:
            # the call itself says what is wrong with its arguments
            return function.func(*args, **kwargs)
        ports = [self._registry.root_port(root, location) for root in request.roots]
        request.input_ports = [
            self._registry.find_port(one) if isinstance(one, torch.Tensor) else None for one in request.inputs
        ]
        record = PassRecord(location.line, request.create_graph)
        self._manual_updates.begin_pass()
        self._recording.begin_pass(record)
        watched = BackwardHooks(
            record, self._registry.structure, self._recording, self._registry.add_derived_operation, self._before_pass
        )
        try:
            result = watched.run(request, ports, lambda: function.func(*request.args, **request.kwargs))
        except BaseException:
            record.failed = True
            raise
        finally:
            if self._recording.exhausted:
                self._recording.leave_out(record)
                self._recording.note_loss(args)
            else:
                self._recording.end_pass(record)
        if request.returns and not request.create_graph:
            self._manual_updates.mark_gradients(tensors_of(result))
            self._registry.note_gradients(tensors_of(result), record)
        return result

    def _note_loss(self, args: Any) -> None:
        """Note the loss of a backward pass that is not recorded, and the turn that it is in."""
        if not self._recording.waits:
            self._skip_calls()
            self._locate()
        self._recording.passes += 1
        with torch._C.DisableTorchFunction():
            self._recording.note_loss(args)

    def _goes_on(self, func: Any) -> bool:
        """Return whether the recording, which a limit has stopped, goes on with this call."""
        if not self._recording.waits or describe(func).kind == "silent":
            return False
        self._locate()
        return self._recording.truncated is None

    def _is_following(self) -> bool:
        """Return whether what the program does is recorded, or will be again in its next turn."""
        if is_compiling() or torch._C._is_tracing() or threading.get_ident() != self._thread:
            return False
        return self._recording.truncated is None or self._recording.waits
