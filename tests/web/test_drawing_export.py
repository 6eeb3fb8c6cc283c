"""The drawings of a graph, as files to save."""

import re

import pytest

from gradwalk.contract.snapshot import Recorded
from tests.factories import make_recorded
from tests.web.conftest import Client, FakeRunner


@pytest.fixture
def recorded(runner: FakeRunner) -> Recorded:
    runner.recorded = make_recorded(iterations=3)
    return runner.recorded


@pytest.fixture
def address(client: Client, recorded: Recorded) -> str:
    location: str = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    return f"{location}/export/json"


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
