"""The retention of snapshots: they are deleted by age and by total size, except those with a name.

The age is measured by a clock of the store's own, which is one row in it. The machine's clock may jump into the future
for a moment, for example when its battery fails, and then all snapshots would be old at once. The store's clock
advances by the same time as the machine's clock since the last reading, but never backwards and never by more than
LONGEST_STEP. So a jump costs at most hours, and while no server runs, nothing ages.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gradwalk.store.schema import clock, names, snapshots

LONGEST_STEP: Final = 2 * 3600
"""The longest step in seconds: twice the longest time between two readings."""

_MOST_AT_ONCE: Final = 50
_MOST_BYTES_AT_ONCE: Final = 8 << 20
"""The most that is deleted in one transaction, so that a snapshot that is saved meanwhile hardly waits."""

NOW: Final[ColumnElement[int]] = select(clock.c.seconds).scalar_subquery()
"""The store's clock as an expression, for a statement that writes a row."""


@dataclass(frozen=True)
class Limits:
    """The limits of a store: no snapshot older than `seconds` by the store's clock, and no more than `bytes` in
    total.
    """

    seconds: int
    bytes: int


@dataclass(frozen=True)
class Holdings:
    """The content of a store: the number of snapshots, and their total size in bytes."""

    snapshots: int
    size: int


class StoredSnapshot(NamedTuple):
    """The columns of a snapshot that decide how long it is kept."""

    id: str
    stored_at: int
    size: int


def select_expired(oldest: Iterable[StoredSnapshot], now: int, total: int, limits: Limits) -> list[str]:
    """Return the ids of those of the oldest snapshots that must be deleted now. `total`: bytes of all snapshots."""
    found: list[str] = []
    freed = 0
    for snapshot in oldest:
        too_old = now - snapshot.stored_at > limits.seconds
        if freed >= _MOST_BYTES_AT_ONCE or not (too_old or total - freed > limits.bytes):
            break
        found.append(snapshot.id)
        freed += snapshot.size
    return found


def advance_clock(seconds: int, since: int) -> int:
    """Return the store's clock after the machine's clock has advanced by `since` seconds, which may be negative."""
    return seconds + min(max(since, 0), LONGEST_STEP)


async def read_clock(connection: AsyncConnection) -> int:
    """Advance the store's clock and return it, in seconds."""
    row = (await connection.execute(select(clock.c.seconds, clock.c.read_at).with_for_update())).one()
    read_at = int(time.time())
    seconds = advance_clock(row.seconds, read_at - row.read_at)
    await connection.execute(update(clock).values(seconds=seconds, read_at=read_at))
    return seconds


async def count_holdings(connection: AsyncConnection) -> Holdings:
    """Count the snapshots and their bytes."""
    query = select(func.count(), func.coalesce(func.sum(snapshots.c.size), 0)).select_from(snapshots)
    number, size = (await connection.execute(query)).one()
    return Holdings(number, int(size))


async def delete_some_expired(connection: AsyncConnection, now: int, limits: Limits) -> bool:
    """Delete the oldest expired snapshots. The result is true when there may be more."""
    total = (await connection.execute(select(func.coalesce(func.sum(snapshots.c.size), 0)))).scalar_one()
    named = select(names.c.snapshot_id)
    rows = await connection.execute(
        select(snapshots.c.id, snapshots.c.stored_at, snapshots.c.size)
        .where(snapshots.c.id.not_in(named))
        .order_by(snapshots.c.stored_at, snapshots.c.created_at)
        .limit(_MOST_AT_ONCE)
    )
    found = select_expired((StoredSnapshot(*row) for row in rows), now, total, limits)
    if found:
        await connection.execute(delete(snapshots).where(snapshots.c.id.in_(found), snapshots.c.id.not_in(named)))
    return bool(found)


async def renew_names(connection: AsyncConnection, used: Sequence[str], now: int, limits: Limits) -> None:
    """Mark these names as used now, and delete names that no server has used for as long as snapshots are kept."""
    await connection.execute(update(names).where(names.c.name.in_(used)).values(used_at=now))
    await connection.execute(delete(names).where(names.c.used_at < now - limits.seconds))
