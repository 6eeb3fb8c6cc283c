"""The application over a runner of the tests' own and a store in a temporary folder."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from gradwalk.config import Settings
from gradwalk.contract.measurement import Measurement, Remeasured, Wanted
from gradwalk.contract.perturbation import Perturbation
from gradwalk.contract.snapshot import ConsoleEntry, Environment, Program, Recorded
from gradwalk.errors import GradwalkError
from gradwalk.sandbox import Answer, Load, ProgressListener, QueueClient, Runner
from gradwalk.store import Store, sqlite_url
from gradwalk.web.application import create_app
from gradwalk.web.assets import Assets
from tests.factories import ENVIRONMENT, make_recorded


async def start_at_once(listener: ProgressListener) -> None:
    """What a runner does that has a free place."""
    listener.started(0.25)


@dataclass
class FakeRunner:
    """Answers every program alike, or with an error, and remembers what it was asked."""

    recorded: Recorded = field(default_factory=make_recorded)
    error: Exception | None = None
    asked: list[Program] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    remeasured: list[Program] = field(default_factory=list)
    measured: Measurement | None = None
    clients: list[QueueClient] = field(default_factory=list)
    act: Callable[[ProgressListener], Awaitable[None]] = start_at_once

    @property
    def environment(self) -> Environment:
        return ENVIRONMENT

    @property
    def load(self) -> Load:
        return Load(queued=3, running=2, spares=1)

    async def run(
        self,
        program: Program,
        client: QueueClient,
        listener: ProgressListener,
        perturbation: Perturbation | None = None,
    ) -> Answer:
        if self.error is not None:
            raise self.error
        self.asked.append(program)
        self.clients.append(client)
        await self.act(listener)
        console = [ConsoleEntry(stream="stdout", text="hello\n", line=1)]
        return Answer(self.recorded, console, queued_ms=0.25, run_ms=1.5)

    async def measure(self, program: Program, wanted: Wanted, client: QueueClient) -> Remeasured:
        if self.error is not None:
            raise self.error
        self.wanted.append(wanted)
        self.remeasured.append(program)
        self.clients.append(client)
        return Remeasured(
            outcome=self.recorded.outcome, truncated=None, graphs=[], iterations=[], tensors={}, measured=self.measured
        )

    def program(self, source: str) -> Program:
        """The program with this text that was run; lessons are run beside it."""
        return next(program for program in self.asked if program.source == source)

    async def check(self) -> None:
        if isinstance(self.error, GradwalkError):
            raise self.error


class Client:
    """Asks the application in this process, without a socket. The application runs in a thread of its own."""

    def __init__(self, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self._portal = portal
        self._client = client

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self._portal.call(partial(self._client.request, method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def get_raw(self, path: str, headers: dict[str, str]) -> tuple[httpx.Response, bytes]:
        """An answer and its body as it travels, compressed or not."""

        async def read() -> tuple[httpx.Response, bytes]:
            async with self._client.stream("GET", path, headers=headers) as answer:
                return answer, b"".join([part async for part in answer.aiter_raw()])

        return self._portal.call(read)


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """What a build of the page leaves: an entry, a chunk that it imports, a stylesheet."""
    folder = tmp_path / "dist"
    (folder / ".vite").mkdir(parents=True)
    manifest = {
        "src/app/main.ts": {"file": "main-1a.js", "isEntry": True, "imports": ["_lit.js"], "css": ["main-2b.css"]},
        "_lit.js": {"file": "lit-3c.js"},
    }
    (folder / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    player = folder / "player"
    (player / ".vite").mkdir(parents=True)
    built = {"src/app/player-main.ts": {"file": "player-5e.js", "isEntry": True}, "style.css": {"file": "style-6f.css"}}
    (player / ".vite" / "manifest.json").write_text(json.dumps(built))
    (player / "player-5e.js").write_text("console.log('</script><!--')\n")
    (player / "style-6f.css").write_text("body { margin: 0 }\n")
    (player / "licenses.md").write_text("# Licenses <of others>\n")
    (folder / "main-1a.js").write_text("console.log('gradwalk')\n" * 100)
    (folder / "lit-3c.js").write_text("export {}\n")
    (folder / "main-2b.css").write_text("body { margin: 0 }\n")
    (folder / "font-4d.woff2").write_bytes(b"\0woff2")
    return folder


@asynccontextmanager
async def started(runner: Runner, settings: Settings, assets: Assets) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has been started."""
    store = Store(sqlite_url(settings.data_dir), patience=0.2)
    await store.start()
    app = create_app(settings, runner, store, assets)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client
    await store.close()


@contextmanager
def serving(runner: Runner, settings: Settings, assets: Assets) -> Iterator[Client]:
    """The same for tests that are not coroutines."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(started(runner, settings, assets)) as client,
    ):
        yield Client(portal, client)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def client(runner: FakeRunner, settings: Settings, build: Path) -> Iterator[Client]:
    with serving(runner, settings, Assets.load(build)) as opened:
        yield opened
