"""The history of the tables, run by Alembic at every start."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without any file of it."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, begin_alone: Callable[[Connection], None], revision: str = "head") -> None:
    """Brings the tables to the newest version, in one transaction. `begin_alone` keeps other servers out of it."""
    begin_alone(connection)
    command.upgrade(configuration(connection), revision)
