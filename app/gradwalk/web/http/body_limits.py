"""Limits for the body of a request: its size, and the time until it has arrived."""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradwalk.web.http.problems import protocol_refusal

_CLOSE = {"Connection": "close"}
"""The connection ends, because the rest of such a body is not worth reading."""


class BodyLimit:
    """Refuses a body of more than `largest` bytes before all of it is read."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > self._largest:
            await protocol_refusal(413, _CLOSE).response()(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise HTTPException(413, headers=_CLOSE)
            return message

        await self._app(scope, receive_within_limit, send)


class BodyDeadline:
    """Refuses a body that has not arrived completely within `seconds`: a client that sends it slowly would occupy its
    connection.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self._seconds
        whole = False

        async def receive_in_time() -> Message:
            nonlocal whole
            if whole:  # the next message is the end of the connection, for which there is no deadline
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, headers=_CLOSE) from None
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
