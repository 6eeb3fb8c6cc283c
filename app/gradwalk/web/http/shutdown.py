"""How a server stops: what is asked already is finished, and what cannot be is told so."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradwalk.errors import ServerStopping
from gradwalk.web.http.problems import refusal_of


class Stopping:
    """The end of a server. `grace`: seconds that requests have from its beginning on."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._under_way: set[asyncio.Task[None]] = set()
        self._cut: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """The grace begins. To be called in the event loop."""
        asyncio.get_running_loop().call_later(self._grace, self._end)

    def enter(self, task: asyncio.Task[None]) -> None:
        """A request is under way in this task."""
        self._under_way.add(task)

    def leave(self, task: asyncio.Task[None]) -> bool:
        """It is not any more. True when that was cut here, and nobody else wants the task to end."""
        self._under_way.discard(task)
        if task not in self._cut:
            return False
        self._cut.discard(task)
        return task.uncancel() == 0

    def _end(self) -> None:
        for task in self._under_way:
            self._cut.add(task)
            task.cancel()


class LastAnswers:
    """Answers those whose request is cut because the server stops: a closed connection would say nothing."""

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def send_and_note(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        task = asyncio.current_task()
        assert task is not None
        self._stopping.enter(task)
        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            if not self._stopping.leave(task) or answered:
                raise
            error = ServerStopping("The server stops, and your request was not finished: send it again in a moment.")
            await refusal_of(Request(scope), error).response()(scope, receive, send)
        finally:
            self._stopping.leave(task)
