"""A snapshot as a file to take away: all of it as one JSON document, put together while it is sent and never in memory
whole, or one of its graphs as a drawing.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from app.errors import GraphNotFound
from app.exports import dot, mermaid
from app.snapshot import Graph, SnapshotHead
from app.store import Store


class Language(NamedTuple):
    """A language of drawings. `draw`: gives a graph and its title as text. `ending`: of a file's name."""

    draw: Callable[[Graph, str], str]
    media_type: str
    ending: str


DOT: Final = Language(dot, "text/vnd.graphviz", "dot")
MERMAID: Final = Language(mermaid, "text/vnd.mermaid", "mmd")


class Export(NamedTuple):
    """`file_name`: for the file that it is saved as. `parts`: UTF-8 text; together one document."""

    file_name: str
    media_type: str
    parts: AsyncIterator[bytes]


async def export(store: Store, snapshot_id: str) -> Export:
    """The snapshot whole. Raises SnapshotNotFound, StoreUnavailable; so may `parts`, if the snapshot goes meanwhile."""
    head = await store.head(snapshot_id)
    fields: dict[str, Any] = await asyncio.to_thread(lambda: json.loads(head.json()))
    name = file_name(datetime.fromisoformat(fields["created_at"]), snapshot_id, "json")
    return Export(name, "application/json", _parts(store, snapshot_id, fields))


async def export_drawing(store: Store, snapshot_id: str, graph: int, language: Language) -> Export:
    """Graph number `graph`, without numbers. Raises SnapshotNotFound, GraphNotFound, StoreUnavailable."""
    stored = await store.head(snapshot_id)
    head = await asyncio.to_thread(lambda: SnapshotHead.model_validate_json(stored.json()))
    count = len(head.graphs)
    if not 0 <= graph < count:
        raise GraphNotFound(f"This snapshot has no graph {graph}: it has {count}, counted from 0.")
    text = await asyncio.to_thread(language.draw, head.graphs[graph], f"Gradwalk, graph {graph + 1} of {count}")
    name = file_name(head.created_at, snapshot_id, language.ending)
    return Export(name, language.media_type, _one(text.encode()))


async def _one(part: bytes) -> AsyncIterator[bytes]:
    yield part


def file_name(created_at: datetime, snapshot_id: str, ending: str) -> str:
    """The name that a snapshot's file is saved by."""
    return f"gradwalk-{created_at.date()}-{snapshot_id}.{ending}"


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
