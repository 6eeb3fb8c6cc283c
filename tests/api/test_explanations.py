"""Explanations over HTTP: refusals have their codes, answers are asked for again."""

import pytest

from tests.api.conftest import Client, FakeRunner
from tests.factories import make_recorded


@pytest.fixture
def address(client: Client, runner: FakeRunner) -> str:
    runner.recorded = make_recorded()
    location: str = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    return f"{location}/iterations/0/explanations"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/e0", 404, "edge_not_found"),
        ("/nodes/n9", 404, "node_not_found"),
        ("/nodes/n0?pass=0", 404, "pass_not_found"),
        ("/nodes/n0?element=1,1", 422, "element_out_of_range"),
        ("/nodes/n0?element=first", 422, "element_out_of_range"),
        ("/updates/n0", 404, "update_not_found"),
        ("/nodes/n0?pass=x", 422, "invalid_request"),
    ],
)
def test_what_is_not_there(client: Client, address: str, path: str, status: int, code: str) -> None:
    answer = client.get(address + path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_answer_is_named_by_what_is_in_it(client: Client, address: str) -> None:
    first, same = (client.get(f"{address}/nodes/n0{query}") for query in ("", "?element=0"))
    assert first.json()["recorded"] == 0.5
    assert (first.headers["ETag"], first.content) == (same.headers["ETag"], same.content)
    other = client.get(address.partition("/iterations/")[0] + "/findings")
    assert first.headers["ETag"] != other.headers["ETag"]
