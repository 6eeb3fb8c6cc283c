"""The answers to a run, over a runner that does as it is told. tests/web/test_served_runs.py asks the real server."""

import asyncio
from pathlib import Path

import pytest
from starlette.types import Message, Scope

from gradwalk.contract.snapshot import LoopTurn, Program
from gradwalk.errors import Busy, SandboxUnavailable
from gradwalk.sandbox import ProgressListener, QueueClient
from gradwalk.store import Store, sqlite_url
from gradwalk.web.routes import run_responses
from gradwalk.web.routes.run_responses import RunEventStream, RunResponse
from gradwalk.web.services.counters import Metrics
from gradwalk.web.services.run_log import RunLog
from gradwalk.web.services.run_service import RunService
from tests.web.conftest import Client, FakeRunner
from tests.web.events import STREAM, Event, events

RUN = {"source": "mine"}
NOBODY = QueueClient("nobody", "anonymous")
EPOCH = LoopTurn(line=9, number=2, variable="epoch", value=2)


def stream_of(client: Client) -> list[Event]:
    answer = client.post("/api/v1/runs", json=RUN, headers=STREAM)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    return list(events(answer.text.splitlines()))


def test_a_stream_tells_everything_in_order(client: Client, runner: FakeRunner) -> None:
    async def act(listener: ProgressListener) -> None:
        listener.queued(2)
        await asyncio.sleep(0.1)
        listener.queued(1)
        await asyncio.sleep(0.1)
        listener.started(200.1234)
        await asyncio.sleep(0.1)
        listener.iteration(0, 0.5, [EPOCH])
        await asyncio.sleep(0.1)
        listener.iteration(1, None, [])

    runner.act = act
    *told, done = stream_of(client)
    assert told == [
        Event("queued", {"position": 2}),
        Event("queued", {"position": 1}),
        Event("started", {"queued_ms": 200.123}),
        Event("iteration", {"index": 0, "loss": 0.5, "turns": [EPOCH.model_dump()]}),
        Event("iteration", {"index": 1, "loss": None, "turns": []}),
    ]
    assert done.name == "done"
    assert done.data.keys() == {"snapshot", "outcome", "timings"}
    assert client.get(f"/api/v1/snapshots/{done.data['snapshot']}").json()["program"]["source"] == "mine"


def test_a_burst_is_told_by_its_newest_and_its_last_is_never_lost(client: Client, runner: FakeRunner) -> None:
    async def act(listener: ProgressListener) -> None:
        listener.queued(3)
        listener.queued(2)
        listener.started(1.0)
        for index in range(1000):
            listener.iteration(index, float(index), [])
            if index % 100 == 0:
                await asyncio.sleep(0.01)

    runner.act = act
    told = stream_of(client)
    iterations = [event.data for event in told if event.name == "iteration"]
    assert [event.name for event in told if event.name != "iteration"] == ["started", "done"]
    assert iterations[-1] == {"index": 999, "loss": 999.0, "turns": []}
    assert len(iterations) <= 6


def test_a_loss_that_is_no_number_has_its_name(client: Client, runner: FakeRunner) -> None:
    async def act(listener: ProgressListener) -> None:
        listener.started(0)
        listener.iteration(0, "NaN", [])

    runner.act = act
    assert stream_of(client)[-2] == Event("iteration", {"index": 0, "loss": "NaN", "turns": []})


@pytest.mark.parametrize(
    ("body", "status", "code"), [({"source": " "}, 422, "program_empty"), ({}, 422, "invalid_request")]
)
def test_a_request_that_is_wrong_is_a_plain_problem(client: Client, body: object, status: int, code: str) -> None:
    answer = client.post("/api/v1/runs", json=body, headers=STREAM)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_refusal_that_is_known_at_once_is_a_plain_problem(client: Client, runner: FakeRunner) -> None:
    runner.error = Busy("Too many programs are waiting: try again in a moment.", retry_after=3)
    answer = client.post("/api/v1/runs", json=RUN, headers=STREAM)
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "3")


@pytest.mark.parametrize(
    ("error", "code"),
    [(SandboxUnavailable("Wait."), "sandbox_unavailable"), (RuntimeError("secret"), "internal_error")],
)
def test_a_refusal_after_the_beginning_is_the_last_event(
    client: Client, runner: FakeRunner, error: Exception, code: str
) -> None:
    async def act(listener: ProgressListener) -> None:
        listener.queued(1)
        await asyncio.sleep(0.1)
        raise error

    runner.act = act
    queued, problem = stream_of(client)
    assert (queued.name, problem.name, problem.data["code"]) == ("queued", "problem", code)
    assert "secret" not in str(problem.data)


def test_a_run_that_tells_nothing_is_kept_alive_by_comments(
    client: Client, runner: FakeRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_responses, "_KEEP_ALIVE_SECONDS", 0.1)
    monkeypatch.setattr(run_responses, "_FIRST_SECONDS", 0.1)
    runner.act = lambda _listener: asyncio.sleep(0.8)
    answer = client.post("/api/v1/runs", json=RUN, headers=STREAM)
    assert answer.text.count(": still there\n\n") >= 3
    assert [event.name for event in events(answer.text.splitlines())] == ["done"]


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", "text/html", "text/event-stream;q=0", "text/event-stream;q=0.2, application/json"],
)
def test_whoever_does_not_ask_for_events_gets_none(client: Client, accept: str) -> None:
    answer = client.post("/api/v1/runs", json=RUN, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (201, "application/json")


class Connection:
    """A client's end of one request, which goes away when it is told to and takes as much as it is told to."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        self.sent.append(message)


SCOPE: Scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


class Stage:
    """A run that goes on until it is ended, and what became of it."""

    def __init__(self, store: Store) -> None:
        self.begun, self.cancelled, self.end = asyncio.Event(), False, asyncio.Event()
        runner = FakeRunner(act=self.act)
        self.store = store
        self.runs = RunService(runner, store, RunLog(Metrics()), 1000)
        self.connection = Connection()

    async def act(self, listener: ProgressListener) -> None:
        listener.started(0)
        self.begun.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    def answer(self, kind: type[RunResponse]) -> asyncio.Task[None]:
        response = kind(self.runs.begin(Program(source="1"), NOBODY))
        return asyncio.create_task(response(SCOPE, self.connection.receive, self.connection.send))


async def staged(folder: Path) -> Stage:
    store = Store(sqlite_url(folder), patience=0.2)
    await store.start()
    return Stage(store)


@pytest.mark.parametrize("kind", [RunResponse, RunEventStream])
def test_whoever_goes_away_cancels_the_run(tmp_path: Path, kind: type[RunResponse]) -> None:
    async def scene() -> None:
        stage = await staged(tmp_path)
        answering = stage.answer(kind)
        await stage.begun.wait()
        stage.connection.gone.set()
        await asyncio.wait_for(answering, 5)
        assert stage.cancelled
        await stage.store.close()

    asyncio.run(scene())


@pytest.mark.parametrize("kind", [RunResponse, RunEventStream])
def test_a_server_that_gives_up_the_answer_cancels_the_run(tmp_path: Path, kind: type[RunResponse]) -> None:
    async def scene() -> None:
        stage = await staged(tmp_path)
        answering = stage.answer(kind)
        await stage.begun.wait()
        answering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answering
        assert stage.cancelled
        await stage.store.close()

    asyncio.run(scene())


def test_whoever_never_reads_loses_the_run_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_responses, "_PATIENCE_SECONDS", 0.1)

    async def scene() -> None:
        stage = await staged(tmp_path)
        stage.connection.reads.clear()
        await asyncio.wait_for(stage.answer(RunEventStream), 5)
        assert stage.cancelled
        await stage.store.close()

    asyncio.run(scene())


def test_a_run_that_has_ended_is_stored_even_when_its_client_goes_away_meanwhile(tmp_path: Path) -> None:
    async def scene() -> None:
        stage = await staged(tmp_path)
        saved: list[str] = []
        save = stage.store.save

        async def slow(snapshot: object) -> None:
            stage.connection.gone.set()
            await asyncio.sleep(0.1)
            await save(snapshot)  # type: ignore[arg-type]
            saved.append(snapshot.id)  # type: ignore[attr-defined]

        stage.store.save = slow  # type: ignore[method-assign]
        stage.end.set()
        await asyncio.wait_for(stage.answer(RunResponse), 5)
        assert len(saved) == 1
        await stage.store.head(saved[0])
        await stage.store.close()

    asyncio.run(scene())
