"""The way to the database: opened, opened again when its file was moved, and every error of it told in a sentence."""

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


class Connections:
    """Connections to one database. Every method raises StoreUnavailable while the database cannot be used.

    The constructor too raises StoreUnavailable when there is no such kind of database.
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
        """Creates the tables, or brings those of an older Gradwalk up to date."""
        async with self._turn, self._reported():
            await self._open()

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes. All of it is stored at the end, or nothing."""
        asked = time.monotonic()
        async with self._turn, self._reported():
            if self._database.was_moved():
                await self._open()
            async with self._engine.begin() as connection:
                # a database that stays locked must not let each in the queue wait as long as the first
                late = time.monotonic() - asked
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
        """A connection that only reads."""
        async with self._reported():
            if self._database.was_moved():
                await self._open_in_turn()
            async with self._engine.connect() as connection:
                yield connection

    async def require_sound(self) -> None:
        """Raises StoreUnavailable while damage is known or no room is left."""
        async with self._reported():
            lacking = self._database.lacks_room()
        if lacking is not None:
            raise StoreUnavailable(lacking)
        if self._damage is not None:
            await self.examine()
        if self._damage is not None:
            raise StoreUnavailable(self._damage.sentence)

    async def examine(self) -> None:
        """Looks through the whole database; damage is remembered until it is gone."""
        async with self._reported():
            self._damage = await self._database.examine(self._engine)

    async def give_back_some(self) -> bool:
        """Gives a little of the space of deleted rows back to the disk; true when there is more."""
        async with self._turn, self._reported():
            return await self._database.give_back_some(self._engine)

    @property
    def _patience(self) -> float:
        return self._database.patience

    async def _open_in_turn(self) -> None:
        async with self._turn:
            if self._database.was_moved():  # nobody has opened it meanwhile
                await self._open()

    async def _open(self) -> None:
        await self._engine.dispose()
        async with self._engine.begin() as connection:
            await connection.run_sync(upgrade, self._database.begin_alone)
        await self._database.settle(self._engine)
        self._damage = None

    @asynccontextmanager
    async def _reported(self) -> AsyncIterator[None]:
        """Whatever the database raises, as StoreUnavailable with a sentence that says what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            fault = self._database.fault(error)
            if fault.damaged:
                self._damage = fault
                await self._engine.dispose()  # what was read of it into memory is of no use either
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
