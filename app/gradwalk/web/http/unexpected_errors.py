"""The last handler of exceptions, which turns what no other handler expects into a response."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class UnexpectedErrors:
    """Responds to exceptions that no other handler expects. `answer` makes the response."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_notice(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_notice)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await self._answer(Request(scope), error)(scope, receive, send)
