"""Progress, retries, and answers that are none, against a small real server."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from gradwalk.client import AsyncClient, Client, IterationEnded, Progress, Queued, Started
from gradwalk.client.response_parsing import retry_after
from gradwalk.errors import AnswerNotUnderstood, Busy, GradwalkError, SandboxUnavailable, ServerUnreachable
from tests.client.conftest import Call
from tests.client.fake_server import CREATED, Reply, speaking


def stream_of_a_run(reply: Reply) -> None:
    reply.stream()
    reply.raw(": keep-alive\n\n")
    reply.event("queued", {"position": 2})
    reply.event("queued", {"position": 1, "added_later": True})
    reply.event("started", {"queued_ms": 12.5})
    reply.event("added_later", {"anything": []})
    reply.event("iteration", {"index": 0, "loss": 0.31})
    reply.raw('event: iteration\r\ndata: {"index": 1,\r\ndata: "loss": null}\r\n\r\n')
    reply.event("iteration", {"index": 2, "loss": "NaN"})
    reply.event("done", CREATED)


def test_progress(ask: Call) -> None:
    told: list[Progress] = []
    with speaking(stream_of_a_run) as speaker:
        created = ask(speaker.url, "run", "x = 1", seed=4, on_progress=told.append)
    assert created.snapshot == "abc"
    assert told == [
        Queued(position=2),
        Queued(position=1),
        Started(queued_ms=12.5),
        IterationEnded(index=0, loss=0.31),
        IterationEnded(index=1, loss=None),
        IterationEnded(index=2, loss="NaN"),
    ]
    (heard,) = speaker.heard
    assert (heard.method, heard.path, heard.headers["accept"]) == ("POST", "/api/v1/runs", "text/event-stream")
    assert heard.json == {"source": "x = 1", "seed": 4, "overrides": []}


def test_without_a_listener_no_stream_is_asked_for(ask: Call) -> None:
    with speaking(lambda reply: reply.whole(201, CREATED)) as speaker:
        ask(speaker.url, "run", "x = 1")
    assert speaker.heard[0].headers["accept"] == "application/json"


def test_a_server_that_does_not_stream(ask: Call) -> None:
    with speaking(lambda reply: reply.whole(201, CREATED)) as speaker:
        assert ask(speaker.url, "run", "x = 1", on_progress=lambda _: None).snapshot == "abc"


def test_a_problem_inside_a_stream(ask: Call) -> None:
    def fails(reply: Reply) -> None:
        reply.stream()
        reply.event("started", {"queued_ms": 0})
        problem = {"type": "t", "title": "T", "status": 503, "detail": "Wait.", "code": "sandbox_unavailable"}
        reply.event("problem", problem)

    with speaking(fails) as speaker, pytest.raises(SandboxUnavailable, match=r"Wait\."):
        ask(speaker.url, "run", "x = 1", on_progress=lambda _: None)


def test_a_stream_that_ends_too_early(ask: Call) -> None:
    def dies(reply: Reply) -> None:
        reply.stream()
        reply.event("started", {"queued_ms": 0})

    with speaking(dies) as speaker, pytest.raises(ServerUnreachable, match="before the program ended"):
        ask(speaker.url, "run", "x = 1", on_progress=lambda _: None)


@pytest.mark.parametrize("text", ["event: done\ndata: {}\n\n", "event: iteration\ndata: soon\n\n"])
def test_an_event_that_is_none(ask: Call, text: str) -> None:
    def speaks(reply: Reply) -> None:
        reply.stream()
        reply.raw(text)

    with speaking(speaks) as speaker, pytest.raises(AnswerNotUnderstood, match="an event"):
        ask(speaker.url, "run", "x = 1", on_progress=lambda _: None)


def endless(reply: Reply) -> None:
    reply.stream()
    index = 0
    while True:
        reply.event("iteration", {"index": index, "loss": None})
        index += 1
        time.sleep(0.01)


def test_what_a_listener_raises_cancels_the_run(ask: Call) -> None:
    def enough(told: Progress) -> None:
        if isinstance(told, IterationEnded) and told.index == 3:
            raise KeyError("enough")

    with speaking(endless) as speaker:
        with pytest.raises(KeyError):
            ask(speaker.url, "run", "x = 1", on_progress=enough)
        assert speaker.left.wait(20)


def test_cancelling_the_task_cancels_the_run() -> None:
    async def run(url: str) -> None:
        begun = asyncio.Event()
        async with AsyncClient(url) as client:
            task = asyncio.create_task(client.run("x = 1", on_progress=lambda _: begun.set()))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with speaking(endless) as speaker:
        asyncio.run(run(speaker.url))
        assert speaker.left.wait(20)


@pytest.mark.parametrize("progress", [None, lambda _: None], ids=["plain", "stream"])
def test_a_busy_server_is_asked_again_when_it_says(ask: Call, progress: object) -> None:
    moments: list[float] = []

    def later(reply: Reply) -> None:
        moments.append(time.monotonic())
        reply.problem(503, "busy", Retry_After="1") if len(moments) < 2 else reply.whole(201, CREATED)

    with speaking(later) as speaker:
        assert ask(speaker.url, "run", "x = 1", on_progress=progress).snapshot == "abc"
    assert len(moments) == 2
    assert moments[1] - moments[0] >= 1


def test_too_many_requests_are_asked_again_too(ask: Call) -> None:
    limited = lambda reply: reply.whole(429, b"slow down", "text/plain", Retry_After="0")  # noqa: E731
    with speaking(limited, lambda reply: reply.whole(201, CREATED)) as speaker:
        assert ask(speaker.url, "run", "x = 1").snapshot == "abc"


def test_a_server_that_stays_busy_is_given_up(ask: Call) -> None:
    with (
        speaking(lambda reply: reply.problem(503, "busy", "Come back.", Retry_After="0")) as speaker,
        pytest.raises(Busy, match="Come back") as raised,
    ):
        ask(speaker.url, "run", "x = 1", options={"retries": 2})
    assert len(speaker.heard) == 3
    assert raised.value.retry_after == 0
    assert raised.value.problem is not None


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "soon"}, {"Retry_After": "86400"}])
def test_a_server_that_names_no_near_time_is_not_asked_again(ask: Call, headers: dict[str, str]) -> None:
    with (
        speaking(lambda reply: reply.problem(503, "store_unavailable", **headers)) as speaker,
        pytest.raises(GradwalkError),
    ):
        ask(speaker.url, "snapshot", "abc")
    assert len(speaker.heard) == 1


def test_other_refusals_are_not_asked_again(ask: Call) -> None:
    with (
        speaking(lambda reply: reply.problem(422, "program_empty", Retry_After="0")) as speaker,
        pytest.raises(GradwalkError),
    ):
        ask(speaker.url, "run", " ")
    assert len(speaker.heard) == 1


def test_a_code_that_the_client_does_not_know(ask: Call) -> None:
    with (
        speaking(lambda reply: reply.problem(418, "teapot", "Use a kettle.")) as speaker,
        pytest.raises(GradwalkError, match=r"Use a kettle\.") as raised,
    ):
        ask(speaker.url, "health")
    assert type(raised.value) is GradwalkError
    assert raised.value.problem is not None
    assert (raised.value.problem.code, raised.value.problem.status) == ("teapot", 418)


def test_a_token_goes_with_every_request(ask: Call) -> None:
    with speaking(lambda reply: reply.whole(201, CREATED)) as speaker:
        ask(speaker.url, "run", "x = 1", options={"token": "secret"})
        ask(speaker.url, "run", "x = 1")
    assert speaker.heard[0].headers["authorization"] == "Bearer secret"
    assert "authorization" not in speaker.heard[1].headers
    assert speaker.heard[0].headers["user-agent"].startswith("gradwalk/")


def test_fields_that_a_newer_server_adds_are_passed_over(ask: Call) -> None:
    newer = {**CREATED, "added": 1, "outcome": {**CREATED["outcome"], "added": 2}}  # type: ignore[dict-item]
    with speaking(lambda reply: reply.whole(201, newer)) as speaker:
        assert ask(speaker.url, "run", "x = 1").outcome.status == "completed"


@pytest.mark.parametrize(
    ("status", "body", "media_type"),
    [
        (200, b"<html>hello</html>", "text/html"),
        (200, b"{}", "application/json"),
        (502, b"<html>Bad Gateway</html>", "text/html"),
        (301, b"", "text/plain"),
        (500, b'{"code": 5}', "application/problem+json"),
    ],
)
def test_something_else_answers(ask: Call, status: int, body: bytes, media_type: str) -> None:
    with speaking(lambda reply: reply.whole(status, body, media_type)) as speaker:
        with pytest.raises(AnswerNotUnderstood, match=f"status {status}"):
            ask(speaker.url, "health")
        with pytest.raises(AnswerNotUnderstood, match=f"status {status}"):
            ask(speaker.url, "tensor", "abc", "t0")


def test_a_body_that_cannot_be_decompressed(ask: Call) -> None:
    with (
        speaking(lambda reply: reply.whole(200, b"no gzip", Content_Encoding="gzip")) as speaker,
        pytest.raises(AnswerNotUnderstood, match="decompressed"),
    ):
        ask(speaker.url, "health")


def test_a_connection_that_breaks(ask: Call) -> None:
    with (
        speaking(lambda reply: reply.whole(200, b"{", Content_Length="100")) as speaker,
        pytest.raises(ServerUnreachable, match=r"takes too long|broke"),
    ):
        ask(speaker.url, "health", options={"timeout": 0.5})


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("3", 3.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Thu, 01 Jan 2026 00:00:05", 5.0),
        ("", None),
        ("-3", None),
        ("soon", None),
        ("9" * 400, 999999999.0),
    ],
)
def test_retry_after(told: str, seconds: float | None) -> None:
    assert retry_after(httpx.Response(503, headers={"Retry-After": told}), NOW) == seconds


def test_an_unused_client_can_be_closed() -> None:
    Client("http://127.0.0.1:9").close()
