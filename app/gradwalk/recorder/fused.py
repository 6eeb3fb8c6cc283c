"""Modules that torch computes in one piece: fused, with other last bits, when no mode is active, so that the recorder's
mode must be off then; or scripted, where no mode sees what runs.
"""

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import is_grad_enabled, nn

_FUSED: Final = (nn.MultiheadAttention, nn.TransformerEncoderLayer, nn.TransformerEncoder)

OnFused = Callable[[nn.Module, Any, Any], None]


class FusedModules:
    """A switch that takes the recorder's mode off the stack while a module takes its fused path.

    `on_fused` is called with the module, its inputs and its output: to the recorder that was one operation.
    """

    def __init__(self, mode: torch.overrides.TorchFunctionMode, on_fused: OnFused) -> None:
        self._mode = mode
        self._on_fused = on_fused
        self._running: nn.Module | None = None

    @property
    def mode_is_off(self) -> bool:
        """True while the mode is off the stack."""
        return self._running is not None

    def enter(self, module: nn.Module) -> None:
        """Take the mode off if the module is about to take a fused path. Called before a module runs, outside any fused
        one.
        """
        fused = isinstance(module, _FUSED) and not module.training and not _needs_gradients(module)
        depth = torch._C._len_torch_function_stack()
        if fused and depth > 0 and torch._C._get_function_stack_at(depth - 1) is self._mode:
            torch._C._pop_torch_function_stack()
            self._running = module

    def leave(self, module: nn.Module, inputs: Any, output: Any) -> None:
        """Put the mode back after a fused module has run, or has raised; then `output` is null."""
        if module is self._running:
            self.resume()
            if output is not None:
                self._on_fused(module, inputs, output)
        elif output is not None and isinstance(module, torch.jit.ScriptModule) and not self.mode_is_off:
            self._on_fused(module, inputs, output)

    def resume(self) -> None:
        """Put the mode back on the stack if it is off."""
        if self._running is not None:
            self._running = None
            torch._C._push_on_torch_function_stack(self._mode)


def _needs_gradients(module: nn.Module) -> bool:
    return is_grad_enabled() and any(parameter.requires_grad for parameter in module.parameters())
