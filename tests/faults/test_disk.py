"""A disk that is full, for real: a small file system of its own, or where only root could mount one, the limit that the
system sets to the size of a process's files.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.classroom import PROGRAM, becomes_healthy, classroom, is_healthy, says
from tests.processes import ServerProcess, server, until

LARGE = "import torch\nx = torch.rand(250, 250, requires_grad=True)\nfor _ in range(8):\n    (x * x).sum().backward()\n"
"""Leaves megabytes, which do not fit between what is written already."""


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """64 MiB of file system at this folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Nothing more fits on it, until the end of the block."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    assert shutil.disk_usage(folder).free < 1 << 16
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def limited(running: ServerProcess) -> Iterator[None]:
    """The server's files cannot grow, until the end of the block."""
    before = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.slow
def test_files_that_cannot_grow(tmp_path: Path) -> None:
    with server(tmp_path) as running, running.client() as client, classroom(running) as people:
        with limited(running):
            assert until(lambda: says(client, "full"), 10)
            refused = client.post("/api/v1/runs", json={"source": LARGE})
            assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
            assert "disk" in refused.json()["detail"]
            assert client.get(people.kept[0]).status_code == 200
        assert becomes_healthy(client)
        people.go_on()
        people.check(client)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path):
        yield tmp_path


if os.getuid() == 0:  # others cannot mount; for them the test above is the one

    def test_a_full_disk(disk: Path) -> None:
        with server(disk) as running, running.client() as client, classroom(running) as people:
            with filled(disk):
                assert until(lambda: says(client, "full"), 10)
                refused = client.post("/api/v1/runs", json={"source": LARGE})
                assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
                assert "make room" in refused.json()["detail"]
                assert client.get(people.kept[0]).status_code == 200
            assert becomes_healthy(client)
            people.go_on()
            people.check(client)
            assert client.post("/api/v1/runs", json={"source": PROGRAM}).status_code == 201

    @pytest.mark.slow
    def test_a_disk_that_is_full_at_the_start(disk: Path) -> None:
        with filled(disk), pytest.raises(AssertionError, match="disk"), server(disk):
            pass
        with server(disk) as running, running.client() as client:
            assert is_healthy(client)
