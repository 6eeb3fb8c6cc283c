"""How long snapshots are kept: by age, by total size, and as long as a name holds them.

Age is told by a clock of the store's own, which is one row in it. The machine's clock may jump: into the future for a
moment, when its battery or its network is new, and then everything would be old at once. The store's clock goes forward
by what the machine's clock went on since it was last read, but never back and never by more than LONGEST_STEP. So a
jump costs hours, and while no server runs, nothing ages.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gradwalk.store.schema import clock, names, snapshots

LONGEST_STEP: Final = 2 * 3600
"""Seconds. Twice the longest time between two readings."""

_MOST_AT_ONCE: Final = 50
_MOST_BYTES_AT_ONCE: Final = 8 << 20
"""Deleted in one transaction: whoever wants to save a snapshot meanwhile does not notice."""

NOW: Final[ColumnElement[int]] = select(clock.c.seconds).scalar_subquery()
"""The store's clock, for a statement that writes a row."""


@dataclass(frozen=True)
class Limits:
    """What is kept: nothing older than `seconds` by the store's clock, and no more than `bytes` in total."""

    seconds: int
    bytes: int


@dataclass(frozen=True)
class Holdings:
    """What is in a store: snapshots, and the bytes of all of them together."""

    snapshots: int
    size: int


class Kept(NamedTuple):
    """What retention sees of a snapshot."""

    id: str
    stored_at: int
    size: int


def victims(oldest: Iterable[Kept], now: int, total: int, limits: Limits) -> list[str]:
    """Those that have to go, of the oldest ones. `total`: bytes of all snapshots."""
    found: list[str] = []
    freed = 0
    for kept in oldest:
        too_old = now - kept.stored_at > limits.seconds
        if freed >= _MOST_BYTES_AT_ONCE or not (too_old or total - freed > limits.bytes):
            break
        found.append(kept.id)
        freed += kept.size
    return found


def advanced(seconds: int, since: int) -> int:
    """The store's clock, when the machine's clock went on by `since` seconds; it may have gone back."""
    return seconds + min(max(since, 0), LONGEST_STEP)


async def read_clock(connection: AsyncConnection) -> int:
    """Brings the store's clock forward and gives it back, in seconds."""
    row = (await connection.execute(select(clock.c.seconds, clock.c.read_at).with_for_update())).one()
    read_at = int(time.time())
    seconds = advanced(row.seconds, read_at - row.read_at)
    await connection.execute(update(clock).values(seconds=seconds, read_at=read_at))
    return seconds


async def count(connection: AsyncConnection) -> Holdings:
    """How much there is."""
    query = select(func.count(), func.coalesce(func.sum(snapshots.c.size), 0)).select_from(snapshots)
    number, size = (await connection.execute(query)).one()
    return Holdings(number, int(size))


async def delete_some(connection: AsyncConnection, now: int, limits: Limits) -> bool:
    """Deletes the oldest of what has to go. True when there may be more of it."""
    total = (await connection.execute(select(func.coalesce(func.sum(snapshots.c.size), 0)))).scalar_one()
    named = select(names.c.snapshot_id)
    rows = await connection.execute(
        select(snapshots.c.id, snapshots.c.stored_at, snapshots.c.size)
        .where(snapshots.c.id.not_in(named))
        .order_by(snapshots.c.stored_at, snapshots.c.created_at)
        .limit(_MOST_AT_ONCE)
    )
    found = victims((Kept(*row) for row in rows), now, total, limits)
    if found:
        await connection.execute(delete(snapshots).where(snapshots.c.id.in_(found), snapshots.c.id.not_in(named)))
    return bool(found)


async def renew(connection: AsyncConnection, used: Sequence[str], now: int, limits: Limits) -> None:
    """Tells that these names are in use, and drops those that nobody has used for as long as snapshots are kept."""
    await connection.execute(update(names).where(names.c.name.in_(used)).values(used_at=now))
    await connection.execute(delete(names).where(names.c.used_at < now - limits.seconds))
