"""The forkserver: a zygote that dies is replaced at once, and nothing depends on the forkserver in the meantime."""

import os
import signal
import subprocess
import sys

import pytest

from gradwalk.errors import SandboxUnavailable
from gradwalk.sandbox import ProgressListener, Sandbox
from gradwalk.sandbox.forkserver import Forkserver
from gradwalk.sandbox.protocol import Confinement
from tests import processes
from tests.sandbox.conftest import children, nobody, texts
from tests.sandbox.test_pool import SERVER, SHORT, forkserver_of, is_running, until, with_sandbox, zygote_of


def test_the_zygote_goes_on_while_the_forkserver_starts_again() -> None:
    async def scene(sandbox: Sandbox) -> None:
        forkserver, zygote = forkserver_of(os.getpid()), zygote_of(os.getpid())
        os.kill(forkserver, signal.SIGKILL)
        assert await until(lambda: not is_running(forkserver))
        for _ in range(5):
            await sandbox.check()
            assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"
        assert is_running(zygote)
        # the next zygote comes from the next forkserver
        control = sandbox._pool._control
        os.kill(zygote, signal.SIGKILL)
        # its spares are forgotten; there may be another one by then
        assert await until(lambda: sandbox._pool._control is not control)
        assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"
        assert zygote_of(os.getpid()) != zygote
        assert await until(lambda: not is_running(zygote))

    with_sandbox(scene)


def test_both_killed_at_once_are_replaced() -> None:
    async def scene(sandbox: Sandbox) -> None:
        zygote, forkserver = zygote_of(os.getpid()), forkserver_of(os.getpid())
        control = sandbox._pool._control
        os.kill(zygote, signal.SIGKILL)
        os.kill(forkserver, signal.SIGKILL)
        assert await until(lambda: not is_running(zygote) and not is_running(forkserver))
        assert await until(lambda: sandbox._pool._control is not control)
        assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"
        assert forkserver_of(os.getpid()) != forkserver

    with_sandbox(scene)


def test_a_zygote_without_its_forkserver_does_not_survive_a_killed_server() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "serving\n"
        zygote = zygote_of(server.pid)
        family = [zygote, *children(zygote)]
        os.kill(forkserver_of(server.pid), signal.SIGKILL)
        server.kill()
        server.wait()
    assert processes.until(lambda: not any(is_running(pid) for pid in family), 5)


def test_a_forkserver_that_is_not_there_is_told() -> None:
    forkserver = Forkserver(Confinement(memory_bytes=1, reserve_bytes=1, cpu_seconds=1, trusted=True))
    with pytest.raises(SandboxUnavailable):
        forkserver.request()
