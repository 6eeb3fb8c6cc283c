"""A snapshot as a page in one file: what goes in, and what is too much."""

import re
from pathlib import Path

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Recorded
from gradwalk.web.assets import Assets
from tests.factories import make_recorded
from tests.web.conftest import Client, FakeRunner, serving
from tests.web.test_lessons import wait_for_snapshot


@pytest.fixture
def recorded(runner: FakeRunner) -> Recorded:
    runner.recorded = make_recorded(iterations=3, large=2000)
    return runner.recorded


@pytest.fixture
def address(client: Client, recorded: Recorded) -> str:
    location: str = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    return f"{location}/export/html"


def parts(page: str, kind: str) -> list[str]:
    return re.findall(rf'<script type="application/json" data-{kind}="(\w+)">', page)


def test_the_page_holds_every_iteration(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="gradwalk-[\w-]+\.html"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert parts(answer.text, "iteration") == ["0", "1", "2"]
    assert parts(answer.text, "observations") == ["0", "1", "2"]
    assert answer.text.count('id="gradwalk-snapshot"') == 1
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(("choice", "held"), [("1", ["1"]), ("0-1", ["0", "1"]), ("1-99", ["1", "2"])])
def test_only_the_chosen_iterations(client: Client, address: str, choice: str, held: list[str]) -> None:
    answer = client.get(f"{address}?iterations={choice}")
    assert parts(answer.text, "iteration") == held
    assert answer.headers["ETag"] != client.get(address).headers["ETag"]


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [("7-9", 404, "iteration_not_found"), ("2-1", 422, "invalid_request"), ("all", 422, "invalid_request")],
)
def test_iterations_that_are_not_there(client: Client, address: str, choice: str, status: int, code: str) -> None:
    answer = client.get(f"{address}?iterations={choice}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_program_without_tensors_has_a_page_too(client: Client, runner: FakeRunner) -> None:
    runner.recorded = make_recorded(iterations=0)
    location = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    answer = client.get(f"{location}/export/html")
    assert (answer.status_code, parts(answer.text, "iteration")) == (200, [])


def test_a_large_tensor_goes_in_when_an_iteration_uses_it(client: Client, runner: FakeRunner) -> None:
    recorded = make_recorded(iterations=2)
    # the second tensor of each iteration is too large to stand inside it
    whole = {name: make_recorded(0, 2000).tensors["t0"].model_copy(update={"id": name}) for name in ("t1", "t3")}
    runner.recorded = recorded.model_copy(update={"tensors": whole})
    location = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    assert parts(client.get(f"{location}/export/html").text, "tensor") == ["t1", "t3"]
    assert parts(client.get(f"{location}/export/html?iterations=1").text, "tensor") == ["t3"]


def test_too_much_for_one_file_says_what_is_not(client: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [len(client.get(address.replace("export/html", f"iterations/{k}")).content) for k in range(3)]
    head = len(client.get(address.removesuffix("/export/html")).content)
    monkeypatch.setattr("gradwalk.web.services.html_export._MOST_BYTES", head + sizes[0] + sizes[1])
    problem = client.get(address).json()
    assert (problem["status"], problem["code"]) == (422, "export_too_large")
    assert "?iterations=0-1." in problem["detail"]
    assert client.get(f"{address}?iterations=0-1").status_code == 200
    monkeypatch.setattr("gradwalk.web.services.html_export._MOST_BYTES", 10)
    assert "share the link instead" in client.get(address).json()["detail"]


def test_it_is_called_like_its_lesson(client: Client) -> None:
    snapshot = wait_for_snapshot(client, "neuron")
    page = client.get(f"/api/v1/snapshots/{snapshot}/export/html").text
    assert '<gradwalk-player heading="One neuron">' in page


def test_without_a_build_there_is_no_page(runner: FakeRunner, settings: Settings, tmp_path: Path) -> None:
    with serving(runner, settings, Assets.load(tmp_path / "nowhere")) as client:
        location = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
        answer = client.get(f"{location}/export/html")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "run make build" in answer.json()["detail"]
