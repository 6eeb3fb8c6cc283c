"""The scope of modules: the module calls that are running, and the names that they give to parameters and buffers."""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple
from weakref import ref

import torch
from torch.nn.modules import module as hooks

from gradwalk.contract.snapshot import NodeKind
from gradwalk.recorder.call_sites import CallLocation, Locate
from gradwalk.recorder.calls import hidden_from_modes
from gradwalk.recorder.fused import FusedModules
from gradwalk.recorder.leaf_names import find_lasting_name
from gradwalk.recorder.records import GroupRecord

_MOST_SEARCHES: Final = 3
"""How often the path of a module is looked for: it may be called before a variable holds it."""

OnReturn = Callable[[Any, CallLocation], None]


class ModulePath(NamedTuple):
    """The path by which the program reaches a module. `is_final`: no better one is expected later."""

    text: str
    is_final: bool


class Owner(NamedTuple):
    """The path, kind and group that a running module gives to its own parameter or buffer."""

    path: ModulePath
    kind: NodeKind
    group: GroupRecord


class ModuleCall:
    """One running module call. `caller`: the identity of the user's frame that it was made in, directly or not."""

    __slots__ = ("_buffers", "_names", "caller", "group", "module", "path")

    def __init__(self, module: torch.nn.Module, path: ModulePath, group: GroupRecord, caller: int) -> None:
        self.module = module
        self.path = path
        self.group = group
        self.caller = caller
        self._buffers: list[tuple[str, torch.Tensor]] | None = None
        self._names: dict[int, tuple[ref[torch.Tensor], str]] | None = None

    def named_tensors(self, parameters: bool) -> Iterable[tuple[str, torch.Tensor]]:
        """Return all parameters, or all buffers, that the module and its submodules hold, by their paths."""
        if parameters:
            return self.module.named_parameters()
        # cached, because every tensor of the program is looked for among the buffers
        if self._buffers is None:
            self._buffers = list(self.module.named_buffers())
        return self._buffers

    def name_of(self, tensor: torch.Tensor) -> str | None:
        """Return the name that a parameter or buffer has among all that the module and its submodules hold."""
        if self._names is None:
            named = [*self.module.named_parameters(), *self.named_tensors(False)]
            self._names = {id(held): (ref(held), name) for name, held in named}
        known, name = self._names.get(id(tensor), (None, None))
        return name if known is not None and known() is tensor else None


class _SearchedPath:
    """The path of a module that was looked for among the variables. `searches`: how often it was."""

    __slots__ = ("module", "path", "searches")

    def __init__(self, module: torch.nn.Module) -> None:
        self.module = ref(module)
        self.path: ModulePath | None = None
        self.searches = 0


class ModuleScope:
    """The module calls that are `running`, outermost first."""

    def __init__(self) -> None:
        self.running: list[ModuleCall] = []
        self._searched: dict[int, _SearchedPath] = {}

    def is_running(self) -> bool:
        """Return whether a module is running."""
        return bool(self.running)

    @property
    def group(self) -> GroupRecord | None:
        """The group of the innermost running module call."""
        return self.running[-1].group if self.running else None

    def holds(self, group: GroupRecord | None, frame: int) -> bool:
        """Return whether `group` is a part of the running module call that the frame of this identity has made."""
        called = next((call.group for call in self.running if call.caller == frame), None)
        while group is not None and group is not called:
            group = group.parent
        return group is not None

    def owner(self, tensor: torch.Tensor, location: CallLocation) -> Owner | None:
        """Return path, kind and group of a tensor that is a running module's own parameter or buffer."""
        trainable = isinstance(tensor, torch.nn.Parameter) or (tensor.requires_grad and tensor.is_leaf)
        for call in reversed(self.running):
            # most often the tensor is the module's own: looking through its submodules takes much longer
            own = call.module._parameters if trainable else call.module._buffers
            name = _name_of(tensor, own.items()) or _name_of(tensor, call.named_tensors(trainable))
            if name is not None:
                kind: NodeKind = "buffer" if not trainable else "parameter" if tensor.requires_grad else "input"
                path = self._path_of_replacement(tensor, location) if trainable else None
                return Owner(path or self._canonical_path(tensor, call, name), kind, call.group)
        return None

    def _path_of_replacement(self, tensor: torch.Tensor, location: CallLocation) -> ModulePath | None:
        """Return the name of a tensor that functional_call has put in the place of a parameter; null for a parameter of
        the module's own.
        """
        if isinstance(tensor, torch.nn.Parameter):
            return None
        found = find_lasting_name(tensor, location.scopes(), frozenset(id(call.module) for call in self.running))
        return None if found is None else ModulePath(*found)

    def _canonical_path(self, tensor: torch.Tensor, owner: ModuleCall, name: str) -> ModulePath:
        """Return the path that named_parameters() of the outermost module gives. It is another than that of the
        running call where a module or a parameter is shared.
        """
        for call in self.running:
            if call is owner:
                break
            canonical = call.name_of(tensor)
            if canonical is not None:
                return ModulePath(f"{call.path.text}.{canonical}", call.path.is_final)
        return ModulePath(f"{owner.path.text}.{name}", owner.path.is_final)

    def enter(self, module: torch.nn.Module, location: CallLocation) -> None:
        """Push a module that begins to run, called from `location`."""
        parent = self.running[-1] if self.running else None
        path = self._path_in_callers(module) or self._path_from_variables(module, location)
        if path is None:
            within = f"{parent.path.text}." if parent else ""
            path = ModulePath(within + type(module).__name__.lower(), False)
        name = path.text
        if parent is not None and name.startswith(f"{parent.path.text}."):
            name = name[len(parent.path.text) + 1 :]
        group = GroupRecord(parent.group if parent else None, "module", name, type(module).__name__)
        self.running.append(ModuleCall(module, path, group, id(location.frame)))

    def leave(self, module: torch.nn.Module) -> bool:
        """Pop a module that has run or raised. Return whether the user's own code had called it."""
        # an exception in an earlier hook may have skipped calls: leave down to this module
        index = next((i for i in reversed(range(len(self.running))) if self.running[i].module is module), None)
        if index is None:
            return False
        call = self.running[index]
        del self.running[index:]
        return not self.running or self.running[-1].caller != call.caller

    def _path_in_callers(self, module: torch.nn.Module) -> ModulePath | None:
        """Return the path of a module that one of the running modules holds."""
        for call in reversed(self.running):
            name = self._name_in(call.module, module)
            if name is not None:
                return ModulePath(f"{call.path.text}.{name}", call.path.is_final)
        return None

    def _path_from_variables(self, module: torch.nn.Module, location: CallLocation) -> ModulePath | None:
        """Return `net`, or `net.layers.0`, `models['a']` where a variable holds what holds the module."""
        searched = self._searched.get(id(module))
        if searched is None or searched.module() is not module:
            searched = self._searched[id(module)] = _SearchedPath(module)
        if searched.searches < _MOST_SEARCHES and (searched.path is None or not searched.path.is_final):
            searched.searches += 1
            found = find_lasting_name(module, location.scopes())
            if found is not None:
                searched.path = ModulePath(*found)
        return searched.path

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
