"""The waiting line: the queue with an event loop, which waits for a client's turn and reports positions."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from gradwalk.sandbox.fair_queue import FairQueue, QueueClient, Ticket

_POSITION_SECONDS: Final = 0.05
"""The time between two reports of positions."""


@dataclass
class _Waiter:
    """A run that waits. `on_position` is called with the number of runs that come before this one."""

    started: asyncio.Future[None]
    on_position: Callable[[int], None]
    last_position: int | None = None


class WaitingLine:
    """A line of waiting runs that get their turns from a queue."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self._waiting: dict[Ticket, _Waiter] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """The number of runs that wait for their turn."""
        return len(self._queue)

    @property
    def running(self) -> int:
        """The number of runs that have their turn now."""
        return self._queue.running

    @asynccontextmanager
    async def turn(self, client: QueueClient, on_position: Callable[[int], None]) -> AsyncIterator[None]:
        """Wait for the client's turn, which lasts as long as the block. Raises Busy when too many wait.

        `on_position` is called with the position, 1 for the next, when the run has to wait and whenever that changes.
        """
        ticket = self._queue.enter(client, time.monotonic())
        waiter = _Waiter(asyncio.get_running_loop().create_future(), on_position)
        self._waiting[ticket] = waiter
        self._start_runs()
        seconds = None
        try:
            await waiter.started
            began = time.monotonic()
            yield
            seconds = time.monotonic() - began
        finally:
            self._waiting.pop(ticket, None)
            self._queue.leave(ticket, seconds)
            self._start_runs()

    def _start_runs(self) -> None:
        while (ticket := self._queue.start()) is not None:
            started = self._waiting.pop(ticket).started
            if not started.done():
                started.set_result(None)
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_POSITION_SECONDS, self._report_positions)

    def _report_positions(self) -> None:
        self._timer = None
        for index, ticket in enumerate(self._queue.order()):
            waiter = self._waiting[ticket]
            if waiter.last_position != index + 1:
                waiter.last_position = index + 1
                waiter.on_position(index + 1)
