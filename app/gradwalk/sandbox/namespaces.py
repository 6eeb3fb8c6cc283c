"""The namespaces of the zygote and all its children: no network, no shared memory of others, an empty root folder."""

import os
import socket
from typing import Final

from gradwalk.sandbox import kernel

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x40000000
_ALL: Final = _NEWNS | _NEWUTS | _NEWIPC | _NEWNET
_MS_REC_PRIVATE: Final = 0x4000 | 0x40000
_MS_NOSUID_NODEV_NOEXEC: Final = 2 | 4 | 8
_ROOT: Final = "/tmp"
_NAME: Final = "gradwalk"
"""The host name inside the sandbox; a program must not learn the real one."""


def enter() -> bool:
    """Leave the machine's network, IPC, host name and mounts. Return False where the kernel or the container forbids
    it.

    Root keeps its user namespace, so that each run can have a user of its own.
    """
    if not _possible():
        return False
    _enter()
    return True


def _possible() -> bool:
    """Return whether it works, tried in a process of its own: some systems let a process in and then allow it nothing
    there.
    """
    child = os.fork()
    if child == 0:
        try:
            _enter()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _enter() -> None:
    if os.geteuid() == 0:
        kernel.unshare(_ALL)
    else:
        _enter_user_namespace()
    socket.sethostname(_NAME)


def _enter_user_namespace() -> None:
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(_ALL | _NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def empty_root() -> bool:
    """Make an empty read-only folder the root of this process; nothing can be imported after. Needs `enter()`."""
    try:
        kernel.mount("none", "/", None, _MS_REC_PRIVATE, None)
        kernel.mount("tmpfs", _ROOT, "tmpfs", _MS_NOSUID_NODEV_NOEXEC, "size=4k,nr_inodes=2,mode=555")
        os.chdir(_ROOT)
        os.chroot(".")
        os.chdir("/")
    except OSError:
        return False
    return True
