"""What-if runs: elements of leaves are set to other values at the leaf's first use."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import torch

from gradwalk.contract.snapshot import Override
from gradwalk.recorder.element_types import elements
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.tensor_capture import TensorSummary

_MOST_NAMES: Final = 20
_MOST_FAILURES: Final = 5
_LONGEST_NAME: Final = 100
_LOST: Final = "after its first use the program gives it other numbers, before the first iteration shows it."


class Overrides:
    """The overrides of one run, by the name of the leaf. Only the first leaf of a name is changed, once.

    An override that does not fit raises nothing, because a program may catch anything: `failure_message` reports it at
    the end.
    """

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        self._pending: dict[str, list[Override]] = {}
        self._failures: list[str] = []
        self._applied: dict[tuple[str, tuple[int, ...]], Override] = {}
        for override in overrides:
            self._pending.setdefault(override.name, []).append(override)

    def is_pending(self, name: str | None) -> bool:
        """Return whether a leaf of this name is still to be changed."""
        return name in self._pending

    def apply_to_result(self, name: str | None, result: torch.Tensor) -> bool:
        """Change a result that a turn of a loop uses as a leaf of this name. Return whether it was changed.

        What the program computed it from may have had the same name, and has been changed already.
        """
        wanted = [*self._pending.get(name or "", ()), *(o for o in self._applied.values() if o.name == name)]
        self._pending[name or ""] = wanted
        self.apply(name, result)
        return bool(wanted)

    def apply(self, name: str | None, leaf: torch.Tensor) -> None:
        """Write the elements that were asked for into `leaf`, without autograd's knowledge."""
        for override in self._pending.pop(name or "", ()):
            reason = _invalid_reason(override, leaf) or _write(override, leaf)
            if reason is not None:
                self._failures.append(reason)
            else:
                self._applied[override.name, tuple(override.index)] = override

    def failure_message(self, recording: Recording) -> str | None:
        """Return sentences that say which overrides could not be made, and why; null when all were made."""
        lost = [
            f"{_short(o.name)} could not be set: {_LOST}" for o in self._applied.values() if not _is_shown(o, recording)
        ]
        failures = [*self._failures, *(self._unused_reason(name, recording) for name in self._pending), *lost]
        more = len(failures) - _MOST_FAILURES
        if more > 0:
            failures[_MOST_FAILURES:] = [f"{more} more could not be set."]
        return " ".join(failures) or None

    @staticmethod
    def _unused_reason(name: str, recording: Recording) -> str:
        shown = _short(name)
        if recording.cut_cause is not None:
            return f"{shown} could not be set: {recording.cut_cause} before its first use."
        names = _leaves(recording)
        if name not in names and any(node.name == name for one in recording.iterations for node in one.nodes):
            return f"{shown} could not be set: it is the result of an operation, and no leaf before its iteration."
        if name in names:
            return f"{shown} could not be set: something was computed from it before it had this name."
        listed = ", ".join(map(_short, names[:_MOST_NAMES])) + (", …" if len(names) > _MOST_NAMES else "")
        return f"No leaf is called {shown}. " + (f"The leaves are: {listed}." if names else "The program has no leaf.")


def _is_shown(override: Override, recording: Recording) -> bool:
    """Return whether the first leaf of this name that the snapshot shows has the value that was asked for."""
    nodes = (node for iteration in recording.iterations for node in iteration.nodes)
    leaf = next((node for node in nodes if node.leaf is not None and node.name == override.name), None)
    if leaf is None or not leaf.values or isinstance(leaf.values[0], TensorSummary):
        return True
    shape, dtype, memory = leaf.values[0]
    if len(shape) != len(override.index):
        return False
    number = elements(memory, dtype)[np.ravel_multi_index(tuple(override.index), shape) if shape else 0]
    return bool(number == torch.tensor(override.value, dtype=dtype, device="cpu").item())


def _leaves(recording: Recording) -> list[str]:
    """Return the names of the leaves, each once, in the order of their first use."""
    edges = (edge for segment in recording.all_segments for edge in segment.edges)
    created = (node for segment in recording.all_segments for node in segment.nodes)
    nodes = (*created, *(edge.source[0] for edge in edges))
    return list(dict.fromkeys(node.name for node in nodes if node.kind != "operation" and node.name is not None))


def _invalid_reason(override: Override, leaf: torch.Tensor) -> str | None:
    """Return why the element does not exist, or cannot have this value; null when it can."""
    name, shape, index, value = _short(override.name), list(leaf.shape), override.index, override.value
    if len(index) != len(shape) or any(not 0 <= i < n for i, n in zip(index, shape, strict=True)):
        wanted = "[]" if not shape else f"one number per dimension, up to {[n - 1 for n in shape]}"
        return f"{name} has the shape {shape}: it has no element at index {index}. The index is {wanted}."
    kind = str(leaf.dtype).removeprefix("torch.")
    if leaf.dtype == torch.bool:
        return None if value in (0, 1) else f"{name} holds {kind}: {value:g} is neither 0 nor 1."
    if _is_whole(leaf.dtype) and value != int(value):
        return f"{name} holds {kind}: {value:g} is not a whole number."
    range = torch.iinfo(leaf.dtype) if _is_whole(leaf.dtype) else torch.finfo(leaf.dtype)
    if not range.min <= value <= range.max:
        return f"{name} holds {kind}: {value:g} is not between {range.min:g} and {range.max:g}."
    return None


def _is_whole(dtype: torch.dtype) -> bool:
    return not (dtype.is_floating_point or dtype.is_complex or dtype == torch.bool)


def _write(override: Override, leaf: torch.Tensor) -> str | None:
    """Set the element. Return why that failed, null when it worked: torch refuses leaves such as sparse ones."""
    try:
        # .data shares the memory and not the version counter
        leaf.data[tuple(override.index)] = int(override.value) if _is_whole(leaf.dtype) else override.value
    except (RuntimeError, TypeError, ValueError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        return f"{_short(override.name)} cannot be {override.value:g} at index {override.index}: {reason}."
    return None


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…"
