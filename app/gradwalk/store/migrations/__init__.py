"""The migrations of the tables, which Alembic runs at every start."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, which needs no file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, lock: Callable[[Connection], None], revision: str = "head") -> None:
    """Upgrade the tables in one transaction, by default to the newest version. `lock` keeps other servers out of it."""
    lock(connection)
    command.upgrade(configuration(connection), revision)
