"""Add the tables of snapshots: heads, iteration bodies, large tensors."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_snapshots_created_at", "snapshots", ["created_at"])
    op.create_table(
        "iterations",
        _snapshot_id(),
        sa.Column("index", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("first_tensor", sa.Integer),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_iterations_first_tensor", "iterations", ["snapshot_id", "first_tensor"])
    op.create_table(
        "tensors",
        _snapshot_id(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("beaten_at", sa.DateTime(timezone=True), nullable=False),
    )


def _snapshot_id() -> sa.Column[str]:
    return sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True)


def downgrade() -> None:
    """Drop all tables."""
    for table in ("pulse", "tensors", "iterations", "snapshots"):
        op.drop_table(table)
