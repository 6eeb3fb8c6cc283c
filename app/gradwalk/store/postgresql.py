"""Snapshots on a PostgreSQL server, which several Gradwalk servers may share."""

import math
from typing import Any, Final

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gradwalk.store.database import UNKNOWN, Database, Fault

DRIVER: Final = "postgresql+psycopg"

_MIGRATIONS: Final = 0x67726164_77616C6B
"""The number of the advisory lock that a server holds while it migrates: "gradwalk" in ASCII."""
_MIGRATION_SECONDS: Final = 300
_STATEMENT_SECONDS: Final = 60

_SENTENCES: Final = {
    "08": "The PostgreSQL server broke the connection: look whether it runs, then try again.",
    "28": "The PostgreSQL server refuses the user or the password: correct them in GRADWALK_DATABASE_URL.",
    "3D": "The PostgreSQL server has no such database: create it, or correct GRADWALK_DATABASE_URL.",
    "42501": "The PostgreSQL user may not do this: give it the right to create and write tables.",
    "25006": "The PostgreSQL server takes no writes now: point GRADWALK_DATABASE_URL to the primary server.",
    "53100": "The disk of the PostgreSQL server is full: make room on it, then try again.",
    "53300": "The PostgreSQL server has no connection left: raise its max_connections, then try again.",
    "55P03": "The snapshot tables are locked by another program: close that program, then try again.",
    "57": "The PostgreSQL server stops or starts: try again in a moment.",
    "58": "The disk of the PostgreSQL server fails: look at its log.",
    "XX001": "The snapshot database is damaged: restore it from a backup.",
    "XX002": "The snapshot database is damaged: restore it from a backup.",
}
"""The sentences by SQLSTATE or by its class, from the appendix "PostgreSQL Error Codes"."""
_UNREACHABLE: Final = "The PostgreSQL server does not answer: start it, or correct GRADWALK_DATABASE_URL."


class Postgresql(Database):
    """A PostgreSQL database, used through psycopg 3 even if the URL names another driver or none."""

    single_writer = False

    def __init__(self, url: URL, patience: float) -> None:
        super().__init__(url.set(drivername=DRIVER), patience)

    def create_engine(self) -> AsyncEngine:
        """Create an engine that tests connections before it uses them, so that no request fails after a restart of
        PostgreSQL.
        """
        milliseconds = {"lock_timeout": self.patience, "statement_timeout": _STATEMENT_SECONDS}
        arguments: dict[str, Any] = {
            "connect_timeout": max(2, math.ceil(self.patience)),
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 30,
        }
        if "options" not in self.url.query:
            arguments["options"] = " ".join(f"-c {name}={round(1000 * s)}" for name, s in milliseconds.items())
        # parameters in the URL take precedence
        arguments = {name: value for name, value in arguments.items() if name not in self.url.query}
        return create_async_engine(self.url, connect_args=arguments, pool_pre_ping=True)

    def lock_for_migration(self, connection: Connection) -> None:
        """Take an advisory lock, for which other servers wait."""
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_MIGRATION_SECONDS}s'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_MIGRATION_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATIONS})")

    def fault(self, error: Exception) -> Fault:
        """Choose a sentence by SQLSTATE."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        state = getattr(cause, "sqlstate", None)
        if state is None:
            connects = type(cause).__name__ in ("OperationalError", "ConnectionTimeout") or isinstance(cause, OSError)
            return Fault(_UNREACHABLE if connects else UNKNOWN)
        sentence = _SENTENCES.get(state) or _SENTENCES.get(state[:2], UNKNOWN)
        return Fault(sentence, damaged=state.startswith("XX"))
