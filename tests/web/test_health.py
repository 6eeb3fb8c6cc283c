"""Health is good only when a program can be run and its snapshot stored."""

import sqlite3

from gradwalk.config import Settings
from gradwalk.errors import SandboxUnavailable
from tests.web.conftest import Client, FakeRunner
from tests.web.test_lessons import wait_for_all


def test_good(client: Client) -> None:
    answer = client.get("/api/v1/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["environment"]["torch"] == "2.13.0+cpu"


def test_a_sandbox_that_is_down(client: Client, runner: FakeRunner) -> None:
    runner.error = SandboxUnavailable("The sandbox is starting: try again in a moment.")
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["code"]) == (503, "sandbox_unavailable")


def test_a_store_that_cannot_be_written(client: Client, settings: Settings) -> None:
    wait_for_all(client)
    other = sqlite3.connect(settings.data_dir / "gradwalk.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert answer.headers["Retry-After"] == "5"
    other.execute("ROLLBACK")
    other.close()
    assert client.get("/api/v1/health").status_code == 200
