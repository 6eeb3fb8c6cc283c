"""Lessons over HTTP, each with the snapshot of its own run."""

import time
from pathlib import Path

from gradwalk.config import Settings
from gradwalk.errors import Busy
from gradwalk.glossary import Glossary
from gradwalk.lessons import Lessons
from gradwalk.web.assets import Assets
from tests.web.conftest import Client, FakeRunner, serving


def wait_for_snapshot(client: Client, slug: str) -> str:
    """The id of a lesson's snapshot, as soon as the server has run it."""
    for _ in range(500):
        snapshot: str | None = client.get(f"/api/v1/lessons/{slug}").json()["snapshot"]
        if snapshot is not None:
            return snapshot
        time.sleep(0.02)
    raise AssertionError(f"the lesson {slug} was not run")


def wait_for_all(client: Client) -> None:
    """Waits until the server has run every lesson: it does so in their order, but for the first."""
    wait_for_snapshot(client, Lessons.built_in().all()[-1].slug)


def test_the_list(client: Client) -> None:
    lessons = client.get("/api/v1/lessons").json()["lessons"]
    assert [lesson["slug"] for lesson in lessons] == [lesson.slug for lesson in Lessons.built_in().all()]
    assert {"tensor-dimensions", "neuron", "module", "training-loop", "fan-out"} <= {one["slug"] for one in lessons}
    assert all(lesson.keys() == {"slug", "title", "summary", "part", "needs"} for lesson in lessons)
    assert lessons[0]["part"] == "Tensors"
    assert {one["slug"]: one["needs"] for one in lessons}["fan-out"] == ["neuron"]


def test_the_glossary(client: Client) -> None:
    words = client.get("/api/v1/glossary").json()["words"]
    assert [word["name"] for word in words] == [word.name for word in Glossary.built_in().all()]
    ids = {word["id"] for word in words}
    assert len(ids) == len(words)
    assert all(set(word["related"]) <= ids for word in words)


def test_a_lesson(client: Client) -> None:
    lesson = client.get("/api/v1/lessons/neuron").json()
    assert lesson["title"] == "One neuron"
    assert "loss.backward()" in lesson["source"]
    assert lesson["text"].startswith("A neuron")
    assert lesson["html"].startswith("<p>A neuron")
    assert lesson["opening"].startswith("<p>A neuron")
    assert "<h2>" not in lesson["opening"]


def test_the_stops_of_a_lesson(client: Client) -> None:
    stops = client.get("/api/v1/lessons/neuron").json()["stops"]
    assert [stop["title"] for stop in stops][:2] == ["Forwards: the sum", "Forwards: the answer"]
    choices, number = [question for stop in stops for question in stop["questions"]]
    assert [choice["right"] for choice in choices["choices"]] == [True, False, False]
    assert choices["choices"][0]["html"] == "<code>w</code>"
    assert (choices["number"], choices["tolerance"], choices["reply"]) == (None, None, None)
    assert (number["choices"], number["number"], number["tolerance"]) == (None, -0.1634, 0.005)
    assert "2.0" in number["reply"]


def test_a_lesson_that_is_not_there(client: Client) -> None:
    answer = client.get("/api/v1/lessons/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "lesson_not_found")
    assert "neuron" in answer.json()["detail"]


def test_every_lesson_has_been_run(client: Client) -> None:
    for lesson in client.get("/api/v1/lessons").json()["lessons"]:
        snapshot = wait_for_snapshot(client, lesson["slug"])
        source = client.get(f"/api/v1/lessons/{lesson['slug']}").json()["source"]
        assert client.get(f"/api/v1/snapshots/{snapshot}").json()["program"]["source"] == source


def test_what_a_newcomer_sees_is_run_first(client: Client, runner: FakeRunner) -> None:
    wait_for_snapshot(client, "fan-out")
    assert "binary_cross_entropy" in runner.asked[0].source


def test_lessons_wait_until_programs_can_be_run(runner: FakeRunner, settings: Settings, build: Path) -> None:
    runner.error = Busy("Too many programs are waiting: try again in a moment.", retry_after=0)
    with serving(runner, settings, Assets.load(build)) as client:
        assert client.get("/api/v1/lessons/neuron").json()["snapshot"] is None
        runner.error = None
        assert wait_for_snapshot(client, "neuron")


def test_a_lesson_that_fails_unexpectedly_spoils_nothing_else(
    runner: FakeRunner, settings: Settings, build: Path
) -> None:
    runner.error = RuntimeError("unexpected")
    with serving(runner, settings, Assets.load(build)) as client:
        assert client.get("/api/v1/lessons/neuron").json()["snapshot"] is None


def test_a_server_stops_while_lessons_wait(runner: FakeRunner, settings: Settings, build: Path) -> None:
    runner.error = Busy("Too many programs are waiting: try again in a moment.", retry_after=3600)
    with serving(runner, settings, Assets.load(build)) as client:
        assert client.get("/api/v1/lessons/neuron").status_code == 200
