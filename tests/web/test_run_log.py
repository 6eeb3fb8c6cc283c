"""What is written down of each run, as an operator reads it."""

import json
import logging
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gradwalk.errors import Busy
from gradwalk.json_logs import JsonLines
from tests.web.conftest import Client, FakeRunner
from tests.web.test_lessons import wait_for_all

SECRET = "password = 'swordfish'"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """The lines that the server's log gets, as they are written."""
    written: list[str] = []
    formatter = JsonLines()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(formatter.format(record))

    handler = Keep()
    logger = logging.getLogger("gradwalk")
    logger.addHandler(handler)
    with caplog.at_level("INFO", "gradwalk"):
        yield written
    logger.removeHandler(handler)


def metric(client: Client, name: str) -> float:
    """`gradwalk_runs_total{outcome=completed}`."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    samples = {
        s.name + "".join(f"{{{k}={v}}}" for k, v in s.labels.items()): s.value for f in families for s in f.samples
    }
    return samples[name]


def test_a_run_is_one_line_and_one_count(client: Client, lines: list[str]) -> None:
    wait_for_all(client)
    before = metric(client, "gradwalk_runs_total{outcome=completed}")
    lines.clear()
    created = client.post("/api/v1/runs", json={"source": SECRET}).json()
    (text,) = lines
    line = json.loads(text)
    assert (line["message"], line["id"], line["outcome"]) == ("run", created["snapshot"], "completed")
    assert {name: line[name] for name in created["timings"]} == created["timings"]
    assert metric(client, "gradwalk_runs_total{outcome=completed}") == before + 1
    assert "swordfish" not in text


def test_a_refusal_is_counted_by_its_code(client: Client, runner: FakeRunner, lines: list[str]) -> None:
    wait_for_all(client)
    lines.clear()
    runner.error = Busy("Too many programs are waiting.", 3)
    assert client.post("/api/v1/runs", json={"source": SECRET}).status_code == 503
    assert [json.loads(text)["code"] for text in lines] == ["busy"]
    assert metric(client, "gradwalk_refusals_total{code=busy}") == 1


def test_how_it_is_now(client: Client) -> None:
    wait_for_all(client)
    assert metric(client, "gradwalk_queue_length") == 3
    assert metric(client, "gradwalk_runs_running") == 2
    assert metric(client, "gradwalk_spares") == 1
    stored = metric(client, "gradwalk_store_snapshots"), metric(client, "gradwalk_store_bytes")
    client.post("/api/v1/runs", json={"source": SECRET})
    assert metric(client, "gradwalk_store_snapshots") == stored[0] + 1
    assert metric(client, "gradwalk_store_bytes") > stored[1]


def test_metrics_are_no_part_of_the_api(client: Client) -> None:
    assert "/metrics" not in client.get("/api/v1/openapi.json").json()["paths"]
