"""TorchLens on the same workloads, when it is installed; and what others reached when the recorder was designed."""

import importlib
import importlib.util
import time
import warnings
from typing import Any, Final, NamedTuple

import torch
from torch import nn

from benchmarks.workloads import Workload


class Peers(NamedTuple):
    """Times of a plain forward and backward that others took on such a workload: one run each, with torch 2.13.

    `torchview` records neither values nor gradients; `prototype` was a rough recorder like this one. Their chains
    cost some 15 µs per operation to run plainly: between those of 32² and 64² here.
    """

    torchlens: str
    torchview: str
    prototype: str


PEERS: Final = {
    "SimpleNet": Peers("75x", "4.7x", "2.0x"),
    "2-layer GPT": Peers("79x", "5.1x", "2.3x"),
    "chain of 1,000": Peers("210x", "6.7x", "2.3-3.6x"),
    "chain of 10,000": Peers("460x", "6.6x", "2-3.3x"),
}
"""By the beginning of a workload's name."""


def peers_of(name: str) -> Peers:
    """What others reached on a workload of this name."""
    return next((peers for start, peers in PEERS.items() if name.startswith(start + ",") or name == start), NOBODY)


NOBODY: Final = Peers("", "", "")


class TorchLens:
    """TorchLens 2.x, told to keep every value and every gradient. It wraps all of torch: only while it measures."""

    def __init__(self) -> None:
        self._lens: Any = importlib.import_module("torchlens")
        self._wrappers: Any = importlib.import_module("torchlens.backends.torch.wrappers")
        self._options: Any = self._lens.options.CaptureOptions(save_grads=True)
        self.version = str(self._lens.__version__)

    @staticmethod
    def installed() -> bool:
        """Whether there is anything to measure."""
        return importlib.util.find_spec("torchlens") is not None

    def seconds(self, workload: Workload) -> float:
        """One pass forward and backward. Wrapping torch and setting it free again is not counted."""
        model = workload.loss if isinstance(workload.loss, nn.Module) else _Called(workload)
        for leaf in workload.leaves:
            leaf.grad = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._wrappers.wrap_torch()
            try:
                began = time.perf_counter()
                log = self._lens.trace(model, list(workload.inputs), capture=self._options)
                log.log_backward(log[log.output_layers[0]].out)
                took = time.perf_counter() - began
            finally:
                self._wrappers.unwrap_torch()
        assert log.num_saved_grad_ops > 0
        assert all(leaf.grad is not None for leaf in workload.leaves)
        return took


class _Called(nn.Module):
    """A function as the module that TorchLens asks for."""

    def __init__(self, workload: Workload) -> None:
        super().__init__()
        self._loss = workload.loss

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """The loss."""
        return self._loss(*inputs)
