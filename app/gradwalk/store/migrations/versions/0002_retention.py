"""Add the data of retention: the store's own clock, the time when a snapshot was stored, and names that keep
snapshots.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the clock and the names. The age of existing snapshots begins now."""
    clock = op.create_table(
        "clock",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seconds", sa.BigInteger, nullable=False),
        sa.Column("read_at", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(clock, [{"id": 1, "seconds": 0, "read_at": int(time.time())}])
    op.add_column("snapshots", sa.Column("stored_at", sa.BigInteger, nullable=False, server_default="0"))
    op.drop_index("ix_snapshots_created_at", "snapshots")
    op.create_index("ix_snapshots_stored_at", "snapshots", ["stored_at", "created_at", "size"])
    op.create_table(
        "names",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), nullable=False, index=True),
        sa.Column("used_at", sa.BigInteger, nullable=False),
    )
    op.drop_table("pulse")  # every health check writes the clock


def downgrade() -> None:
    """Drop the clock and the names: snapshots are kept for ever."""
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("beaten_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.drop_table("names")
    op.drop_index("ix_snapshots_stored_at", "snapshots")
    op.create_index("ix_snapshots_created_at", "snapshots", ["created_at"])
    op.drop_column("snapshots", "stored_at")
    op.drop_table("clock")
