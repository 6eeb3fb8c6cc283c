"""Snapshots on a database: SQLite under the data folder, or another by URL."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import URL, Select, delete, event, insert, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.errors import IterationNotFound, SnapshotNotFound, StoreUnavailable, TensorNotFound
from app.snapshot import Snapshot
from app.store.compression import CompressedJson
from app.store.encoding import Rows, encode, find_tensor
from app.store.migrations import upgrade
from app.store.schema import iterations, pulse, snapshots, tensors

_SNAPSHOT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TENSOR_ID = re.compile(r"t(\d{1,9})")
_LARGEST_INDEX = 2**31 - 1

_LARGE_STEPS = 200
"""Recorded steps above which encoding would hold up other requests."""
_LARGE_BYTES = 64 * 1024

_REASONS = {
    "disk is full": "The disk with the snapshots is full: make room on it, then try again.",
    "locked": "The snapshot database is locked by another program: close that program, then try again.",
    "readonly": "The snapshot database cannot be written: give the server the right to write its data folder.",
    "unable to open": "The snapshot database cannot be opened: give the server the right to write its data folder.",
    "malformed": "The snapshot database is damaged: restore it from a backup, or move it away and start again.",
    "not a database": "The snapshot database is damaged: restore it from a backup, or move it away and start again.",
}
_UNKNOWN_REASON = "The snapshot database does not answer: look at the server's log, then try again."


def sqlite_url(data_dir: Path) -> URL:
    """The URL of the SQLite database inside a data folder."""
    return URL.create("sqlite+aiosqlite", database=str(data_dir / "gradwalk.sqlite3"))


class Store:
    """Immutable snapshots by id. Every method raises StoreUnavailable while the database cannot be used.

    `url`: an async SQLAlchemy URL; the constructor too raises StoreUnavailable when there is no such database.
    `patience`: seconds to wait for a database that another program has locked.
    """

    def __init__(self, url: URL | str, patience: float = 5.0) -> None:
        try:
            sqlite = make_url(url).get_backend_name() == "sqlite"
            self._engine = create_async_engine(url, connect_args={"timeout": patience} if sqlite else {})
        except (SQLAlchemyError, ImportError) as error:
            raise StoreUnavailable(f"The database URL cannot be used, correct it: {error}.") from error
        # SQLite has one writer at a time and lets the others try their luck: an orderly queue serves them all
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if sqlite else nullcontext()
        if sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)

    async def start(self) -> None:
        """Creates the tables, or brings those of an older Gradwalk up to date."""
        async with self._begin() as connection:
            await connection.run_sync(upgrade)

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()

    async def save(self, snapshot: Snapshot) -> None:
        """Stores a snapshot whole or not at all. When this returns, it survives a crash of server and machine."""
        steps = sum(len(iteration.steps) for iteration in snapshot.iterations)
        large = steps > _LARGE_STEPS or bool(snapshot.tensors)
        rows = await asyncio.to_thread(encode, snapshot) if large else encode(snapshot)
        async with self._begin() as connection:
            await _insert(connection, snapshot, rows)

    async def head(self, snapshot_id: str) -> CompressedJson:
        """SnapshotHead as JSON. Raises SnapshotNotFound."""
        column = select(snapshots.c.head).where(snapshots.c.id == snapshot_id)
        found = await self._first(column) if _SNAPSHOT_ID.fullmatch(snapshot_id) else None
        if found is None:
            raise SnapshotNotFound("No snapshot has this address: run the program again to get a new one.")
        return CompressedJson(found)

    async def iteration(self, snapshot_id: str, index: int) -> CompressedJson:
        """Iteration `index` as JSON. Raises SnapshotNotFound, IterationNotFound."""
        found = None
        if 0 <= index <= _LARGEST_INDEX:
            found = await self._first(
                select(iterations.c.body).where(iterations.c.snapshot_id == snapshot_id, iterations.c.index == index)
            )
        if found is None:
            await self.head(snapshot_id)
            raise IterationNotFound(f"This snapshot has no iteration {index}: its head lists those that it has.")
        return CompressedJson(found)

    async def tensor(self, snapshot_id: str, tensor_id: str) -> CompressedJson:
        """One whole tensor as JSON. Raises SnapshotNotFound, TensorNotFound."""
        match = _TENSOR_ID.fullmatch(tensor_id)
        number = int(match[1]) if match else -1
        found = await self._whole_tensor(snapshot_id, number) or await self._inline_tensor(snapshot_id, number)
        if found is None:
            await self.head(snapshot_id)
            raise TensorNotFound("This snapshot has no tensor with this id: take one from the snapshot's iterations.")
        return found

    async def whole_tensors(self, snapshot_id: str) -> list[str]:
        """The ids of the tensors that are too large to stand inside an iteration. None of a snapshot that is gone."""
        query = select(tensors.c.number).where(tensors.c.snapshot_id == snapshot_id).order_by(tensors.c.number)
        async with _reported(), self._engine.connect() as connection:
            return [f"t{number}" for number in (await connection.execute(query)).scalars()]

    async def check(self) -> None:
        """Writes something, as only that proves that a snapshot can be stored."""
        async with self._begin() as connection:
            await connection.execute(delete(pulse))
            await connection.execute(insert(pulse).values(id=1, beaten_at=datetime.now(UTC)))

    async def _whole_tensor(self, snapshot_id: str, number: int) -> CompressedJson | None:
        body = await self._first(
            select(tensors.c.body).where(tensors.c.snapshot_id == snapshot_id, tensors.c.number == number)
        )
        return None if body is None else CompressedJson(body)

    async def _inline_tensor(self, snapshot_id: str, number: int) -> CompressedJson | None:
        # ids are given in the order of the iterations: the last one that begins at or before this number holds it
        body = await self._first(
            select(iterations.c.body)
            .where(iterations.c.snapshot_id == snapshot_id, iterations.c.first_tensor <= number)
            .order_by(iterations.c.first_tensor.desc())
            .limit(1)
        )
        if body is None:
            return None
        iteration, tensor_id = CompressedJson(body), f"t{number}"
        large = len(body) > _LARGE_BYTES
        found = (
            await asyncio.to_thread(find_tensor, iteration, tensor_id) if large else find_tensor(iteration, tensor_id)
        )
        if found is not None and found["data"] is None:
            raise TensorNotFound(f"Tensor {tensor_id} was too large to be kept: only its statistics were.")
        return None if found is None else CompressedJson.of(orjson.dumps(found))

    async def _first(self, query: Select[bytes]) -> bytes | None:
        async with _reported(), self._engine.connect() as connection:
            return (await connection.execute(query)).scalar()

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        async with self._turn, _reported(), self._engine.begin() as connection:
            yield connection


async def _insert(connection: AsyncConnection, snapshot: Snapshot, rows: Rows) -> None:
    head = {"id": snapshot.id, "created_at": snapshot.created_at, "size": rows.size, "head": rows.head.zstd}
    await connection.execute(insert(snapshots), head)
    bodies: list[dict[str, Any]] = [
        {"snapshot_id": snapshot.id, "index": row.index, "first_tensor": row.first_tensor, "body": row.body.zstd}
        for row in rows.iterations
    ]
    whole: list[dict[str, Any]] = [
        {"snapshot_id": snapshot.id, "number": row.number, "body": row.body.zstd} for row in rows.tensors
    ]
    if bodies:
        await connection.execute(insert(iterations), bodies)
    if whole:
        await connection.execute(insert(tensors), whole)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """FULL makes each commit reach the disk before it is answered, so that a 201 survives a power cut too; with the
    write-ahead log that is one fsync a run.
    """
    try:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # the pool forgets a connection that could not be prepared, and its thread would stay
        raise


@asynccontextmanager
async def _reported() -> AsyncIterator[None]:
    """Whatever the database raises, as StoreUnavailable with a sentence that says what to do."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        text = str(error)
        sentence = next((s for part, s in _REASONS.items() if part in text), _UNKNOWN_REASON)
        raise StoreUnavailable(sentence) from error
