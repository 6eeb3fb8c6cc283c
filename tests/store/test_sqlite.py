"""What only a file can do: be locked, full, damaged, moved away, and smaller again."""

import asyncio
import os
import sqlite3
import threading
from pathlib import Path

import pytest

from gradwalk.errors import SnapshotNotFound, StoreUnavailable
from gradwalk.store import Store, sqlite_url
from tests.factories import make_snapshot

pytestmark = pytest.mark.anyio

DATABASE = "gradwalk.sqlite3"


async def test_every_commit_reaches_the_disk(sqlite_store: Store) -> None:
    async with sqlite_store._connections.read() as connection:
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() == 2


async def test_a_locked_database_is_told_and_heals(sqlite_store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await sqlite_store.save(make_snapshot("abc"))
    with pytest.raises(StoreUnavailable, match="locked"):
        await sqlite_store.check_writable()
    other.execute("ROLLBACK")
    other.close()
    await sqlite_store.save(make_snapshot("abc"))
    assert await sqlite_store.head("abc")


async def test_a_full_disk_is_told_and_what_was_stored_stays(sqlite_store: Store) -> None:
    await sqlite_store.save(make_snapshot("abc"))
    async with sqlite_store._connections.read() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreUnavailable, match="full"):
        await sqlite_store.save(make_snapshot("def", large=60_000))
    assert await sqlite_store.head("abc")


@pytest.mark.parametrize("content", [b"this is no database" * 1000, b"SQLite format 3\0" + b"\xff" * 9000])
async def test_a_damaged_database_is_told_at_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE).write_bytes(content)
    store = Store(sqlite_url(tmp_path))
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.start()
    await store.close()
    assert (tmp_path / DATABASE).read_bytes() == content


async def test_a_database_that_is_damaged_while_it_is_used(sqlite_store: Store, tmp_path: Path) -> None:
    await sqlite_store.save(make_snapshot("abc", large=60_000))
    await sqlite_store.close()
    file = tmp_path / DATABASE
    file.write_bytes(file.read_bytes()[:8192] + b"\xff" * (file.stat().st_size - 8192))
    with pytest.raises(StoreUnavailable, match="damaged"):
        await sqlite_store.head("abc")


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    before = threading.active_count()
    store = Store(sqlite_url(tmp_path / "nowhere"))
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        await store.start()
    await store.close()
    while threading.active_count() > before:  # aiosqlite's thread still tells this loop that it ends
        await asyncio.sleep(0.01)


async def test_the_path_of_the_folder_may_hold_anything(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c%d#é"
    folder.mkdir()
    store = Store(sqlite_url(folder))
    await store.start()
    await store.check_writable()
    await store.close()
    assert (folder / DATABASE).is_file()


async def test_those_who_wait_for_a_locked_database_are_all_told_soon(sqlite_store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    patient = Store(sqlite_url(tmp_path), patience=1.0)
    saves = (patient.save(make_snapshot(f"s{i}")) for i in range(20))
    async with asyncio.timeout(10):
        told = await asyncio.gather(*saves, return_exceptions=True)
    assert all(isinstance(error, StoreUnavailable) for error in told)
    other.execute("ROLLBACK")
    other.close()
    await patient.save(make_snapshot("abc"))
    await patient.close()


async def test_a_database_that_was_moved_away_is_begun_again(sqlite_store: Store, tmp_path: Path) -> None:
    await sqlite_store.save(make_snapshot("abc"))
    os.rename(tmp_path / DATABASE, tmp_path / "moved")
    await sqlite_store.save(make_snapshot("def"))
    assert await sqlite_store.head("def")
    with pytest.raises(SnapshotNotFound):
        await sqlite_store.head("abc")
    reopened = Store(sqlite_url(tmp_path))
    assert await reopened.head("def")
    await reopened.close()


async def test_damage_is_told_until_the_file_was_moved_away(sqlite_store: Store, tmp_path: Path) -> None:
    for number in range(30):
        await sqlite_store.save(make_snapshot(f"s{number}", large=2000))
    await sqlite_store.close()  # all of it is in the file now
    file = tmp_path / DATABASE
    with file.open("r+b") as opened:
        opened.seek(20 * 4096)
        opened.write(b"\xff" * (file.stat().st_size - 20 * 4096))
    await sqlite_store.check_writable()  # nobody has touched the damage yet
    await sqlite_store.check_integrity()
    with pytest.raises(StoreUnavailable, match="damaged"):
        await sqlite_store.check_writable()
    os.rename(file, tmp_path / "moved")
    await sqlite_store.check_writable()
    await sqlite_store.save(make_snapshot("new"))


async def test_a_file_of_an_older_gradwalk_gives_space_back_from_now_on(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / DATABASE)
    old.execute("PRAGMA journal_mode=WAL")
    old.execute("CREATE TABLE something (x)")
    old.close()
    store = Store(sqlite_url(tmp_path))
    await store.start()
    async with store._connections.read() as connection:
        assert (await connection.exec_driver_sql("PRAGMA auto_vacuum")).scalar() == 2
    await store.close()
