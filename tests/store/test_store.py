"""Snapshots are kept, found, and never half: the same on every database."""

import asyncio

import orjson
import pytest
import zstandard
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, create_engine, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.errors import IterationNotFound, SnapshotNotFound, StoreUnavailable, TensorNotFound
from gradwalk.store import Store
from gradwalk.store.compressed_json import CompressedJson
from gradwalk.store.migrations import configuration, upgrade
from gradwalk.store.schema import metadata, snapshots
from tests.factories import make_snapshot, make_tensor

pytestmark = pytest.mark.anyio


async def test_what_is_saved_is_found(store: Store) -> None:
    snapshot = make_snapshot("abc")
    await store.save(snapshot)
    assert SnapshotHead.model_validate_json((await store.head("abc")).json()) == snapshot.head()
    for index, iteration in enumerate(snapshot.iterations):
        assert Iteration.model_validate_json((await store.iteration("abc", index)).json()) == iteration


async def test_it_survives_a_restart(store: Store, url: URL) -> None:
    await store.save(make_snapshot("abc"))
    await store.close()
    again = Store(url)
    await again.start()
    assert orjson.loads((await again.head("abc")).json())["id"] == "abc"
    await again.close()


@pytest.mark.parametrize(("tensor_id", "data"), [("t0", [0.5]), ("t2", [1.5]), ("t4", [0.0, 1.0, 2.0])])
async def test_a_tensor_is_found_wherever_it_stands(store: Store, tensor_id: str, data: list[float]) -> None:
    await store.save(make_snapshot("abc", large=3))
    found = orjson.loads((await store.tensor("abc", tensor_id)).json())
    assert (found["id"], found["data"]) == (tensor_id, data)


async def test_a_tensor_that_is_stored_as_another_is_found_under_its_own_id(store: Store) -> None:
    snapshot = make_snapshot("abc", large=3)
    twin = make_tensor(9, [0.0, 1.0, 2.0])
    await store.save(snapshot.model_copy(update={"tensors": {**snapshot.tensors, "t9": twin}}))
    assert orjson.loads((await store.tensor("abc", "t9")).json()) == twin.model_dump()
    assert orjson.loads((await store.tensor("abc", "t4")).json())["id"] == "t4"
    assert await store.whole_tensors("abc") == ["t4", "t9"]


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


async def test_a_healthy_store_passes_its_check_again_and_again(store: Store) -> None:
    await store.check_writable()
    await store.check_writable()


@pytest.mark.parametrize("url", ["nonsense", "nosuch+driver://x", "sqlite:///x.db", "sqlite+nosuch:///x.db"])
async def test_a_url_that_is_no_database_is_told(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="database URL"):
        Store(url)


async def test_the_migrations_lead_to_the_tables(store: Store, url: URL) -> None:
    engine = synchronous_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def synchronous_engine(url: URL) -> Engine:
    """Return an engine for Alembic's own way to a database."""
    return create_engine(url.set(drivername={"sqlite+aiosqlite": "sqlite"}.get(url.drivername, "postgresql+psycopg")))


async def test_starting_twice_changes_nothing(store: Store, url: URL) -> None:
    await store.save(make_snapshot("abc"))
    second = Store(url)
    await second.start()
    assert await second.head("abc")
    await second.close()


async def test_several_that_start_at_once_migrate_once(url: URL) -> None:
    stores = [Store(url) for _ in range(4)]
    await asyncio.gather(*(store.start() for store in stores))
    await stores[0].save(make_snapshot("abc"))
    for store in stores:
        assert orjson.loads((await store.head("abc")).json())["id"] == "abc"
        await store.close()


async def test_a_snapshot_is_the_same_from_another_server(store: Store, url: URL) -> None:
    await store.save(make_snapshot("abc", large=3))
    other = Store(url)
    await other.start()
    assert await other.head("abc") == await store.head("abc")
    assert await other.iteration("abc", 1) == await store.iteration("abc", 1)
    assert await other.tensor("abc", "t4") == await store.tensor("abc", "t4")
    await other.close()


async def test_what_an_older_gradwalk_stored_is_found(url: URL) -> None:
    old = create_async_engine(
        url.set(drivername={"postgresql": "postgresql+psycopg"}.get(url.drivername, url.drivername))
    )
    head = CompressedJson(zstandard.compress(b'{"id":"abc"}'))
    async with old.begin() as connection:
        await connection.run_sync(upgrade, lambda _: None, "0001")
        await connection.execute(
            text("INSERT INTO snapshots (id, created_at, size, head) VALUES ('abc', '2026-01-01', 30, :head)"),
            {"head": head.zstd},
        )
    await old.dispose()
    store = Store(url)
    await store.start()
    assert await store.head("abc") == head
    await store.check_writable()
    await store.close()


async def test_heads_of_an_older_gradwalk_are_told_kind_and_turns(url: URL) -> None:
    older = synchronous_engine(url)
    iterations = [{"index": index, "graph": 0, "loss": 0.5 - index, "steps": 3} for index in range(2)]
    damaged = bytearray(CompressedJson.of(b'{"iterations":[{"index":0}]}').zstd)
    damaged[-3] ^= 255
    told = [{"index": 0, "graph": 0, "kind": "evaluation", "turns": [], "loss": 0.5, "steps": 3}]
    heads = {f"s{number:03}": {"id": f"s{number:03}", "iterations": iterations} for number in range(205)}
    stored = {name: zstandard.compress(orjson.dumps(head)) for name, head in heads.items()}
    stored |= {"told": zstandard.compress(orjson.dumps({"iterations": told})), "zzz": bytes(damaged)}
    with older.begin() as connection:
        upgrade(connection, lambda _: None, "0003")
        connection.execute(
            text("INSERT INTO snapshots (id, created_at, size, head) VALUES (:id, '2026-01-01', 1000, :head)"),
            [{"id": name, "head": head} for name, head in stored.items()],
        )
    store = Store(url)
    await store.start()
    for name, head in heads.items():
        body = await store.head(name)
        assert body.is_intact()
        assert orjson.loads(body.json()) == {
            **head,
            "iterations": [{**summary, "kind": "training", "turns": []} for summary in iterations],
        }
    assert orjson.loads((await store.head("told")).json())["iterations"] == told
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.head("zzz")
    with older.connect() as connection:
        for name, size, head in connection.execute(text("SELECT id, size, head FROM snapshots")):
            assert size - 1000 == len(head) - len(stored[name])
    older.dispose()
    await store.close()


async def test_heads_can_be_given_back_to_an_older_gradwalk(store: Store, url: URL) -> None:
    snapshot = make_snapshot("abc")
    await store.save(snapshot)
    plain = synchronous_engine(url)
    with plain.begin() as connection:
        downgrade(configuration(connection), "0003")
        head = connection.execute(text("SELECT head FROM snapshots")).scalar_one()
        after = orjson.loads(CompressedJson(bytes(head)).json())
        assert [sorted(summary) for summary in after["iterations"]] == [["graph", "index", "loss", "steps"]] * 2
        upgrade(connection, lambda _: None)
    plain.dispose()
    assert SnapshotHead.model_validate_json((await store.head("abc")).json()) == snapshot.head()


async def test_bytes_that_have_changed_are_not_handed_out(store: Store) -> None:
    await store.save(make_snapshot("abc"))
    async with store._connections.begin() as connection:
        body = bytearray((await store.head("abc")).zstd)
        body[len(body) // 2] ^= 1
        await connection.execute(update(snapshots).values(head=bytes(body)))
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.head("abc")
    assert await store.iteration("abc", 0)


async def test_a_name_finds_its_snapshot(store: Store) -> None:
    assert await store.find_by_name("lesson") is None
    await store.save(make_snapshot("abc"))
    assert await store.give_name("lesson", "abc") == "abc"
    assert await store.find_by_name("lesson") == "abc"


async def test_whoever_gives_a_name_first_has_given_it(store: Store) -> None:
    await store.save(make_snapshot("abc"))
    await store.save(make_snapshot("def"))
    await store.give_name("lesson", "abc")
    assert await store.give_name("lesson", "def") == "abc"
