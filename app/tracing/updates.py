"""Updates of leaves: by an optimizer (torch's global step hooks) or by hand (an in-place write without grad)."""

from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from app.tracing.calls import as_data
from app.tracing.records import NodeRecord, UpdateRecord
from app.tracing.tensors import Captured

Before = list[tuple[torch.Tensor, NodeRecord, Captured, Captured | None, dict[str, Any]]]


class OptimizerSteps:
    """Turns every optimizer step into one UpdateRecord per parameter that has a gradient and was recorded."""

    def __init__(
        self,
        watching: Callable[[], bool],
        find: Callable[[torch.Tensor], NodeRecord | None],
        capture: Callable[[torch.Tensor], Captured],
        emit: Callable[[torch.Tensor, UpdateRecord], None],
    ) -> None:
        self._watching = watching
        self._find = find
        self._capture = capture
        self._emit = emit
        self._before: Before = []

    def install(self) -> list[Any]:
        """Registers the hooks; gives back their handles."""
        return [
            register_optimizer_step_pre_hook(self._remember),
            register_optimizer_step_post_hook(self._compare),
        ]

    def _remember(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        if not self._watching():
            return
        self._before = [
            (
                parameter,
                node,
                self._capture(parameter),
                self._capture(parameter.grad),
                {k: as_data(v) for k, v in group.items() if k != "params" and v is not None},
            )
            for group in optimizer.param_groups
            for parameter in group["params"]
            if parameter.grad is not None and (node := self._find(parameter)) is not None
        ]

    def _compare(self, optimizer: Optimizer, _args: Any, _kwargs: Any) -> None:
        if not self._watching():
            return
        before, self._before = self._before, []
        for parameter, node, value, gradient, settings in before:
            state = optimizer.state.get(parameter, {})
            record = UpdateRecord(
                node=node,
                optimizer=type(optimizer).__name__,
                before=value,
                after=self._capture(parameter),
                gradient=gradient,
                settings=settings,
                state={k: self._capture(v) if isinstance(v, torch.Tensor) else as_data(v) for k, v in state.items()},
                line=None,
            )
            self._emit(parameter, record)
