"""The stops of a lesson come with their places in the lesson's own run."""

import logging
from pathlib import Path

import pytest

from gradwalk.config import Settings
from gradwalk.errors import Busy
from gradwalk.lessons import Lessons
from gradwalk.lessons.lesson_check import record
from gradwalk.web.assets import Assets
from tests.web.conftest import Client, FakeRunner, serving
from tests.web.test_lessons import wait_for_snapshot

NEURON = Lessons.built_in().get("neuron")


@pytest.fixture
def runner() -> FakeRunner:
    """Answers every program with what the neuron's recording really is."""
    return FakeRunner(recorded=record(NEURON.source))


def test_places_are_those_of_the_real_run(client: Client) -> None:
    snapshot = wait_for_snapshot(client, "neuron")
    steps = client.get(f"/api/v1/snapshots/{snapshot}/iterations/0").json()["steps"]
    names = {
        node["id"]: node["name"] for node in client.get(f"/api/v1/snapshots/{snapshot}").json()["graphs"][0]["nodes"]
    }
    stops = client.get("/api/v1/lessons/neuron").json()["stops"]
    reached = [(steps[stop["step"]]["kind"], names[stop["node"]]) for stop in stops if stop["step"] is not None]
    assert reached == [
        ("operation", "z"),
        ("operation", "a"),
        ("operation", "loss"),
        ("backward", "loss"),
        ("backward", "a"),
        ("accumulate", "b"),
        ("accumulate", "w"),
    ]
    assert [stop["iteration"] for stop in stops] == [0] * 7 + [None]


def test_a_place_that_is_not_in_the_run_is_told_in_the_log_and_the_lesson_is_read_without_it(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        wait_for_snapshot(client, "fan-out")
    stops = client.get("/api/v1/lessons/fan-out").json()["stops"]
    assert stops[0]["step"] is None
    assert stops[1]["step"] is not None
    assert any("fan-out.md, line" in record.getMessage() for record in caplog.records)


def test_there_are_no_places_until_the_lesson_was_run(runner: FakeRunner, settings: Settings, build: Path) -> None:
    runner.error = Busy("Too many programs are waiting: try again in a moment.", retry_after=3600)
    with serving(runner, settings, Assets.load(build)) as client:
        stops = client.get("/api/v1/lessons/neuron").json()["stops"]
        assert len(stops) == len(NEURON.stops)
        assert {(stop["iteration"], stop["step"], stop["node"]) for stop in stops} == {(None, None, None)}
