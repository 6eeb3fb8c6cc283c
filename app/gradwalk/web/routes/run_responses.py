"""The two responses to a run: JSON at its end, or a stream of events while it runs. A client that disconnects cancels
the run.
"""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from gradwalk.contract.problem import Problem
from gradwalk.web.bodies import RunCreated
from gradwalk.web.http.problems import refusal_of
from gradwalk.web.routes.run_events import MEDIA_TYPE, encode
from gradwalk.web.services.run_service import BackgroundRun

_FIRST_SECONDS: Final = 1.0
"""How long a stream waits for its first event. A refusal that comes sooner is a plain problem response."""
_PAUSE_SECONDS: Final = 0.05
"""The pause after each event, which bounds the number of events a second."""
_KEEP_ALIVE_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 10.0
"""How long a client may leave the events unread before it counts as disconnected."""
_KEEP_ALIVE: Final = b": still there\n\n"
_LOCATION: Final = "/api/v1/snapshots/"


class RunResponse(Response):
    """The plain response: 201 and the address of the snapshot."""

    def __init__(self, run: BackgroundRun) -> None:
        super().__init__()
        self._run = run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(self._cancel_on_disconnect(receive))
        try:
            await self._respond(scope, receive, send)
        finally:
            watch.cancel()
            await self._run.cancel()

    async def _cancel_on_disconnect(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await self._run.cancel()

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._run.wait()
        if not self._run.cancelled:
            await _created_response(self._run.result())(scope, receive, send)


class RunEventStream(RunResponse):
    """The stream of events. A refusal before the stream begins is a plain problem response; a later one is the last
    event.
    """

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._run.wait_for_news(_FIRST_SECONDS)
        if self._run.is_over and not self._run.cancelled:
            self._run.result()
        try:
            await self._stream(Request(scope), send)
        except TimeoutError:  # the client does not read
            return

    async def _stream(self, request: Request, send: Send) -> None:
        await _send(send, {"type": "http.response.start", "status": 200, "headers": _stream_headers()})
        while not self._run.is_over:
            events = b"".join(map(encode, self._run.progress.take()))
            await _send(send, {"type": "http.response.body", "body": events or _KEEP_ALIVE, "more_body": True})
            await self._run.wait(_PAUSE_SECONDS)
            await self._run.wait_for_news(_KEEP_ALIVE_SECONDS)
        if not self._run.cancelled:
            last = b"".join(map(encode, [*self._run.progress.take(), self._last_event(request)]))
            await _send(send, {"type": "http.response.body", "body": last})

    def _last_event(self, request: Request) -> RunCreated | Problem:
        try:
            return self._run.result()
        except Exception as error:
            return refusal_of(request, error).problem


def _created_response(created: RunCreated) -> Response:
    headers = {"Location": f"{_LOCATION}{created.snapshot}"}
    return Response(created.model_dump_json(), 201, headers, media_type="application/json")


def _stream_headers() -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", f"{MEDIA_TYPE}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]


async def _send(send: Send, message: Message) -> None:
    """Send a part of a response. Raises TimeoutError when the client does not read it."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await send(message)
