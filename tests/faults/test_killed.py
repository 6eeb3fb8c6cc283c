"""Processes that are killed in the middle of runs: spares, the zygote, the forkserver, the server."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.classroom import PROGRAM, becomes_healthy, classroom, is_healthy
from tests.lesson_data import MakeDataDir
from tests.processes import ServerProcess, server, until
from tests.sandbox.conftest import children
from tests.tiers import rest_at_night


@pytest.fixture(scope="module")
def running(make_data_dir: MakeDataDir) -> Iterator[ServerProcess]:
    with server(make_data_dir()) as started:
        yield started


def forkserver(server: int) -> list[int]:
    return [pid for pid in children(server) if b"gradwalk.sandbox.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def zygote(server: int) -> list[int]:
    return [pid for parent in forkserver(server) for pid in children(parent)]


def spares(server: int) -> list[int]:
    return [pid for parent in zygote(server) for pid in children(parent)]


def both(server: int) -> list[int]:
    return zygote(server) and [*zygote(server), *forkserver(server)]


def kill(server: int, victims: Callable[[int], list[int]]) -> None:
    """Kills them as soon as they are there."""
    assert until(lambda: bool(victims(server)), 30)
    for pid in victims(server):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# a zygote that has outlived its forkserver is nobody's child that could be found: that comes last. On a push
# tests/sandbox/test_forkserver.py kills the forkserver, alone and with the zygote
@pytest.mark.parametrize("victims", rest_at_night([spares, zygote, both, forkserver], {spares, zygote}))
def test_the_server_is_healthy_again_and_has_lost_nothing(
    running: ServerProcess, victims: Callable[[int], list[int]]
) -> None:
    with running.client() as client:
        with classroom(running) as people:
            for _ in range(3):
                kill(running.process.pid, victims)
                people.go_on()
            assert becomes_healthy(client)
        people.check(client)
        answer = client.post("/api/v1/runs", json={"source": PROGRAM}).json()
        assert answer["outcome"]["status"] == "completed"


@pytest.mark.slow
def test_a_zygote_is_replaced_in_time(tmp_path: Path) -> None:
    with server(tmp_path) as running, running.client() as client:
        killed = zygote(running.process.pid)
        kill(running.process.pid, zygote)
        assert until(lambda: not is_healthy(client), 1) or zygote(running.process.pid) != killed
        assert becomes_healthy(client)
        assert client.post("/api/v1/runs", json={"source": PROGRAM}).json()["outcome"]["status"] == "completed"
        assert zygote(running.process.pid) not in ([], killed)


def test_a_killed_server_has_kept_what_it_answered(data_dir: Path) -> None:
    with server(data_dir) as first, classroom(first) as people:
        for _ in range(2):
            people.go_on()
        first.kill()
    with server(data_dir) as second, second.client() as client:
        assert is_healthy(client)
        people.check(client)
        assert client.post("/api/v1/runs", json={"source": PROGRAM}).status_code == 201
