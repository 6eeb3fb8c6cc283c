"""A database that another program locks, that is damaged, that is moved away: told, and healed without a restart."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.classroom import PROGRAM, becomes_healthy, classroom, is_healthy, says
from tests.processes import server, until

DATABASE = "gradwalk.sqlite3"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program that holds the database for itself."""
    other = sqlite3.connect(folder / DATABASE, isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.mark.slow
def test_a_locked_database(tmp_path: Path) -> None:
    with server(tmp_path) as running, running.client() as client, classroom(running) as people:
        with locked(tmp_path):
            refused = client.post("/api/v1/runs", json={"source": PROGRAM})
            assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
            assert "close that program" in refused.json()["detail"]
            assert says(client, "locked by another program")
            assert client.get(people.kept[0]).status_code == 200
        assert becomes_healthy(client)
        people.go_on()
        people.check(client)


def overwrite(file: Path, start: int) -> None:
    """Everything from here on, as a broken disk or a wrong command does it."""
    with file.open("r+b") as opened:
        opened.seek(start)
        opened.write(b"\xff" * max(0, file.stat().st_size - start))


def test_a_database_that_is_damaged_while_it_is_used(data_dir: Path) -> None:
    with server(data_dir) as running, running.client() as client, classroom(running) as people:
        people.go_on(30)
        overwrite(data_dir / DATABASE, 0)
        overwrite(data_dir / f"{DATABASE}-wal", 0)
        assert until(lambda: says(client, "damaged"), 10)
        assert says(client, "restore it from a backup, or move it away")
        refused = client.post("/api/v1/runs", json={"source": PROGRAM})
        assert (refused.status_code, refused.json()["code"]) == (503, "store_unavailable")
        # the operator does as the sentence says, and need not start the server again
        for file in data_dir.glob(f"{DATABASE}*"):
            file.rename(data_dir / f"moved-{file.name}")
        assert becomes_healthy(client)
        people.kept.clear()
        people.go_on()
        people.check(client)


@pytest.mark.slow
def test_a_backup_that_is_put_in_its_place(tmp_path: Path) -> None:
    with server(tmp_path) as running, running.client() as client:
        with classroom(running) as people:
            pass
        backup = tmp_path / "backup"
        with sqlite3.connect(tmp_path / DATABASE) as source, sqlite3.connect(backup) as target:
            source.backup(target)
        source.close()
        target.close()
        overwrite(tmp_path / DATABASE, 0)
        overwrite(tmp_path / f"{DATABASE}-wal", 0)
        assert until(lambda: says(client, "damaged"), 10)
        for file in tmp_path.glob(f"{DATABASE}*"):
            file.unlink()
        shutil.copy(backup, tmp_path / "new")
        os.rename(tmp_path / "new", tmp_path / DATABASE)
        assert becomes_healthy(client)
        people.check(client)


@pytest.mark.slow
def test_a_part_that_is_damaged_is_found_at_the_start(tmp_path: Path) -> None:
    with server(tmp_path) as running, classroom(running) as people:
        people.go_on(200)
    file = tmp_path / DATABASE
    overwrite(file, file.stat().st_size // 2)
    with server(tmp_path) as running, running.client() as client:
        assert until(lambda: says(client, "damaged"), 10)


@pytest.mark.slow  # on a push tests/cli/test_main.py starts with a file that is no database
@pytest.mark.parametrize("start", [0, 100])
def test_a_database_that_cannot_be_opened_is_told_at_the_start(tmp_path: Path, start: int) -> None:
    with server(tmp_path) as running, running.client() as client:
        assert is_healthy(client)
    overwrite(tmp_path / DATABASE, start)
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(AssertionError, match="damaged: restore it from a backup"), server(tmp_path):
        pass
    assert (tmp_path / DATABASE).read_bytes() == before
