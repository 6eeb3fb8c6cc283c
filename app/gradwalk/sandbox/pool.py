"""The server's side of the zygote: asks for one, keeps spares ready, asks for another when it dies."""

import asyncio
import logging
import socket
from collections import deque
from typing import Final

from pydantic import ValidationError

from gradwalk.errors import SandboxUnavailable, SandboxUnsafe
from gradwalk.sandbox.forkserver import Forkserver
from gradwalk.sandbox.protocol import (
    LONGEST_MESSAGE,
    Born,
    Confinement,
    Ended,
    Order,
    Unsafe,
    Welcome,
    news_adapter,
)
from gradwalk.sandbox.verdict import Exit
from gradwalk.sandbox.worker import Bounds, Descriptors, Worker

_log = logging.getLogger(__name__)

_START_SECONDS: Final = 90.0
_BIRTH_SECONDS: Final = 15.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 8.0
_MOST_STILLBORN: Final = 3


class Pool:
    """Confined children, ready to run a program each. `spares`: how many wait."""

    def __init__(self, confinement: Confinement, bounds: Bounds, spares: int) -> None:
        self._bounds = bounds
        self._spares = spares
        self._nursery = Forkserver(confinement)
        self._control: socket.socket | None = None
        self._welcome: Welcome | None = None
        self._workers: dict[int, Worker] = {}
        self._idle: deque[Worker] = deque()
        self._expected: dict[int, asyncio.TimerHandle] = {}
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._last_number = 0
        self._stillborn = 0
        self._revival: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def welcome(self) -> Welcome:
        """What the zygote said of itself. Raises SandboxUnavailable before it has."""
        if self._welcome is None:
            raise SandboxUnavailable("The sandbox has not started.")
        return self._welcome

    @property
    def alive(self) -> bool:
        """Whether the zygote is there to fork children."""
        return self._control is not None

    @property
    def ready(self) -> int:
        """How many children wait for a program."""
        return len(self._idle)

    async def start(self) -> None:
        """Starts the zygote and orders the spares. Raises SandboxUnsafe or SandboxUnavailable."""
        try:
            self._nursery.start()
            await self._begin()
        except BaseException:
            await self._nursery.close()
            raise

    async def acquire(self, timeout: float) -> Worker:
        """A child that is ready; the caller must `release` it. Raises SandboxUnavailable after `timeout` seconds."""
        if self._idle:
            return self._idle.popleft()
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._refill()
        try:
            # wait_for would swallow a cancellation that comes together with the child
            async with asyncio.timeout(timeout):
                return await place
        except (TimeoutError, asyncio.CancelledError) as error:
            if place.done() and not place.cancelled():
                self.release(place.result())
            if isinstance(error, TimeoutError):
                raise SandboxUnavailable("The sandbox does not get ready. Try again in a moment.") from None
            raise
        finally:
            if place in self._waiting:
                self._waiting.remove(place)

    def release(self, worker: Worker) -> None:
        """Ends a child that was acquired, and orders another."""
        worker.close()
        self._refill()

    async def close(self) -> None:
        """Ends the zygote and every child."""
        self._closed = True
        if self._revival is not None:
            self._revival.cancel()
            await asyncio.wait([self._revival])
        self._let_go()
        await self._nursery.close()

    async def _begin(self) -> None:
        """Raises SandboxUnsafe or SandboxUnavailable."""
        control = self._nursery.request()
        try:
            self._welcome = await self._greeting(control)
        except BaseException:
            control.close()
            raise
        self._control = control
        asyncio.get_running_loop().add_reader(control, self._read_news)
        self._refill()

    async def _greeting(self, control: socket.socket) -> Welcome:
        loop = asyncio.get_running_loop()
        try:
            packet = await asyncio.wait_for(loop.sock_recv(control, LONGEST_MESSAGE), _START_SECONDS)
            news = news_adapter.validate_json(packet)
        except (TimeoutError, OSError, ValidationError):
            raise SandboxUnavailable("The sandbox does not start; the server's log says why.") from None
        if isinstance(news, Unsafe):
            raise SandboxUnsafe(news.reason)
        if not isinstance(news, Welcome):
            raise SandboxUnavailable("The sandbox does not start.")
        return news

    def _refill(self) -> None:
        wanted = self._spares + len(self._waiting)
        while self._control is not None and len(self._idle) + len(self._expected) < wanted:
            self._last_number += 1
            number = self._last_number
            timer = asyncio.get_running_loop().call_later(_BIRTH_SECONDS, self._give_up, f"child {number} is overdue")
            self._expected[number] = timer
            try:
                self._control.send(Order(number=number).model_dump_json().encode())
            except OSError as error:
                self._lose(f"it takes no orders: {error}")

    def _read_news(self) -> None:
        if self._control is None:
            return
        try:
            packet, descriptors, _, _ = socket.recv_fds(
                self._control, LONGEST_MESSAGE, len(Descriptors.__annotations__)
            )
            news = news_adapter.validate_json(packet)
        except BlockingIOError:
            return
        except (OSError, ValidationError):
            self._lose("its zygote is gone")
            return
        if isinstance(news, Born):
            self._workers[news.number] = Worker(
                news.number, Descriptors(*descriptors), self._bounds, self.welcome.program_filename, self._on_change
            )
        elif isinstance(news, Ended):
            worker = self._workers.pop(news.number)
            worker.ended(Exit(news.status, news.cpu_seconds, news.memory_bytes))

    def _on_change(self, worker: Worker) -> None:
        timer = self._expected.pop(worker.number, None)
        if timer is not None:
            timer.cancel()
            self._greet(worker)
        elif worker.gone and worker in self._idle:
            self._idle.remove(worker)
            self.release(worker)

    def _greet(self, worker: Worker) -> None:
        """The first news of a child: it is ready, or it never will be."""
        if worker.ready and not worker.gone:
            self._stillborn = 0
            self._hand_out(worker)
            return
        self._stillborn += 1
        _log.error("a confined process failed to start: %s", worker.diagnostics or "it does not say why")
        worker.close()
        if self._stillborn >= _MOST_STILLBORN:
            self._give_up("its children do not start")
        else:
            self._refill()

    def _hand_out(self, worker: Worker) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(worker)
                return
        self._idle.append(worker)

    def _give_up(self, reason: str) -> None:
        """The zygote is there and does not do its work: another one of the same nursery would not either."""
        self._nursery.renew()
        self._lose(reason)

    def _lose(self, reason: str) -> None:
        """The zygote is of no more use: end it, and start another in the background."""
        if self._control is None:
            return
        _log.error("the sandbox starts again: %s", reason)
        self._let_go()
        if not self._closed:
            self._revival = asyncio.get_running_loop().create_task(self._revive())

    def _let_go(self) -> None:
        """Closes the control socket, at which the zygote ends its children and itself, and forgets all of them."""
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        for timer in self._expected.values():
            timer.cancel()
        for worker in self._workers.values():
            worker.kill()
            worker.ended(None)
            if worker.number in self._expected or worker in self._idle:  # the others are closed by whom they work for
                worker.close()
        self._expected.clear()
        self._idle.clear()
        self._workers.clear()

    async def _revive(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._begin()
                return
            except (SandboxUnavailable, SandboxUnsafe) as error:
                _log.error("the sandbox does not start again: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
