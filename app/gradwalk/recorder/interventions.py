"""Changes of numbers while a program runs: what-if overrides, and the perturbation of a gradient check."""

import torch

from gradwalk.recorder.overrides import Overrides
from gradwalk.recorder.perturber import Perturber
from gradwalk.recorder.recording import Recording
from gradwalk.recorder.records import NodeRecord


class Interventions:
    """The changes that one run was asked for. They are made when a leaf or a result is first seen."""

    def __init__(self, recording: Recording, overrides: Overrides, perturber: Perturber) -> None:
        self._recording = recording
        self._overrides = overrides
        self.perturber = perturber

    def change_leaf(self, name: str | None, tensor: torch.Tensor, node: NodeRecord | None) -> bool:
        """Change the numbers of the leaf `name` that the run was asked to change. Return whether any was set.

        `node`: the leaf's node where the leaf has been seen before, null otherwise.
        """
        overridden = self._override(name, tensor, node)
        if not self.perturber.active:
            return overridden
        return self.perturber.perturb_leaf(name, tensor) or overridden

    def change_result(self, name: str | None, tensor: torch.Tensor) -> bool:
        """Change the numbers of a result that is shown as the leaf `name`. Return whether any was set."""
        return self._overrides.apply_to_result(name, tensor)

    def _override(self, name: str | None, tensor: torch.Tensor, node: NodeRecord | None) -> bool:
        """Apply the overrides at the first use of the leaf `name`. Return whether any was applied.

        Nothing is applied when something was computed from the leaf already, before its name was known.
        """
        if not self._overrides.is_pending(name):
            return False
        edges = (edge for segment in self._recording.segments for edge in segment.edges)
        if node is not None and any(edge.source[0] is node for edge in edges):
            return False
        self._overrides.apply(name, tensor)
        return True
