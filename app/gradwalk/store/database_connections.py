"""The connections to the database: they are opened again when its file was moved, and report every error in a
sentence.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from gradwalk.errors import StoreUnavailable
from gradwalk.store.database import Database, Fault
from gradwalk.store.migrations import upgrade
from gradwalk.store.postgresql import Postgresql
from gradwalk.store.sqlite import Sqlite

_KINDS: Final[dict[str, type[Database]]] = {"sqlite": Sqlite, "postgresql": Postgresql, "postgres": Postgresql}
_LEAST_PATIENCE: Final = 0.1
_NOTICED_SECONDS: Final = 0.5


class DatabaseConnections:
    """The connections to one database. Every method raises StoreUnavailable while the database cannot be used. The
    constructor raises it too, when there is no such kind of database.
    """

    def __init__(self, url: URL | str, patience: float) -> None:
        self._database = _database(url, patience)
        try:
            self._engine = self._database.create_engine()
        except (SQLAlchemyError, ImportError) as error:
            raise _unusable(str(error)) from error
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self._database.single_writer else nullcontext()
        self._damage: Fault | None = None

    async def open(self) -> None:
        """Create the tables, or upgrade those of an older Gradwalk."""
        async with self._turn, self._reported():
            await self._open()

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes. Either all of it is stored at the end, or nothing."""
        requested = time.monotonic()
        async with self._turn, self._reported():
            if self._database.was_moved():
                await self._open()
            async with self._engine.begin() as connection:
                # when a database stays locked, those in the queue must not each wait as long as the first
                late = time.monotonic() - requested
                if late < _NOTICED_SECONDS:
                    yield connection
                    return
                await connection.run_sync(self._database.limit_wait, max(_LEAST_PATIENCE, self._patience - late))
                try:
                    yield connection
                finally:
                    await connection.run_sync(self._database.limit_wait, self._patience)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads."""
        async with self._reported():
            if self._database.was_moved():
                await self._open_in_turn()
            async with self._engine.connect() as connection:
                yield connection

    async def require_usable(self) -> None:
        """Raise StoreUnavailable while the database is known to be damaged or the disk is full."""
        async with self._reported():
            problem = self._database.space_problem()
        if problem is not None:
            raise StoreUnavailable(problem)
        if self._damage is not None:
            await self.check_integrity()
        if self._damage is not None:
            raise StoreUnavailable(self._damage.sentence)

    async def check_integrity(self) -> None:
        """Check the whole database for damage, and remember damage until it is repaired."""
        async with self._reported():
            self._damage = await self._database.check_integrity(self._engine)

    async def release_some_space(self) -> bool:
        """Return some space of deleted rows to the disk. The result is true when there is more."""
        async with self._turn, self._reported():
            return await self._database.release_some_space(self._engine)

    @property
    def _patience(self) -> float:
        return self._database.patience

    async def _open_in_turn(self) -> None:
        async with self._turn:
            if self._database.was_moved():  # no other request has opened it meanwhile
                await self._open()

    async def _open(self) -> None:
        await self._engine.dispose()
        async with self._engine.begin() as connection:
            await connection.run_sync(upgrade, self._database.lock_for_migration)
        await self._database.prepare(self._engine)
        self._damage = None

    @asynccontextmanager
    async def _reported(self) -> AsyncIterator[None]:
        """Turn every error of the database into StoreUnavailable, with a sentence that says what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            fault = self._database.fault(error)
            if fault.damaged:
                self._damage = fault
                await self._engine.dispose()  # what its connections have cached in memory cannot be trusted either
            raise StoreUnavailable(fault.sentence) from error


def _database(url: URL | str, patience: float) -> Database:
    try:
        parsed = make_url(url)
        kind = _KINDS.get(parsed.get_backend_name())
    except SQLAlchemyError as error:
        raise _unusable(str(error)) from error
    if kind is None:
        raise _unusable(f"{parsed.get_backend_name()} is neither sqlite+aiosqlite nor postgresql")
    return kind(parsed, patience)


def _unusable(reason: str) -> StoreUnavailable:
    return StoreUnavailable(f"The database URL cannot be used, correct it: {reason}.")
