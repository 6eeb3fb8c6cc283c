"""The memory that a program needed when none was left: its model's parameters, and the tensor that did not fit."""

import gc
import re
from typing import Final

import torch

_MIB: Final = 1 << 20
_WORTH_SAYING: Final = 64 * _MIB
"""Bytes below which it was not this that took the memory."""
_UNITS: Final = {"bytes": 1, "KiB": 1 << 10, "MiB": _MIB, "GiB": 1 << 30, "TiB": 1 << 40}
_ASKED: Final = re.compile(r"tried to allocate (\d+) (bytes)|Unable to allocate ([\d.]+) (bytes|KiB|MiB|GiB|TiB)")


def memory_need(message: str) -> str | None:
    """Return a sentence about the memory that is known to be needed; null where only little is known."""
    try:
        parameters = _parameter_bytes()
    except MemoryError:
        # there may be too little memory to look for them
        parameters = 0
    asked = _asked_for(message)
    if parameters + asked < _WORTH_SAYING:
        return None
    if parameters < _MIB:
        return f"The tensor that did not fit takes {_mib(asked)} MiB alone."
    more = f", and {_mib(asked)} MiB more were asked for" if asked >= _MIB else ""
    return f"The model's parameters alone take {_mib(parameters)} MiB{more}; training needs their gradients too."


def _mib(size: int) -> str:
    return f"{round(size / _MIB):,}"


def _asked_for(message: str) -> int:
    """Return the bytes that torch or numpy says it could not get; 0 where it does not say so."""
    found = _ASKED.search(message)
    if found is None:
        return 0
    number, unit = (found[1], found[2]) if found[1] else (found[3], found[4])
    return int(float(number) * _UNITS[unit])


def _parameter_bytes() -> int:
    """Return the memory of all parameters that exist, of a model too that is still being made."""
    # by type, because isinstance would read `__class__` from an object of the program
    return sum(one.nbytes for one in gc.get_objects() if issubclass(type(one), torch.nn.Parameter))
