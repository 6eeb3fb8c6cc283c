"""Landlock: a second wall around files, TCP, abstract sockets and signals, where the kernel has it. See landlock(7)."""

import ctypes
import fcntl
import os
import platform
import struct
from typing import Final

from gradwalk.sandbox import kernel
from gradwalk.sandbox.syscalls import ARCHITECTURES

_VERSION_FLAG: Final = 1
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_FILE_RIGHTS: Final = 16
_TCP_SINCE, _BIND_AND_CONNECT = 4, 3
_SCOPES_SINCE, _SOCKETS_AND_SIGNALS = 6, 3


def version() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None:
        return 0
    try:
        return kernel.syscall(architecture.numbers["landlock_create_ruleset"], 0, 0, _VERSION_FLAG)
    except OSError:
        return 0


def attributes(version: int) -> bytes:
    """Return the struct landlock_ruleset_attr of that version. It handles all rights that it knows and so denies all of
    them.
    """
    files = (1 << _FILE_RIGHTS.get(version, _MOST_FILE_RIGHTS)) - 1
    words = [files]
    if version >= _TCP_SINCE:
        words.append(_BIND_AND_CONNECT)
    if version >= _SCOPES_SINCE:
        words.append(_SOCKETS_AND_SIGNALS)
    return struct.pack(f"={len(words)}Q", *words)


class Ruleset:
    """A ruleset that allows nothing, made once; a process forked afterwards applies it to itself.

    Its descriptor is `lowest_descriptor` or higher, out of the way of those that a child rearranges.
    """

    def __init__(self, lowest_descriptor: int) -> None:
        self._numbers = ARCHITECTURES[platform.machine()].numbers
        raw = attributes(version())
        buffer = ctypes.create_string_buffer(raw, len(raw))
        descriptor = kernel.syscall(self._numbers["landlock_create_ruleset"], buffer, len(raw), 0)
        self.descriptor = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest_descriptor)
        os.close(descriptor)

    def apply(self) -> None:
        """Confine the calling thread for ever and close the ruleset. Needs no_new_privs."""
        kernel.syscall(self._numbers["landlock_restrict_self"], self.descriptor, 0)
        os.close(self.descriptor)
