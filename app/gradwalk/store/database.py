"""What differs between the databases that can hold snapshots. Each has a module of its own."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine

UNKNOWN: Final = "The snapshot database does not answer: look at the server's log, then try again."


@dataclass(frozen=True)
class Fault:
    """Why a database could not be used: `sentence` says what to do. `damaged`: its content cannot be trusted."""

    sentence: str
    damaged: bool = False


class Database(ABC):
    """One kind of database. `patience`: seconds to wait for one that another program has locked."""

    single_writer: bool
    """Whether writers must queue up: such a database lets all but one of them fail."""

    def __init__(self, url: URL, patience: float) -> None:
        self.url = url
        self.patience = patience

    @abstractmethod
    def create_engine(self) -> AsyncEngine:
        """An engine that nothing is connected to yet. Raises SQLAlchemyError, ImportError."""

    @abstractmethod
    def begin_alone(self, connection: Connection) -> None:
        """Waits until no other server migrates, and keeps them out until the transaction ends."""

    @abstractmethod
    def fault(self, error: Exception) -> Fault:
        """What an error of the driver means."""

    def limit_wait(self, connection: Connection, seconds: float) -> None:
        """Lets this connection wait for a lock no longer than this."""
        return

    async def settle(self, engine: AsyncEngine) -> None:
        """What has to be done once the tables are there, outside any transaction."""
        return

    def was_moved(self) -> bool:
        """Whether what was opened is no longer what is found at the URL."""
        return False

    def lacks_room(self) -> str | None:
        """A sentence when there is not even room for one more snapshot, as far as this can be seen from here."""
        return None

    async def examine(self, engine: AsyncEngine) -> Fault | None:
        """Looks through all of the database for damage, as far as this can be done from here."""
        return None

    async def give_back_some(self, engine: AsyncEngine) -> bool:
        """Gives a little of the space of deleted rows back to the disk; true when there is more."""
        return False
