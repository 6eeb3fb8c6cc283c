"""The perturbation of a gradient check: one number of one iteration is changed, without autograd's knowledge, while the
program runs.
"""

from collections.abc import Iterable, Sequence

import torch

from gradwalk.contract.perturbation import Perturbation
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import NodeRecord

_VIEW = (
    "This tensor is a view: it shares its memory with another tensor, which would move with it. Check an element of "
    "the tensor that it was taken from."
)


class Perturber:
    """The perturbation that a run was asked for, if any. `active`: whether there is one."""

    def __init__(self, perturbation: Perturbation | None = None) -> None:
        self._perturbation = perturbation
        self._recording: Recording | None = None
        self._done = False
        self._target: NodeRecord | None = None
        self._reason: str | None = None
        self.active = perturbation is not None

    def watch(self, recording: Recording) -> None:
        """Set the recording, which says how far the run has come."""
        self._recording = recording

    def operation_begins(self, record: NodeRecord) -> None:
        """Note an operation that begins, or that has just run."""
        perturbation = self._perturbation
        if perturbation is not None and perturbation.leaf is None and record.number == perturbation.operation:
            self._target = None if self._done else record

    def operation_finished(
        self, record: NodeRecord, results: Sequence[torch.Tensor], others: Iterable[torch.Tensor]
    ) -> None:
        """Change the number if the operation is the one to perturb. `others`: all other tensors that are known."""
        perturbation = self._perturbation
        if perturbation is None or self._target is not record:
            return
        self._target, self._done = None, True
        if perturbation.output >= len(results):
            self._reason = "The operation did not give as many results this time."
            return
        result = results[perturbation.output]
        if _shares_memory(result, [other for other in others if all(other is not one for one in results)]):
            self._reason = _VIEW
            return
        self._set_element(perturbation, result)

    def perturb_leaf(self, name: str | None, tensor: torch.Tensor) -> bool:
        """Change the number if the leaf is the one to perturb, and return whether it was changed."""
        perturbation = self._perturbation
        if perturbation is None or self._done or name is None or perturbation.leaf != name:
            return False
        if self._recording is None or self._recording.steps < perturbation.operation:
            return False
        self._done = True
        return self._set_element(perturbation, tensor)

    def failure_message(self) -> str | None:
        """Return why the number was not changed; null when it was."""
        if self._perturbation is None or (self._done and self._reason is None):
            return None
        return self._reason or "The program did not come to this number: it ran otherwise than the first time."

    def _set_element(self, perturbation: Perturbation, tensor: torch.Tensor) -> bool:
        try:
            # .data shares the memory and not the version counter
            tensor.data[tuple(perturbation.index)] = perturbation.value
        except (RuntimeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            self._reason = f"PyTorch lets nobody write this number: {reason}."
            return False
        return True


def _shares_memory(result: torch.Tensor, others: Iterable[torch.Tensor]) -> bool:
    """Return whether the tensor shares memory with another one that is alive."""
    memory = _memory_address(result)
    return memory is not None and any(_memory_address(other) == memory for other in others)


def _memory_address(tensor: torch.Tensor) -> int | None:
    try:
        return tensor.untyped_storage().data_ptr() or None
    except (RuntimeError, NotImplementedError):
        return None
