"""The shutdown of a server: running requests are finished, and those that take too long get a response that says so."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradwalk.errors import ServerStopping
from gradwalk.web.http.problems import refusal_of


class Shutdown:
    """The shutdown of one server. `grace`: seconds that running requests have once it has begun."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._running: set[asyncio.Task[None]] = set()
        self._cancelled: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Start the period of grace. Must be called in the event loop."""
        asyncio.get_running_loop().call_later(self._grace, self._end)

    def register(self, task: asyncio.Task[None]) -> None:
        """Add a task that handles a request."""
        self._running.add(task)

    def unregister(self, task: asyncio.Task[None]) -> bool:
        """Remove a task. Return true when the shutdown cancelled it and nobody else did, so that it may go on."""
        self._running.discard(task)
        if task not in self._cancelled:
            return False
        self._cancelled.discard(task)
        return task.uncancel() == 0

    def _end(self) -> None:
        for task in self._running:
            self._cancelled.add(task)
            task.cancel()


class ShutdownResponses:
    """Responds to requests that the shutdown cancels: a closed connection would not say why."""

    def __init__(self, app: ASGIApp, shutdown: Shutdown) -> None:
        self._app = app
        self._shutdown = shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        task = asyncio.current_task()
        assert task is not None
        self._shutdown.register(task)
        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            if not self._shutdown.unregister(task) or started:
                raise
            error = ServerStopping("The server stops, and your request was not finished: send it again in a moment.")
            await refusal_of(Request(scope), error).response()(scope, receive, send)
        finally:
            self._shutdown.unregister(task)
