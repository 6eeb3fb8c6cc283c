"""Snapshots on a database: SQLite under the data folder, or PostgreSQL by URL."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import orjson
from sqlalchemy import URL, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gradwalk.contract.snapshot import Snapshot
from gradwalk.errors import IterationNotFound, SnapshotNotFound, StoreUnavailable, TensorNotFound
from gradwalk.store.compressed_json import CompressedJson
from gradwalk.store.database_connections import DatabaseConnections
from gradwalk.store.retention import (
    NOW,
    Holdings,
    Limits,
    count_holdings,
    delete_some_expired,
    read_clock,
    renew_names,
)
from gradwalk.store.schema import iterations, names, snapshots, tensors, twins
from gradwalk.store.snapshot_rows import Rows, as_twin, encode_snapshot, find_tensor

_log = logging.getLogger(__name__)

T = TypeVar("T")

_SNAPSHOT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TENSOR_ID = re.compile(r"t(\d{1,9})")
_LARGEST_INDEX = 2**31 - 1

_LARGE_STEPS = 200
"""The number of recorded steps above which encoding would hold up other requests."""
_LARGE_BYTES = 64 * 1024


class Store:
    """Immutable snapshots by id. Every method raises StoreUnavailable while the database cannot be used.

    `url`: an async SQLAlchemy URL; the constructor too raises StoreUnavailable when there is no such database.
    `patience`: seconds to wait when another program has locked the database.
    """

    def __init__(self, url: URL | str, patience: float = 5.0) -> None:
        self._connections = DatabaseConnections(url, patience)
        self._on_growth: Callable[[int], None] | None = None

    async def start(self) -> None:
        """Create the tables, or upgrade those of an older Gradwalk."""
        await self._connections.open()

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()

    def on_growth(self, callback: Callable[[int], None]) -> None:
        """Call `callback` with the size in bytes of every snapshot that is stored from now on."""
        self._on_growth = callback

    async def save(self, snapshot: Snapshot) -> None:
        """Store a snapshot completely or not at all. After the return it survives a crash of server and machine."""
        steps = sum(len(iteration.steps) for iteration in snapshot.iterations)
        large = steps > _LARGE_STEPS or bool(snapshot.tensors)
        rows = await asyncio.to_thread(encode_snapshot, snapshot) if large else encode_snapshot(snapshot)
        async with self._connections.begin() as connection:
            await _insert(connection, snapshot, rows)
        if self._on_growth is not None:
            self._on_growth(rows.size)

    async def head(self, snapshot_id: str) -> CompressedJson:
        """Return the SnapshotHead as JSON. Raises SnapshotNotFound."""
        _require_id(snapshot_id)
        found = await self._body(select(snapshots.c.head).where(snapshots.c.id == snapshot_id))
        if found is None:
            raise _not_found()
        return found

    async def iteration(self, snapshot_id: str, index: int) -> CompressedJson:
        """Return iteration `index` as JSON. Raises SnapshotNotFound, IterationNotFound."""
        _require_id(snapshot_id)
        found = None
        if 0 <= index <= _LARGEST_INDEX:
            found = await self._body(
                select(iterations.c.body).where(iterations.c.snapshot_id == snapshot_id, iterations.c.index == index)
            )
        if found is None:
            await self.head(snapshot_id)
            raise IterationNotFound(f"This snapshot has no iteration {index}: its head lists those that it has.")
        return found

    async def tensor(self, snapshot_id: str, tensor_id: str) -> CompressedJson:
        """Return one whole tensor as JSON. Raises SnapshotNotFound, TensorNotFound."""
        _require_id(snapshot_id)
        match = _TENSOR_ID.fullmatch(tensor_id)
        number = int(match[1]) if match else -1
        found = await self._whole_tensor(snapshot_id, number) or await self._inline_tensor(snapshot_id, number)
        if found is None:
            await self.head(snapshot_id)
            raise TensorNotFound("This snapshot has no tensor with this id: take one from the snapshot's iterations.")
        return found

    async def whole_tensors(self, snapshot_id: str) -> list[str]:
        """Return the ids of the tensors that are too large to be stored inside an iteration. Empty for a deleted
        snapshot.
        """
        own, shared = (select(t.c.number).where(t.c.snapshot_id == snapshot_id) for t in (tensors, twins))
        async with self._connections.read() as connection:
            numbers = (await connection.execute(own.union(shared))).scalars()
            return [f"t{number}" for number in sorted(numbers)]

    async def check_writable(self) -> None:
        """Check that a snapshot can be stored. Only a write proves that: this advances the store's clock."""
        async with self._connections.begin() as connection:
            await read_clock(connection)
        await self._connections.require_usable()

    async def holdings(self) -> Holdings:
        """Return how much is in the store."""
        async with self._connections.read() as connection:
            return await count_holdings(connection)

    async def find_by_name(self, name: str) -> str | None:
        """Return the id of the snapshot that has this name. It is kept for as long as a server uses the name."""
        find = update(names).where(names.c.name == name).values(used_at=NOW).returning(names.c.snapshot_id)
        async with self._connections.begin() as connection:
            found: str | None = (await connection.execute(find)).scalar()
        return found

    async def give_name(self, name: str, snapshot_id: str) -> str:
        """Give a snapshot a name. Return the id of the snapshot that has the name now: another server may have been
        first.
        """
        give = insert(names).values(name=name, snapshot_id=snapshot_id, used_at=NOW)
        async with self._connections.begin() as connection:
            with suppress(IntegrityError):
                async with connection.begin_nested():
                    await connection.execute(give)
            rows = await connection.execute(select(names.c.snapshot_id).where(names.c.name == name))
        holder: str = rows.scalar_one()
        return holder

    async def renew_names(self, used: Sequence[str], limits: Limits) -> None:
        """Mark these names as used now, and delete the names that no server uses any more."""
        async with self._connections.begin() as connection:
            await renew_names(connection, used, await read_clock(connection), limits)

    async def delete_some_expired(self, limits: Limits) -> bool:
        """Delete some expired snapshots, or return some of their space to the disk. The result is true when there may
        be more to do. Each call is short, so that no snapshot has to wait long to be saved.
        """
        async with self._connections.begin() as connection:
            deleted = await delete_some_expired(connection, await read_clock(connection), limits)
        return await self._connections.release_some_space() or deleted

    async def check_integrity(self) -> None:
        """Check the whole database for damage, which `check_writable` then reports. Takes seconds for a large
        database.
        """
        await self._connections.check_integrity()

    async def _whole_tensor(self, snapshot_id: str, number: int) -> CompressedJson | None:
        of = select(twins.c.of).where(twins.c.snapshot_id == snapshot_id, twins.c.number == number).scalar_subquery()
        own = tensors.c.number == func.coalesce(of, number)
        async with self._connections.read() as connection:
            rows = await connection.execute(
                select(tensors.c.number, tensors.c.body).where(tensors.c.snapshot_id == snapshot_id, own)
            )
            row = rows.one_or_none()
        if row is None:
            return None
        body = await _intact_body(row.body)
        return (
            body
            if row.number == number
            else await _in_thread_if_large(len(row.body), as_twin, body, row.number, number)
        )

    async def _inline_tensor(self, snapshot_id: str, number: int) -> CompressedJson | None:
        # ids are given in the order of the iterations: the last one that begins at or before this number holds it
        iteration = await self._body(
            select(iterations.c.body)
            .where(iterations.c.snapshot_id == snapshot_id, iterations.c.first_tensor <= number)
            .order_by(iterations.c.first_tensor.desc())
            .limit(1)
        )
        if iteration is None:
            return None
        tensor_id = f"t{number}"
        found = await _in_thread_if_large(len(iteration.zstd), find_tensor, iteration, tensor_id)
        if found is not None and found["data"] is None:
            raise TensorNotFound(f"Tensor {tensor_id} was too large to be kept: only its statistics were.")
        return None if found is None else CompressedJson.of(orjson.dumps(found))

    async def _body(self, query: Select[bytes]) -> CompressedJson | None:
        async with self._connections.read() as connection:
            stored = (await connection.execute(query)).scalar()
        return None if stored is None else await _intact_body(stored)


async def _intact_body(stored: bytes) -> CompressedJson:
    """Return a stored body after verifying its checksum: neither the disk nor SQLite notices changed bytes. Raises
    StoreUnavailable.
    """
    body = CompressedJson(stored)
    if not await _in_thread_if_large(len(stored), body.is_intact):
        _log.error("A stored body is damaged.")
        raise StoreUnavailable("This snapshot is damaged: run the program again to get a new one.")
    return body


async def _in_thread_if_large(size: int, function: Callable[..., T], *arguments: Any) -> T:
    """Call the function, in a worker thread when it has many bytes to process, so that other requests do not wait."""
    return await asyncio.to_thread(function, *arguments) if size > _LARGE_BYTES else function(*arguments)


def _require_id(snapshot_id: str) -> None:
    if not _SNAPSHOT_ID.fullmatch(snapshot_id):
        raise _not_found()


def _not_found() -> SnapshotNotFound:
    return SnapshotNotFound("No snapshot has this address, or none any more: run the program again to get a new one.")


async def _insert(connection: AsyncConnection, snapshot: Snapshot, rows: Rows) -> None:
    head = {"id": snapshot.id, "created_at": snapshot.created_at, "size": rows.size, "head": rows.head.zstd}
    await connection.execute(insert(snapshots).values(stored_at=NOW), head)
    bodies: list[dict[str, Any]] = [
        {"snapshot_id": snapshot.id, "index": row.index, "first_tensor": row.first_tensor, "body": row.body.zstd}
        for row in rows.iterations
    ]
    whole: list[dict[str, Any]] = [
        {"snapshot_id": snapshot.id, "number": row.number, "body": row.body.zstd} for row in rows.tensors
    ]
    equal: list[dict[str, Any]] = [
        {"snapshot_id": snapshot.id, "number": row.number, "of": row.of} for row in rows.twins
    ]
    for table, values in ((iterations, bodies), (tensors, whole), (twins, equal)):
        if values:
            await connection.execute(insert(table), values)
