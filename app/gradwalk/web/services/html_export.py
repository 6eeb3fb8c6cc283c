"""A snapshot as a page of its own: put together while it is sent, and never in memory whole."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import SnapshotHead
from gradwalk.errors import ExportTooLarge, InvalidRequest, IterationNotFound
from gradwalk.exports.player_page import Player, data_block, head_block
from gradwalk.store import CompressedJson, Store
from gradwalk.web.http.negotiation import FileStream
from gradwalk.web.services.json_export import file_name
from gradwalk.web.services.observations_service import observations_of

_MOST_BYTES: Final = 16 * 1024 * 1024
"""Of numbers in one file. A browser opens it in a second or two; learning platforms refuse much larger ones."""
_TENSOR: Final = re.compile(rb'"id":"(t\d+)"')


class Chosen(NamedTuple):
    """What goes into a file: indices of iterations, ids of tensors that are too large to stand inside them."""

    iterations: list[int]
    tensors: list[str]


async def export_player(
    store: Store, snapshot_id: str, player: Player, title: str, first: int | None, last: int | None
) -> FileStream:
    """Iterations `first` to `last`; all of them where both are null.

    Raises SnapshotNotFound, IterationNotFound, ExportTooLarge, InvalidRequest, StoreUnavailable.
    """
    head = (await store.head(snapshot_id)).json()
    fields: dict[str, Any] = await asyncio.to_thread(json.loads, head)
    indices = _indices([iteration["index"] for iteration in fields["iterations"]], first, last)
    chosen = await _fitting(store, snapshot_id, indices, len(head))
    name = file_name(datetime.fromisoformat(fields["created_at"]), snapshot_id, "html")
    return FileStream(name, "text/html", _parts(store, snapshot_id, head, chosen, player, title))


def _indices(all_of_them: list[int], first: int | None, last: int | None) -> list[int]:
    start, end = first or 0, last if last is not None else 10**9
    if start > end:
        raise InvalidRequest(f"Iterations {start}-{end} are none: write the smaller number first.")
    found = [index for index in all_of_them if start <= index <= end]
    if not found and first is not None:
        raise IterationNotFound(
            f"This snapshot has none of these iterations: it has {len(all_of_them)}, counted from 0."
        )
    return found


async def _fitting(store: Store, snapshot_id: str, indices: list[int], size: int) -> Chosen:
    """Every iteration, and the large tensors of these as far as there is room. Raises ExportTooLarge."""
    large = await store.whole_tensors(snapshot_id)
    used: set[str] = set()
    for done, index in enumerate(indices):
        body = await store.iteration(snapshot_id, index)
        size += body.size
        if size > _MOST_BYTES:
            raise ExportTooLarge(_too_large(indices, done))
        if large:
            text = await asyncio.to_thread(body.json)
            used.update(name.decode() for name in _TENSOR.findall(text))
    tensors = []
    for name in large:
        if name in used:
            size += (await store.tensor(snapshot_id, name)).size
            if size > _MOST_BYTES:
                break
            tensors.append(name)
    return Chosen(indices, tensors)


def _too_large(indices: list[int], fit: int) -> str:
    most = f"{_MOST_BYTES // 1024 // 1024} MiB"
    if fit == 0:
        return (
            f"One iteration of this snapshot is already too large for one file ({most}): share the link instead, or "
            "take export/json, which has no limit."
        )
    first, last = indices[0], indices[fit - 1]
    return (
        f"All {len(indices)} iterations are too much for one file ({most}): choose fewer of them, "
        f"for example ?iterations={first}-{last}."
    )


async def _parts(
    store: Store, snapshot_id: str, head: bytes, chosen: Chosen, player: Player, title: str
) -> AsyncIterator[bytes]:
    yield player.opening(title)
    yield head_block(snapshot_id, head)
    model = await asyncio.to_thread(SnapshotHead.model_validate_json, head)
    for index in chosen.iterations:
        body = await store.iteration(snapshot_id, index)
        yield await asyncio.to_thread(_block, "iteration", str(index), body)
        observations = await observations_of(store, model, index)
        yield data_block("observations", str(index), json_of(observations))
    for name in chosen.tensors:
        body = await store.tensor(snapshot_id, name)
        yield await asyncio.to_thread(_block, "tensor", name, body)
    yield player.closing()


def _block(kind: Literal["iteration", "tensor"], name: str, body: CompressedJson) -> bytes:
    return data_block(kind, name, body.json())
