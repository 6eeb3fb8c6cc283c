"""The two clients: the same calls over httpx's blocking client or its asynchronous one."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from functools import cached_property
from types import TracebackType
from typing import Self, TypeVar

import httpx
from httpx_sse import EventSource

from gradwalk.client.exchange import ApiRequest, Exchange, RetryPolicy
from gradwalk.client.response_parsing import not_understood
from gradwalk.client.rest_calls import AsyncPerformer, BlockingPerformer, RestCalls
from gradwalk.config import DEFAULT_URL
from gradwalk.errors import ServerUnreachable
from gradwalk.version import __version__

T = TypeVar("T")

_CONNECT_SECONDS = 10.0
_LONGEST_DELAY = 120.0


class _ClientSettings:
    """The settings of both clients. `url`: the server's address, without /api."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        token: str | None = None,
        timeout: float = 120.0,
        retries: int = 5,
    ) -> None:
        """Create a client. `token`: a text by which the server recognises this client. `timeout`: seconds without any
        data from the server. `retries`: how often to repeat a request after the delay that a busy server names.
        """
        self.url = url.rstrip("/")
        self._headers = {"User-Agent": f"gradwalk/{__version__}"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS))
        self._retry_policy = RetryPolicy(retries, _LONGEST_DELAY)

    def page(self, snapshot_id: str) -> str:
        """Return the address at which a browser shows a snapshot."""
        return f"{self.url}/s/{snapshot_id}"

    def _address(self, request: ApiRequest) -> str:
        return f"{self.url}/api/v1/{request.path}"


class Client(_ClientSettings, RestCalls, BlockingPerformer):
    """A client whose calls block until the result is there. Use it in a `with`, or close it."""

    @cached_property
    def _http(self) -> httpx.Client:
        return httpx.Client(headers=self._headers, timeout=self._timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def perform(self, exchange: Exchange[T]) -> T:
        """Run a call and return its result."""
        try:
            request = next(exchange)
            while True:
                request = exchange.send(self._send(request))
        except StopIteration as end:
            result: T = end.value
            return result

    def _send(self, request: ApiRequest) -> httpx.Response:
        time.sleep(request.delay)
        with (
            _reported(self.url),
            self._http.stream(
                request.method, self._address(request), headers=request.headers, content=request.body
            ) as response,
        ):
            if request.on_event is not None and request.accepts_stream(response):
                any(request.on_event(event) for event in EventSource(response).iter_sse())
            else:
                response.read()
            return response


class AsyncClient(_ClientSettings, RestCalls, AsyncPerformer):
    """A client whose calls are awaited. Use it in an `async with`, or close it."""

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
        """Close every connection."""
        await self._http.aclose()

    async def perform(self, exchange: Exchange[T]) -> T:
        """Run a call and return its result."""
        try:
            request = next(exchange)
            while True:
                request = exchange.send(await self._send(request))
        except StopIteration as end:
            result: T = end.value
            return result

    async def _send(self, request: ApiRequest) -> httpx.Response:
        await asyncio.sleep(request.delay)
        with _reported(self.url):
            async with self._http.stream(
                request.method, self._address(request), headers=request.headers, content=request.body
            ) as response:
                if request.on_event is not None and request.accepts_stream(response):
                    async with aclosing(EventSource(response).aiter_sse()) as events:
                        async for event in events:
                            if request.on_event(event):
                                break
                else:
                    await response.aread()
                return response


@contextmanager
def _reported(url: str) -> Iterator[None]:
    """Turn the errors of a connection into one clear error."""
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
