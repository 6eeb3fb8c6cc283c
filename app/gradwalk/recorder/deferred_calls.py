"""Calls that compute with gradients and may be the preparation of an update: `w - lr * g`.

They become operations only when the network goes on from their result, as in first-order MAML. Until then a call is
kept as long as its result lives, with the values that it used.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any, Final
from weakref import ref

import torch

from gradwalk.recorder.autograd_structure import version_of
from gradwalk.recorder.call_sites import CallLocation
from gradwalk.recorder.calls import NamedTensors, TorchFunction
from gradwalk.recorder.records import NodeRecord, Port
from gradwalk.recorder.tensor_capture import Captured


def _no_frames(_frame: FrameType) -> list[FrameType]:
    """Return no frames: to keep them would keep the variables of the program alive."""
    return []


_DEEPEST: Final = 16
"""The number of calls, one computed from the other, that are kept: a running mean of gradients has no beginning."""


@dataclass(slots=True)
class DeferredInput:
    """A tensor that went into a call. `call`: the deferred call that made it. `kept`: the tensor itself where a
    gradient flows through it and the program may drop it.
    """

    argument: str
    tensor: ref[torch.Tensor]
    version: int
    port: Port | None
    value: Captured | None
    call: "DeferredCall | None"
    kept: torch.Tensor | None

    def unchanged(self) -> torch.Tensor | None:
        """Return the tensor if it still lives and still holds what went into the call."""
        tensor = self.tensor()
        return tensor if tensor is not None and version_of(tensor) == self.version else None


@dataclass(slots=True)
class DeferredCall:
    """A call that is not recorded yet. `value`: its result, which may be the next value of one of `leaves`."""

    op: str
    arguments: dict[str, Any]
    inputs: list[DeferredInput]
    location: CallLocation
    name: str | None
    value: Captured
    depth: int
    leaves: list[NodeRecord] = field(default_factory=list)


class DeferredCalls:
    """The deferred calls whose results are alive, by result.

    `find_port` gives the port of a tensor that is known and unchanged, `capture` copies numbers.
    """

    def __init__(
        self, find_port: Callable[[torch.Tensor], Port | None], capture: Callable[[torch.Tensor], Captured]
    ) -> None:
        self._find_port = find_port
        self._capture = capture
        self._calls: dict[int, tuple[ref[torch.Tensor], int, DeferredCall]] = {}

    def defer(
        self,
        function: TorchFunction,
        arguments: dict[str, Any],
        tensors: NamedTensors,
        result: torch.Tensor,
        location: CallLocation,
    ) -> DeferredCall:
        """Keep a call, as long as its result lives, and return it."""
        inputs = [self._input(argument, tensor) for argument, tensor in tensors]
        depth = 1 + max((i.call.depth for i in inputs if i.call is not None), default=0)
        place = CallLocation(None, None, location.path, None, _no_frames)
        place.line = location.line
        named = location.entry is None and len(location.targets) == 1
        name = location.targets[0] if named else None
        call = DeferredCall(function.name, arguments, inputs, place, name, self._capture(result), depth)
        key = id(result)
        self._calls[key] = ref(result, partial(self._forget, key)), version_of(result), call
        return call

    def forget(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    def find(self, tensor: torch.Tensor) -> DeferredCall | None:
        """Return the deferred call whose result this tensor is, and still holds."""
        found = self._calls.get(id(tensor))
        if found is None or found[0]() is not tensor or found[1] != version_of(tensor):
            return None
        return found[2]

    def _input(self, argument: str, tensor: torch.Tensor) -> DeferredInput:
        call = self.find(tensor)
        if call is not None and call.depth >= _DEEPEST:
            call = None
        port = self._find_port(tensor) if call is None else None
        value = self._capture(tensor) if call is None and port is None else None
        kept = tensor if call is not None and tensor.requires_grad else None
        return DeferredInput(argument, ref(tensor), version_of(tensor), port, value, call, kept)

    def _forget(self, key: int, reference: ref[torch.Tensor]) -> None:
        found = self._calls.get(key)
        if found is not None and found[0] is reference:
            del self._calls[key]
