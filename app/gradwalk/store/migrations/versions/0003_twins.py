"""Store equal tensors once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of twins. Existing tensors are not changed."""
    op.create_table(
        "twins",
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("of", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop the table of twins. Tensors that are only there are lost."""
    op.drop_table("twins")
