"""Snapshots in a SQLite file."""

import logging
import os
import shutil
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gradwalk.store.database import UNKNOWN, Database, Fault

_log = logging.getLogger(__name__)

_DAMAGED: Final = "The snapshot database is damaged: restore it from a backup, or move it away and start again."
_FULL: Final = "The disk with the snapshots is full: make room on it, then try again."
_REASONS: Final = {
    "disk is full": _FULL,
    "locked": "The snapshot database is locked by another program: close that program, then try again.",
    "readonly": "The snapshot database cannot be written: give the server the right to write its data folder.",
    "unable to open": "The snapshot database cannot be opened: give the server the right to write its data folder.",
    "disk I/O error": "The disk with the snapshots fails or is full: look at it, then try again.",
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
}
_INCREMENTAL: Final = 2
_PAGES_AT_ONCE: Final = 500
"""Some 2 MB: whoever wants to save a snapshot meanwhile does not notice."""
_LOG_BYTES: Final = 8 << 20
_LEAST_ROOM: Final = 16 << 20
"""One large snapshot. The log of writes is used again from its start, so that a small write may succeed on a disk that
is full: only this tells in time.
"""


def sqlite_url(data_dir: Path) -> URL:
    """The URL of the SQLite database inside a data folder."""
    return URL.create("sqlite+aiosqlite", database=str(data_dir / "gradwalk.sqlite3"))


class Sqlite(Database):
    """A file. It has one writer at a time and lets the others try their luck: an orderly queue serves them all."""

    single_writer = True

    def __init__(self, url: URL, patience: float) -> None:
        super().__init__(url, patience)
        named = url.database or ""
        self._file = None if named in ("", ":memory:") or named.startswith("file:") else Path(named)
        self._opened: tuple[int, int] | None = None

    def create_engine(self) -> AsyncEngine:
        """See Database.create_engine."""
        engine = create_async_engine(self.url, connect_args={"timeout": self.patience})
        event.listen(engine.sync_engine, "connect", _prepare)
        return engine

    def begin_alone(self, connection: Connection) -> None:
        """Python's sqlite3 begins no transaction before CREATE TABLE; and a second server that starts has to wait."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def limit_wait(self, connection: Connection, seconds: float) -> None:
        """See Database.limit_wait."""
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(1000 * seconds)}")

    def fault(self, error: Exception) -> Fault:
        """SQLite's errors have no stable codes in what SQLAlchemy hands on, but stable texts."""
        text = str(error)
        sentence = next((s for part, s in _REASONS.items() if part in text), UNKNOWN)
        return Fault(sentence, damaged=sentence == _DAMAGED)

    async def settle(self, engine: AsyncEngine) -> None:
        """Remembers which file this is, and lets a file of an older Gradwalk give its space back from now on."""
        self._opened = self._identity()
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if (await alone.exec_driver_sql("PRAGMA auto_vacuum")).scalar() == _INCREMENTAL:
                return
            try:
                await alone.exec_driver_sql(f"PRAGMA auto_vacuum={_INCREMENTAL}")
                await alone.exec_driver_sql("VACUUM")
            except SQLAlchemyError as error:  # it needs as much room again as the file has, and the file for itself
                _log.warning("The snapshot database cannot be packed at this start: %s", self.fault(error).sentence)

    def was_moved(self) -> bool:
        """SQLite would go on writing into a file that was moved away: what it stores there is lost."""
        return self._opened is not None and self._identity() != self._opened

    def lacks_room(self) -> str | None:
        """See Database.lacks_room."""
        if self._file is None:
            return None
        return _FULL if shutil.disk_usage(self._file.parent).free < _LEAST_ROOM else None

    async def examine(self, engine: AsyncEngine) -> Fault | None:
        """See Database.examine. Reads the whole file, beside whoever writes; seconds for a large one."""
        async with engine.connect() as connection:
            found = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar()
        return None if found == "ok" else Fault(_DAMAGED, damaged=True)

    async def give_back_some(self, engine: AsyncEngine) -> bool:
        """See Database.give_back_some."""
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            free = (await alone.exec_driver_sql("PRAGMA freelist_count")).scalar() or 0
            if free == 0 or (await alone.exec_driver_sql("PRAGMA auto_vacuum")).scalar() != _INCREMENTAL:
                return False
            (await alone.exec_driver_sql(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")).close()
            (await alone.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")).close()
            left: int = (await alone.exec_driver_sql("PRAGMA freelist_count")).scalar() or 0
            return 0 < left < free

    def _identity(self) -> tuple[int, int] | None:
        """The file's device and number; null when it is not there."""
        if self._file is None:
            return None
        try:
            status = os.stat(self._file)
        except OSError:
            return None
        return status.st_dev, status.st_ino


def _prepare(connection: Any, _record: Any) -> None:
    """FULL makes each commit reach the disk before it is answered, so that a 201 survives a power cut too; with the
    write-ahead log that is one fsync a run. auto_vacuum must be set before there is a page, and is a write after that.
    """
    pragmas = ("journal_mode=WAL", f"journal_size_limit={_LOG_BYTES}", "synchronous=FULL", "foreign_keys=ON")
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_count")
        if cursor.fetchone() == (0,):
            cursor.execute(f"PRAGMA auto_vacuum={_INCREMENTAL}")
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # the pool forgets a connection that could not be prepared, and its thread would stay
        raise
