"""Snapshots are kept, found, and never half."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from app.errors import IterationNotFound, SnapshotNotFound, StoreUnavailable, TensorNotFound
from app.snapshot import Iteration, SnapshotHead
from app.store import Store, sqlite_url
from app.store.schema import metadata
from tests.factories import make_snapshot

pytestmark = pytest.mark.anyio

DATABASE = "gradwalk.sqlite3"


async def test_what_is_saved_is_found(store: Store) -> None:
    snapshot = make_snapshot("abc")
    await store.save(snapshot)
    assert SnapshotHead.model_validate_json((await store.head("abc")).json()) == snapshot.head()
    for index, iteration in enumerate(snapshot.iterations):
        assert Iteration.model_validate_json((await store.iteration("abc", index)).json()) == iteration


async def test_it_survives_a_restart(store: Store, tmp_path: Path) -> None:
    await store.save(make_snapshot("abc"))
    await store.close()
    again = Store(sqlite_url(tmp_path))
    await again.start()
    assert orjson.loads((await again.head("abc")).json())["id"] == "abc"
    await again.close()


@pytest.mark.parametrize(("tensor_id", "data"), [("t0", [0.5]), ("t2", [1.5]), ("t4", [0.0, 1.0, 2.0])])
async def test_a_tensor_is_found_wherever_it_stands(store: Store, tensor_id: str, data: list[float]) -> None:
    await store.save(make_snapshot("abc", large=3))
    found = orjson.loads((await store.tensor("abc", tensor_id)).json())
    assert (found["id"], found["data"]) == (tensor_id, data)


async def test_the_tensors_that_stand_outside_are_listed(store: Store) -> None:
    await store.save(make_snapshot("abc", large=3))
    await store.save(make_snapshot("def"))
    assert await store.whole_tensors("abc") == ["t4"]
    assert await store.whole_tensors("def") == []
    assert await store.whole_tensors("unknown") == []


async def test_tensors_of_a_long_recording_are_found(store: Store) -> None:
    await store.save(make_snapshot("abc", iterations=300))
    assert orjson.loads((await store.tensor("abc", "t598")).json())["data"] == [299.5]


async def test_a_tensor_that_was_not_kept_says_so(store: Store) -> None:
    await store.save(make_snapshot("abc"))
    with pytest.raises(TensorNotFound, match="too large to be kept"):
        await store.tensor("abc", "t1")


@pytest.mark.parametrize("tensor_id", ["t99", "t", "3", "t-1", "t1 ", "T0", "t" + "9" * 40, "", "t0\0"])
async def test_an_unknown_tensor(store: Store, tensor_id: str) -> None:
    await store.save(make_snapshot("abc"))
    with pytest.raises(TensorNotFound):
        await store.tensor("abc", tensor_id)


@pytest.mark.parametrize("index", [2, -1, 2**31, 2**70])
async def test_an_unknown_iteration(store: Store, index: int) -> None:
    await store.save(make_snapshot("abc"))
    with pytest.raises(IterationNotFound):
        await store.iteration("abc", index)


@pytest.mark.parametrize("snapshot_id", ["unknown", "", "a" * 10_000, "a'; drop table snapshots", "a\0"])
async def test_an_unknown_snapshot(store: Store, snapshot_id: str) -> None:
    with pytest.raises(SnapshotNotFound):
        await store.head(snapshot_id)
    with pytest.raises(SnapshotNotFound):
        await store.iteration(snapshot_id, 0)
    with pytest.raises(SnapshotNotFound):
        await store.tensor(snapshot_id, "t0")


async def test_many_at_once_are_all_kept(store: Store) -> None:
    await asyncio.gather(*(store.save(make_snapshot(f"s{i}")) for i in range(40)))
    heads = await asyncio.gather(*(store.head(f"s{i}") for i in range(40)))
    assert [orjson.loads(head.json())["id"] for head in heads] == [f"s{i}" for i in range(40)]


async def test_a_snapshot_is_stored_whole_or_not_at_all(store: Store) -> None:
    snapshot = make_snapshot("abc", iterations=1)
    twice = snapshot.model_copy(update={"iterations": snapshot.iterations * 2})
    with pytest.raises(StoreUnavailable):
        await store.save(twice)
    with pytest.raises(SnapshotNotFound):
        await store.head("abc")


async def test_every_commit_reaches_the_disk(store: Store) -> None:
    async with store._engine.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar() == 2


async def test_a_healthy_store_passes_its_check_again_and_again(store: Store) -> None:
    await store.check()
    await store.check()


async def test_a_locked_database_is_told_and_heals(store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / DATABASE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.save(make_snapshot("abc"))
    with pytest.raises(StoreUnavailable, match="locked"):
        await store.check()
    other.execute("ROLLBACK")
    other.close()
    await store.save(make_snapshot("abc"))
    assert await store.head("abc")


async def test_a_full_disk_is_told_and_what_was_stored_stays(store: Store) -> None:
    await store.save(make_snapshot("abc"))
    async with store._engine.connect() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreUnavailable, match="full"):
        await store.save(make_snapshot("def", large=60_000))
    assert await store.head("abc")


@pytest.mark.parametrize("content", [b"this is no database" * 1000, b"SQLite format 3\0" + b"\xff" * 9000])
async def test_a_damaged_database_is_told_at_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE).write_bytes(content)
    store = Store(sqlite_url(tmp_path))
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.start()
    await store.close()
    assert (tmp_path / DATABASE).read_bytes() == content


async def test_a_database_that_is_damaged_while_it_is_used(store: Store, tmp_path: Path) -> None:
    await store.save(make_snapshot("abc", large=60_000))
    await store.close()
    file = tmp_path / DATABASE
    file.write_bytes(file.read_bytes()[:8192] + b"\xff" * (file.stat().st_size - 8192))
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.head("abc")


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    before = threading.active_count()
    store = Store(sqlite_url(tmp_path / "nowhere"))
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        await store.start()
    await store.close()
    while threading.active_count() > before:  # aiosqlite's thread still tells this loop that it ends
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("url", ["nonsense", "nosuch+driver://x", "sqlite:///x.db", "sqlite+nosuch:///x.db"])
async def test_a_url_that_is_no_database_is_told(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="database URL"):
        Store(url)


async def test_the_path_of_the_folder_may_hold_anything(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c%d#é"
    folder.mkdir()
    store = Store(sqlite_url(folder))
    await store.start()
    await store.check()
    await store.close()
    assert (folder / DATABASE).is_file()


async def test_the_migrations_lead_to_the_tables(store: Store, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / DATABASE}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


async def test_starting_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    await store.save(make_snapshot("abc"))
    second = Store(sqlite_url(tmp_path))
    await second.start()
    assert await second.head("abc")
    await second.close()
