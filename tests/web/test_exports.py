"""A whole snapshot as one file, which reads back as what was stored."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import zstandard

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Recorded, Snapshot
from gradwalk.store import Store, sqlite_url
from gradwalk.web.http.content_coding import Coding, compressed
from gradwalk.web.services.json_export import export
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
    exported = await export(store, "abc")
    parts = [part async for part in exported.parts]
    await store.close()
    assert exported.file_name == "gradwalk-2026-01-01-abc.json"
    assert Snapshot.model_validate_json(b"".join(parts)) == snapshot
    assert json.loads(b"".join(parts)) == json.loads(json_of(snapshot))
    assert len(parts) == 3 + iterations + bool(large)


@pytest.mark.anyio
@pytest.mark.parametrize("coding", ["zstd", "gzip", "identity"])
async def test_parts_are_compressed_as_one(coding: Coding) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for number in range(1000):
            yield b"%d," % number

    sent = b"".join([part async for part in compressed(parts(), coding)])
    decoders = {"zstd": zstandard.ZstdDecompressor().decompressobj().decompress, "gzip": gzip.decompress}
    assert decoders.get(coding, bytes)(sent) == b"".join([part async for part in parts()])


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


@pytest.mark.parametrize(
    ("language", "media_type", "ending", "start"),
    [("dot", "text/vnd.graphviz", "dot", "digraph"), ("mermaid", "text/vnd.mermaid", "mmd", "---\ntitle:")],
)
def test_a_graph_is_drawn(
    client: Client, address: str, language: str, media_type: str, ending: str, start: str
) -> None:
    drawing = address.replace("/export/json", f"/export/{language}")
    answer = client.get(drawing)
    assert answer.headers["Content-Type"].split(";")[0] == media_type
    assert answer.headers["Content-Disposition"].endswith(f'.{ending}"')
    assert answer.text.startswith(start)
    assert "Gradwalk, graph 1 of 1" in answer.text
    assert "mul" in answer.text
    assert client.get(drawing, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("graph", [1, -1, 10**30])
def test_a_graph_that_is_not_there(client: Client, address: str, graph: int) -> None:
    answer = client.get(address.replace("/export/json", f"/export/dot?graph={graph}"))
    assert (answer.status_code, answer.json()["code"]) == (404, "graph_not_found")


def test_an_iteration_is_drawn_with_its_numbers(client: Client, address: str) -> None:
    drawing = address.replace("/export/json", "/export/svg")
    answer = client.get(f"{drawing}?iteration=1")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert re.search(r'filename="gradwalk-[\w-]+\.svg"', answer.headers["Content-Disposition"])
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "A PyTorch program · iteration 2 of 3 · loss 1.5" in answer.text
    assert ">1.5</text>" in answer.text
    assert client.get(f"{drawing}?iteration=1", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get(drawing).headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("iteration=3", 404, "iteration_not_found"),
        ("iteration=-1", 404, "iteration_not_found"),
        ("pass=0", 422, "invalid_request"),
        ("pass=x", 422, "invalid_request"),
    ],
)
def test_a_drawing_of_what_is_not_there(client: Client, address: str, query: str, status: int, code: str) -> None:
    answer = client.get(f"{address.replace('/export/json', '/export/svg')}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
