"""A file that is put together while it is sent, so that it is never in memory as a whole."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple


class FileStream(NamedTuple):
    """A file to save. `parts`: UTF-8 text, which together is one document."""

    file_name: str
    media_type: str
    parts: AsyncIterator[bytes]


def file_name(created_at: datetime, snapshot_id: str, ending: str) -> str:
    """Return the name that a snapshot's file is saved by."""
    return f"gradwalk-{created_at.date()}-{snapshot_id}.{ending}"


async def single_part(text: str) -> AsyncIterator[bytes]:
    """Yield a document that is small enough to be sent in one part."""
    yield text.encode()
