"""A lesson is run once, and by whoever comes first, until it would give something else."""

from pathlib import Path

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Environment, Outcome, Program
from gradwalk.lessons import Lessons
from gradwalk.web.assets import Assets
from gradwalk.web.services.lesson_runs import snapshot_name
from tests.factories import make_recorded
from tests.web.conftest import Client, FakeRunner, serving
from tests.web.test_lessons import wait_for_snapshot

SLUGS = [lesson.slug for lesson in Lessons.built_in().all()]
ENVIRONMENT = Environment(python="3.11", torch="2.13", device="cpu")
PROGRAM = Program(source="x = 1")


def ids(client: Client) -> list[str]:
    return [wait_for_snapshot(client, slug) for slug in SLUGS]


def test_the_next_server_finds_what_the_last_one_made(runner: FakeRunner, settings: Settings, build: Path) -> None:
    with serving(runner, settings, Assets.load(build)) as client:
        before = ids(client)
    with serving(runner, settings, Assets.load(build)) as client:
        assert ids(client) == before
        assert client.get(f"/api/v1/snapshots/{before[0]}").status_code == 200
    assert len(runner.asked) == len(SLUGS)


def test_other_limits_make_other_snapshots(runner: FakeRunner, settings: Settings, build: Path) -> None:
    with serving(runner, settings, Assets.load(build)) as client:
        before = ids(client)
    with serving(runner, settings.model_copy(update={"inline_elements": 5}), Assets.load(build)) as client:
        assert not set(ids(client)) & set(before)


def test_a_run_of_a_bad_moment_is_not_kept_for_the_next_server(settings: Settings, build: Path) -> None:
    crashed = make_recorded().model_copy(update={"outcome": Outcome(status="crashed", error=None)})
    with serving(FakeRunner(recorded=crashed), settings, Assets.load(build)) as client:
        before = ids(client)
    with serving(FakeRunner(), settings, Assets.load(build)) as client:
        assert not set(ids(client)) & set(before)


@pytest.mark.parametrize(
    ("program", "environment", "edition"),
    [
        (PROGRAM.model_copy(update={"source": "x = 2"}), ENVIRONMENT, "a"),
        (PROGRAM.model_copy(update={"seed": 1}), ENVIRONMENT, "a"),
        (PROGRAM, ENVIRONMENT.model_copy(update={"torch": "2.14"}), "a"),
        (PROGRAM, ENVIRONMENT, "b"),
    ],
)
def test_a_name_is_made_of_all_that_decides(program: Program, environment: Environment, edition: str) -> None:
    assert snapshot_name(PROGRAM, ENVIRONMENT, "a") == snapshot_name(PROGRAM, ENVIRONMENT, "a")
    assert snapshot_name(program, environment, edition) != snapshot_name(PROGRAM, ENVIRONMENT, "a")
