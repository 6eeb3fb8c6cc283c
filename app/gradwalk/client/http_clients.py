"""The two clients: the same calls, asked over httpx's blocking client or its asynchronous one."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from functools import cached_property
from types import TracebackType
from typing import Self, TypeVar

import httpx
from httpx_sse import EventSource

from gradwalk.client.answers import not_understood
from gradwalk.client.exchange import Ask, Patience, Steps
from gradwalk.client.rest_calls import Awaited, Blocking, Calls
from gradwalk.errors import ServerUnreachable
from gradwalk.version import __version__

T = TypeVar("T")

DEFAULT_URL = "http://127.0.0.1:8000"
_CONNECT_SECONDS = 10.0
_LONGEST_WAIT = 120.0


class _Session:
    """What both clients know. `url`: the server's address, without /api."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        token: str | None = None,
        timeout: float = 120.0,
        retries: int = 5,
    ) -> None:
        """`token`: of a client that the server knows. `timeout`: seconds in which nothing comes from the server.
        `retries`: how often to ask again, after the seconds that a busy server names.
        """
        self.url = url.rstrip("/")
        self._headers = {"User-Agent": f"gradwalk/{__version__}"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS))
        self._patience = Patience(retries, _LONGEST_WAIT)

    def page(self, snapshot_id: str) -> str:
        """The address at which a browser shows a snapshot."""
        return f"{self.url}/s/{snapshot_id}"

    def _address(self, ask: Ask) -> str:
        return f"{self.url}/api/v1/{ask.path}"


class Client(_Session, Calls, Blocking):
    """Blocks until the answer is there. To be used in a `with`, or to be closed."""

    @cached_property
    def _http(self) -> httpx.Client:
        return httpx.Client(headers=self._headers, timeout=self._timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes every connection."""
        self._http.close()

    def perform(self, steps: Steps[T]) -> T:
        """Holds a conversation."""
        try:
            ask = next(steps)
            while True:
                ask = steps.send(self._ask(ask))
        except StopIteration as end:
            outcome: T = end.value
            return outcome

    def _ask(self, ask: Ask) -> httpx.Response:
        time.sleep(ask.after)
        with (
            _reported(self.url),
            self._http.stream(ask.method, self._address(ask), headers=ask.headers, content=ask.body) as response,
        ):
            if ask.hear is not None and ask.hears(response):
                any(ask.hear(event) for event in EventSource(response).iter_sse())
            else:
                response.read()
            return response


class AsyncClient(_Session, Calls, Awaited):
    """Is awaited. To be used in an `async with`, or to be closed."""

    @cached_property
    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(headers=self._headers, timeout=self._timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every connection."""
        await self._http.aclose()

    async def perform(self, steps: Steps[T]) -> T:
        """Holds a conversation."""
        try:
            ask = next(steps)
            while True:
                ask = steps.send(await self._ask(ask))
        except StopIteration as end:
            outcome: T = end.value
            return outcome

    async def _ask(self, ask: Ask) -> httpx.Response:
        await asyncio.sleep(ask.after)
        with _reported(self.url):
            async with self._http.stream(
                ask.method, self._address(ask), headers=ask.headers, content=ask.body
            ) as response:
                if ask.hear is not None and ask.hears(response):
                    async with aclosing(EventSource(response).aiter_sse()) as events:
                        async for event in events:
                            if ask.hear(event):
                                break
                else:
                    await response.aread()
                return response


@contextmanager
def _reported(url: str) -> Iterator[None]:
    """What goes wrong on the way to a server, as one clear error."""
    try:
        yield
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise ServerUnreachable(f"{url} is no address of a server: write http://127.0.0.1:8000.") from error
    except httpx.ConnectError as error:
        raise ServerUnreachable(
            f"No server answers at {url}: start it with `gradwalk serve`, or correct it."
        ) from error
    except httpx.TimeoutException as error:
        raise ServerUnreachable(f"The server at {url} takes too long: try again.") from error
    except httpx.TransportError as error:
        raise ServerUnreachable(f"The connection to {url} broke: try again.") from error
    except httpx.DecodingError as error:
        raise not_understood("a body that cannot be decompressed") from error
