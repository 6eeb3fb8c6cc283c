"""Changes of a leaf's `.grad` between backward and the update: clipping, or a write of the program's own."""

import sys
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from inspect import unwrap
from math import isfinite, isnan
from types import CodeType, FrameType
from typing import Final

import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_

from gradwalk.recorder.call_sites import CallLocation, CallSite
from gradwalk.recorder.calls import NamedTensors
from gradwalk.recorder.frame_variables import locals_of, release_copy
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import ChangeRecord, NodeRecord
from gradwalk.recorder.tensor_numbers import JsonNumber, item
from gradwalk.recorder.tensor_registry import memory_of

_BY_VALUE: Final = "clip_grad_value_"
_CLIPPING: Final[dict[CodeType, str]] = {
    unwrap(clip).__code__: name
    for clip, name in (
        (clip_grad_norm_, "clip_grad_norm_"),
        (clip_grads_with_norm_, "clip_grads_with_norm_"),
        (clip_grad_value_, _BY_VALUE),
    )
}
"""The code of PyTorch's functions that clip, and their names."""
_SETTINGS: Final = ("max_norm", "norm_type", "clip_value")
_CLEARING: Final = frozenset({"zero_", "fill_", "copy_", "_foreach_zero_", "_foreach_copy_", "detach_"})
"""The writes that give a `.grad` other numbers than a change of those that were there."""
_MOST_GRADIENTS: Final = 1_000
"""How many gradients are remembered before those that are gone are forgotten."""


class GradientChanges:
    """A recorder of the writes into the `.grad` of recorded leaves."""

    def __init__(self, find_node: Callable[[torch.Tensor], NodeRecord | None], recording: Recording) -> None:
        self._find_node = find_node
        self._recording = recording
        self._owners: dict[int, tuple[weakref.ref[torch.Tensor], weakref.ref[torch.Tensor]]] = {}
        self._latest: tuple[CallSite | None, int, dict[NodeRecord, ChangeRecord]] = (None, -1, {})

    def note_owner(self, gradient: torch.Tensor, leaf: torch.Tensor) -> None:
        """Note that `gradient` is the `.grad` of `leaf`."""
        if len(self._owners) > _MOST_GRADIENTS:
            self._owners = {key: one for key, one in self._owners.items() if one[0]() is not None}
        self._owners[id(gradient)] = weakref.ref(gradient), weakref.ref(leaf)

    def note_data(self, data: torch.Tensor, gradient: torch.Tensor) -> None:
        """Note that `data` is the `.data` of a gradient: writing into it writes into the gradient."""
        found = self._owners.get(id(gradient))
        if found is not None and found[0]() is gradient:
            self._owners[id(data)] = weakref.ref(data), found[1]

    @contextmanager
    def watched(self, name: str, tensors: NamedTensors, location: CallLocation) -> Iterator[None]:
        """Record what a write inside makes of gradients. `name`: that of the torch function that writes."""
        targets = [] if name in _CLEARING else list(self._gradients(written(tensors)))
        if not targets:
            yield
            return
        before = [self._recording.capture(gradient) for gradient, _ in targets]
        clip, settings = _clipping(location, self._recording)
        yield
        function = clip or (name if location.entry is None else location.entry.co_name)
        # clipping to a value writes twice: what is below, and what is above
        earlier = self._made_at(location.site) if clip == _BY_VALUE else {}
        made: dict[NodeRecord, ChangeRecord] = {}
        for (gradient, node), old in zip(targets, before, strict=True):
            after = self._recording.capture(gradient)
            known = earlier.get(node)
            if known is not None:
                known.after = after
                continue
            record = made[node] = ChangeRecord(node, function, old, after, settings, location.line)
            self._recording.add_step(node, record)
        self._latest = location.site, self._recording.steps, earlier | made

    def _made_at(self, site: CallSite | None) -> dict[NodeRecord, ChangeRecord]:
        """Return the changes that were made at the same place, with nothing recorded since."""
        latest, steps, made = self._latest
        return made if latest is site and steps == self._recording.steps else {}

    def _gradients(self, targets: Iterable[torch.Tensor]) -> Iterator[tuple[torch.Tensor, NodeRecord]]:
        for target in targets:
            found = self._owners.get(id(target))
            leaf = found[1]() if found is not None and found[0]() is target else None
            gradient = None if leaf is None else leaf.grad
            if leaf is None or gradient is None or memory_of(gradient) != memory_of(target):
                continue
            node = self._find_node(leaf)
            if node is not None and node.kind != "operation":
                yield gradient, node


def written(tensors: NamedTensors) -> list[torch.Tensor]:
    """Return the tensors that a call writes into: `self`, `out`, or the list of tensors of torch._foreach_add_."""
    argument = next((a for a, _ in tensors if a.startswith("out")), tensors[0][0]).partition("[")[0]
    return [tensor for name, tensor in tensors if name.partition("[")[0] == argument]


def _clipping(location: CallLocation, recording: Recording) -> tuple[str | None, dict[str, JsonNumber]]:
    """Return the name of the function that clips, null where none does, and its settings."""
    frame: FrameType | None = sys._getframe(1)
    found: FrameType | None = None
    while frame is not None and frame is not location.frame:
        found = frame if frame.f_code in _CLIPPING else found
        frame = frame.f_back
    if found is None:
        return None, {}
    variables = locals_of(found)
    settings = {name: _as_real(value) for name in _SETTINGS if isinstance(value := variables.get(name), int | float)}
    total = variables.get("total_norm")
    norm = item(recording.capture(total)) if isinstance(total, torch.Tensor) else None
    largest = settings.get("max_norm")
    if norm is not None:
        settings["norm"] = norm
    if isinstance(norm, int | float) and isinstance(largest, float):
        settings["factor"] = min(1.0, largest / (norm + 1e-6))
    release_copy(found, variables)
    return _CLIPPING[found.f_code], settings


def _as_real(value: float) -> JsonNumber:
    return float(value) if isfinite(value) else "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"
