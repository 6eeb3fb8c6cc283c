"""The two answers to a run: JSON at its end, or a stream of events while it goes on. Whoever goes away cancels it."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from gradwalk.contract.problem import Problem
from gradwalk.web.bodies import RunCreated
from gradwalk.web.http.problems import refusal_of
from gradwalk.web.services.run_progress import MEDIA_TYPE, encode
from gradwalk.web.services.run_service import RunUnderWay

_FIRST_SECONDS: Final = 1.0
"""So long a stream waits for its first event: what is refused until then is a plain problem."""
_PAUSE_SECONDS: Final = 0.05
_KEEP_ALIVE_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 10.0
"""So long a client may let the events wait before it counts as gone."""
_KEEP_ALIVE: Final = b": still there\n\n"
_LOCATION: Final = "/api/v1/snapshots/"


class RunAnswer(Response):
    """The plain answer: 201 and where the snapshot is."""

    def __init__(self, run: RunUnderWay) -> None:
        super().__init__()
        self._run = run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch = asyncio.create_task(self._give_up_when_gone(receive))
        try:
            await self._answer(scope, receive, send)
        finally:
            watch.cancel()
            await self._run.give_up()

    async def _give_up_when_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await self._run.give_up()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._run.ended()
        if not self._run.given_up:
            await _plain(self._run.created())(scope, receive, send)


class RunEvents(RunAnswer):
    """The stream. A refusal that is known before it begins is a plain problem; a later one is its last event."""

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._run.has_news(_FIRST_SECONDS)
        if self._run.is_over and not self._run.given_up:
            self._run.created()
        try:
            await self._stream(Request(scope), send)
        except TimeoutError:  # nobody reads
            return

    async def _stream(self, request: Request, send: Send) -> None:
        await _send(send, {"type": "http.response.start", "status": 200, "headers": _stream_headers()})
        while not self._run.is_over:
            events = b"".join(map(encode, self._run.progress.take()))
            await _send(send, {"type": "http.response.body", "body": events or _KEEP_ALIVE, "more_body": True})
            await self._run.ended(_PAUSE_SECONDS)
            await self._run.has_news(_KEEP_ALIVE_SECONDS)
        if not self._run.given_up:
            last = b"".join(map(encode, [*self._run.progress.take(), self._end(request)]))
            await _send(send, {"type": "http.response.body", "body": last})

    def _end(self, request: Request) -> RunCreated | Problem:
        try:
            return self._run.created()
        except Exception as error:
            return refusal_of(request, error).problem


def _plain(created: RunCreated) -> Response:
    headers = {"Location": f"{_LOCATION}{created.snapshot}"}
    return Response(created.model_dump_json(), 201, headers, media_type="application/json")


def _stream_headers() -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", f"{MEDIA_TYPE}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]


async def _send(send: Send, message: Message) -> None:
    """Raises TimeoutError when the client does not take it."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await send(message)
