"""A cache for what is read from code objects."""

from collections.abc import Callable
from functools import wraps
from types import CodeType
from typing import Final, TypeVar

_MOST: Final = 256

Read = TypeVar("Read")


def once_per_code(read: Callable[[CodeType], Read]) -> Callable[[CodeType], Read]:
    """Decorate a function so that it reads each code object once.

    Code objects are known by identity, because hashing one walks all of it. They are kept alive as long as what was
    read from them, so that no other code object gets the identity of one.
    """
    known: dict[int, tuple[CodeType, Read]] = {}

    @wraps(read)
    def read_once(code: CodeType) -> Read:
        found = known.get(id(code))
        if found is None:
            if len(known) >= _MOST:
                del known[next(iter(known))]
            found = known[id(code)] = code, read(code)
        return found[1]

    return read_once
