"""The few calls of the Linux kernel that Python has no function for. Each raises OSError when the kernel refuses."""

import ctypes
import os
import struct
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_CAPBSET_DROP: Final = 24
PR_SET_NO_NEW_PRIVS: Final = 38

_CAPABILITY_VERSION_3: Final = 0x20080522
_LAST_CAPABILITY: Final = 63

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def syscall(number: int, *arguments: "int | ctypes.Array[ctypes.c_char] | ctypes._CArgObject") -> int:
    """Make a system call by its number; whole numbers are passed as 64-bit words."""
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    _libc.syscall.restype = ctypes.c_long
    return _checked(_libc.syscall(ctypes.c_long(number), *words))


def prctl(option: int, argument: int) -> None:
    """Call `prctl(option, argument, 0, 0, 0)`."""
    _checked(_libc.prctl(*(ctypes.c_ulong(word) for word in (option, argument, 0, 0, 0))))


def unshare(flags: int) -> None:
    """Move this process into new namespaces."""
    _checked(_libc.unshare(ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    """Make the mount system call."""
    texts = [None if text is None else text.encode() for text in (source, target, kind, options)]
    _checked(_libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]))


def effective_capabilities() -> int:
    """Return the capabilities that this process can use now, one bit each."""
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    sets = ctypes.create_string_buffer(24)
    _checked(_libc.capget(ctypes.create_string_buffer(header, len(header)), sets))
    low, high = struct.unpack_from("I", sets.raw, 0)[0], struct.unpack_from("I", sets.raw, 12)[0]
    return int(low) | int(high) << 32


def drop_bounding_set() -> None:
    """Make sure that nothing this process starts can ever gain a capability. Without CAP_SETPCAP the set stays as it
    is.
    """
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            return


def drop_capabilities() -> None:
    """Give up every capability that this process holds."""
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(ctypes.create_string_buffer(header, len(header)), ctypes.create_string_buffer(24)))
