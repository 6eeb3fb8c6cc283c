"""One server process: sandbox, store and HTTP, started in this order and closed in the other."""

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
from gradwalk.web.http.connections import Bounds, bounded
from gradwalk.web.http.shutdown import Stopping

_SECONDS_BEYOND_A_RUN = 2
"""Until then the longest run is answered; whoever still waits in the queue is told that the server stops."""
_SECONDS_FOR_LAST_ANSWERS = 3
_BACKLOG = 1024
_YOUNG = 50_000
_DEAF_MILLISECONDS = 30_000
_KEEP_ALIVE_SECONDS = 5
"""Between two requests on one connection."""


class CannotStart(Exception):
    """The server cannot start here. The message is a sentence that says what to do."""


class Server(uvicorn.Server):
    """Uvicorn, which tells when it answers and when it stops."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        self._on_stop()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        if self.started:
            self._on_started()


def serve_until_stopped(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; runs in flight are finished. `announce` is called with the page's address.

    Raises CannotStart, and what the sandbox and the store raise when they start.
    """
    make_writable(settings.data_dir)
    with listen(settings) as listening:
        asyncio.run(_serve(settings, listening, announce))


async def _serve(settings: Settings, listening: socket.socket, announce: Callable[[str], None]) -> None:
    grace = int(settings.wall_seconds) + _SECONDS_BEYOND_A_RUN
    stopping = Stopping(grace)
    async with open_store(settings) as store, open_sandbox(settings) as sandbox:
        config = uvicorn.Config(
            create_app(settings, sandbox, store, stopping=stopping),
            log_config=None,  # what it logs goes where everything goes
            access_log=False,
            server_header=False,
            http=bounded(
                Bounds(settings.connections, settings.header_kib << 10, settings.header_seconds, settings.idle_seconds)
            ),
            ws="none",  # nothing speaks it
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=grace + _SECONDS_FOR_LAST_ANSWERS,
        )
        # uvicorn raises the signal again when it is done: what comes after it here must still be done
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _ignore)
        _collect_rarely()
        server = Server(config, lambda: announce(page_url(listening, settings.host)), stopping.begin)
        await server.serve([listening])


def _collect_rarely() -> None:
    """A recording of 10,000 operations is some 500,000 objects, none of them garbage: the collector would look at them
    again and again, and take three times as long for them as everything else together.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The store of these settings, started. Raises StoreUnavailable."""
    store = Store(settings.database_url or sqlite_url(settings.data_dir))
    try:
        await store.start()
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def open_sandbox(settings: Settings) -> AsyncIterator[Sandbox]:
    """The sandbox of these settings, started. Raises SandboxUnsafe, SandboxUnavailable."""
    sandbox = Sandbox(settings)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.close()


def make_writable(folder: Path) -> None:
    """Creates the data folder. Raises CannotStart when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise CannotStart(f"The data folder {folder} cannot be written: allow it, or choose another with --data-dir.")


def listen(settings: Settings) -> socket.socket:
    """A socket that already listens. Raises CannotStart."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # by the protocol's name asyncio knows that it may send small answers at once (TCP_NODELAY)
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # a client that takes nothing for so long is gone: what waits for it must not stay in memory for ever
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAF_MILLISECONDS)
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
    """The address for a browser on this machine."""
    port = listening.getsockname()[1]
    if host in ("0.0.0.0", "::", ""):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _ignore(_number: int, _frame: object) -> None:
    """A signal that has been dealt with."""
