"""The recorder: sees every torch call made while it is active, in one thread, and leaves no trace on the program."""

import threading
from functools import partial
from types import FrameType
from typing import Any, Final

import torch
from torch.compiler import is_compiling
from torch.overrides import TorchFunctionMode

from gradwalk.recorder.backward import BackwardPass, Request
from gradwalk.recorder.call_sites import Frames
from gradwalk.recorder.calls import Call, Kind, describe, telling, tensors_of
from gradwalk.recorder.forward import Forward
from gradwalk.recorder.fused import FusedModules
from gradwalk.recorder.iteration_boundary import IterationBoundary
from gradwalk.recorder.jacobian_probe import JacobianProbe
from gradwalk.recorder.leaf_updates import OptimizerSteps, UpdatesByHand
from gradwalk.recorder.modules import ModuleHooks, ModuleScope
from gradwalk.recorder.overrides import Overrides
from gradwalk.recorder.perturber import Perturber
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import PassRecord, UpdateRecord
from gradwalk.recorder.tensor_registry import TensorRegistry

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})


class Recorder(TorchFunctionMode):
    """Sees every torch call while active. `program`, `floor`: which frames are the user's, as in Frames. `measuring`:
    a local derivative to measure on the way.
    """

    def __init__(
        self,
        recording: Recording,
        program: str | None,
        floor: FrameType | None,
        overrides: Overrides,
        moving: Perturber,
        measuring: JacobianProbe | None = None,
    ) -> None:
        super().__init__()
        self._recording = recording
        self._thread = threading.get_ident()
        self._locate = Frames(program, floor).locate
        modules = ModuleScope()
        self._origins = TensorRegistry(recording, modules, overrides, moving, self._locate)
        known = self._origins.known
        self._by_hand = UpdatesByHand(known, recording.capture, self._updated)
        self._optimizers = OptimizerSteps(self._watching, known, recording, self._updated)
        self._cutting = IterationBoundary(recording, self._origins, self._by_hand)
        forward = Forward(self, recording, self._locate, modules, self._origins, self._by_hand, self._cutting)
        forward.early = moving.on
        moving.watch(recording)
        self._fused = FusedModules(self, forward.fused)
        self._modules = ModuleHooks(modules, self._watching, self._locate, self._fused, forward.returned)
        self._ready = None if measuring is None else partial(measuring.measure, recording)
        self._handlers = {
            "backward": self._backward,
            "read": self._read,
            "assign": self._assign,
            "write": forward.write,
            "operation": forward.operation if measuring is None else measuring.noting(forward.operation, recording),
            "opened": forward.opened,
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
        self._cutting.begin(True, [("", root) for root in request.roots])
        ports = [self._origins.root(root, place) for root in request.roots]
        current = self._recording.current
        record = PassRecord(place.line, request.create_graph)
        current.passes.append(record)
        watched = BackwardPass(record, self._origins.structure, self._recording, self._origins.derive, self._ready)
        try:
            result = watched.run(request, ports, lambda: call.func(*request.args, **request.kwargs))
        finally:
            # a program may go on with the next iteration after a pass that failed
            if not request.create_graph:
                current.end()
        if request.returns and not request.create_graph:
            self._by_hand.mark_gradients(tensors_of(result))
        return result

    def _watching(self) -> bool:
        return self._recording.truncated is None and threading.get_ident() == self._thread
