"""The limits of one HTTP connection, added to uvicorn's protocol.

uvicorn closes a connection that is idle for 5 seconds between two requests. Without the limits here, its parser
(llhttp) accepts headers of any size, a client may send them one byte at a time, and a response that nobody reads stays
in memory.

The class below uses attributes that uvicorn does not document: tests/web/test_uvicorn.py fails when a new version has
changed them.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gradwalk.web.http.problems import Refusal, connection_refusal
from gradwalk.web.http.security_headers import SECURITY_HEADERS

_LINGER_SECONDS = 1.0
"""How long a refused client may go on sending: closing a connection with unread bytes in it would lose the refusal."""
_LEAST_READ_BYTES = 16 * 1024
"""The part of a waiting response that a client must read within `idle_seconds`."""


@dataclass(frozen=True)
class ConnectionLimits:
    """The limits of a server's connections. `connections`: how many may be open at the same time. `header_bytes`:
    request line and headers of one request. `header_seconds`: from the beginning of a connection, or the first byte of
    a request, to the end of its headers. `idle_seconds`: for reading a part of a response.
    """

    connections: int
    header_bytes: int
    header_seconds: float
    idle_seconds: float


class Timer:
    """A timer that calls a function once. Starting it again restarts it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        """True while a call is due."""
        return self._handle is not None

    def start(self, seconds: float, call: Callable[[], None]) -> None:
        """Call the function after this many seconds."""

        def ring() -> None:
            self._handle = None
            call()

        self.stop()
        self._handle = self._loop.call_later(seconds, ring)

    def stop(self) -> None:
        """Cancel the call."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class HeadersTooLarge(Exception):
    """The headers have more than `header_bytes`. Raised to stop the parser."""


class LimitedProtocol(HttpToolsProtocol):
    """A connection with limits."""

    limits: ClassVar[ConnectionLimits]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_headers = False
        self._header_bytes = 0
        self._unparsed = 0
        self._refused = False
        self._request_timer = Timer(self.loop)
        self._reader_timer = Timer(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection, or refuse it when too many are open."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(503)
        else:
            self._await_request()

    def data_received(self, data: bytes) -> None:
        """Pass the data to the parser. `_unparsed` counts the bytes for which the parser has reported nothing yet, as
        in an endless header.
        """
        if self._refused:
            return
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > self.limits.header_bytes:
            self._refuse(431)
        elif self.cycle is None or self.cycle.response_complete:
            self._await_request()

    def on_message_begin(self) -> None:
        """Note the first byte of a request."""
        super().on_message_begin()
        self._in_headers = True
        self._header_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Count a part of the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header, or a trailer after a chunked body."""
        self._count(len(name) + len(value) + len(": \r\n"))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the timer of the headers; `gradwalk.web.http.body_limits` has a deadline for the body."""
        self._in_headers = False
        self._unparsed = 0
        self._request_timer.stop()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body, which `gradwalk.web.http.body_limits` counts."""
        self._unparsed = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Refuse a request that cannot be parsed."""
        self._refuse(431 if self._header_bytes > self.limits.header_bytes else 400)

    def pause_writing(self) -> None:
        """Start to watch a client that reads more slowly than the response is written."""
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop watching a client that has caught up."""
        self._reader_timer.stop()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self._request_timer.stop()
        self._reader_timer.stop()
        super().connection_lost(exc)

    def _unsupported_upgrade_warning(self) -> None:
        """Close the connection after the response: a request to upgrade it is answered without an upgrade."""
        self.cycle.keep_alive = False

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > self.limits.header_bytes:
            raise HeadersTooLarge

    def _await_request(self) -> None:
        if not self._request_timer.is_running:
            self._request_timer.start(self.limits.header_seconds, self._request_is_late)

    def _request_is_late(self) -> None:
        if self._in_headers:
            self._refuse(408)
        else:
            self.transport.close()

    def _watch_reader(self, unread: int) -> None:
        self._reader_timer.start(self.limits.idle_seconds, lambda: self._reader_is_late(unread))

    def _reader_is_late(self, unread: int) -> None:
        left = self.transport.get_write_buffer_size()
        if unread - left < _LEAST_READ_BYTES:
            self.transport.abort()
        else:
            self._watch_reader(left)

    def _refuse(self, status: int) -> None:
        """End the connection with a problem, and drop all further input."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:  # tell the application that the client has disconnected
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if answering and self.cycle.response_started:
            self.transport.abort()
            return
        self.transport.write(_as_http(connection_refusal(status)))
        self.transport.write_eof()
        self._request_timer.start(_LINGER_SECONDS, self.transport.abort)


def limited_protocol(limits: ConnectionLimits) -> type[asyncio.Protocol]:
    """Return a protocol with these limits, for uvicorn's setting `http`."""
    return cast(type[asyncio.Protocol], type("LimitedHttp", (LimitedProtocol,), {"limits": limits}))


def _as_http(refusal: Refusal) -> bytes:
    """Return the bytes of an HTTP response, because no application is there to write it."""
    response = refusal.response()
    headers = {**dict(response.headers), **{name.lower(): value for name, value in SECURITY_HEADERS.items()}}
    lines = [f"HTTP/1.1 {refusal.problem.status} {refusal.problem.title}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + bytes(response.body)
