"""The OpenAPI document tells the whole truth, and the committed one is current."""

import json
from pathlib import Path
from typing import Any

import pytest

from gradwalk.errors import GradwalkError
from gradwalk.web.http.problems import KINDS
from tests.openapi import document
from tests.web.conftest import Client

DOCUMENT = document()
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def test_the_server_serves_it(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").json() == DOCUMENT


def test_the_committed_one_is_current() -> None:
    committed = json.loads(Path("static/openapi.json").read_text())
    assert committed == DOCUMENT, "run: gradwalk openapi -o static/openapi.json"


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_route_documents_its_problems(name: str, operation: dict[str, Any]) -> None:
    problems = {status: r for status, r in operation["responses"].items() if int(status) >= 400}
    for response in problems.values():
        assert list(response["content"]) == ["application/problem+json"]
    assert problems or name in ("GET /api/v1/lessons", "GET /api/v1/glossary")
    assert operation["summary"]
    assert operation["description"]


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(DOCUMENT)
    references = {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
    assert references <= DOCUMENT["components"]["schemas"].keys()
    assert {"Problem", "SnapshotHead", "Iteration", "Tensor", "RunRequest", "RunCreated"} <= references


def subclasses(cls: type[GradwalkError]) -> set[type[GradwalkError]]:
    return {cls}.union(*(subclasses(sub) for sub in cls.__subclasses__()))


def test_every_error_that_a_client_can_meet_has_a_kind_and_a_code_of_its_own() -> None:
    met = {cls for cls in subclasses(GradwalkError) if cls.__module__ == "gradwalk.errors"}
    kept_inside = {"GradwalkError", "SandboxUnsafe", "ServerUnreachable", "AnswerNotUnderstood"}
    assert {cls.__name__ for cls in met} - {cls.__name__ for cls in KINDS} == kept_inside
    assert len({cls.code for cls in met}) == len(met)
