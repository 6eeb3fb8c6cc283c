"""The place in the program where a call is made: the user's innermost frame, its line, and the calls that led there."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType, FrameType
from typing import Final

import torch

from gradwalk.recorder.frame_variables import locals_of, release_copy
from gradwalk.recorder.leaf_names import Scope, find_variable
from gradwalk.recorder.turns import Turn, TurnTracker
from gradwalk.recorder.variable_names import expressions_in, stores_after

_TORCH: Final = str(Path(torch.__file__).parent)
_OPTIM: Final = str(Path(_TORCH, "optim"))
_JIT_TRACE: Final = str(Path(_TORCH, "jit", "_trace.py"))
_HERE: Final = str(Path(__file__).parent)
_DEVICE_CONTEXT: Final = str(Path(_TORCH, "utils", "_device.py"))
"""The mode behind `with torch.device(...)`, which hands each call on, as the recorder does."""

_USER_CODE, _RECORDER_CODE, _TORCH_CODE, _OPTIMIZER_CODE, _LIBRARY_CODE = range(5)
_KINDS: Final = (
    (_HERE, _RECORDER_CODE),
    (_DEVICE_CONTEXT, _RECORDER_CODE),
    (_OPTIM, _OPTIMIZER_CODE),
    (_JIT_TRACE, _OPTIMIZER_CODE),
    (_TORCH, _TORCH_CODE),
)
"""What the code of a file is by the beginning of the file's name; the first that fits counts."""

_SKIPPED_FRAMES: Final = 3
_MOST_CALLERS: Final = 32
_MOST_FRAMES: Final = 200
_FIRST_CALLERS: Final = 8
_LONGEST_NAME: Final = 100

CallPath = tuple["CallSite", ...]
"""The user's calls that led to a location, outermost first, without the location itself."""


class CallSite:
    """One instruction of the user's program. `targets`: the variables that its result is about to be bound to; `star`:
    which of them takes all results that are left, null for none. `expression`: the number of the expression that it is
    a part of, null where that is not known.
    """

    __slots__ = ("_names", "code", "expression", "line", "offset", "star", "targets")

    def __init__(self, frame: FrameType) -> None:
        # kept alive, so that no other code object gets the identity that sites are found by
        self.code: CodeType = frame.f_code
        self.line: int = frame.f_lineno
        self.offset: int = frame.f_lasti
        self.expression = expressions_in(frame.f_code).get(frame.f_lasti)
        self.targets: list[str] = stores_after(frame.f_code).get(frame.f_lasti, [])
        stars = [at for at, target in enumerate(self.targets) if target.startswith("*")]
        self.star = stars[0] if stars else None
        self._names: dict[int, list[str]] = {}

    @property
    def function(self) -> str:
        """The name of the function that it stands in."""
        return str(self.code.co_name)[:_LONGEST_NAME].encode("utf-8", "backslashreplace").decode()

    def names_of_results(self, count: int) -> list[str]:
        """Return the names that so many results are about to be bound to."""
        names = self._names.get(count)
        if names is None:
            names = self._names[count] = self._read_names(count)
        return names

    def _read_names(self, count: int) -> list[str]:
        targets, star = self.targets, self.star
        if star is not None and count >= len(targets):
            rest = count - len(targets) + 1
            targets = [
                *targets[:star],
                *(f"{targets[star][1:]}[{number}]" for number in range(rest)),
                *targets[star + 1 :],
            ]
        return targets if len(targets) == count or (len(targets) == 1 and star is None) else []


class CallLocation:
    """The user's innermost frame at the moment of a call; `frame` is null when there is none.

    `entry`: the code outside the program that the frame has called and that leads to the call; null when the frame
    makes the call itself. `optimizing`: an optimizer, or torch.jit.trace with its checks, is in between: what they
    compute is no part of the network. `user_frames`: finds the frames that led to it.
    """

    __slots__ = ("_user_frames", "entry", "frame", "line", "optimizing", "path", "site", "targets")

    def __init__(
        self,
        frame: FrameType | None,
        site: CallSite | None,
        path: CallPath,
        entry: CodeType | None,
        user_frames: "UserFrames",
    ) -> None:
        self.frame = frame
        self.path = path
        self.entry = entry
        self.optimizing = False
        self.site = site
        self.line = None if site is None else site.line
        self.targets = [] if site is None else site.targets
        self._user_frames = user_frames

    def names_of_results(self, count: int) -> list[str]:
        """Return the names that so many results are about to be bound to: one for each, or one for all together. An
        empty list: they are bound to none, or it is not known.
        """
        return [] if self.site is None else self.site.names_of_results(count)

    def follows_within_expression(self, site: CallSite) -> bool:
        """Return whether this is a later instruction of the same expression as `site`."""
        here = self.site
        return (
            here is not None
            and here.offset > site.offset
            and here.expression is not None
            and here.expression == site.expression
            and here.code is site.code
        )

    def variable(self, value: object) -> str | None:
        """Return the name of a variable that holds this very object now."""
        found = find_variable(value, self.scopes())
        return None if found is None else found.text

    def scopes(self) -> list[Scope]:
        """Return the variables of all of the user's frames that lead to the call, outermost first."""
        scopes: list[Scope] = []
        shared: Mapping[str, object] | None = None
        for frame in [] if self.frame is None else self._user_frames(self.frame):
            variables = locals_of(frame)
            if frame.f_globals is not shared:
                shared = frame.f_globals
                if variables is not shared:
                    scopes.append(Scope(shared))
            scopes.append(Scope(variables, frame.f_code))
            release_copy(frame, variables)
        return scopes


UserFrames = Callable[[FrameType], list[FrameType]]
"""Returns the user's frames that lead to a frame, and itself, outermost first."""


class _Callers:
    """The frames that lead to a call, up to the outermost one that counts, each at its instruction. `path`: the sites
    of those that are the user's.

    Frames are known by identity, because a reference would keep the variables of the program alive. A frame that runs
    keeps its identity, and as long as it is at the same instruction, so are all that have called it.
    """

    __slots__ = ("_code", "_frame", "_outer", "_users", "path")

    def __init__(self, frame: FrameType) -> None:
        self._frame = id(frame)
        self._code = frame.f_code
        self._outer: list[tuple[int, int, CodeType]] = []
        self._users: list[bool] = []
        self.path: CallPath = ()

    def add(self, frame: FrameType, is_user: bool) -> None:
        """Add the next frame outwards."""
        self._outer.append((id(frame), frame.f_lasti, frame.f_code))
        self._users.append(is_user)

    def are_those_of(self, frame: FrameType) -> bool:
        """Return whether the same frames, at the same instructions, lead to a frame."""
        if id(frame) != self._frame or frame.f_code is not self._code:
            return False
        for identity, instruction, code in self._outer:
            outer = frame.f_back
            if outer is None or id(outer) != identity or outer.f_lasti != instruction or outer.f_code is not code:
                return False
            frame = outer
        return True

    def frames_to(self, frame: FrameType) -> list[FrameType]:
        """Return the user's frames among these callers of a frame, and the frame itself, outermost first."""
        frames = [frame]
        outer: FrameType | None = frame
        for is_user in self._users:
            outer = None if outer is None else outer.f_back
            if is_user and outer is not None:
                frames.append(outer)
        frames.reverse()
        return frames


class FrameLocator:
    """A search for the user's frames among all others.

    `program`: the file name of the user's code; null: pairs file outside torch and the recorder. `floor`: the outermost
    frame that counts; null when it is not known.

    `on_turn` is called with the turn of the program's loops when it is another one than before. It is not while there
    are `running_modules`: the loops of a network are none of the training.
    """

    on_turn: Callable[[Turn | None], None] | None = None
    running_modules: Sequence[object] = ()

    def __init__(self, program: str | None, floor: FrameType | None) -> None:
        self._program = program
        self._floor = floor
        self._kinds: dict[str, int] = {}
        self._sites: dict[tuple[int, int], CallSite] = {}
        self._last_path: CallPath = ()
        self._callers_of: _Callers | None = None
        self._turns = TurnTracker(floor)
        self._turn_callers: _Callers | None = None
        self._single: dict[CallSite, CallPath] = {}

    def skip_calls(self) -> None:
        """Note that the calls since the last one were not located, and that more of them will not be."""
        self._turns.skip_calls()
        self._turn_callers = None
        # a module that was running may have ended since
        self.running_modules = ()

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
                callers = self._callers_of
                if callers is None or not callers.are_those_of(frame):
                    callers = self._callers_of = self._find_callers(frame)
                if not self.running_modules and self.on_turn is not None:
                    self._follow_turn(frame, callers, entry is None)
                location = CallLocation(frame, site, callers.path, entry, self.user_frames)
                location.optimizing = optimizing
                return location
            if kind != _RECORDER_CODE:
                entry = frame.f_code
                # torch.optim.swa_utils has a module among the optimizers
                optimizing = optimizing or (kind == _OPTIMIZER_CODE and entry.co_name != "forward")
            frame = frame.f_back
        location = CallLocation(None, None, (), entry, self.user_frames)
        location.optimizing = optimizing
        return location

    def is_optimizing(self, frame: FrameType) -> bool:
        """Return whether a frame is a part of an optimizer's step, and not of a closure that it calls."""
        code = frame.f_code
        return self._kind_of(code.co_filename) == _OPTIMIZER_CODE and code.co_name != "forward"

    def user_frames(self, frame: FrameType) -> list[FrameType]:
        """Return the user's frames that lead to a frame, and itself, outermost first. Of a deep recursion, return both
        ends.
        """
        frames = [frame]
        while frame is not self._floor and frame.f_code.co_name != "<module>" and frame.f_back is not None:
            frame = frame.f_back
            if self._kind_of(frame.f_code.co_filename) == _USER_CODE:
                frames.append(frame)
        frames.reverse()
        if len(frames) > _MOST_CALLERS:
            del frames[_FIRST_CALLERS : _FIRST_CALLERS - _MOST_CALLERS]
        return frames

    def _site(self, frame: FrameType) -> CallSite:
        # by identity, because hashing a code object walks all of it
        key = (id(frame.f_code), frame.f_lasti)
        site = self._sites.get(key)
        if site is None:
            site = self._sites[key] = CallSite(frame)
        return site

    def _follow_turn(self, frame: FrameType, callers: "_Callers", direct: bool) -> None:
        """Tell in which turn of the program's loops a call is. Most often it is the turn of the call before it: the
        frames that lead there are where they were, and the innermost one has only moved on.
        """
        turn = None
        if callers is self._turn_callers:
            if self._turns.moves_on(frame):
                return
            turn = self._turns.next_turn(frame) if direct else None
        self._turn_callers = callers
        if self.on_turn is not None:
            self.on_turn(turn or self._turns.update(callers.frames_to(frame), direct))

    def _find_callers(self, frame: FrameType) -> "_Callers":
        """Return the frames that lead to a call."""
        callers = _Callers(frame)
        count = 1
        outer = None if frame is self._floor or frame.f_code.co_name == "<module>" else frame.f_back
        sites: list[CallSite] = []
        while outer is not None and count < _MOST_FRAMES:
            is_user = self._kind_of(outer.f_code.co_filename) == _USER_CODE
            callers.add(outer, is_user)
            if is_user:
                count += 1
                if count <= _MOST_CALLERS + 1:
                    sites.append(self._site(outer))
                if outer is self._floor or outer.f_code.co_name == "<module>":
                    break
            outer = outer.f_back
        if len(sites) == 1:
            callers.path = self._single.get(sites[0]) or self._single.setdefault(sites[0], (sites[0],))
        elif sites:
            path = tuple(reversed(sites))
            # most consecutive operations have the same path: they share one object
            if path != self._last_path:
                self._last_path = path
            callers.path = self._last_path
        return callers

    def _kind_of(self, filename: str) -> int:
        kind = self._kinds.get(filename)
        if kind is None:
            kind = self._kinds[filename] = self._kind(filename)
        return kind

    def _kind(self, filename: str) -> int:
        for start, kind in _KINDS:
            if filename.startswith(start):
                return kind
        return _USER_CODE if self._program is None or filename == self._program else _LIBRARY_CODE


Locate = Callable[[], CallLocation]
