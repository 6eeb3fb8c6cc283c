"""Snapshots that survive: on SQLite by default, on PostgreSQL by URL."""

from app.store.compression import CompressedJson
from app.store.retention import LONGEST_STEP, Limits
from app.store.sqlite import sqlite_url
from app.store.store import Store

__all__ = ["LONGEST_STEP", "CompressedJson", "Limits", "Store", "sqlite_url"]
