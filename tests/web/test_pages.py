"""The shells: what they tell the page, and what a person reads when something is missing."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradwalk.config import Settings
from gradwalk.errors import Busy
from gradwalk.web.assets import Assets
from tests.web.conftest import Client, FakeRunner, build, client, runner, serving, settings
from tests.web.test_lessons import wait_for_snapshot

__all__ = ["build", "client", "runner", "settings"]

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(("path", "slug"), [("/", "neuron"), ("/lessons/tensor-shape", "tensor-shape")])
def test_a_lesson_opens_already_run(client: Client, path: str, slug: str) -> None:
    snapshot = wait_for_snapshot(client, slug)
    answer = client.get(path, headers=PERSON)
    assert answer.status_code == 200
    assert f'<gradwalk-app lesson="{slug}" snapshot="{snapshot}"></gradwalk-app>' in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_snapshot_opens_by_its_address(client: Client) -> None:
    snapshot = client.post("/api/v1/runs", json={"source": "1"}).json()["snapshot"]
    assert f'<gradwalk-app snapshot="{snapshot}"></gradwalk-app>' in client.get(f"/s/{snapshot}", headers=PERSON).text


def test_a_snapshot_is_printed(client: Client) -> None:
    snapshot = wait_for_snapshot(client, "neuron")
    page = client.get(f"/print/s/{snapshot}", headers=PERSON)
    assert f'<gradwalk-handout role="main" heading="One neuron" snapshot="{snapshot}"></gradwalk-handout>' in page.text
    assert page.headers["X-Frame-Options"] == "DENY"
    assert client.get("/print/s/nothing", headers=PERSON).status_code == 404


def test_a_lesson_that_was_not_run_yet_opens_without_a_snapshot(
    runner: FakeRunner, settings: Settings, build: Path
) -> None:
    runner.error = Busy("Too many programs are waiting: try again in a moment.", retry_after=60)
    with serving(runner, settings, Assets.load(build)) as client:
        assert '<gradwalk-app lesson="neuron"></gradwalk-app>' in client.get("/", headers=PERSON).text


def test_what_the_page_needs_is_fetched_while_it_loads(client: Client) -> None:
    snapshot = wait_for_snapshot(client, "neuron")
    text = client.get("/", headers=PERSON).text
    assert '<script type="module" src="/assets/main-1a.js"></script>' in text
    assert '<link rel="modulepreload" href="/assets/lit-3c.js">' in text
    assert '<link rel="stylesheet" href="/assets/main-2b.css">' in text
    for address in ("lessons", "lessons/neuron", f"snapshots/{snapshot}", f"snapshots/{snapshot}/iterations/0"):
        assert f'<link rel="preload" as="fetch" crossorigin="anonymous" href="/api/v1/{address}">' in text
        assert client.get(f"/api/v1/{address}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing"])
def test_a_page_holds_no_inline_script_or_style(client: Client, path: str) -> None:
    text = client.get(path, headers=PERSON).text
    assert "<style" not in text
    assert "style=" not in text
    assert text.count("<script") == text.count('<script type="module" src=')


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/nothing", "Nothing lives at this address"),
        ("/s/nothing", "There is no such snapshot"),
        ("/lessons/nothing", "There is no such lesson"),
        ("/assets/nothing.js", "Nothing lives at this address"),
    ],
)
def test_a_person_reads_a_page_and_a_program_a_problem(client: Client, path: str, title: str) -> None:
    page = client.get(path, headers=PERSON)
    assert page.status_code == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert f"<h1>{title}</h1>" in page.text
    assert '<link rel="stylesheet" href="/message.css">' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    problem = client.get(path)
    assert (problem.status_code, problem.json()["title"]) == (404, title)


def test_the_api_speaks_json_to_a_person_too(client: Client) -> None:
    assert client.get("/api/v1/nothing", headers=PERSON).json()["code"] == "not_found"


def test_what_an_address_holds_is_text(client: Client) -> None:
    answer = client.get("/lessons/<img src=x onerror=alert(1)>", headers=PERSON)
    assert answer.status_code == 404
    assert "<img" not in answer.text


def test_a_built_file_is_kept_for_ever(client: Client) -> None:
    answer, raw = client.get_raw("/assets/main-1a.js", {"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert "javascript" in answer.headers["Content-Type"]
    assert gzip.decompress(raw).startswith(b"console.log")
    plain, raw = client.get_raw("/assets/font-4d.woff2", {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert raw == b"\0woff2"


@pytest.fixture
def unbuilt(runner: FakeRunner, settings: Settings, tmp_path: Path) -> Iterator[Client]:
    with serving(runner, settings, Assets.load(tmp_path / "nowhere")) as opened:
        yield opened


def test_a_page_that_was_not_built_says_what_to_do(unbuilt: Client) -> None:
    answer = unbuilt.get("/", headers=PERSON)
    assert answer.status_code == 503
    assert "run make build" in answer.text
    assert unbuilt.get("/message.css").headers["Content-Type"].startswith("text/css")
    assert unbuilt.get("/api/v1/lessons").status_code == 200
    assert unbuilt.get("/nothing", headers=PERSON).status_code == 404
