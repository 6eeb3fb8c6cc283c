"""The scope of modules: the module calls that are running, and the names that they give to parameters and buffers."""

from collections.abc import Callable, Iterable
from typing import Any
from weakref import ref

import torch
from torch.nn.modules import module as hooks

from gradwalk.contract.snapshot import NodeKind
from gradwalk.recorder.call_sites import CallLocation, Locate
from gradwalk.recorder.calls import hidden_from_modes
from gradwalk.recorder.fused import FusedModules
from gradwalk.recorder.records import GroupRecord

OnReturn = Callable[[Any, CallLocation], None]


class ModuleCall:
    """One running module call. `caller`: the identity of the user's frame that it was made in, directly or not."""

    __slots__ = ("_buffers", "caller", "group", "module", "path")

    def __init__(self, module: torch.nn.Module, path: str, group: GroupRecord, caller: int) -> None:
        self.module = module
        self.path = path
        self.group = group
        self.caller = caller
        self._buffers: list[tuple[str, torch.Tensor]] | None = None

    def named_tensors(self, parameters: bool) -> Iterable[tuple[str, torch.Tensor]]:
        """Return all parameters, or all buffers, that the module and its submodules hold, by their paths."""
        if parameters:
            return self.module.named_parameters()
        # cached, because every tensor of the program is looked for among the buffers
        if self._buffers is None:
            self._buffers = list(self.module.named_buffers())
        return self._buffers


class ModuleScope:
    """The stack of running module calls."""

    def __init__(self) -> None:
        self._stack: list[ModuleCall] = []

    def is_running(self) -> bool:
        """Return whether a module is running."""
        return bool(self._stack)

    @property
    def group(self) -> GroupRecord | None:
        """The group of the innermost running module call."""
        return self._stack[-1].group if self._stack else None

    def owner(self, tensor: torch.Tensor) -> tuple[str, NodeKind, GroupRecord] | None:
        """Return path, kind and group of a tensor that is a running module's own parameter or buffer."""
        trainable = isinstance(tensor, torch.nn.Parameter)
        for call in reversed(self._stack):
            # most often the tensor is the module's own: looking through its submodules takes much longer
            own = call.module._parameters if trainable else call.module._buffers
            name = _name_of(tensor, own.items()) or _name_of(tensor, call.named_tensors(trainable))
            if name is not None:
                kind: NodeKind = "buffer" if not trainable else "parameter" if tensor.requires_grad else "input"
                return f"{call.path}.{name}", kind, call.group
        return None

    def enter(self, module: torch.nn.Module, location: CallLocation) -> None:
        """Push a module that begins to run, called from `location`."""
        parent = self._stack[-1] if self._stack else None
        name = self._name_in(parent.module, module) if parent else None
        if name is None:
            name = self._path_from_variables(module, location) or type(module).__name__.lower()
        path = f"{parent.path}.{name}" if parent else name
        group = GroupRecord(parent.group if parent else None, "module", name, type(module).__name__)
        self._stack.append(ModuleCall(module, path, group, id(location.frame)))

    def leave(self, module: torch.nn.Module) -> bool:
        """Pop a module that has run or raised. Return whether the user's own code had called it."""
        # an exception in an earlier hook may have skipped calls: leave down to this module
        index = next((i for i in reversed(range(len(self._stack))) if self._stack[i].module is module), None)
        if index is None:
            return False
        call = self._stack[index]
        del self._stack[index:]
        return not self._stack or self._stack[-1].caller != call.caller

    def _path_from_variables(self, module: torch.nn.Module, location: CallLocation) -> str | None:
        """Return `net`, or `net.layers.0` where only the module that holds it has a variable."""
        name = location.variable(module)
        if name is not None:
            return name
        for variable, holder in location.modules():
            inner = self._name_in(holder, module)
            if inner is not None:
                return f"{variable}.{inner}"
        return None

    @staticmethod
    def _name_in(parent: torch.nn.Module, module: torch.nn.Module) -> str | None:
        for name, child in parent._modules.items():
            if child is module:
                return name
        return next((name for name, child in parent.named_modules() if child is module and name), None)


class ModuleHooks:
    """Torch's global forward hooks, which keep a scope up to date.

    `on_return` is called with the output of a module that the user's own code has called, and the location of that
    call.
    """

    def __init__(
        self,
        scope: ModuleScope,
        is_recording: Callable[[], bool],
        locate: Locate,
        fused: FusedModules,
        on_return: OnReturn,
    ) -> None:
        self._scope = scope
        self._is_recording = is_recording
        self._locate = locate
        self._fused = fused
        self._on_return = on_return

    def install(self) -> list[Any]:
        """Register the hooks and return their handles."""
        leaving = hooks.register_module_forward_hook(self._leave, with_kwargs=True, always_call=True)
        # torch forgets to remove the note that this hook takes keyword arguments
        leaving.extra_dict_ref = (*leaving.extra_dict_ref, ref(hooks._global_forward_hooks_with_kwargs))
        return [hooks.register_module_forward_pre_hook(self._enter), leaving]

    @hidden_from_modes
    def _enter(self, module: torch.nn.Module, _args: Any) -> None:
        if self._is_recording() and not self._fused.mode_is_off:
            self._scope.enter(module, self._locate())
            self._fused.enter(module)

    @hidden_from_modes
    def _leave(self, module: torch.nn.Module, args: Any, *rest: Any) -> None:
        # keyword arguments and output; after an error torch calls without the keyword arguments
        output = rest[-1]
        self._fused.leave(module, (args, *rest[:-1]), output)
        if self._is_recording() and not self._fused.mode_is_off and self._scope.leave(module) and output is not None:
            self._on_return(output, self._locate())


def _name_of(tensor: torch.Tensor, named: Iterable[tuple[str, torch.Tensor | None]]) -> str | None:
    return next((name for name, held in named if held is tensor), None)
