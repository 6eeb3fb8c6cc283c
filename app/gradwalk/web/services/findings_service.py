"""The findings of stored snapshots: computed on request, two snapshots at a time, and cached."""

import asyncio
from typing import Final

import orjson

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.findings import Examination
from gradwalk.store import CompressedJson, Store
from gradwalk.web.bodies import FindingList
from gradwalk.web.services.cache import SingleFlightCache
from gradwalk.web.services.snapshot_parts import read_part

MOST_BYTES: Final = 32 << 20
"""Four times what 500 iterations of a small network take. Reading more would hold up all other requests."""
_AT_ONCE: Final = 2
_CACHED: Final = 256
"""Lists in the cache: a class looks at the same lessons, and each list is a few hundred bytes."""


class FindingsService:
    """Looks through snapshots in a worker thread, with one iteration in memory at a time. `most_bytes`: how much JSON
    of one snapshot is read; the iterations after that are left out.
    """

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._cache: SingleFlightCache[str, CompressedJson] = SingleFlightCache(_CACHED)

    async def findings(self, snapshot_id: str) -> CompressedJson:
        """Return the FindingList of a snapshot as JSON. Raises SnapshotNotFound, StoreUnavailable."""
        stored = await self._store.head(snapshot_id)
        return await self._cache.get(snapshot_id, lambda: self._examine(snapshot_id, stored))

    async def _examine(self, snapshot_id: str, stored: CompressedJson) -> CompressedJson:
        async with self._turns:
            head = await read_part(SnapshotHead, stored)
            examination = await asyncio.to_thread(Examination, head)
            bytes_left = self._most_bytes
            for summary in head.iterations:
                body = await self._store.iteration(snapshot_id, summary.index)
                bytes_left -= await asyncio.to_thread(_examine_iteration, examination, body, bytes_left)
                if bytes_left <= 0:
                    break
            return await asyncio.to_thread(_as_json, examination)


def _examine_iteration(examination: Examination, body: CompressedJson, most_bytes: int) -> int:
    """Examine an iteration unless its JSON is too large, and return the size of the JSON in bytes."""
    json = body.json()
    if len(json) <= most_bytes:
        examination.look(Iteration.model_validate_json(json))
    return len(json)


def _as_json(examination: Examination) -> CompressedJson:
    listed = FindingList(findings=examination.findings())
    return CompressedJson.of(orjson.dumps({"findings": [orjson.Fragment(json_of(each)) for each in listed.findings]}))
