"""A whole snapshot as one file, which reads back as what was stored."""

import json
from pathlib import Path

import pytest

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Recorded, Snapshot
from gradwalk.store import Store, sqlite_url
from gradwalk.web.services.json_export import snapshot_file
from tests.factories import make_recorded, make_snapshot
from tests.web.conftest import Client, FakeRunner


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize(("iterations", "large"), [(0, 0), (1, 0), (3, 5000), (0, 1)])
async def test_what_is_exported_is_what_was_stored(tmp_path: Path, iterations: int, large: int) -> None:
    store = Store(sqlite_url(tmp_path))
    await store.start()
    snapshot = make_snapshot("abc", iterations, large)
    await store.save(snapshot)
    exported = await snapshot_file(store, "abc")
    parts = [part async for part in exported.parts]
    await store.close()
    assert exported.file_name == "gradwalk-2026-01-01-abc.json"
    assert Snapshot.model_validate_json(b"".join(parts)) == snapshot
    assert json.loads(b"".join(parts)) == json.loads(json_of(snapshot))
    assert len(parts) == 3 + iterations + bool(large)


@pytest.fixture
def recorded(runner: FakeRunner) -> Recorded:
    runner.recorded = make_recorded(iterations=3, large=5000)
    return runner.recorded


@pytest.fixture
def address(client: Client, recorded: Recorded) -> str:
    location: str = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    return f"{location}/export/json"


@pytest.mark.parametrize("accepted", ["zstd", "gzip", "identity"])
def test_every_client_reads_it(client: Client, address: str, recorded: Recorded, accepted: str) -> None:
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    snapshot = Snapshot.model_validate_json(answer.content)
    assert (snapshot.iterations, snapshot.tensors) == (recorded.iterations, recorded.tensors)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers.get("Content-Encoding", "identity") == accepted
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="gradwalk-20')


def test_it_is_never_sent_twice(client: Client, address: str) -> None:
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert len({client.get(address, headers={"Accept-Encoding": c}).headers["ETag"] for c in ("zstd", "gzip", "")}) == 3


def test_its_bytes_are_those_that_its_tag_stands_for(client: Client, address: str) -> None:
    for accepted in ("zstd", "gzip"):
        bodies = {client.get_raw(address, {"Accept-Encoding": accepted})[1] for _ in range(2)}
        assert len(bodies) == 1


@pytest.mark.parametrize("kind", ["json", "pickle"])
def test_what_is_not_there(client: Client, kind: str) -> None:
    answer = client.get(f"/api/v1/snapshots/unknown/export/{kind}")
    assert answer.status_code == 404
    assert answer.json()["code"] == ("snapshot_not_found" if kind == "json" else "not_found")
