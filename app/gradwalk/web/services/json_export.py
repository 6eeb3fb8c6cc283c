"""A snapshot as a file to take away: all of it as one JSON document, put together while it is sent and never in memory
whole, or one of its graphs as a drawing.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

from gradwalk.contract.snapshot import Graph, Iteration, SnapshotHead
from gradwalk.errors import GraphNotFound, InvalidRequest
from gradwalk.exports import dot, mermaid, svg
from gradwalk.exports.number_text import format_number
from gradwalk.store import Store
from gradwalk.web.http.negotiation import FileStream


class Language(NamedTuple):
    """A language of drawings. `draw`: gives a graph and its title as text. `ending`: of a file's name."""

    draw: Callable[[Graph, str], str]
    media_type: str
    ending: str


DOT: Final = Language(dot, "text/vnd.graphviz", "dot")
MERMAID: Final = Language(mermaid, "text/vnd.mermaid", "mmd")


async def export(store: Store, snapshot_id: str) -> FileStream:
    """The snapshot whole. Raises SnapshotNotFound, StoreUnavailable; so may `parts`, if the snapshot goes meanwhile."""
    head = await store.head(snapshot_id)
    fields: dict[str, Any] = await asyncio.to_thread(lambda: json.loads(head.json()))
    name = file_name(datetime.fromisoformat(fields["created_at"]), snapshot_id, "json")
    return FileStream(name, "application/json", _parts(store, snapshot_id, fields))


async def export_drawing(store: Store, snapshot_id: str, graph: int, language: Language) -> FileStream:
    """Graph number `graph`, without numbers. Raises SnapshotNotFound, GraphNotFound, StoreUnavailable."""
    stored = await store.head(snapshot_id)
    head = await asyncio.to_thread(lambda: SnapshotHead.model_validate_json(stored.json()))
    count = len(head.graphs)
    if not 0 <= graph < count:
        raise GraphNotFound(f"This snapshot has no graph {graph}: it has {count}, counted from 0.")
    text = await asyncio.to_thread(language.draw, head.graphs[graph], f"Gradwalk, graph {graph + 1} of {count}")
    name = file_name(head.created_at, snapshot_id, language.ending)
    return FileStream(name, language.media_type, _one(text.encode()))


async def export_svg(store: Store, snapshot_id: str, index: int, pass_index: int | None, name: str) -> FileStream:
    """Iteration `index` as a drawing with its numbers: its values, and the gradients of one of its backward passes, of
    the last one where none is chosen. `name`: what the program is called.

    Raises SnapshotNotFound, IterationNotFound, InvalidRequest, ExportTooLarge, StoreUnavailable.
    """
    stored = await store.iteration(snapshot_id, index)
    head = await store.head(snapshot_id)
    created_at, text = await asyncio.to_thread(_svg, head.json(), stored.json(), pass_index, name)
    return FileStream(file_name(created_at, snapshot_id, "svg"), "image/svg+xml", _one(text.encode()))


def _svg(head_json: bytes, iteration_json: bytes, pass_index: int | None, name: str) -> tuple[datetime, str]:
    head = SnapshotHead.model_validate_json(head_json)
    iteration = Iteration.model_validate_json(iteration_json)
    passes = len(iteration.backward)
    if pass_index is not None and not 0 <= pass_index < passes:
        raise InvalidRequest(f"This iteration has no backward pass {pass_index}: it has {passes}, counted from 0.")
    graph = next(graph for graph in head.graphs if graph.id == iteration.graph)
    chosen = pass_index if pass_index is not None or passes == 0 else passes - 1
    return head.created_at, svg(graph, iteration, chosen, _heading(name, head, iteration, chosen))


def _heading(name: str, head: SnapshotHead, iteration: Iteration, pass_index: int | None) -> str:
    """`One neuron · iteration 2 of 5 · loss 0.0852`."""
    parts = [name]
    if len(head.iterations) > 1:
        parts.append(f"iteration {iteration.index + 1} of {len(head.iterations)}")
    if len(iteration.backward) > 1 and pass_index is not None:
        parts.append(f"backward pass {pass_index + 1} of {len(iteration.backward)}")
    if iteration.loss is not None:
        parts.append(f"loss {format_number(iteration.loss)}")
    return " · ".join(parts)


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
