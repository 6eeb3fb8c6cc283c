"""Old snapshots go, named ones stay, and a clock that jumps takes nothing along."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy import URL

from gradwalk.errors import SnapshotNotFound
from gradwalk.store import LONGEST_STEP, Limits, Store
from gradwalk.store.retention import StoredSnapshot, advance_clock, select_expired
from tests.factories import make_snapshot

pytestmark = pytest.mark.anyio

DAY = 24 * 3600
PLENTY = Limits(seconds=30 * DAY, bytes=1 << 40)


class Clock:
    """The machine's clock, which a test can turn."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("gradwalk.store.retention.time.time", clock)
    return clock


async def live(
    store: Store, machine: Clock, seconds: float, limits: Limits = PLENTY, used: tuple[str, ...] = ()
) -> None:
    """A server's life: every two hours it looks after its store."""
    for _ in range(int(seconds // LONGEST_STEP)):
        machine.now += LONGEST_STEP
        await tidy(store, limits, used)


async def tidy(store: Store, limits: Limits = PLENTY, used: tuple[str, ...] = ()) -> None:
    await store.renew_names(used, limits)
    while await store.delete_some_expired(limits):
        pass


async def is_there(store: Store, snapshot_id: str) -> bool:
    try:
        await store.head(snapshot_id)
    except SnapshotNotFound:
        return False
    return True


async def test_what_is_old_goes_and_what_is_young_stays(store: Store, machine: Clock) -> None:
    limits = Limits(seconds=3 * DAY, bytes=1 << 40)
    await store.save(make_snapshot("old", large=10))
    await live(store, machine, 2 * DAY, limits)
    await store.save(make_snapshot("young", large=10))
    assert await is_there(store, "old")
    await live(store, machine, 2 * DAY, limits)
    assert not await is_there(store, "old")
    assert await is_there(store, "young")
    assert await store.iteration("young", 1)
    assert await store.tensor("young", "t4")


@pytest.mark.parametrize("jump", [20 * 365 * DAY, -20 * 365 * DAY, 40 * DAY])
async def test_a_jump_of_the_clock_makes_nothing_old(store: Store, machine: Clock, jump: int) -> None:
    await store.save(make_snapshot("abc"))
    machine.now += jump
    await tidy(store)
    await store.save(make_snapshot("def"))
    await live(store, machine, DAY)
    machine.now -= jump
    await live(store, machine, DAY)
    assert await is_there(store, "abc")
    assert await is_there(store, "def")


async def test_after_a_jump_snapshots_still_grow_old(store: Store, machine: Clock) -> None:
    await store.save(make_snapshot("abc"))
    machine.now -= 20 * 365 * DAY
    await tidy(store)
    await live(store, machine, 31 * DAY)
    assert not await is_there(store, "abc")


async def test_holidays_make_nothing_old(store: Store, machine: Clock) -> None:
    await store.save(make_snapshot("abc"))
    machine.now += 60 * DAY  # no server runs
    await tidy(store)
    assert await is_there(store, "abc")


async def test_past_the_size_the_oldest_go(store: Store, machine: Clock) -> None:
    for number in range(30):
        await store.save(make_snapshot(f"s{number}", large=3000))
        machine.now += 60
        await tidy(store)
    size = await size_of(store)
    await tidy(store, Limits(seconds=30 * DAY, bytes=size // 3))
    kept = [number for number in range(30) if await is_there(store, f"s{number}")]
    assert kept == list(range(30 - len(kept), 30))
    assert size // 4 < await size_of(store) <= size // 3


async def test_a_name_that_is_in_use_keeps_its_snapshot(store: Store, machine: Clock) -> None:
    limits = Limits(seconds=2 * DAY, bytes=0)
    await store.save(make_snapshot("lesson"))
    await store.save(make_snapshot("other"))
    await store.give_name("in use", "lesson")
    await live(store, machine, 10 * DAY, limits, used=("in use",))
    assert await is_there(store, "lesson")
    assert not await is_there(store, "other")


async def test_a_name_that_nobody_uses_any_more_is_forgotten(store: Store, machine: Clock) -> None:
    limits = Limits(seconds=2 * DAY, bytes=1 << 40)
    await store.save(make_snapshot("lesson"))
    await store.give_name("of an old edition", "lesson")
    await live(store, machine, DAY, limits)
    assert await store.find_by_name("of an old edition") == "lesson"  # a server that starts takes it up again
    await live(store, machine, DAY, limits)
    assert await is_there(store, "lesson")
    await live(store, machine, 2 * DAY, limits)
    assert await store.find_by_name("of an old edition") is None
    assert not await is_there(store, "lesson")


async def test_two_servers_that_forget_at_once_forget_once(store: Store, url: URL, machine: Clock) -> None:
    other = Store(url, patience=5)
    await other.start()
    for number in range(12):
        await store.save(make_snapshot(f"s{number}", large=3000))
    size = await size_of(store)
    limits = Limits(seconds=DAY, bytes=size // 2)
    await asyncio.gather(tidy(store, limits), tidy(other, limits))
    await other.close()
    assert size // 3 < await size_of(store) <= size // 2


async def test_a_file_grows_small_again(sqlite_store: Store, tmp_path: Path, machine: Clock) -> None:
    file = tmp_path / "gradwalk.sqlite3"
    for number in range(40):
        await sqlite_store.save(make_snapshot(f"s{number}", large=60_000))
    await tidy(sqlite_store)
    grown = file.stat().st_size
    await tidy(sqlite_store, Limits(seconds=DAY, bytes=256 << 10))
    assert grown > 2 << 20
    assert file.stat().st_size < 2 * (256 << 10)
    assert (tmp_path / "gradwalk.sqlite3-wal").stat().st_size <= 9 << 20


async def size_of(store: Store) -> int:
    async with store._connections.read() as connection:
        return int((await connection.exec_driver_sql("SELECT sum(size) FROM snapshots")).scalar() or 0)


@pytest.mark.parametrize(("since", "step"), [(60, 60), (0, 0), (-60, 0), (-(10**9), 0), (10**9, LONGEST_STEP)])
def test_the_stores_clock_never_goes_back_and_never_leaps(since: int, step: int) -> None:
    assert advance_clock(1000, since) == 1000 + step


def test_few_expired_are_selected_at_once() -> None:
    oldest = [StoredSnapshot(f"s{number}", 0, 3 << 20) for number in range(50)]
    assert select_expired(oldest, now=10, total=150 << 20, limits=Limits(5, 1 << 40)) == ["s0", "s1", "s2"]


def test_nothing_goes_within_the_limits() -> None:
    assert select_expired([StoredSnapshot("a", 0, 100)], now=5, total=100, limits=Limits(5, 100)) == []
