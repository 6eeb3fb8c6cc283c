"""Who may show what in a frame."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from gradwalk.config import Settings
from gradwalk.web.assets import Assets
from gradwalk.web.http.frame_headers import frame_headers
from tests.web.conftest import Client, FakeRunner, build, client, runner, serving, settings
from tests.web.test_lessons import wait_for_snapshot

__all__ = ["build", "client", "runner", "settings"]

PERSON = {"Accept": "text/html,*/*;q=0.8"}


def directives(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


@pytest.fixture
def snapshot(client: Client) -> str:
    made: str = client.post("/api/v1/runs", json={"source": "1"}).json()["snapshot"]
    return made


def test_a_lesson_and_a_snapshot_for_a_frame(client: Client, snapshot: str) -> None:
    of_lesson = wait_for_snapshot(client, "neuron")
    lesson = client.get("/embed/lessons/neuron", headers=PERSON)
    assert f'<gradwalk-player embed heading="One neuron" lesson="neuron" snapshot="{of_lesson}">' in lesson.text
    assert "<title>One neuron · Gradwalk</title>" in lesson.text
    own = client.get(f"/embed/s/{snapshot}", headers=PERSON)
    assert f'<gradwalk-player embed heading="A PyTorch program" snapshot="{snapshot}">' in own.text
    for address in ("/assets/player/player-5e.js", "/assets/player/style-6f.css"):
        assert address in lesson.text
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/embed/lessons/neuron", "/embed/s/nothing", "/embed/nothing"])
def test_only_pages_for_frames_may_be_framed(client: Client, path: str) -> None:
    framed = client.get(path, headers=PERSON).headers
    assert directives(framed["Content-Security-Policy"])["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in framed
    assert framed["X-Content-Type-Options"] == "nosniff"
    whole = client.get(path.removeprefix("/embed"), headers=PERSON).headers
    assert directives(whole["Content-Security-Policy"])["frame-ancestors"] == "'none'"
    assert whole["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("chosen", "allowed"),
    [
        ("", "'none'"),
        ("https://lms.example", "https://lms.example"),
        ("https://a.example, http://b.example:8080", "https://a.example http://b.example:8080"),
    ],
)
def test_the_operator_says_who_frames(tmp_path: Path, build: Path, chosen: str, allowed: str) -> None:
    settings = Settings(data_dir=tmp_path, embed_origins=chosen)
    with serving(FakeRunner(), settings, Assets.load(build)) as client:
        policy = client.get("/embed/lessons/neuron", headers=PERSON).headers["Content-Security-Policy"]
    assert directives(policy)["frame-ancestors"] == allowed


@pytest.mark.parametrize("wrong", ["lms.example", "https://lms.example/course", "https://a.example;script-src *"])
def test_what_is_no_origin_is_refused_at_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValidationError, match="is no origin"):
        Settings(data_dir=tmp_path, embed_origins=wrong)


def test_inside_a_frame_nothing_comes_from_elsewhere_and_nothing_is_inline() -> None:
    policy = directives(frame_headers(["*"])["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in str(policy)


def test_without_a_build_there_is_no_frame(tmp_path: Path) -> None:
    with serving(FakeRunner(), Settings(data_dir=tmp_path), Assets.load(tmp_path / "nowhere")) as client:
        answer = client.get("/embed/lessons/neuron", headers=PERSON)
    assert (answer.status_code, "run make build" in answer.text) == (503, True)
