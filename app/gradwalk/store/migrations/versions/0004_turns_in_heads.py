"""Tell the kind and the turns of each iteration in the head of its snapshot, which is read without the iterations."""

from collections.abc import Callable
from typing import Any

import orjson
import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT_ONCE = 100
"""The number of heads in memory: some have a thousand iterations."""

_snapshots = sa.table(
    "snapshots",
    sa.column("id", sa.String),
    sa.column("size", sa.BigInteger),
    sa.column("head", sa.LargeBinary),
)


def upgrade() -> None:
    """Tell what older versions recorded: training, and no turns."""
    _rewrite(lambda summary: {"kind": "training", "turns": [], **summary})


def downgrade() -> None:
    """Tell neither, as older versions want it."""
    _rewrite(lambda summary: {name: value for name, value in summary.items() if name not in ("kind", "turns")})


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change what each head tells of an iteration."""
    connection = op.get_bind()
    last = ""
    while True:
        some = connection.execute(
            sa.select(_snapshots).where(_snapshots.c.id > last).order_by(_snapshots.c.id).limit(_AT_ONCE)
        ).all()
        if not some:
            return
        last = some[-1].id
        for row in some:
            head = _changed(row.head, change)
            if head is not None:
                connection.execute(
                    sa.update(_snapshots)
                    .where(_snapshots.c.id == row.id)
                    .values(head=head, size=row.size + len(head) - len(row.head))
                )


def _changed(stored: bytes, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes | None:
    """Return the head after the change; null where there is none to make. A damaged head stays as it is: reading it
    tells so.
    """
    try:
        head = orjson.loads(zstandard.ZstdDecompressor().decompress(stored))
    except (zstandard.ZstdError, orjson.JSONDecodeError):
        return None
    before = head.get("iterations", [])
    after = [change(summary) for summary in before]
    if after == before:
        return None
    changed = orjson.dumps({**head, "iterations": after})
    return zstandard.ZstdCompressor(level=1, write_checksum=True).compress(changed)
