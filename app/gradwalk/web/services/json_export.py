"""The export of a whole snapshot as one JSON document."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from gradwalk.exports.file_stream import FileStream, file_name
from gradwalk.store import Store


async def snapshot_file(store: Store, snapshot_id: str) -> FileStream:
    """Return the whole snapshot as a file. Raises SnapshotNotFound, StoreUnavailable; reading its `parts` raises them
    too when the snapshot is deleted meanwhile.
    """
    head = await store.head(snapshot_id)
    fields: dict[str, Any] = await asyncio.to_thread(lambda: json.loads(head.json()))
    name = file_name(datetime.fromisoformat(fields["created_at"]), snapshot_id, "json")
    return FileStream(name, "application/json", _parts(store, snapshot_id, fields))


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
