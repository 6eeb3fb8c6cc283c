"""The store of snapshots: on SQLite by default, on PostgreSQL by URL."""

from gradwalk.store.compressed_json import CompressedJson
from gradwalk.store.retention import LONGEST_STEP, Limits
from gradwalk.store.sqlite import sqlite_url
from gradwalk.store.store import Store

__all__ = ["LONGEST_STEP", "CompressedJson", "Limits", "Store", "sqlite_url"]
