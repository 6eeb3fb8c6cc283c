"""What an earlier release stored is opened unchanged: every part of every snapshot, and all that is derived from it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Iteration, Snapshot, SnapshotHead
from gradwalk.web.assets import Assets
from tests.released.releases import VERSIONS, Release
from tests.web.conftest import Client, FakeRunner, serving

NAMES = list(Release(VERSIONS[0]).snapshots)


@pytest.fixture(scope="module", params=VERSIONS)
def release(request: pytest.FixtureRequest) -> Release:
    return Release(request.param)


@pytest.fixture(scope="module")
def opened(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The application on a copy of the release's data folder."""
    folder = release.copy_data(tmp_path_factory.mktemp("released"))
    with serving(FakeRunner(), Settings(data_dir=folder), Assets.load(folder / "no page")) as client:
        yield client


@pytest.fixture(scope="module")
def exports(release: Release) -> dict[str, Any]:
    return release.exports()


def test_there_is_a_release_to_open() -> None:
    assert "0.1.0" in VERSIONS


@pytest.mark.parametrize("name", NAMES)
def test_a_snapshot_is_answered_as_it_was_stored(
    opened: Client, release: Release, exports: dict[str, Any], name: str
) -> None:
    path, then = f"/api/v1/snapshots/{release.snapshots[name]}", exports[name]
    head = opened.get(path)
    assert head.status_code == 200, head.text
    SnapshotHead.model_validate_json(head.content)
    summaries = head.json().pop("iterations")
    assert {key: value for key, value in head.json().items() if key != "iterations"} == {
        key: value for key, value in then.items() if key not in ("iterations", "tensors")
    }
    assert summaries == [
        {
            "index": index,
            "graph": iteration["graph"],
            "kind": "training",
            "turns": [],
            "loss": iteration["loss"],
            "steps": len(iteration["steps"]),
        }
        for index, iteration in enumerate(then["iterations"])
    ]
    for index, iteration in enumerate(then["iterations"]):
        body = opened.get(f"{path}/iterations/{index}")
        Iteration.model_validate_json(body.content)
        assert body.json() == iteration
    for tensor, numbers in then["tensors"].items():
        assert opened.get(f"{path}/tensors/{tensor}").json() == numbers


@pytest.mark.parametrize("name", NAMES)
def test_a_snapshot_is_exported_as_it_was(opened: Client, release: Release, exports: dict[str, Any], name: str) -> None:
    path = f"/api/v1/snapshots/{release.snapshots[name]}"
    now = opened.get(f"{path}/export/json")
    assert now.json() == exports[name]
    Snapshot.model_validate_json(now.content)
    for kind in ("dot", "mermaid", "svg"):
        drawn = opened.get(f"{path}/export/{kind}")
        assert drawn.status_code == 200, f"{kind}: {drawn.text}"
        assert drawn.content


@pytest.mark.parametrize("name", NAMES)
def test_findings_questions_and_explanations_are_derived_from_it(
    opened: Client, release: Release, exports: dict[str, Any], name: str
) -> None:
    path = f"/api/v1/snapshots/{release.snapshots[name]}"
    found = opened.get(f"{path}/findings")
    assert found.status_code == 200, found.text
    for index, iteration in enumerate(exports[name]["iterations"]):
        asked = opened.get(f"{path}/questions?seed=1&iteration={index}")
        assert asked.status_code == 200, asked.text
        for address in explained(iteration):
            said = opened.get(f"{path}/iterations/{index}/explanations/{address}")
            assert said.status_code == 200, f"{address}: {said.text}"
            assert said.json()["agrees"] is not False, f"{address}: {said.text}"


def explained(iteration: dict[str, Any]) -> Iterator[str]:
    """The address of every explanation of an iteration."""
    for node, values in iteration["values"].items():
        if values:
            yield f"nodes/{node}"
    for number, backward in enumerate(iteration["backward"]):
        for edge in backward["contributions"]:
            yield f"{edge}?pass={number}"
        for node in backward["gradients"]:
            yield f"nodes/{node}?pass={number}"
    for update in iteration["updates"]:
        yield f"updates/{update['node']}"


def test_what_it_says_of_a_forgotten_zero_grad_is_found(opened: Client, release: Release) -> None:
    found = opened.get(f"/api/v1/snapshots/{release.snapshots['forgotten']}/findings").json()["findings"]
    assert "zero-grad" in " ".join(one["code"] for one in found)


def test_a_what_if_keeps_its_change(exports: dict[str, Any]) -> None:
    assert exports["what_if"]["program"]["overrides"] == [{"name": "w", "index": [0], "value": -1.5}]


def test_the_key_of_the_sessions_is_read_and_kept(release: Release, tmp_path: Path) -> None:
    folder = release.copy_data(tmp_path)
    before = (folder / "session.key").read_bytes()
    with serving(FakeRunner(), Settings(data_dir=folder), Assets.load(folder / "no page")) as client:
        assert client.get("/api/v1/lessons").status_code == 200
    assert (folder / "session.key").read_bytes() == before
