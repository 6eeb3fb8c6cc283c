"""The reading of a tensor's memory at its address."""

from collections.abc import Callable
from ctypes import PYFUNCTYPE, Array, c_char, c_int, c_size_t, c_ssize_t, c_void_p, py_object, pythonapi
from typing import Any, Final

_copy: Final = PYFUNCTYPE(py_object, c_void_p, c_ssize_t)(("PyBytes_FromStringAndSize", pythonapi))
_view: Final = PYFUNCTYPE(py_object, c_void_p, c_ssize_t, c_int)(("PyMemoryView_FromMemory", pythonapi))
_READ_ONLY: Final = 0x100
_compare: Final = PYFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)(("memcmp", pythonapi))

_MOST_SIZES: Final = 4_096
"""How many sizes have a type of their own: one takes about as much memory as a small tensor."""
_QUICKLY_COPIED: Final = 1 << 14
"""Bytes up to which a copy that turns out not to be needed takes less time than the call that compares memory."""


class Arrays(dict[int, Callable[[int], "Array[c_char]"]]):
    """By size in bytes, a function that lays an array over the memory at an address.

    `ARRAYS[size](address).raw` copies the memory in a tenth of the time that a call of a C function takes.
    """

    def __missing__(self, size: int) -> Callable[[int], Any]:
        array: Callable[[int], Any] = (c_char * size).from_address
        if len(self) < _MOST_SIZES:
            self[size] = array
        return array


ARRAYS: Final = Arrays()


def copy_unless_same(address: int, size: int, last: bytes | None) -> bytes:
    """Return a copy of the memory at an address, or `last` if that is what the memory holds."""
    if size <= _QUICKLY_COPIED:
        memory: bytes = ARRAYS[size](address).raw
        return last if last is not None and memory == last else memory
    if last is not None and holds(address, size, last):
        return last
    copied: bytes = _copy(address, size)
    return copied


def holds(address: int, size: int, content: bytes) -> bool:
    """Return whether the memory at an address has this size and this content."""
    return len(content) == size and not _compare(address, content, size)


def view(address: int, size: int) -> memoryview:
    """Return a look at the memory at an address, which is valid as long as the tensor lives."""
    looked_at: memoryview = _view(address, size, _READ_ONLY)
    return looked_at
