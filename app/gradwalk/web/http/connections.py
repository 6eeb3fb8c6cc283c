"""One HTTP connection: uvicorn's protocol, with the bounds that it leaves open.

uvicorn gives an idle connection 5 seconds between two requests. Without the bounds here, its parser (llhttp) takes
headers of any size, a client may send them a byte at a time, and an answer that nobody reads stays in memory.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gradwalk.web.http.middleware import SECURITY_HEADERS
from gradwalk.web.http.problems import Refusal, connection_refusal

_LINGER_SECONDS = 1.0
"""How long a refused client may still send: a connection that is closed with unread bytes in it loses the refusal."""
_LEAST_READ_BYTES = 16 * 1024
"""What a client must read of a waiting answer in `idle_seconds`."""


@dataclass(frozen=True)
class Bounds:
    """`connections`: how many at once. `header_bytes`: request line and headers of one request. `header_seconds`: from
    a connection's beginning, or a request's first byte, to the end of its headers. `idle_seconds`: for reading a part
    of an answer.
    """

    connections: int
    header_bytes: int
    header_seconds: float
    idle_seconds: float


class Timer:
    """Calls something once, later; starting it again begins anew."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        """Whether a call is still to come."""
        return self._handle is not None

    def start(self, seconds: float, call: Callable[[], None]) -> None:
        """Waits for so long."""

        def ring() -> None:
            self._handle = None
            call()

        self.stop()
        self._handle = self._loop.call_later(seconds, ring)

    def stop(self) -> None:
        """Nothing is called any more."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class HeadersTooLarge(Exception):
    """More than `header_bytes`: stops the parser."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection within `bounds`."""

    bounds: ClassVar[Bounds]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_headers = False
        self._header_bytes = 0
        self._unclaimed = 0
        self._refused = False
        self._for_request = Timer(self.loop)
        self._for_reader = Timer(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """As uvicorn's, while there is a place."""
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections:
            self._refuse(503)
        else:
            self._await_request()

    def data_received(self, data: bytes) -> None:
        """As uvicorn's. `_unclaimed` counts what the parser swallows without giving anything: an endless header."""
        if self._refused:
            return
        self._unclaimed += len(data)
        super().data_received(data)
        if self._unclaimed > self.bounds.header_bytes:
            self._refuse(431)
        elif self.cycle is None or self.cycle.response_complete:
            self._await_request()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._in_headers = True
        self._header_bytes = 0

    def on_url(self, url: bytes) -> None:
        """A part of the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer after a chunked body."""
        self._count(len(name) + len(value) + len(": \r\n"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The request can be served; its body has a deadline in `gradwalk.web.http.body_limits`."""
        self._in_headers = False
        self._unclaimed = 0
        self._for_request.stop()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body, which is counted in `gradwalk.web.http.body_limits`."""
        self._unclaimed = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """What cannot be parsed, as a problem."""
        self._refuse(431 if self._header_bytes > self.bounds.header_bytes else 400)

    def pause_writing(self) -> None:
        """The client reads more slowly than the answer is written."""
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._for_reader.stop()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._for_request.stop()
        self._for_reader.stop()
        super().connection_lost(exc)

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade is never made: the request is answered as it is, and the connection ends with it."""
        self.cycle.keep_alive = False

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > self.bounds.header_bytes:
            raise HeadersTooLarge

    def _await_request(self) -> None:
        if not self._for_request.runs:
            self._for_request.start(self.bounds.header_seconds, self._request_is_late)

    def _request_is_late(self) -> None:
        if self._in_headers:
            self._refuse(408)
        else:
            self.transport.close()

    def _watch_reader(self, unread: int) -> None:
        self._for_reader.start(self.bounds.idle_seconds, lambda: self._reader_is_late(unread))

    def _reader_is_late(self, unread: int) -> None:
        left = self.transport.get_write_buffer_size()
        if unread - left < _LEAST_READ_BYTES:
            self.transport.abort()
        else:
            self._watch_reader(left)

    def _refuse(self, status: int) -> None:
        """Ends the connection with a problem; what still comes in is dropped."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:  # the application hears that the client is gone
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if answering and self.cycle.response_started:
            self.transport.abort()
            return
        self.transport.write(_as_http(connection_refusal(status)))
        self.transport.write_eof()
        self._for_request.start(_LINGER_SECONDS, self.transport.abort)


def bounded(bounds: Bounds) -> type[asyncio.Protocol]:
    """The protocol within these bounds, for uvicorn's `http`."""
    return cast(type[asyncio.Protocol], type("BoundedHttp", (BoundedProtocol,), {"bounds": bounds}))


def _as_http(refusal: Refusal) -> bytes:
    """The refusal as it travels: no application is there to write it."""
    response = refusal.response()
    headers = {**dict(response.headers), **{name.lower(): value for name, value in SECURITY_HEADERS.items()}}
    lines = [f"HTTP/1.1 {refusal.problem.status} {refusal.problem.title}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + bytes(response.body)
