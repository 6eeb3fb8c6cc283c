"""What the server does for its store while nobody asks: it lets go of old snapshots and looks for damage."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from gradwalk.config import Settings
from gradwalk.errors import Unavailable
from gradwalk.store import LONGEST_STEP, Limits, Store

_log = logging.getLogger(__name__)

_INTERVAL = LONGEST_STEP / 2
_PAUSE = 0.05
"""Seconds between two small deletions: whoever saves a snapshot goes first."""
_PATIENCE = 2.0
"""Seconds that the server's end waits for a step under way: one that is cut leaves the database at work for nobody."""
_GROWTH = 20
"""Part of the total size, by which the store may grow before it is looked at out of turn: one twentieth."""


def limits_of(settings: Settings) -> Limits:
    """How long snapshots are kept by these settings."""
    return Limits(seconds=settings.keep_days * 24 * 3600, bytes=settings.store_mib << 20)


class Housekeeping:
    """Keeps a store within its limits. `in_use`: the names of the snapshots that must stay."""

    def __init__(self, store: Store, limits: Limits, in_use: Callable[[], Sequence[str]]) -> None:
        self._store = store
        self._limits = limits
        self._in_use = in_use
        self._grown = 0
        self._due = asyncio.Event()
        self._stopping = False
        store.on_growth(self._note_growth)

    @asynccontextmanager
    async def in_background(self) -> AsyncIterator[None]:
        """Works beside the server until it stops."""
        task = asyncio.create_task(self._work())
        yield
        self._stopping = True
        self._due.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(task, _PATIENCE)

    async def tidy(self) -> None:
        """Deletes, little by little, all that is kept no longer. Raises StoreUnavailable."""
        self._grown = 0
        await self._store.age(self._in_use(), self._limits)
        while not self._stopping and await self._store.forget_some(self._limits):
            await asyncio.sleep(_PAUSE)

    def _note_growth(self, size: int) -> None:
        self._grown += size
        if self._grown > self._limits.bytes / _GROWTH:
            self._due.set()

    async def _work(self) -> None:
        await self._told(self._store.examine)
        while not self._stopping:
            self._due.clear()
            await self._told(self.tidy)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), _INTERVAL)

    async def _told(self, task: Callable[[], Awaitable[None]]) -> None:
        try:
            await task()
        except Unavailable as error:  # it is tried again, and health tells the operator
            _log.warning("The store could not be looked after: %s", error)
        except Exception:  # nobody waits for this task: what goes wrong is told here or never
            _log.exception("The store could not be looked after.")
