"""Snapshots over HTTP: immutable, compressed, every tensor at its own address."""

import gzip
import io
import json
from collections.abc import Callable

import numpy as np
import pytest
import zstandard

from gradwalk.contract.snapshot import Iteration, SnapshotHead, Tensor
from tests.factories import make_recorded
from tests.web.conftest import Client, FakeRunner


@pytest.fixture
def address(client: Client, runner: FakeRunner) -> str:
    runner.recorded = make_recorded(iterations=2, large=5000)
    location: str = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    return location


def test_the_head(client: Client, address: str) -> None:
    head = SnapshotHead.model_validate_json(client.get(address).content)
    assert [iteration.index for iteration in head.iterations] == [0, 1]
    assert head.console[0].text == "hello\n"
    assert head.environment.torch == "2.13.0+cpu"
    assert address.endswith(head.id)


def test_an_iteration(client: Client, address: str) -> None:
    iteration = Iteration.model_validate_json(client.get(f"{address}/iterations/1").content)
    assert iteration.index == 1
    assert iteration.steps[0].node == "n0"


def test_a_step_names_its_pass_as_the_contract_does(client: Client, address: str) -> None:
    assert "pass" in client.get(f"{address}/iterations/0").json()["steps"][0]


@pytest.mark.parametrize(("tensor_id", "length"), [("t2", 1), ("t4", 5000)])
def test_a_tensor_as_json(client: Client, address: str, tensor_id: str, length: int) -> None:
    tensor = Tensor.model_validate_json(client.get(f"{address}/tensors/{tensor_id}").content)
    assert tensor.data is not None
    assert (tensor.id, len(tensor.data)) == (tensor_id, length)


@pytest.mark.parametrize(("tensor_id", "length"), [("t2", 1), ("t4", 5000)])
def test_a_tensor_as_numpy(client: Client, address: str, tensor_id: str, length: int) -> None:
    answer = client.get(f"{address}/tensors/{tensor_id}", headers={"Accept": "application/octet-stream"})
    assert answer.headers["Content-Type"] == "application/octet-stream"
    array = np.load(io.BytesIO(answer.content), allow_pickle=False)
    assert (array.dtype, array.shape) == (np.float32, (length,))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/v1/snapshots/unknown", "snapshot_not_found"),
        ("/api/v1/snapshots/unknown/iterations/0", "snapshot_not_found"),
        ("/api/v1/snapshots/unknown/tensors/t0", "snapshot_not_found"),
        ("/api/v1/snapshots/unknown/findings", "snapshot_not_found"),
        ("/api/v1/snapshots/%00", "snapshot_not_found"),
        ("/api/v1/snapshots/%ff%fe", "snapshot_not_found"),
        ("{address}/iterations/2", "iteration_not_found"),
        ("{address}/iterations/-1", "iteration_not_found"),
        ("{address}/iterations/99999999999999999999", "iteration_not_found"),
        ("{address}/tensors/t99", "tensor_not_found"),
        ("{address}/tensors/nothing", "tensor_not_found"),
        ("{address}/tensors/t1", "tensor_not_found"),
        ("/api/v1/nothing", "not_found"),
    ],
)
def test_what_is_not_there(client: Client, address: str, path: str, code: str) -> None:
    answer = client.get(path.format(address=address))
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_an_iteration_is_asked_for_by_a_number(client: Client, address: str) -> None:
    answer = client.get(f"{address}/iterations/first")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == "path.index"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_snapshot_cannot_be_changed(client: Client, address: str, method: str) -> None:
    answer = client.request(method, address)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        *(
            (part, "public, max-age=31536000, immutable")
            for part in ("", "/iterations/0", "/tensors/t0", "/tensors/t4")
        ),
        # what is computed from a snapshot the next Gradwalk may compute in another way
        ("/findings", "public, no-cache"),
        ("/iterations/0/explanations/nodes/n0", "public, no-cache"),
        ("/iterations/0/observations", "public, no-cache"),
    ],
)
def test_everything_has_a_strong_tag_and_is_never_sent_twice(
    client: Client, address: str, part: str, kept: str
) -> None:
    first = client.get(address + part)
    assert first.headers["Cache-Control"] == kept
    etag = first.headers["ETag"]
    assert not etag.startswith("W/")
    for known in (etag, f'"other", {etag}', "*"):
        again = client.get(address + part, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(address + part, headers={"If-None-Match": '"other"'}).status_code == 200


def test_different_bytes_have_different_tags(client: Client, address: str) -> None:
    tags = {client.get(address, headers={"Accept-Encoding": c}).headers["ETag"] for c in ("zstd", "gzip", "identity")}
    tags.add(client.get(f"{address}/tensors/t0").headers["ETag"])
    tags.add(client.get(f"{address}/tensors/t0", headers={"Accept": "application/octet-stream"}).headers["ETag"])
    assert len(tags) == 5


def test_a_snapshot_that_is_gone_is_not_unchanged(client: Client) -> None:
    answer = client.get("/api/v1/snapshots/unknown", headers={"If-None-Match": "*"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, zstd;q=0", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br", None),
        ("identity", None),
        ("", None),
        ("gzip;q=x", None),
        (";;,,=", None),
    ],
)
def test_the_coding_is_one_that_the_client_reads(
    client: Client, address: str, accepted: str, coding: str | None
) -> None:
    answer, raw = client.get_raw(address, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    decoders: dict[str | None, Callable[[bytes], bytes]] = {
        "zstd": zstandard.decompress,
        "gzip": gzip.decompress,
        None: bytes,
    }
    assert json.loads(decoders[coding](raw))["schema_version"] == 1
