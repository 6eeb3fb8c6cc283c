"""The tables as they are now. How they came to be is told by the migrations."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("stored_at", BigInteger, nullable=False, server_default="0"),
    Column("size", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    # holds all that retention reads: it looks at no page with a head in it
    Index("ix_snapshots_stored_at", "stored_at", "created_at", "size"),
)
"""`stored_at`: the store's own clock when it came, in seconds. `size`: bytes, compressed, of all of its bodies."""


def _snapshot_id() -> Column[str]:
    return Column("snapshot_id", String(64), ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True)


iterations = Table(
    "iterations",
    metadata,
    _snapshot_id(),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("first_tensor", Integer),
    Column("body", LargeBinary, nullable=False),
    Index("ix_iterations_first_tensor", "snapshot_id", "first_tensor"),
)

tensors = Table(
    "tensors",
    metadata,
    _snapshot_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

twins = Table(
    "twins",
    metadata,
    _snapshot_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("of", Integer, nullable=False),
)
"""Whole tensors that hold the same as another one, `of`, of the same snapshot, which has the body."""

names = Table(
    "names",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("snapshot_id", String(64), ForeignKey("snapshots.id"), nullable=False, index=True),
    Column("used_at", BigInteger, nullable=False),
)
"""A snapshot that has a name is kept. `used_at`: the store's own clock when a server last said that it uses it."""

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seconds", BigInteger, nullable=False),
    Column("read_at", BigInteger, nullable=False),
)
"""One row: the store's own clock. `read_at`: what the machine's clock said then, in seconds since 1970. Every health
check writes it: the only proof that a snapshot can be stored is to store something.
"""
