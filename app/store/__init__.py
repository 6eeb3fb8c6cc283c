"""Snapshots that survive: SQLite by default, another database by URL."""

from app.store.compression import CompressedJson
from app.store.store import Store, sqlite_url

__all__ = ["CompressedJson", "Store", "sqlite_url"]
