"""The real server under requests made from its OpenAPI document: no 5xx, and no answer that is not documented.

schemathesis makes the requests, good and bad ones; the same every time.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.openapi import document
from tests.processes import ServerProcess, server

SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
OPERATIONS = {
    f"{method.upper()} {path}": SCHEMA[path][method.upper()]
    for path, methods in document()["paths"].items()
    for method in methods
}
ANSWERS = "POST /api/v1/snapshots/{snapshot_id}/answers"
PROGRAM = """import torch
w = torch.ones(2000, requires_grad=True)
(w * 3).sum().backward()
with torch.no_grad():
    w -= 0.1 * w.grad
"""

EXAMPLES = [25, pytest.param(200, marks=pytest.mark.slow)]
"""Requests made of one operation: some on a push, many at night."""
BODY_EXAMPLES = [200, pytest.param(1000, marks=pytest.mark.slow)]

BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server(tmp_path_factory.mktemp("data"), GRADWALK_WALL_SECONDS="1") as running:
        yield running


@pytest.fixture(scope="module")
def snapshot_id(running: ServerProcess) -> str:
    with running.client() as client:
        created: str = client.post("/api/v1/runs", json={"source": PROGRAM}).json()["snapshot"]
        return created


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_requests_made_from_the_document(running: ServerProcess, snapshot_id: str, name: str, examples: int) -> None:
    seen: set[int] = set()

    real = {
        "snapshot_id": snapshot_id,
        "index": 0,
        "tensor_id": "t0",
        "edge_id": "e0",
        "node_id": "n0",
        "slug": "neuron",
    }
    with running.client() as client:
        asked = client.get(f"/api/v1/snapshots/{snapshot_id}/questions").json()["questions"]

    @settings(BOUNDED, max_examples=examples)
    @given(case=OPERATIONS[name].as_strategy(), found=st.sets(st.sampled_from(sorted(real))))
    def ask(case: schemathesis.Case[Any], found: set[str]) -> None:
        for parameter in found & case.path_parameters.keys():  # else nothing but 404 would be met
            case.path_parameters[parameter] = real[parameter]
        if "snapshot_id" in found and isinstance(case.body, dict) and "question" in case.body:
            # another body, for this one may be the document's own example
            case.body = {**case.body, "question": asked[0]["id"]}
        if found >= {"snapshot_id", "node_id", "slug"} and isinstance(case.body, dict) and "node" in case.body:
            case.body = {"iteration": 0, "node": "n0"}
        response = case.call(base_url=running.url)
        seen.add(response.status_code)
        # a document cannot say that a program must not be blank
        case.validate_response(response, excluded_checks=[positive_data_acceptance])
        assert response.status_code < 500

    ask()
    good = {200, 404} if "{" in name else {200}
    # nobody chooses a right answer, or one that could be, by chance
    bodies = {"POST /api/v1/runs": {201, 422}, "POST /api/v1/programs": {200, 422}, ANSWERS: {404, 422}}
    assert seen >= bodies.get(name, good)


BODIES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=9), st.lists, max_leaves=20).map(
        lambda value: repr(value).encode("utf-8", "surrogatepass")
    ),
    st.integers(0, 100_000).map(lambda depth: b'{"source":' + b"[" * depth),
    st.integers(0, 5000).map(lambda digits: b'{"source":"x","seed":' + b"9" * digits + b"}"),
)
TYPES = st.sampled_from(
    ["application/json", "application/json; charset=utf-16", "text/plain", "application/x+json", ";"]
)
CODINGS = st.sampled_from([None, "gzip", "br", "chunked"])


@pytest.mark.parametrize("examples", BODY_EXAMPLES)
def test_bodies_that_are_anything(running: ServerProcess, examples: int) -> None:
    with httpx.Client(base_url=running.url, timeout=30) as client:

        @settings(BOUNDED, max_examples=examples)
        @given(body=BODIES, media_type=TYPES, coding=CODINGS)
        def ask(body: bytes, media_type: str, coding: str | None) -> None:
            headers = {"Content-Type": media_type, **({"Content-Encoding": coding} if coding else {})}
            answer = client.post("/api/v1/runs", content=body, headers=headers)
            assert answer.status_code in (201, 400, 413, 415, 422)
            if answer.status_code != 201:
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["code"]

        ask()
        assert client.get("/api/v1/health").status_code == 200
