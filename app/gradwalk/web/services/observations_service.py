"""The observations about iterations of stored snapshots: computed on request, two iterations at a time, and cached."""

import asyncio
from typing import Final

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import SnapshotHead
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import Observations
from gradwalk.narration.narrator import told
from gradwalk.store import CompressedJson, Store
from gradwalk.web.services.cache import SingleFlightCache
from gradwalk.web.services.snapshot_parts import read_iteration_of, read_part

_AT_ONCE: Final = 2
_CACHED: Final = 256
"""Observations in the cache: the students of a class ask for the same iterations."""


class ObservationsService:
    """Computes observations in a worker thread and caches the latest."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._cache: SingleFlightCache[tuple[str, int], CompressedJson] = SingleFlightCache(_CACHED)

    async def observations(self, snapshot_id: str, index: int) -> CompressedJson:
        """Return Observations as JSON. Raises SnapshotNotFound, IterationNotFound, StoreUnavailable."""
        stored = await self._store.head(snapshot_id)
        return await self._cache.get((snapshot_id, index), lambda: self._observe(stored, index))

    async def _observe(self, stored: CompressedJson, index: int) -> CompressedJson:
        async with self._turns:
            head = await read_part(SnapshotHead, stored)
            observations = await observations_of(self._store, head, index)
            return await asyncio.to_thread(lambda: CompressedJson.of(json_of(observations)))


async def observations_of(store: Store, head: SnapshotHead, index: int) -> Observations:
    """Compute the observations of one iteration. Raises SnapshotNotFound, IterationNotFound, StoreUnavailable."""
    graph, body = await read_iteration_of(store, head, index)
    lines = head.program.source.splitlines()
    return await asyncio.to_thread(lambda: told(IndexedIteration.of(graph, body), lines))
