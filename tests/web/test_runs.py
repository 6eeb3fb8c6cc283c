"""A program goes in, a snapshot comes out; whatever is wrong with the program's envelope is a clear problem."""

import json
from collections.abc import AsyncIterator

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import ErrorReport, Outcome
from gradwalk.errors import Busy, SandboxUnavailable
from tests.web.conftest import Client, FakeRunner

JSON = {"Content-Type": "application/json"}


def test_a_run_is_answered_with_the_address_of_its_snapshot(client: Client) -> None:
    answer = client.post("/api/v1/runs", json={"source": "print('hello')"})
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["Location"] == f"/api/v1/snapshots/{body['snapshot']}"
    assert body["outcome"] == {"status": "completed", "error": None}
    assert body["timings"]["queued_ms"] == 0.25
    assert body["timings"]["run_ms"] == 1.5
    assert body["timings"]["total_ms"] > 0
    assert client.get(answer.headers["Location"]).json()["program"]["source"] == "print('hello')"


def test_seed_and_overrides_reach_the_sandbox(client: Client, runner: FakeRunner) -> None:
    change = {"name": "w", "index": [0], "value": 2.5}
    client.post("/api/v1/runs", json={"source": "w", "seed": 2**63 - 1, "overrides": [change]})
    program = runner.program("w")
    assert program.seed == 2**63 - 1
    assert [override.model_dump() for override in program.overrides] == [change]


def test_a_program_that_fails_is_a_good_run(client: Client, runner: FakeRunner) -> None:
    report = ErrorReport(
        type="ValueError", message="no", line=1, frames=[], phase=None, node=None, hint="Say yes instead."
    )
    runner.recorded = runner.recorded.model_copy(update={"outcome": Outcome(status="failed", error=report)})
    answer = client.post("/api/v1/runs", json={"source": "raise ValueError('no')"})
    assert answer.status_code == 201
    assert answer.json()["outcome"]["error"]["line"] == 1


def test_every_snapshot_has_an_address_that_nobody_guesses(client: Client) -> None:
    ids = {client.post("/api/v1/runs", json={"source": "1"}).json()["snapshot"] for _ in range(20)}
    assert len(ids) == 20
    assert all(len(snapshot_id) * 6 >= 128 for snapshot_id in ids)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 422, "invalid_request"),
        ("{", 400, "malformed_body"),
        ("[" * 100_000, 400, "malformed_body"),
        ('{"source": "x", "seed": ' + "9" * 5000 + "}", 400, "malformed_body"),
        (b"\xff\xfe{", 400, "malformed_body"),
        ("null", 422, "invalid_request"),
        ("[]", 422, "invalid_request"),
        ('"x = 1"', 422, "invalid_request"),
        ("{}", 422, "invalid_request"),
        ('{"source": null}', 422, "invalid_request"),
        ('{"source": 3}', 422, "invalid_request"),
        ('{"source": ["x"]}', 422, "invalid_request"),
        ('{"source": "x", "speed": 1}', 422, "invalid_request"),
        ('{"source": "x", "\\ud800": 1}', 422, "invalid_request"),
        ('{"source": "x", "seed": -1}', 422, "invalid_request"),
        ('{"source": "x", "seed": 9223372036854775808}', 422, "invalid_request"),
        ('{"source": "x", "seed": 0.5}', 422, "invalid_request"),
        ('{"source": "x", "seed": "1"}', 422, "invalid_request"),
        ('{"source": "x", "seed": true}', 422, "invalid_request"),
        ('{"source": "x", "overrides": {}}', 422, "invalid_request"),
        ('{"source": "x", "overrides": [{"name": "w", "index": [0], "value": NaN}]}', 422, "invalid_request"),
        ('{"source": "x", "overrides": [{"name": "w", "index": [1e99], "value": 1}]}', 422, "invalid_request"),
        ('{"source": "x", "overrides": [{"name": "\\ud800", "index": [], "value": 1}]}', 422, "invalid_request"),
        ('{"source": "\\ud800"}', 422, "invalid_request"),
        ('{"source": ""}', 422, "program_empty"),
        ('{"source": " \\n\\t"}', 422, "program_empty"),
    ],
)
def test_bad_input_is_a_clear_problem(client: Client, body: str | bytes, status: int, code: str) -> None:
    answer = client.post("/api/v1/runs", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["detail"].endswith(".")
    assert answer.json()["status"] == status


def test_a_wrong_field_is_named(client: Client) -> None:
    answer = client.post("/api/v1/runs", json={"source": "x", "seed": -1}).json()
    assert answer["errors"][0]["field"] == "body.seed"
    assert "body.seed" in answer["detail"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_is_not_declared_as_json(client: Client, content_type: str) -> None:
    answer = client.post("/api/v1/runs", content='{"source": "x"}', headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_the_longest_program_is_accepted_and_one_byte_more_is_not(client: Client, settings: Settings) -> None:
    longest = "#" * settings.program_bytes
    assert client.post("/api/v1/runs", json={"source": longest}).status_code == 201
    answer = client.post("/api/v1/runs", json={"source": longest + "#"})
    assert (answer.status_code, answer.json()["code"]) == (413, "program_too_large")
    assert "200,001" in answer.json()["detail"]


def test_the_length_counts_in_bytes(client: Client, settings: Settings) -> None:
    answer = client.post("/api/v1/runs", json={"source": "#" + "é" * (settings.program_bytes // 2)})
    assert answer.json()["code"] == "program_too_large"


def test_the_longest_program_may_be_written_in_escapes(client: Client, settings: Settings) -> None:
    body = '{"source": "' + "\\u0023" * settings.program_bytes + '"}'
    assert client.post("/api/v1/runs", content=body, headers=JSON).status_code == 201


def test_a_huge_body_is_refused_by_what_it_declares(client: Client, runner: FakeRunner) -> None:
    answer = client.post("/api/v1/runs", content=b" " * 5_000_000, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_huge_body_is_refused_before_it_is_read_whole(client: Client) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 100_000

    answer = client.post("/api/v1/runs", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert sent < 100


def test_too_many_runs_are_told_when_to_come_back(client: Client, runner: FakeRunner) -> None:
    runner.error = Busy("Too many programs are waiting: try again in a moment.", retry_after=3)
    answer = client.post("/api/v1/runs", json={"source": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "3"


def test_a_sandbox_that_is_down(client: Client, runner: FakeRunner) -> None:
    runner.error = SandboxUnavailable("The sandbox is starting: try again in a moment.")
    answer = client.post("/api/v1/runs", json={"source": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "sandbox_unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_a_mistake_of_ours_tells_nothing_of_its_inside(client: Client, runner: FakeRunner) -> None:
    runner.error = RuntimeError("secret")
    answer = client.post("/api/v1/runs", json={"source": "x"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("source", ["", " ", "#" * 200_001, "\ud800"])
def test_a_refused_program_is_never_run(client: Client, runner: FakeRunner, source: str) -> None:
    client.post("/api/v1/runs", content=json.dumps({"source": source}), headers=JSON)
    assert source not in [program.source for program in runner.asked]
