"""Becomes another process under the circumstances of a configuration: another user, a kernel that refuses some calls.

`python -m tests.containment.starting USER REFUSED COMMAND ...`: the user's number or `-`, the names of system calls
that the kernel will refuse, joined by commas, or `-`. Nothing in the product knows of this.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from pathlib import Path
from typing import Final

from gradwalk.sandbox import kernel
from gradwalk.sandbox.seccomp import ALLOW, ERRNO, IF_EQUAL, LOAD, RETURN

_NUMBERS: Final = {
    "x86_64": {"unshare": 272, "setns": 308, "seccomp": 317, "landlock_create_ruleset": 444},
    "aarch64": {"unshare": 97, "setns": 268, "seccomp": 277, "landlock_create_ruleset": 444},
}[platform.machine()]
_ANSWERS: Final = {"unshare": errno.EPERM, "setns": errno.EPERM}
"""What the kernel says; of the other calls that it has none of them."""

_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_CLONE_NEWNS: Final = 0x20000
_MS_BIND_REC, _MS_REC_PRIVATE = 0x1000 | 0x4000, 0x4000 | 0x40000


def main() -> None:
    """Never returns."""
    user, refused, *command = sys.argv[1:]
    # whatever loses its parent below becomes a child of this process, and is seen there
    kernel.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    if user != "-":
        open_the_way()
        become(int(user))
    if refused != "-":
        refuse(refused.split(","))
    os.execv(command[0], command)


def open_the_way() -> None:
    """Lets everyone reach the interpreter and this project, in this process's own view of the files: it may lie in a
    folder that only root can enter.
    """
    needed = [Path(path).resolve() for path in (sys.base_prefix, sys.prefix, Path(__file__).parents[2])]
    closed = {path: folder for path in needed for folder in reversed(path.parents) if not folder.stat().st_mode & 1}
    if not closed:
        return
    kernel.unshare(_CLONE_NEWNS)
    kernel.mount("none", "/", None, _MS_REC_PRIVATE, None)
    kept = {path: os.open(path, os.O_PATH) for path in closed}
    for folder in set(closed.values()):
        kernel.mount("none", str(folder), "tmpfs", 0, "mode=755")
    for path, descriptor in kept.items():
        path.mkdir(parents=True, exist_ok=True)
        kernel.mount(f"/proc/self/fd/{descriptor}", str(path), None, _MS_BIND_REC, None)


def become(user: int) -> None:
    """Changes to a user without any right."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def refuse(names: list[str]) -> None:
    """Makes the kernel refuse these system calls from now on."""
    program = [(LOAD, 0, 0, 0)]
    for name in names:
        program.append((IF_EQUAL, 0, 1, _NUMBERS[name]))
        program.append((RETURN, 0, 0, ERRNO | _ANSWERS.get(name, errno.ENOSYS)))
    program.append((RETURN, 0, 0, ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in program))
    whole = ctypes.create_string_buffer(struct.pack("=H6xQ", len(program), ctypes.addressof(code)))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(whole)), 0, 0):
        raise OSError(ctypes.get_errno(), "the filter was refused")


if __name__ == "__main__":
    main()
