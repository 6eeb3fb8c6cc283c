"""Where in the program a call stands, and which variable its result goes to: read off frames and bytecode."""

import dis
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType

import torch

_TORCH = str(Path(torch.__file__).parent)
_OPTIM = str(Path(_TORCH, "optim"))
_HERE = str(Path(__file__).parent)

_STORES = {"STORE_NAME", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF", "STORE_ATTR"}
_SKIPPED = {"CACHE", "EXTENDED_ARG", "COPY", "SWAP", "PRECALL", "NOP"}


class Place:
    """A user's frame at the moment of a call. `direct`: nothing of torch stands between it and the call."""

    __slots__ = ("direct", "frame", "optimizing")

    def __init__(self, frame: FrameType | None, direct: bool, optimizing: bool) -> None:
        self.frame = frame
        self.direct = direct
        self.optimizing = optimizing

    @property
    def line(self) -> int | None:
        """1-based line of the user's program."""
        return None if self.frame is None else self.frame.f_lineno

    def targets(self) -> list[str]:
        """The variables that the running instruction's result is about to be bound to; empty when it is used on."""
        if self.frame is None:
            return []
        return _stores_after(self.frame.f_code).get(self.frame.f_lasti, [])

    def variable(self, value: object) -> str | None:
        """The name of a local or global variable that holds this very object now."""
        if self.frame is None:
            return None
        return find_name(value, self.frame.f_locals.items()) or find_name(value, self.frame.f_globals.items())


def find_name(value: object, items: Iterable[tuple[str, object]]) -> str | None:
    """The first plain name in `items` whose object is `value` itself."""
    return next((n for n, v in list(items) if v is value and type(n) is str and not n.startswith("_")), None)


def locate(program: str | None) -> Place:
    """The innermost frame of the user's program; `program`: its file name, or null for everything outside torch."""
    frame: FrameType | None = sys._getframe(1)
    torch_frames = 0
    optimizing = False
    while frame is not None:
        kind = _kind(frame.f_code.co_filename, program)
        if kind == "user":
            break
        torch_frames += kind != "recorder"
        optimizing = optimizing or kind == "optim"
        frame = frame.f_back
    return Place(frame, torch_frames == 0, optimizing)


@lru_cache(maxsize=4096)
def _kind(filename: str, program: str | None) -> str:
    if filename.startswith(_HERE):
        return "recorder"
    if filename.startswith(_OPTIM):
        return "optim"
    if filename.startswith(_TORCH):
        return "torch"
    return "user" if program is None or filename == program else "library"


@lru_cache(maxsize=4096)
def _stores_after(code: CodeType) -> dict[int, list[str]]:
    """Instruction offset -> the names that its result is stored under, for `x = f()`, `a, b = f()`, `self.h = f()`."""
    found: dict[int, list[str]] = {}
    instructions = [i for i in dis.get_instructions(code) if i.opname not in _SKIPPED]
    for at, instruction in enumerate(instructions[:-1]):
        names = _stored(instructions, at + 1)
        if names:
            found[instruction.offset] = names
    return found


def _stored(instructions: list[dis.Instruction], at: int) -> list[str]:
    first = instructions[at]
    if first.opname == "UNPACK_SEQUENCE":
        targets = instructions[at + 1 : at + 1 + int(first.arg or 0)]
        return [str(i.argval) for i in targets if i.opname in _STORES]
    if first.opname in _STORES:
        return [str(first.argval)]
    # self.h = f(x): the object is loaded between the call and the store
    following = instructions[at + 1] if at + 1 < len(instructions) else None
    if first.opname.startswith("LOAD_") and following is not None and following.opname == "STORE_ATTR":
        return [str(following.argval)]
    return []
