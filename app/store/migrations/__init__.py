"""The history of the tables, run by Alembic at every start."""

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


def upgrade(connection: Connection) -> None:
    """Brings the tables to the newest version, in one transaction."""
    if connection.dialect.name == "sqlite":
        # Python's sqlite3 begins no transaction before CREATE TABLE; and a second server that starts has to wait
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    command.upgrade(configuration(connection), "head")
