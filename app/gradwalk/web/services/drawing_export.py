"""The export of a graph as a drawing: without numbers as DOT or Mermaid, with the numbers of an iteration as SVG."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from gradwalk.contract.snapshot import Graph, Iteration, SnapshotHead
from gradwalk.errors import GraphNotFound, InvalidRequest
from gradwalk.exports import dot, mermaid, svg
from gradwalk.exports.file_stream import FileStream, file_name, single_part
from gradwalk.exports.iteration_names import turn_text
from gradwalk.exports.number_text import format_number
from gradwalk.store import Store


class GraphLanguage(NamedTuple):
    """A text language for graphs. `draw` takes a graph and its title; `ending`: of the file's name."""

    draw: Callable[[Graph, str], str]
    media_type: str
    ending: str


DOT: Final = GraphLanguage(dot, "text/vnd.graphviz", "dot")
MERMAID: Final = GraphLanguage(mermaid, "text/vnd.mermaid", "mmd")


async def graph_file(store: Store, snapshot_id: str, graph: int, language: GraphLanguage) -> FileStream:
    """Return graph number `graph` as text, without the numbers of an iteration. Raises SnapshotNotFound, GraphNotFound,
    StoreUnavailable.
    """
    stored = await store.head(snapshot_id)
    head = await asyncio.to_thread(lambda: SnapshotHead.model_validate_json(stored.json()))
    count = len(head.graphs)
    if not 0 <= graph < count:
        raise GraphNotFound(f"This snapshot has no graph {graph}: it has {count}, counted from 0.")
    text = await asyncio.to_thread(language.draw, head.graphs[graph], f"Gradwalk, graph {graph + 1} of {count}")
    name = file_name(head.created_at, snapshot_id, language.ending)
    return FileStream(name, language.media_type, single_part(text))


async def svg_file(store: Store, snapshot_id: str, index: int, pass_index: int | None, name: str) -> FileStream:
    """Return iteration `index` as a drawing with its values, and with the gradients of one of its backward passes, by
    default of the last one. `name`: the title of the program.

    Raises SnapshotNotFound, IterationNotFound, InvalidRequest, ExportTooLarge, StoreUnavailable.
    """
    stored = await store.iteration(snapshot_id, index)
    head = await store.head(snapshot_id)
    created_at, text = await asyncio.to_thread(_draw, head.json(), stored.json(), pass_index, name)
    return FileStream(file_name(created_at, snapshot_id, "svg"), "image/svg+xml", single_part(text))


def _draw(head_json: bytes, iteration_json: bytes, pass_index: int | None, name: str) -> tuple[datetime, str]:
    head = SnapshotHead.model_validate_json(head_json)
    iteration = Iteration.model_validate_json(iteration_json)
    passes = len(iteration.backward)
    if pass_index is not None and not 0 <= pass_index < passes:
        raise InvalidRequest(f"This iteration has no backward pass {pass_index}: it has {passes}, counted from 0.")
    graph = next(graph for graph in head.graphs if graph.id == iteration.graph)
    chosen = pass_index if pass_index is not None or passes == 0 else passes - 1
    return head.created_at, svg(graph, iteration, chosen, _heading(name, head, iteration, chosen))


def _heading(name: str, head: SnapshotHead, iteration: Iteration, pass_index: int | None) -> str:
    """Return the heading of a drawing, such as `One neuron · iteration 2 of 5 · loss 0.0852`."""
    parts = [name]
    if len(head.iterations) > 1:
        parts.append(f"iteration {iteration.index + 1} of {len(head.iterations)}")
    if turns := turn_text(iteration.turns, iteration.kind):
        parts.append(turns)
    if len(iteration.backward) > 1 and pass_index is not None:
        parts.append(f"backward pass {pass_index + 1} of {len(iteration.backward)}")
    if iteration.loss is not None:
        parts.append(f"loss {format_number(iteration.loss)}")
    return " · ".join(parts)
