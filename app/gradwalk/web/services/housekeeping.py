"""The background task that keeps the store in order: it deletes old snapshots and checks the database for damage."""

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
"""Seconds between two small deletions, in which waiting snapshots are saved."""
_PATIENCE = 2.0
"""Seconds that a stopping server waits for a deletion that is running: the database would go on with a cancelled one.
"""
_GROWTH = 20
"""The store is tidied before its time when it has grown by one twentieth of its largest size."""


def limits_of(settings: Settings) -> Limits:
    """Return the limits of the store that these settings give."""
    return Limits(seconds=settings.keep_days * 24 * 3600, bytes=settings.store_mib << 20)


class Housekeeping:
    """Keeps a store within its limits. `in_use` returns the names of the snapshots that must stay."""

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
        """Run the task while the server runs."""
        task = asyncio.create_task(self._work())
        yield
        self._stopping = True
        self._due.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(task, _PATIENCE)

    async def tidy(self) -> None:
        """Delete all expired snapshots in small steps. Raises StoreUnavailable."""
        self._grown = 0
        await self._store.renew_names(self._in_use(), self._limits)
        while not self._stopping and await self._store.delete_some_expired(self._limits):
            await asyncio.sleep(_PAUSE)

    def _note_growth(self, size: int) -> None:
        self._grown += size
        if self._grown > self._limits.bytes / _GROWTH:
            self._due.set()

    async def _work(self) -> None:
        await self._log_failure(self._store.check_integrity)
        while not self._stopping:
            self._due.clear()
            await self._log_failure(self.tidy)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), _INTERVAL)

    async def _log_failure(self, task: Callable[[], Awaitable[None]]) -> None:
        try:
            await task()
        except Unavailable as error:  # it is tried again, and the health route shows it to the operator
            _log.warning("The store could not be looked after: %s", error)
        except Exception:  # nobody awaits this task: an error that is not logged here is lost
            _log.exception("The store could not be looked after.")
