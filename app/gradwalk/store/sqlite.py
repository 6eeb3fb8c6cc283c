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
"""Some 2 MB, so that a snapshot that is saved meanwhile hardly waits."""
_LOG_BYTES: Final = 8 << 20
_LEAST_ROOM: Final = 16 << 20
"""The size of one large snapshot. SQLite reuses its write-ahead log, so a small write may succeed on a full disk: only
the free space shows in time that the disk is full.
"""


def sqlite_url(data_dir: Path) -> URL:
    """Return the URL of the SQLite database inside a data folder."""
    return URL.create("sqlite+aiosqlite", database=str(data_dir / "gradwalk.sqlite3"))


class Sqlite(Database):
    """A SQLite file. SQLite allows one writer at a time and lets others fail by chance, so writers queue up."""

    single_writer = True

    def __init__(self, url: URL, patience: float) -> None:
        super().__init__(url, patience)
        named = url.database or ""
        self._file = None if named in ("", ":memory:") or named.startswith("file:") else Path(named)
        self._opened: tuple[int, int] | None = None

    def create_engine(self) -> AsyncEngine:
        """Create an engine that prepares each new connection."""
        engine = create_async_engine(self.url, connect_args={"timeout": self.patience})
        event.listen(engine.sync_engine, "connect", _prepare)
        return engine

    def lock_for_migration(self, connection: Connection) -> None:
        """Begin a transaction: Python's sqlite3 begins none before CREATE TABLE, and a second server has to wait."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def limit_wait(self, connection: Connection, seconds: float) -> None:
        """Set the busy timeout."""
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(1000 * seconds)}")

    def fault(self, error: Exception) -> Fault:
        """Choose a sentence by the text of the error: SQLAlchemy passes on stable texts, but no stable codes."""
        text = str(error)
        sentence = next((s for part, s in _REASONS.items() if part in text), UNKNOWN)
        return Fault(sentence, damaged=sentence == _DAMAGED)

    async def prepare(self, engine: AsyncEngine) -> None:
        """Remember which file this is, and enable incremental vacuum in a file of an older Gradwalk."""
        self._opened = self._identity()
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if (await alone.exec_driver_sql("PRAGMA auto_vacuum")).scalar() == _INCREMENTAL:
                return
            try:
                await alone.exec_driver_sql(f"PRAGMA auto_vacuum={_INCREMENTAL}")
                await alone.exec_driver_sql("VACUUM")
            except SQLAlchemyError as error:  # VACUUM needs as much free space as the file has, and exclusive access
                _log.warning("The snapshot database cannot be packed at this start: %s", self.fault(error).sentence)

    def was_moved(self) -> bool:
        """Compare the file at the path with the opened one: SQLite would go on writing into a moved file, where data is
        lost.
        """
        return self._opened is not None and self._identity() != self._opened

    def space_problem(self) -> str | None:
        """Check the free space of the disk."""
        if self._file is None:
            return None
        return _FULL if shutil.disk_usage(self._file.parent).free < _LEAST_ROOM else None

    async def check_integrity(self, engine: AsyncEngine) -> Fault | None:
        """Run SQLite's quick_check. It reads the whole file, which takes seconds for a large one, and does not block
        writers.
        """
        async with engine.connect() as connection:
            found = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar()
        return None if found == "ok" else Fault(_DAMAGED, damaged=True)

    async def release_some_space(self, engine: AsyncEngine) -> bool:
        """Run a step of the incremental vacuum."""
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
        """Return device and inode of the file; null when it does not exist."""
        if self._file is None:
            return None
        try:
            status = os.stat(self._file)
        except OSError:
            return None
        return status.st_dev, status.st_ino


def _prepare(connection: Any, _record: Any) -> None:
    """Set the pragmas of a new connection. `synchronous=FULL` writes each commit to the disk before the response, so
    that a snapshot survives a power cut after a 201; with the write-ahead log that costs one fsync a run. `auto_vacuum`
    must be set before the file has a page; setting it later would be a write.
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
        connection.close()  # the pool drops a connection that could not be prepared, but its thread would go on
        raise
