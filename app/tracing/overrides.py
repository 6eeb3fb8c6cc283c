"""What-if runs: elements of leaves set to other values at the leaf's first use."""

from collections.abc import Iterable

import torch

from app.snapshot import Override


class OverrideError(ValueError):
    """An override that does not fit the leaf it names."""


class Overrides:
    """The overrides of one run, by the name of the leaf. Each leaf is changed once."""

    def __init__(self, overrides: Iterable[Override]) -> None:
        self._waiting: dict[str, list[Override]] = {}
        for override in overrides:
            self._waiting.setdefault(override.name, []).append(override)

    def apply(self, name: str | None, leaf: torch.Tensor) -> None:
        """Writes the elements asked for into `leaf`, unseen by autograd. Raises OverrideError for a wrong index."""
        for override in self._waiting.pop(name or "", ()):
            shape = list(leaf.shape)
            if len(override.index) != len(shape) or any(
                not 0 <= i < n for i, n in zip(override.index, shape, strict=True)
            ):
                raise OverrideError(f"{name} has the shape {shape}: it has no element at index {override.index}")
            # .data shares the memory and not the version counter
            leaf.data[tuple(override.index)] = override.value
