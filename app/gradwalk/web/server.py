"""One server process: it starts the store, the sandbox and the HTTP server, and closes them in the reverse order."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from gradwalk.config import Settings
from gradwalk.sandbox.runner import Sandbox
from gradwalk.store import Store, sqlite_url
from gradwalk.web.application import create_app
from gradwalk.web.http.connections import ConnectionLimits, limited_protocol
from gradwalk.web.http.shutdown import Shutdown

_SECONDS_BEYOND_A_RUN = 2
"""The time of grace after the longest run: then the longest run has its response, and requests that still wait in the
queue are told that the server stops.
"""
_SECONDS_FOR_LAST_RESPONSES = 3
_BACKLOG = 1024
_YOUNG_OBJECTS = 50_000
_UNREAD_MILLISECONDS = 30_000
_KEEP_ALIVE_SECONDS = 5
"""Between two requests on one connection."""


class CannotStart(Exception):
    """The server cannot start here. The message is a sentence that says what to do."""


class Server(uvicorn.Server):
    """A uvicorn server that calls back when it has started and when it stops."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Call back, then shut down."""
        self._on_stop()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call back if that succeeded."""
        await super().startup(sockets)
        if self.started:
            self._on_started()


def serve_until_stopped(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish the runs in flight. `announce` is called with the page's address.

    Raises CannotStart, and the errors of the sandbox and the store when they start.
    """
    make_writable(settings.data_dir)
    with listen(settings) as listening:
        asyncio.run(_serve(settings, listening, announce))


async def _serve(settings: Settings, listening: socket.socket, announce: Callable[[str], None]) -> None:
    grace = int(settings.wall_seconds) + _SECONDS_BEYOND_A_RUN
    shutdown = Shutdown(grace)
    async with open_store(settings) as store, open_sandbox(settings) as sandbox:
        config = uvicorn.Config(
            create_app(settings, sandbox, store, shutdown=shutdown),
            log_config=None,  # its messages go to the same log as all others
            access_log=False,
            server_header=False,
            http=limited_protocol(
                ConnectionLimits(
                    settings.connections, settings.header_kib << 10, settings.header_seconds, settings.idle_seconds
                )
            ),
            ws="none",  # there are no WebSockets
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=grace + _SECONDS_FOR_LAST_RESPONSES,
        )
        # uvicorn raises the signal again when it is done: the store and the sandbox must still be closed after that
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _ignore)
        _collect_rarely()
        server = Server(config, lambda: announce(page_url(listening, settings.host)), shutdown.begin)
        await server.serve([listening])


def _collect_rarely() -> None:
    """Let the garbage collector run rarely. A recording of 10,000 operations has some 500,000 objects, none of them
    garbage: looking at them again and again would take three times as long as everything else together.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Start the store of these settings, and close it at the end. Raises StoreUnavailable."""
    store = Store(settings.database_url or sqlite_url(settings.data_dir))
    try:
        await store.start()
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def open_sandbox(settings: Settings) -> AsyncIterator[Sandbox]:
    """Start the sandbox of these settings, and close it at the end. Raises SandboxUnsafe, SandboxUnavailable."""
    sandbox = Sandbox(settings)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.close()


def make_writable(folder: Path) -> None:
    """Create the data folder. Raises CannotStart when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise CannotStart(f"The data folder {folder} cannot be written: allow it, or choose another with --data-dir.")


def listen(settings: Settings) -> socket.socket:
    """Return a socket that already listens. Raises CannotStart."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sets TCP_NODELAY, so that small responses are sent at once, only where the protocol is named
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # a client that acknowledges nothing for so long is gone: data for it must not stay in memory for ever
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_MILLISECONDS)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror):
            raise CannotStart(f"No address is called {settings.host}: choose another with --host.") from error
        raise CannotStart(
            f"Port {settings.port} of {settings.host} cannot be used ({error.strerror}): "
            "stop the program that uses it, or choose another with --port."
        ) from error
    listening.set_inheritable(False)
    return listening


def page_url(listening: socket.socket, host: str) -> str:
    """Return the address of the page for a browser on this machine."""
    port = listening.getsockname()[1]
    if host in ("0.0.0.0", "::", ""):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _ignore(_number: int, _frame: object) -> None:
    """Do nothing: uvicorn has handled the signal."""
