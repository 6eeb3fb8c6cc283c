"""The pool of confined children: it starts a zygote, keeps spare children ready, and replaces a zygote that dies."""

import asyncio
import logging
import socket
from collections import deque
from typing import Final

from pydantic import ValidationError

from gradwalk.errors import SandboxUnavailable, SandboxUnsafe
from gradwalk.sandbox.child_channels import Descriptors
from gradwalk.sandbox.forkserver import Forkserver
from gradwalk.sandbox.protocol import (
    LONGEST_MESSAGE,
    Confinement,
    Ended,
    Forked,
    Order,
    Unsafe,
    Welcome,
    zygote_message_adapter,
)
from gradwalk.sandbox.verdict import Exit
from gradwalk.sandbox.worker import ChildBounds, Worker

_log = logging.getLogger(__name__)

_START_SECONDS: Final = 90.0
_FORK_SECONDS: Final = 15.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 8.0
_MOST_FAILED_STARTS: Final = 3


class Pool:
    """Confined children, ready to run a program each. `spares`: how many wait."""

    def __init__(self, confinement: Confinement, bounds: ChildBounds, spares: int) -> None:
        self._bounds = bounds
        self._spares = spares
        self._forkserver = Forkserver(confinement)
        self._control: socket.socket | None = None
        self._welcome: Welcome | None = None
        self._workers: dict[int, Worker] = {}
        self._idle: deque[Worker] = deque()
        self._expected: dict[int, asyncio.TimerHandle] = {}
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._last_number = 0
        self._failed_starts = 0
        self._restart_task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def welcome(self) -> Welcome:
        """The zygote's description of itself. Raises SandboxUnavailable before it has arrived."""
        if self._welcome is None:
            raise SandboxUnavailable("The sandbox has not started.")
        return self._welcome

    @property
    def alive(self) -> bool:
        """True while there is a zygote to fork children."""
        return self._control is not None

    @property
    def ready(self) -> int:
        """The number of children that wait for a program."""
        return len(self._idle)

    async def start(self) -> None:
        """Start the zygote and order the spares. Raises SandboxUnsafe or SandboxUnavailable."""
        try:
            self._forkserver.start()
            await self._start_zygote()
        except BaseException:
            await self._forkserver.close()
            raise

    async def acquire(self, timeout: float) -> Worker:
        """Return a child that is ready; the caller must `release` it. Raises SandboxUnavailable after `timeout`
        seconds.
        """
        if self._idle:
            return self._idle.popleft()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._refill()
        try:
            # asyncio.wait_for would swallow a cancellation that comes together with the child
            async with asyncio.timeout(timeout):
                return await future
        except (TimeoutError, asyncio.CancelledError) as error:
            if future.done() and not future.cancelled():
                self.release(future.result())
            if isinstance(error, TimeoutError):
                raise SandboxUnavailable("The sandbox does not get ready. Try again in a moment.") from None
            raise
        finally:
            if future in self._waiting:
                self._waiting.remove(future)

    def release(self, worker: Worker) -> None:
        """End a child that was acquired, and order another."""
        worker.close()
        self._refill()

    async def close(self) -> None:
        """End the zygote and every child."""
        self._closed = True
        if self._restart_task is not None:
            self._restart_task.cancel()
            await asyncio.wait([self._restart_task])
        self._drop_zygote()
        await self._forkserver.close()

    async def _start_zygote(self) -> None:
        """Start a zygote and order the spares. Raises SandboxUnsafe or SandboxUnavailable."""
        control = self._forkserver.request()
        try:
            self._welcome = await self._receive_welcome(control)
        except BaseException:
            control.close()
            raise
        self._control = control
        asyncio.get_running_loop().add_reader(control, self._read_message)
        self._refill()

    async def _receive_welcome(self, control: socket.socket) -> Welcome:
        loop = asyncio.get_running_loop()
        try:
            packet = await asyncio.wait_for(loop.sock_recv(control, LONGEST_MESSAGE), _START_SECONDS)
            message = zygote_message_adapter.validate_json(packet)
        except (TimeoutError, OSError, ValidationError):
            raise SandboxUnavailable("The sandbox does not start; the server's log says why.") from None
        if isinstance(message, Unsafe):
            raise SandboxUnsafe(message.reason)
        if not isinstance(message, Welcome):
            raise SandboxUnavailable("The sandbox does not start.")
        return message

    def _refill(self) -> None:
        wanted = self._spares + len(self._waiting)
        while self._control is not None and len(self._idle) + len(self._expected) < wanted:
            self._last_number += 1
            number = self._last_number
            timer = asyncio.get_running_loop().call_later(
                _FORK_SECONDS, self._replace_forkserver, f"child {number} is overdue"
            )
            self._expected[number] = timer
            try:
                self._control.send(Order(number=number).model_dump_json().encode())
            except OSError as error:
                self._replace_zygote(f"it takes no orders: {error}")

    def _read_message(self) -> None:
        if self._control is None:
            return
        try:
            packet, descriptors, _, _ = socket.recv_fds(
                self._control, LONGEST_MESSAGE, len(Descriptors.__annotations__)
            )
            message = zygote_message_adapter.validate_json(packet)
        except BlockingIOError:
            return
        except (OSError, ValidationError):
            self._replace_zygote("its zygote is gone")
            return
        if isinstance(message, Forked):
            self._workers[message.number] = Worker(
                message.number, Descriptors(*descriptors), self._bounds, self.welcome.program_filename, self._on_change
            )
        elif isinstance(message, Ended):
            worker = self._workers.pop(message.number)
            worker.ended(Exit(message.status, message.cpu_seconds, message.memory_bytes))

    def _on_change(self, worker: Worker) -> None:
        timer = self._expected.pop(worker.number, None)
        if timer is not None:
            timer.cancel()
            self._on_first_change(worker)
        elif worker.gone and worker in self._idle:
            self._idle.remove(worker)
            self.release(worker)

    def _on_first_change(self, worker: Worker) -> None:
        """Handle the first report of a child: it is ready, or it never will be."""
        if worker.ready and not worker.gone:
            self._failed_starts = 0
            self._hand_out(worker)
            return
        self._failed_starts += 1
        _log.error("a confined process failed to start: %s", worker.diagnostics or "it does not say why")
        worker.close()
        if self._failed_starts >= _MOST_FAILED_STARTS:
            self._replace_forkserver("its children do not start")
        else:
            self._refill()

    def _hand_out(self, worker: Worker) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    def _replace_forkserver(self, reason: str) -> None:
        """Replace the forkserver too: the zygote is there and does not do its work, and another of its zygotes would
        not either.
        """
        self._forkserver.restart()
        self._replace_zygote(reason)

    def _replace_zygote(self, reason: str) -> None:
        """End the zygote, which is of no more use, and start another in the background."""
        if self._control is None:
            return
        _log.error("the sandbox starts again: %s", reason)
        self._drop_zygote()
        if not self._closed:
            self._restart_task = asyncio.get_running_loop().create_task(self._start_again())

    def _drop_zygote(self) -> None:
        """Close the control socket, at which the zygote ends its children and itself, and forget all of them."""
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        for timer in self._expected.values():
            timer.cancel()
        for worker in self._workers.values():
            worker.kill()
            worker.ended(None)
            if (
                worker.number in self._expected or worker in self._idle
            ):  # the others are closed by the runs that acquired them
                worker.close()
        self._expected.clear()
        self._idle.clear()
        self._workers.clear()

    async def _start_again(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._start_zygote()
                return
            except (SandboxUnavailable, SandboxUnsafe) as error:
                _log.error("the sandbox does not start again: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
