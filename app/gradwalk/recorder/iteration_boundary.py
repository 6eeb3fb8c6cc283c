"""Where one iteration ends and the next one begins."""

from gradwalk.recorder.calls import Tensors
from gradwalk.recorder.leaf_updates import ManualUpdates
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.tensor_registry import TensorRegistry


class IterationBoundary:
    """Cuts a recording into iterations, while it is made."""

    def __init__(self, recording: Recording, registry: TensorRegistry, manual_updates: ManualUpdates) -> None:
        self._recording = recording
        self._registry = registry
        self._manual_updates = manual_updates

    def begin(self, differentiable: bool, tensors: Tensors) -> None:
        """After a backward pass: a new iteration begins with the first differentiable operation, or with anything after
        the update that followed. What goes on from a graph that backward has kept does not begin anew, nor does what
        measures it. A use of parameters without gradients is a validation: it begins an iteration of its own.
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
