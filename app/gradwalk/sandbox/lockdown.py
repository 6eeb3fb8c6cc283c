"""The confinement of a child: prepared once in the zygote, applied by each child to itself, for ever.

The order of `Lockdown.apply` matters: each step needs what the next one takes away.
"""

import os
import resource
import signal
from pathlib import Path
from typing import Final

from gradwalk.errors import SandboxUnsafe
from gradwalk.sandbox import kernel, landlock, namespaces, seccomp
from gradwalk.sandbox.protocol import Confinement, Layers

HIGH_DESCRIPTOR: Final = 512
"""Descriptors from here on are out of the way of those that a child rearranges."""

_CAP_KILL, _CAP_SETGID, _CAP_SETUID = 1 << 5, 1 << 6, 1 << 7
_FIRST_USER: Final = 61_000
_USERS: Final = 1_000
_NICENESS: Final = 5
_STACK_BYTES: Final = 64 << 20
_NOTHING_OF: Final = (
    resource.RLIMIT_CORE,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NPROC,
    resource.RLIMIT_MEMLOCK,
    resource.RLIMIT_MSGQUEUE,
)


class Lockdown:
    """The steps that confine a child of this process. Raises SandboxUnsafe where seccomp is missing.

    Build it when everything is imported: with namespaces the root folder becomes empty.
    """

    def __init__(self, confinement: Confinement) -> None:
        self._confinement = confinement
        self._zygote = os.getpid()
        self._address_space, self._data = _sizes()
        self._filter: seccomp.Filter | None = None
        self._ruleset: landlock.Ruleset | None = None
        self.layers = Layers(limits=True)
        if not confinement.trusted:
            self._prepare_walls()

    def _prepare_walls(self) -> None:
        if not seccomp.available():
            raise SandboxUnsafe(
                "This system cannot confine programs (no seccomp). "
                "Start with --trust-programs only if every program is your own."
            )
        own_user = _can_change_users()
        self._filter = seccomp.Filter()
        if landlock.version():
            self._ruleset = landlock.Ruleset(HIGH_DESCRIPTOR)
        isolated = namespaces.enter()
        self.layers = Layers(
            limits=True,
            seccomp=True,
            landlock=self._ruleset is not None,
            namespaces=isolated,
            empty_root=isolated and namespaces.empty_root(),
            own_user=own_user,
        )
        kernel.drop_bounding_set()
        if not own_user:
            kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)

    @property
    def kept_descriptor(self) -> int | None:
        """The descriptor that `apply` still needs."""
        return None if self._ruleset is None else self._ruleset.descriptor

    def apply(self, number: int) -> None:
        """Confine this process, the zygote's child `number`. Raises OSError when any layer fails to hold."""
        self._limit_resources()
        if self.layers.own_user:
            _become(_FIRST_USER + number % _USERS)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # after the user has changed, which clears it
        if os.getppid() != self._zygote:
            os._exit(0)
        if self._filter is None:
            return
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        if self._ruleset is not None:
            self._ruleset.apply()  # one thread only, and the zygote has only one
        self._filter.load()

    def _limit_resources(self) -> None:
        budget = self._confinement.memory_bytes
        seconds = self._confinement.cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (self._address_space + budget,) * 2)
        resource.setrlimit(resource.RLIMIT_DATA, (self._data + budget,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if self._confinement.trusted:
            return
        for what in _NOTHING_OF:
            resource.setrlimit(what, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
        resource.setrlimit(resource.RLIMIT_SIGPENDING, (64, 64))
        _, most = resource.getrlimit(resource.RLIMIT_STACK)
        stack = _STACK_BYTES if most == resource.RLIM_INFINITY else min(_STACK_BYTES, most)
        resource.setrlimit(resource.RLIMIT_STACK, (stack, stack))
        os.nice(_NICENESS)


def _sizes() -> tuple[int, int]:
    """Return the address space and the private writable memory of this process, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields["VmSize"].split()[0]) << 10, int(fields["VmData"].split()[0]) << 10


def _can_change_users() -> bool:
    """Return whether a run can have a user of its own that this process can still kill."""
    needed = _CAP_KILL | _CAP_SETGID | _CAP_SETUID
    return os.geteuid() == 0 and kernel.effective_capabilities() & needed == needed


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
