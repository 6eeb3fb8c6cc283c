"""A whole snapshot as one JSON document, put together while it is sent: it never stands in memory whole."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, NamedTuple

from app.store import Store


class Export(NamedTuple):
    """`file_name`: for the file that it is saved as. `parts`: UTF-8 JSON, a `Snapshot`; together one document."""

    file_name: str
    parts: AsyncIterator[bytes]


async def export(store: Store, snapshot_id: str) -> Export:
    """Raises SnapshotNotFound, StoreUnavailable; so may `parts`, where the snapshot goes while it is sent."""
    head = await store.head(snapshot_id)
    fields: dict[str, Any] = await asyncio.to_thread(lambda: json.loads(head.json()))
    day = datetime.fromisoformat(fields["created_at"]).date()
    return Export(f"gradwalk-{day}-{snapshot_id}.json", _parts(store, snapshot_id, fields))


async def _parts(store: Store, snapshot_id: str, fields: dict[str, Any]) -> AsyncIterator[bytes]:
    indices = [iteration["index"] for iteration in fields.pop("iterations")]
    text = await asyncio.to_thread(json.dumps, fields, ensure_ascii=False, separators=(",", ":"))
    yield text.removesuffix("}").encode()
    before = b',"iterations":['
    for index in indices:
        yield before + (await store.iteration(snapshot_id, index)).json()
        before = b","
    yield b"]" if indices else before + b"]"
    before = b',"tensors":{'
    names = await store.whole_tensors(snapshot_id)
    for name in names:
        yield before + f'"{name}":'.encode() + (await store.tensor(snapshot_id, name)).json()
        before = b","
    yield b"}}" if names else before + b"}}"
