"""The interface to a kind of database that can hold snapshots. Each kind has a module of its own."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine

UNKNOWN: Final = "The snapshot database does not answer: look at the server's log, then try again."


@dataclass(frozen=True)
class Fault:
    """The reason why a database cannot be used. `sentence` says what to do; `damaged`: the content cannot be
    trusted.
    """

    sentence: str
    damaged: bool = False


class Database(ABC):
    """One kind of database. `patience`: seconds to wait when another program has locked it."""

    single_writer: bool
    """True when writers must queue up, because the database would let all but one of them fail."""

    def __init__(self, url: URL, patience: float) -> None:
        self.url = url
        self.patience = patience

    @abstractmethod
    def create_engine(self) -> AsyncEngine:
        """Create an engine without any connection. Raises SQLAlchemyError, ImportError."""

    @abstractmethod
    def lock_for_migration(self, connection: Connection) -> None:
        """Wait until no other server migrates, and lock them out until the transaction ends."""

    @abstractmethod
    def fault(self, error: Exception) -> Fault:
        """Return the meaning of an error of the driver."""

    def limit_wait(self, connection: Connection, seconds: float) -> None:
        """Limit the time that this connection waits for a lock."""
        return

    async def prepare(self, engine: AsyncEngine) -> None:
        """Prepare the database once the tables exist. Runs outside any transaction."""
        return

    def was_moved(self) -> bool:
        """Return true when the URL no longer leads to the database that was opened."""
        return False

    def space_problem(self) -> str | None:
        """Return a sentence when the disk has no space for one more snapshot; null when it has, or when that is
        unknown.
        """
        return None

    async def check_integrity(self, engine: AsyncEngine) -> Fault | None:
        """Check the whole database for damage, where the database offers such a check."""
        return None

    async def release_some_space(self, engine: AsyncEngine) -> bool:
        """Return some space of deleted rows to the disk. The result is true when there is more."""
        return False
