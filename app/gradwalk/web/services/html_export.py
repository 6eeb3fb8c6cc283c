"""The export of a snapshot as a page that plays it, in one HTML file that is put together while it is sent."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import SnapshotHead
from gradwalk.errors import ExportTooLarge, InvalidRequest, IterationNotFound
from gradwalk.exports.file_stream import FileStream, file_name
from gradwalk.exports.player_page import Player, data_block, head_block
from gradwalk.store import CompressedJson, Store
from gradwalk.web.services.observations_service import observations_of

_MOST_BYTES: Final = 16 * 1024 * 1024
"""The limit for the numbers in one file. A browser opens it in a second or two; learning platforms refuse much larger
ones.
"""
_TENSOR: Final = re.compile(rb'"id":"(t\d+)"')


class IterationRange(NamedTuple):
    """The iterations from `first` to `last`, both included; all of them where both are null."""

    first: int | None
    last: int | None

    @classmethod
    def parse(cls, text: str | None) -> "IterationRange":
        """Read `3` or `0-9`; null means all iterations."""
        if text is None:
            return cls(None, None)
        first, _, last = text.partition("-")
        return cls(int(first), int(last or first))


class _Content(NamedTuple):
    """The data of a file: a snapshot's head as JSON, indices of iterations, and ids of tensors that are too large to be
    stored inside an iteration.
    """

    head: bytes
    iterations: list[int]
    tensors: list[str]


async def player_file(
    store: Store, snapshot_id: str, player: Player, title: str, iterations: IterationRange
) -> FileStream:
    """Return a page that plays these iterations.

    Raises SnapshotNotFound, IterationNotFound, ExportTooLarge, InvalidRequest, StoreUnavailable.
    """
    head = (await store.head(snapshot_id)).json()
    fields: dict[str, Any] = await asyncio.to_thread(json.loads, head)
    indices = _indices([iteration["index"] for iteration in fields["iterations"]], iterations)
    content = _Content(head, indices, await _fitting_tensors(store, snapshot_id, indices, len(head)))
    name = file_name(datetime.fromisoformat(fields["created_at"]), snapshot_id, "html")
    return FileStream(name, "text/html", _parts(store, snapshot_id, content, player, title))


def _indices(recorded: list[int], chosen: IterationRange) -> list[int]:
    start, end = chosen.first or 0, chosen.last if chosen.last is not None else 10**9
    if start > end:
        raise InvalidRequest(f"Iterations {start}-{end} are none: write the smaller number first.")
    found = [index for index in recorded if start <= index <= end]
    if not found and chosen.first is not None:
        raise IterationNotFound(f"This snapshot has none of these iterations: it has {len(recorded)}, counted from 0.")
    return found


async def _fitting_tensors(store: Store, snapshot_id: str, indices: list[int], size: int) -> list[str]:
    """Return the ids of the large tensors of these iterations that fit into the file beside the iterations. `size`:
    bytes that the file has already. Raises ExportTooLarge when the iterations alone do not fit.
    """
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
    return tensors


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


async def _parts(store: Store, snapshot_id: str, content: _Content, player: Player, title: str) -> AsyncIterator[bytes]:
    yield player.opening(title)
    yield head_block(snapshot_id, content.head)
    head = await asyncio.to_thread(SnapshotHead.model_validate_json, content.head)
    for index in content.iterations:
        body = await store.iteration(snapshot_id, index)
        yield await asyncio.to_thread(_block, "iteration", str(index), body)
        observations = await observations_of(store, head, index)
        yield data_block("observations", str(index), json_of(observations))
    for name in content.tensors:
        body = await store.tensor(snapshot_id, name)
        yield await asyncio.to_thread(_block, "tensor", name, body)
    yield player.closing()


def _block(kind: Literal["iteration", "tensor"], name: str, body: CompressedJson) -> bytes:
    return data_block(kind, name, body.json())
