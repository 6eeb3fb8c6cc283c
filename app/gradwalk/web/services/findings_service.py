"""Findings of stored snapshots: computed when somebody asks, a few at a time, and the latest ones kept."""

import asyncio
from typing import Final

import orjson

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Iteration, SnapshotHead
from gradwalk.findings import Examination
from gradwalk.store import CompressedJson, Store
from gradwalk.web.bodies import FindingList
from gradwalk.web.services.single_flight import SingleFlightCache
from gradwalk.web.services.snapshot_parts import read_part

MOST_BYTES: Final = 32 << 20
"""Four times what 500 iterations of a small network take. To read more would hold up everybody else."""
_AT_ONCE: Final = 2
_KEPT: Final = 256
"""Answers that are kept: a class looks at the same lessons, and each is a few hundred bytes."""


class FindingsService:
    """Looks through snapshots in a worker thread, one iteration in memory at a time. `most_bytes`: of JSON that is
    looked at in one snapshot; what comes after that is left out.
    """

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._most_bytes = most_bytes
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._found: SingleFlightCache[str, CompressedJson] = SingleFlightCache(_KEPT)

    async def findings(self, snapshot_id: str) -> CompressedJson:
        """FindingList as JSON. Raises SnapshotNotFound, StoreUnavailable."""
        stored = await self._store.head(snapshot_id)
        return await self._found.of(snapshot_id, lambda: self._examine(snapshot_id, stored))

    async def _examine(self, snapshot_id: str, stored: CompressedJson) -> CompressedJson:
        async with self._turns:
            head = await read_part(SnapshotHead, stored)
            examination = await asyncio.to_thread(Examination, head)
            left = self._most_bytes
            for summary in head.iterations:
                body = await self._store.iteration(snapshot_id, summary.index)
                left -= await asyncio.to_thread(_look, examination, body, left)
                if left <= 0:
                    break
            return await asyncio.to_thread(_told, examination)


def _look(examination: Examination, body: CompressedJson, left: int) -> int:
    """Looks at an iteration that is not too large. The bytes of its JSON."""
    json = body.json()
    if len(json) <= left:
        examination.look(Iteration.model_validate_json(json))
    return len(json)


def _told(examination: Examination) -> CompressedJson:
    listed = FindingList(findings=examination.findings())
    return CompressedJson.of(orjson.dumps({"findings": [orjson.Fragment(json_of(each)) for each in listed.findings]}))
