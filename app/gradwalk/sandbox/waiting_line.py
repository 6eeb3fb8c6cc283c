"""The queue with a loop: waits for a turn, tells those who wait how many are before them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from gradwalk.sandbox.fair_queue import Client, FairQueue, Ticket

_NEWS_SECONDS: Final = 0.05
"""Between two times at which positions are told."""


@dataclass
class _Waiter:
    """`tell` is called with the number of runs that must start or end before this one starts."""

    begun: asyncio.Future[None]
    tell: Callable[[int], None]
    told: int | None = None


class WaitingLine:
    """Gives turns out by a queue."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self._waiting: dict[Ticket, _Waiter] = {}
        self._news: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    @property
    def running(self) -> int:
        """How many have theirs now."""
        return self._queue.running

    @asynccontextmanager
    async def turn(self, client: Client, tell: Callable[[int], None]) -> AsyncIterator[None]:
        """Waits for the client's turn, which lasts as long as the block. Raises Busy when too many wait.

        `tell` is called with the position, 1 for the next, when the run has to wait and whenever that changes.
        """
        ticket = self._queue.enter(client, time.monotonic())
        waiter = _Waiter(asyncio.get_running_loop().create_future(), tell)
        self._waiting[ticket] = waiter
        self._start()
        seconds = None
        try:
            await waiter.begun
            began = time.monotonic()
            yield
            seconds = time.monotonic() - began
        finally:
            self._waiting.pop(ticket, None)
            self._queue.leave(ticket, seconds)
            self._start()

    def _start(self) -> None:
        while (ticket := self._queue.start()) is not None:
            begun = self._waiting.pop(ticket).begun
            if not begun.done():
                begun.set_result(None)
        if self._waiting and self._news is None:
            self._news = asyncio.get_running_loop().call_later(_NEWS_SECONDS, self._tell_positions)

    def _tell_positions(self) -> None:
        self._news = None
        for index, ticket in enumerate(self._queue.order()):
            waiter = self._waiting[ticket]
            if waiter.told != index + 1:
                waiter.told = index + 1
                waiter.tell(index + 1)
