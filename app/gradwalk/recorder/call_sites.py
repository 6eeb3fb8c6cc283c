"""The place in the program where a call is made: the user's innermost frame, its line, and the calls that led there."""

import sys
from collections.abc import Callable, Mapping
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FrameType
from typing import Final, cast

import torch

from gradwalk.recorder.variable_names import Stores, calls_locals, find_name, stores_after

_TORCH: Final = str(Path(torch.__file__).parent)
_OPTIM: Final = str(Path(_TORCH, "optim"))
_JIT_TRACE: Final = str(Path(_TORCH, "jit", "_trace.py"))
_HERE: Final = str(Path(__file__).parent)

_USER_CODE, _RECORDER_CODE, _TORCH_CODE, _OPTIMIZER_CODE, _LIBRARY_CODE = range(5)
_SKIPPED_FRAMES: Final = 3
_MOST_CALLERS: Final = 32
_LONGEST_NAME: Final = 100

CallPath = tuple["CallSite", ...]
"""The user's calls that led to a location, outermost first, without the location itself."""


class CallSite:
    """One instruction of the user's program. `targets`: the variables that its result is about to be bound to."""

    __slots__ = ("code", "function", "line", "targets")

    def __init__(self, frame: FrameType, stores: Stores) -> None:
        # kept alive, so that no other code object gets the identity that sites are found by
        self.code: CodeType = frame.f_code
        self.function: str = str(frame.f_code.co_name)[:_LONGEST_NAME].encode("utf-8", "backslashreplace").decode()
        self.line: int = frame.f_lineno
        self.targets: list[str] = stores.get(frame.f_lasti, [])


class CallLocation:
    """The user's innermost frame at the moment of a call; `frame` is null when there is none.

    `entry`: the code outside the program that the frame has called and that leads to the call; null when the frame
    makes the call itself. `optimizing`: an optimizer, or torch.jit.trace with its checks, is in between: what they
    compute is no part of the network.
    """

    __slots__ = ("entry", "frame", "line", "optimizing", "path", "targets")

    def __init__(
        self, frame: FrameType | None, site: CallSite | None, path: CallPath, entry: CodeType | None, optimizing: bool
    ) -> None:
        self.frame = frame
        self.path = path
        self.entry = entry
        self.optimizing = optimizing
        self.line = None if site is None else site.line
        self.targets = [] if site is None else site.targets

    def variable(self, value: object) -> str | None:
        """Return the name of a local or global variable that holds this very object now."""
        if self.frame is None:
            return None
        variables = _locals(self.frame)
        name = find_name(value, variables) or find_name(value, self.frame.f_globals)
        _release_copy(self.frame, variables)
        return name

    def variables(self) -> list[tuple[str, object]]:
        """Return the names of the local and global variables, each with its value."""
        if self.frame is None:
            return []
        variables = _locals(self.frame)
        pairs = [*variables.items(), *list(self.frame.f_globals.items())]
        _release_copy(self.frame, variables)
        return [(name, value) for name, value in pairs if type(name) is str and not name.startswith("_")]

    def modules(self) -> list[tuple[str, torch.nn.Module]]:
        """Return the local and global variables that hold a module."""
        # by type, because isinstance would read `__class__` from an object of the program
        pairs = self.variables()
        return [
            (name, cast(torch.nn.Module, value)) for name, value in pairs if issubclass(type(value), torch.nn.Module)
        ]


def _locals(frame: FrameType) -> Mapping[str, object]:
    """Return the variables of a frame. There are none where the program itself holds the dictionary that locals()
    returned.
    """
    return {} if _keeps_copy(frame) and calls_locals(frame.f_code) else frame.f_locals


def _release_copy(frame: FrameType, variables: Mapping[str, object]) -> None:
    """Empty the copy of a frame's variables, which would keep alive what the program deletes."""
    if _keeps_copy(frame) and isinstance(variables, dict):
        variables.clear()


def _keeps_copy(frame: FrameType) -> bool:
    """Return whether `f_locals` is a copy that the frame keeps, the one that locals() returns. Functions do so before
    Python 3.13.
    """
    return sys.version_info < (3, 13) and bool(frame.f_code.co_flags & CO_OPTIMIZED)


class FrameLocator:
    """A search for the user's frames among all others.

    `program`: the file name of the user's code; null: pairs file outside torch and the recorder. `floor`: the outermost
    frame that counts; null when it is not known.
    """

    def __init__(self, program: str | None, floor: FrameType | None) -> None:
        self._program = program
        self._floor = floor
        self._kinds: dict[str, int] = {}
        self._sites: dict[tuple[int, int], CallSite] = {}
        self._stores: dict[int, Stores] = {}
        self._last_path: CallPath = ()
        self._single: dict[CallSite, CallPath] = {}

    def locate(self) -> CallLocation:
        """Return the location of the call that is running now."""
        # skips this method, the recorder's method that calls it, and the two above: they are never the user's
        frame: FrameType | None = sys._getframe(_SKIPPED_FRAMES)
        entry, optimizing = None, False
        kinds = self._kinds
        while frame is not None:
            filename = frame.f_code.co_filename
            kind = kinds.get(filename)
            if kind is None:
                kind = kinds[filename] = self._kind(filename)
            if kind == _USER_CODE:
                site = self._site(frame)
                path = () if frame is self._floor or frame.f_code.co_name == "<module>" else self._callers(frame)
                return CallLocation(frame, site, path, entry, optimizing)
            if kind != _RECORDER_CODE:
                entry = frame.f_code
                # torch.optim.swa_utils has a module among the optimizers
                optimizing = optimizing or (kind == _OPTIMIZER_CODE and entry.co_name != "forward")
            frame = frame.f_back
        return CallLocation(None, None, (), entry, optimizing)

    def _site(self, frame: FrameType) -> CallSite:
        key = (id(frame.f_code), frame.f_lasti)
        site = self._sites.get(key)
        if site is None:
            # by identity, because hashing a code object walks all of it
            stores = self._stores.get(key[0])
            if stores is None:
                stores = self._stores[key[0]] = stores_after(frame.f_code)
            site = self._sites[key] = CallSite(frame, stores)
        return site

    def _callers(self, frame: FrameType) -> CallPath:
        outer = frame.f_back
        if outer is not None and outer is self._floor:
            site = self._site(outer)
            return self._single.get(site) or self._single.setdefault(site, (site,))
        callers: list[CallSite] = []
        while outer is not None and len(callers) < _MOST_CALLERS:
            if self._kinds.get(outer.f_code.co_filename) == _USER_CODE:
                callers.append(self._site(outer))
                if outer is self._floor or outer.f_code.co_name == "<module>":
                    break
            outer = outer.f_back
        callers.reverse()
        path = tuple(callers)
        # most consecutive operations have the same path: they share one object
        if path != self._last_path:
            self._last_path = path
        return self._last_path

    def _kind(self, filename: str) -> int:
        kinds = (
            (_HERE, _RECORDER_CODE),
            (_OPTIM, _OPTIMIZER_CODE),
            (_JIT_TRACE, _OPTIMIZER_CODE),
            (_TORCH, _TORCH_CODE),
        )
        for folder, kind in kinds:
            if filename.startswith(folder):
                return kind
        return _USER_CODE if self._program is None or filename == self._program else _LIBRARY_CODE


Locate = Callable[[], CallLocation]
