"""A canary for uvicorn: `gradwalk.web.http.connections` uses attributes that uvicorn does not document.

Each test uses them as that module does, so a version of uvicorn that has changed them fails here with a sentence.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send


def fail(missing: str) -> None:
    pytest.fail(
        f"uvicorn {uvicorn.__version__} has changed: {missing}. Adapt app/gradwalk/web/http/connections.py, "
        "or keep this version out in pyproject.toml.",
        pytrace=False,
    )


try:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:
    fail("there is no uvicorn.protocols.http.httptools_impl.HttpToolsProtocol")

OVERRIDDEN = (
    "connection_made",
    "data_received",
    "on_message_begin",
    "on_url",
    "on_header",
    "on_headers_complete",
    "on_body",
    "send_400_response",
    "pause_writing",
    "resume_writing",
    "connection_lost",
    "_unsupported_upgrade_warning",
)
"""The methods that LimitedProtocol overrides, which uvicorn must therefore call."""
LARGE = 32 << 20


def require(condition: object, expected: str) -> None:
    if not condition:
        fail(f"it is no longer true that {expected}")


@dataclass
class Observed:
    """The last connection of the server, and the names of the overridden methods that uvicorn has called."""

    protocol: Any = None
    called: set[str] = field(default_factory=set)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    messages: list[str] = field(default_factory=list)


def probe(observed: Observed) -> type[asyncio.Protocol]:
    """A protocol that records the calls of its methods, and passes them on."""

    def recording(name: str) -> Callable[..., Any]:
        original = getattr(HttpToolsProtocol, name, None)
        if original is None:
            fail(f"HttpToolsProtocol has no method {name}")

        def method(self: Any, *arguments: Any) -> Any:
            observed.protocol = self
            observed.called.add(name)
            return cast(Any, original)(self, *arguments)

        return method

    methods = {name: recording(name) for name in OVERRIDDEN}
    return cast(type[asyncio.Protocol], type("Probe", (HttpToolsProtocol,), methods))


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Observed, int]]:
    """A real uvicorn on a free port."""
    observed = Observed()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        observed.messages.append((await receive())["type"])
        if scope["path"] == "/wait":
            observed.waiting.set()
            observed.messages.append((await receive())["type"])
            return
        body = b"x" * (LARGE if scope["path"] == "/large" else 2)
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(app, http=probe(observed), ws="none", lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve([listening]))
        try:
            yield observed, listening.getsockname()[1]
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def connected(port: int, request: bytes) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except ConnectionRefusedError:
            await asyncio.sleep(0.01)
    writer.write(request)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def until(holds: Callable[[], object], expected: str) -> None:
    """Wait until a condition holds. Fail with a sentence after five seconds."""
    try:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0.01)
    except TimeoutError:
        fail(f"it is no longer true that {expected}")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_request_is_reported_in_parts_and_its_cycle_says_how_far_the_response_is() -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"
    async with serving() as (observed, port), connected(port, request) as (reader, writer):
        require((await reader.readline()).startswith(b"HTTP/1.1 200"), "a request is answered")
        protocol = observed.protocol
        await until(lambda: protocol.cycle.response_complete, "cycle.response_complete is true after the response")
        require(protocol.cycle.response_started, "cycle.response_started is true after the response")
        require(protocol.cycle.disconnected is False, "cycle.disconnected is false while the client is there")
        require(protocol.cycle.keep_alive is True, "cycle.keep_alive is true for HTTP/1.1")
        require(protocol in protocol.connections, "connections holds every open connection")
        require(protocol.loop is asyncio.get_running_loop(), "loop is the event loop")
        require(protocol.transport.get_write_buffer_size() == 0, "transport is the transport of the connection")
        writer.close()
        await until(lambda: protocol not in protocol.connections, "connections loses a connection that was closed")
        parts = set(OVERRIDDEN[:7]) | {"connection_lost"}
        require(parts <= observed.called, f"uvicorn calls {', '.join(sorted(parts - observed.called))}")


@pytest.mark.anyio
async def test_an_application_that_waits_is_told_of_a_disconnect() -> None:
    async with serving() as (observed, port), connected(port, b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"):
        await observed.waiting.wait()
        cycle = observed.protocol.cycle
        require(not cycle.response_started, "cycle.response_started is false before the response")
        require(not cycle.response_complete, "cycle.response_complete is false before the response")
        cycle.disconnected = True
        cycle.message_event.set()
        await until(
            lambda: observed.messages == ["http.request", "http.disconnect"],
            "setting cycle.disconnected and cycle.message_event lets the application receive http.disconnect",
        )


@pytest.mark.anyio
async def test_a_request_that_cannot_be_parsed_is_refused_by_send_400_response() -> None:
    async with serving() as (observed, port), connected(port, b"no request\r\n\r\n") as (reader, _):
        require((await reader.read()).startswith(b"HTTP/1.1 400"), "what cannot be parsed is answered with 400")
        require("send_400_response" in observed.called, "send_400_response answers what cannot be parsed")


@pytest.mark.anyio
async def test_an_exception_of_a_callback_stops_the_parser() -> None:
    async with serving() as (observed, port):
        async with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as (reader, _):
            await reader.readline()
            protocol = type(observed.protocol)

        def too_large(_self: Any, _name: bytes, _value: bytes) -> None:
            raise OverflowError

        protocol.on_header = too_large
        async with connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as (reader, _):
            require((await reader.read()).startswith(b"HTTP/1.1 400"), "an exception in on_header ends in a 400")
        require("send_400_response" in observed.called, "an exception in on_header calls send_400_response")


@pytest.mark.anyio
async def test_an_upgrade_is_reported_and_keep_alive_ends_the_connection() -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    async with serving() as (observed, port), connected(port, request) as (reader, _):
        require((await reader.readline()).startswith(b"HTTP/1.1 200"), "an upgrade is answered as a plain request")
        require(
            "_unsupported_upgrade_warning" in observed.called, "_unsupported_upgrade_warning is called for an upgrade"
        )


@pytest.mark.anyio
async def test_a_client_that_does_not_read_pauses_the_writing() -> None:
    async with serving() as (observed, port), connected(port, b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n") as (reader, _):
        await until(lambda: "pause_writing" in observed.called, "pause_writing is called when nobody reads")
        require(observed.protocol.transport.get_write_buffer_size() > 0, "the transport holds what was not read")
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(LARGE)
        await until(lambda: "resume_writing" in observed.called, "resume_writing is called when the client has read")
