"""The server's side of the zygote: starts it, keeps spares ready, starts it again when it dies."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections import deque
from typing import Final

from pydantic import ValidationError

from app.errors import SandboxUnavailable, SandboxUnsafe
from app.sandbox.protocol import (
    LONGEST_MESSAGE,
    Born,
    Confinement,
    Ended,
    Order,
    Unsafe,
    Welcome,
    news_adapter,
)
from app.sandbox.verdict import Exit
from app.sandbox.worker import Bounds, Descriptors, Worker

_log = logging.getLogger(__name__)

_ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "HOME": "/nonexistent",
    "PYTHONHASHSEED": "0",  # the order of a set is the same in every run
    **dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "MALLOC_ARENA_MAX": "1",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # must exist, or the first zero_grad fails on a read-only root
}
"""All that the zygote inherits: no secret of the server is among it."""

# Like -I, but for PYTHONHASHSEED, which -I ignores; the environment is ours from end to end.
_COMMAND: Final = (sys.executable, "-s", "-P", "-B", "-m", "app.sandbox.zygote")
_START_SECONDS: Final = 90.0
_BIRTH_SECONDS: Final = 15.0
_END_SECONDS: Final = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 8.0
_MOST_STILLBORN: Final = 3


class Pool:
    """Confined children, ready to run a program each. `spares`: how many wait."""

    def __init__(self, confinement: Confinement, bounds: Bounds, spares: int) -> None:
        self._confinement = confinement
        self._bounds = bounds
        self._spares = spares
        self._process: subprocess.Popen[bytes] | None = None
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
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [*_COMMAND, str(theirs.fileno()), self._confinement.model_dump_json()],
                pass_fds=[theirs.fileno()],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.setblocking(False)
        try:
            self._welcome = await self._greeting(ours)
        except BaseException:
            ours.close()
            await self._bury()
            raise
        self._control = ours
        asyncio.get_running_loop().add_reader(ours, self._read_news)
        self._refill()

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
        await self._bury()

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
            timer = asyncio.get_running_loop().call_later(_BIRTH_SECONDS, self._lose, f"child {number} is overdue")
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
            self._lose("it is gone")
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
            self._lose("its children do not start")
        else:
            self._refill()

    def _hand_out(self, worker: Worker) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(worker)
                return
        self._idle.append(worker)

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
        await self._bury()
        while True:
            try:
                await self.start()
                return
            except (SandboxUnavailable, SandboxUnsafe, OSError) as error:
                _log.error("the sandbox does not start again: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _bury(self) -> None:
        """Waits until the zygote has ended, and helps when it takes too long."""
        process, self._process = self._process, None
        if process is None:
            return
        exited = asyncio.Event()
        pidfd = os.pidfd_open(process.pid)
        loop = asyncio.get_running_loop()
        loop.add_reader(pidfd, exited.set)
        try:
            await asyncio.wait_for(exited.wait(), _END_SECONDS)
        except TimeoutError:
            process.kill()
        finally:
            loop.remove_reader(pidfd)
            os.close(pidfd)
        process.wait()
