"""The tables in their present form. The migrations have their history."""

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
    # it covers all that retention reads, so that no page with a head is read
    Index("ix_snapshots_stored_at", "stored_at", "created_at", "size"),
)
"""`stored_at`: the time of the store's own clock when the snapshot was stored, in seconds. `size`: compressed bytes of
all bodies of the snapshot.
"""


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
"""Large tensors that are equal to another one of the same snapshot, `of`, whose body is stored."""

names = Table(
    "names",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("snapshot_id", String(64), ForeignKey("snapshots.id"), nullable=False, index=True),
    Column("used_at", BigInteger, nullable=False),
)
"""The names of snapshots that are kept because of their name. `used_at`: the time of the store's own clock when a
server last reported that it uses the name.
"""

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seconds", BigInteger, nullable=False),
    Column("read_at", BigInteger, nullable=False),
)
"""The store's own clock, in one row. `read_at`: the time of the machine's clock at the last reading, in seconds since
1970. Every health check writes this row, because only a write proves that a snapshot can be stored.
"""
