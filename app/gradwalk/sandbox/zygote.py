"""The forkserver, which has imported everything, and the zygotes that it forks, which fork confined children on order.
Run by the server, never by hand.

`python -m gradwalk.sandbox.zygote REQUESTS CONFINEMENT`: the descriptor of a socket that brings the control socket of
each zygote that is wanted, and a Confinement as JSON. Each zygote has one thread, so that fork is safe, and never sees
a program: those go from the server straight to a child.
"""

import gc
import mmap
import os
import platform
import resource
import select
import signal
import socket
import sys
import traceback
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Final

import torch

from gradwalk.contract.snapshot import Environment
from gradwalk.errors import SandboxUnsafe
from gradwalk.recorder.program_run import PROGRAM_FILENAME
from gradwalk.sandbox import child, eager_compile, kernel, package_versions, preload
from gradwalk.sandbox.lockdown import Lockdown
from gradwalk.sandbox.protocol import LONGEST_MESSAGE, Confinement, Ended, Forked, Message, Order, Unsafe, Welcome

_LOCKDOWN_FAILED: Final = 70
_ROUNDS: Final = 10
"""Python rewrites code that it has run a few times; a child would have to copy every page of it."""
_FAILING: Final = "import torch\ntorch.ones(2) @ torch.ones(3)\n"


class Zygote:
    """A process that forks a child for each order, and reports each fork and each end."""

    def __init__(self, control: socket.socket, confinement: Confinement) -> None:
        self._control = control
        self._confinement = confinement
        self._children: dict[int, tuple[int, int]] = {}
        self._poll = select.poll()

    def run(self) -> None:
        """Serve until the server is gone, then end every child."""
        # The reserve counts as memory of the children, and is released when an answer has to be written.
        self._reserve = mmap.mmap(-1, self._confinement.reserve_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        try:
            self._lockdown = Lockdown(self._confinement)
        except SandboxUnsafe as error:
            self._send(Unsafe(reason=str(error)))
            return
        gc.collect()
        gc.freeze()
        self._resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        self._poll.register(self._control, select.POLLIN)
        self._send(
            Welcome(
                environment=Environment(python=platform.python_version(), torch=str(torch.__version__), device="cpu"),
                program_filename=PROGRAM_FILENAME,
                layers=self._lockdown.layers,
            )
        )
        while self._serve():
            pass
        for pidfd in self._children:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        for pid, _ in self._children.values():
            os.waitpid(pid, 0)

    def _serve(self) -> bool:
        """Handle what has happened. Return False when the server is gone."""
        for descriptor, _ in self._poll.poll():
            if descriptor in self._children:
                self._reap(descriptor)
                continue
            packet = self._receive()
            if not packet:
                return False
            self._fork(Order.model_validate_json(packet).number)
        return True

    def _receive(self) -> bytes:
        try:
            return self._control.recv(LONGEST_MESSAGE)
        except OSError:  # the server was killed before it had read everything
            return b""

    def _fork(self, number: int) -> None:
        (jobs_in, jobs_out), (results_in, results_out), (diagnostics_in, diagnostics_out) = (
            os.pipe(),
            os.pipe(),
            os.pipe(),
        )
        (stdout_in, stdout_out), (stderr_in, stderr_out) = os.pipe(), os.pipe()
        childs_ends = child.Pipes(jobs_in, results_out, diagnostics_out, stdout_out, stderr_out)
        servers_ends = [jobs_out, results_in, diagnostics_in, stdout_in, stderr_in]
        pid = os.fork()
        if pid == 0:
            self._become_child(childs_ends, number)
        pidfd = os.pidfd_open(pid)
        self._children[pidfd] = (pid, number)
        self._poll.register(pidfd, select.POLLIN)
        message = Forked(number=number, pid=pid).model_dump_json().encode()
        try:
            socket.send_fds(self._control, [message], [*servers_ends, pidfd])
        except OSError:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        for descriptor in (jobs_in, results_out, diagnostics_out, stdout_out, stderr_out, *servers_ends):
            os.close(descriptor)

    def _become_child(self, pipes: child.Pipes, number: int) -> None:
        """Run the child and exit. Never returns: a child must not run on as a second zygote, whatever happens."""
        status = _LOCKDOWN_FAILED
        try:
            child.run_child(pipes, self._lockdown, number, self._reserve)
            status = 0
        finally:
            os._exit(status)

    def _reap(self, pidfd: int) -> None:
        pid, number = self._children.pop(pidfd)
        self._poll.unregister(pidfd)
        _, status, usage = os.wait4(pid, 0)
        os.close(pidfd)
        self._send(
            Ended(
                number=number,
                status=status,
                cpu_seconds=usage.ru_utime + usage.ru_stime,
                memory_bytes=max(0, (usage.ru_maxrss << 10) - self._resident),
            )
        )

    def _send(self, message: Message) -> None:
        try:
            self._control.send(message.model_dump_json().encode())
        except OSError:  # the server is gone: the next recv shows that
            return


def serve_forks(requests: socket.socket, confinement: Confinement) -> None:
    """Fork a zygote for every control socket that comes, until the server is gone and every zygote has ended."""
    warm_up()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps zygotes by itself
    while (control := _next_control(requests)) is not None:
        if os.fork() == 0:
            _become_zygote(requests, control, confinement)
        control.close()
    with suppress(ChildProcessError):
        os.wait()


def _next_control(requests: socket.socket) -> socket.socket | None:
    """Return the next control socket; null when the server is gone."""
    try:
        _, descriptors, _, _ = socket.recv_fds(requests, LONGEST_MESSAGE, 1)
    except OSError:
        return None
    return socket.socket(fileno=descriptors[0]) if descriptors else None


def _become_zygote(requests: socket.socket, control: socket.socket, confinement: Confinement) -> None:
    """Run a zygote and exit. Never returns: a zygote must not run on as a second forkserver, whatever happens."""
    status = 1
    try:
        requests.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        Zygote(control, confinement).run()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def warm_up() -> None:
    """Do once, before any fork, what would be slow or impossible afterwards."""
    torch.set_num_threads(1)
    preload.import_everything()
    package_versions.remember_versions()
    eager_compile.compile_nothing()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in (*[child.WARM_UP] * _ROUNDS, child.WARM_UP.replace("SGD", "Adam"), _FAILING):
            child.rehearse(source, frozen=False)
    preload.forget_warnings()
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"the zygote has {threads} threads: a fork would hang")


def main() -> None:
    """Run the forkserver. Raises when a warm-up fails: the server reads the reason from stderr."""
    server = os.getppid()
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        return
    _volunteer_for_the_oom_killer()
    requests = socket.socket(fileno=int(sys.argv[1]))
    serve_forks(requests, Confinement.model_validate_json(sys.argv[2]))


def _volunteer_for_the_oom_killer() -> None:
    """Make the kernel end a program first and the server last when the machine runs out of memory."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return


if __name__ == "__main__":
    main()
