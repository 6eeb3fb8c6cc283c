"""The tables as they are now. How they came to be is told by the migrations."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
)


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

pulse = Table(
    "pulse",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beaten_at", DateTime(timezone=True), nullable=False),
)
"""One row, written by every health check: the only proof that a snapshot can be stored is to store something."""
