"""Module scope: which module calls are running, and the names that modules give to parameters and buffers."""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn.modules import module as hooks

from app.snapshot import NodeKind
from app.tracing.places import Locate
from app.tracing.records import GroupRecord


class Call:
    """One running module call."""

    __slots__ = ("group", "module", "path")

    def __init__(self, module: torch.nn.Module, path: str, group: GroupRecord) -> None:
        self.module = module
        self.path = path
        self.group = group


class ModuleScope:
    """The stack of running module calls, kept by torch's global forward hooks while `install`ed."""

    def __init__(self, watching: Callable[[], bool], locate: Locate) -> None:
        self._watching = watching
        self._locate = locate
        self._stack: list[Call] = []

    def install(self) -> list[Any]:
        """Registers the hooks; gives back their handles."""
        return [
            hooks.register_module_forward_pre_hook(self._enter),
            hooks.register_module_forward_hook(self._leave, always_call=True),
        ]

    @property
    def group(self) -> GroupRecord | None:
        """The innermost running module call."""
        return self._stack[-1].group if self._stack else None

    def owner(self, tensor: torch.Tensor) -> tuple[str, NodeKind, GroupRecord] | None:
        """Path, kind and group of a running module's own parameter or buffer."""
        for call in reversed(self._stack):
            for name, parameter in call.module._parameters.items():
                if parameter is tensor:
                    return f"{call.path}.{name}", "parameter" if tensor.requires_grad else "input", call.group
            for name, buffer in call.module._buffers.items():
                if buffer is tensor:
                    return f"{call.path}.{name}", "buffer", call.group
        return None

    def _enter(self, module: torch.nn.Module, _args: Any) -> None:
        if not self._watching():
            return
        parent = self._stack[-1] if self._stack else None
        name = self._name_in(parent.module, module) if parent else None
        if name is None:
            name = self._locate().variable(module) or type(module).__name__.lower()
        path = f"{parent.path}.{name}" if parent else name
        group = GroupRecord(parent.group if parent else None, "module", name, type(module).__name__)
        self._stack.append(Call(module, path, group))

    def _leave(self, module: torch.nn.Module, _args: Any, _output: Any) -> None:
        # an exception in an earlier hook may have skipped calls: leave down to this module
        if self._watching() and any(call.module is module for call in self._stack):
            while self._stack.pop().module is not module:
                pass

    @staticmethod
    def _name_in(parent: torch.nn.Module, module: torch.nn.Module) -> str | None:
        for name, child in parent._modules.items():
            if child is module:
                return name
        return next((name for name, child in parent.named_modules() if child is module and name), None)
