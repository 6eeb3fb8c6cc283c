"""The boundary between one iteration and the next."""

from gradwalk.recorder.calls import NamedTensors
from gradwalk.recorder.leaf_updates import ManualUpdates
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.tensor_registry import TensorRegistry


class IterationBoundary:
    """A detector of the point where a new iteration begins, while a recording is made."""

    def __init__(self, recording: Recording, registry: TensorRegistry, manual_updates: ManualUpdates) -> None:
        self._recording = recording
        self._registry = registry
        self._manual_updates = manual_updates

    def begin(self, differentiable: bool, tensors: NamedTensors) -> None:
        """Begin a new iteration if the call that comes now does so.

        After a backward pass a new iteration begins with the first differentiable operation, or with any operation
        after the update that followed. A call that continues a graph that backward has kept begins none, nor does one
        that only measures it. A use of parameters without gradients is a validation, an iteration of its own.
        """
        current = self._recording.current
        if not current.ended or not (differentiable or current.updates):
            return
        if any(self._registry.has_graph(tensor) for _, tensor in tensors):
            return
        sources = [node for _, t in tensors if (node := self._registry.find_node(t)) is not None]
        if differentiable or not any(map(current.follows, sources)):
            self._recording.begin_iteration()
            self._registry.begin_iteration()
            self._manual_updates.clear()
            if not differentiable and any(t.requires_grad for _, t in tensors):
                self._recording.current.end()
