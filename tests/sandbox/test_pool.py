"""Faults: spares, the zygote and the server die, and the next program runs all the same."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Program
from gradwalk.errors import SandboxUnavailable
from gradwalk.sandbox import ProgressListener, Sandbox
from gradwalk.sandbox.pool import Pool
from gradwalk.sandbox.protocol import Confinement
from gradwalk.sandbox.runner import Answer
from gradwalk.sandbox.worker import ChildBounds
from tests import processes
from tests.sandbox.conftest import Served, children, nobody, texts

ENDLESS = Program(source="print('begun')\nwhile True: pass")
SHORT = Program(source="print('fine')")


def forkserver_of(parent: int) -> int:
    found = [pid for pid in children(parent) if b"gradwalk.sandbox.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return max(found)


def zygote_of(parent: int) -> int:
    return max(children(forkserver_of(parent)))


async def until(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    return await asyncio.to_thread(processes.until, holds, seconds)


_COMPUTING = 0.3
"""Seconds of the processor that only a program uses, and no child that waits for one."""


def cpu_seconds(pid: int) -> float:
    """Return how long a process has computed; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def endless_run(sandbox: Sandbox, zygote: int) -> AsyncIterator[asyncio.Future[Answer]]:
    """Run a program without an end, and go on as soon as it computes."""
    assert await until(lambda: len(children(zygote)) == 2)
    before = {child: cpu_seconds(child) for child in children(zygote)}
    run = asyncio.ensure_future(sandbox.run(ENDLESS, nobody(), ProgressListener()))
    assert await until(lambda: any(cpu_seconds(pid) - before.get(pid, 0.0) > _COMPUTING for pid in children(zygote)))
    yield run


def descriptors() -> dict[str, str]:
    """What this process has open."""
    return {path.name: os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()}


def with_sandbox(scene: Callable[[Sandbox], Coroutine[Any, Any, None]], settings: Settings | None = None) -> None:
    """Runs the scene with a sandbox of its own, and sees that it leaves nothing."""

    async def whole() -> None:
        sandbox = Sandbox(settings or Settings(wall_seconds=30))
        await sandbox.start()
        zygote = zygote_of(os.getpid())
        try:
            await scene(sandbox)
        finally:
            await sandbox.close()
        # one that outlived its forkserver is reaped by the system's first process, in its own time
        assert not is_running(zygote)

    before, family = descriptors(), children(os.getpid())
    asyncio.run(whole())
    assert descriptors() == before
    assert children(os.getpid()) == family


def test_faults_one_after_the_other() -> None:
    answered = []

    async def scene(sandbox: Sandbox) -> None:
        await a_killed_spare_is_replaced(sandbox)
        await a_spare_that_dies_when_it_is_taken_is_not_noticed(sandbox)
        await a_killed_run_says_so(sandbox)
        await a_killed_zygote_ends_its_runs_with_an_outcome_and_is_replaced(sandbox)
        await a_cancelled_run_ends_its_child(sandbox)
        answered.append(texts(await sandbox.run(SHORT, nobody(), ProgressListener())))

    with_sandbox(scene)
    assert answered == ["fine\n"]


async def a_killed_spare_is_replaced(sandbox: Sandbox) -> None:
    zygote = zygote_of(os.getpid())
    assert await until(lambda: len(children(zygote)) == 2)
    spares = children(zygote)
    for spare in spares:
        os.kill(spare, signal.SIGKILL)
    assert await until(lambda: len(children(zygote)) == 2 and not set(children(zygote)) & set(spares))
    assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"


async def a_spare_that_dies_when_it_is_taken_is_not_noticed(sandbox: Sandbox) -> None:
    zygote = zygote_of(os.getpid())
    assert await until(lambda: len(children(zygote)) == 2)
    await asyncio.sleep(0.2)
    for spare in children(zygote):
        os.kill(spare, signal.SIGKILL)
    assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"


async def a_killed_run_says_so(sandbox: Sandbox) -> None:
    zygote = zygote_of(os.getpid())
    async with endless_run(sandbox, zygote) as run:
        for child in children(zygote):
            os.kill(child, signal.SIGKILL)
        answer = await run
    assert answer.recorded.outcome.status == "crashed"
    assert answer.recorded.outcome.error is not None
    assert "SIGKILL" in answer.recorded.outcome.error.message
    assert texts(answer) == "begun\n"
    again = await sandbox.run(SHORT, nobody(), ProgressListener())
    assert texts(again) == "fine\n", again.recorded.outcome


async def a_killed_zygote_ends_its_runs_with_an_outcome_and_is_replaced(sandbox: Sandbox) -> None:
    zygote = zygote_of(os.getpid())
    async with endless_run(sandbox, zygote) as run:
        family = children(zygote)
        os.kill(zygote, signal.SIGKILL)
        answer = await run
    assert answer.recorded.outcome.error is not None
    assert answer.recorded.outcome.error.message.startswith("The sandbox had to be restarted")
    with pytest.raises(SandboxUnavailable):
        await sandbox.check()
    assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"
    await sandbox.check()
    assert await until(lambda: not any(is_running(child) for child in family))


async def a_cancelled_run_ends_its_child(sandbox: Sandbox) -> None:
    zygote = zygote_of(os.getpid())
    assert await until(lambda: len(children(zygote)) == 2)
    before = set(children(zygote))
    async with endless_run(sandbox, zygote) as run:
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    # long before the limit of its time
    assert await until(lambda: len(before - set(children(zygote))) == 1, 5.0)
    assert texts(await sandbox.run(SHORT, nobody(), ProgressListener())) == "fine\n"


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SERVER = """
import asyncio
from gradwalk.config import Settings
from gradwalk.sandbox import ProgressListener, QueueClient, Sandbox
from gradwalk.contract.snapshot import Program

async def serve():
    sandbox = Sandbox(Settings(wall_seconds=60))
    await sandbox.start()
    program = Program(source="while True: pass")
    run = asyncio.ensure_future(sandbox.run(program, QueueClient("nobody", "anonymous"), ProgressListener()))
    await asyncio.sleep(0.5)
    print("serving", flush=True)
    await run

asyncio.run(serve())
"""


def test_nothing_survives_a_killed_server() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "serving\n"
        zygote = zygote_of(server.pid)
        family = [forkserver_of(server.pid), zygote, *children(zygote)]
        assert len(family) >= 4
        server.kill()
        server.wait()
    assert processes.until(lambda: not any(is_running(pid) for pid in family), 5)


def test_many_runs_leak_nothing(served: Served) -> None:
    async def settled() -> None:
        await asyncio.sleep(0.3)

    served.wait(settled())
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(30):
        served.run("pass")
    served.wait(settled())
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_cancellation_that_comes_together_with_the_child_is_not_lost() -> None:
    class Child:
        closed = False

        def close(self) -> None:
            self.closed = True

    async def scene() -> None:
        pool, child = (
            Pool(
                Confinement(memory_bytes=0, reserve_bytes=0, cpu_seconds=1, trusted=False),
                ChildBounds(1, 1, 1),
                spares=0,
            ),
            Child(),
        )
        asked = asyncio.create_task(pool.acquire(5))
        await asyncio.sleep(0)
        pool._hand_out(child)  # type: ignore[arg-type]
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert child.closed

    asyncio.run(scene())
