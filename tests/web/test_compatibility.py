"""A change that breaks clients fails here: the document is compared with the one that clients were written against."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.openapi import document
from tests.web.compatibility import Document, breaking_changes

RELEASED = Path(__file__).parent / "released"


@pytest.mark.parametrize("released", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_clients_of_every_release_still_work(released: Path) -> None:
    assert breaking_changes(json.loads(released.read_text()), document()) == []


def test_there_is_a_release_to_compare_with() -> None:
    document = json.loads((RELEASED / "openapi-0.1.0.json").read_text())
    assert {"/api/v1/runs", "/api/v1/snapshots/{snapshot_id}/iterations/{index}"} <= document["paths"].keys()


BASE: Document = {
    "paths": {
        "/runs": {
            "get": {"responses": {"200": {"description": "all"}}},
            "post": {
                "parameters": [{"in": "query", "name": "wait", "schema": {"type": "integer", "maximum": 9}}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}},
                },
                "responses": {
                    "201": {
                        "headers": {"Location": {}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Answer"}},
                            "text/plain": {},
                        },
                    },
                    "503": {"content": {"application/problem+json": {"schema": {"type": "object"}}}},
                },
            },
        },
        "/health": {"get": {"responses": {"200": {}}}},
    },
    "components": {
        "schemas": {
            "Request": {
                "type": "object",
                "required": ["source"],
                "properties": {
                    "source": {"type": "string", "maxLength": 100},
                    "seed": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
                    "mode": {"type": "string", "enum": ["fast", "slow"]},
                    "names": {"type": "array", "items": {"type": "string"}},
                },
            },
            "Answer": {
                "type": "object",
                "required": ["id", "status"],
                "properties": {
                    "id": {"type": "string"},
                    "status": {"enum": ["good", "bad"]},
                    "parent": {"anyOf": [{"$ref": "#/components/schemas/Answer"}, {"type": "null"}]},
                    "by_name": {"type": "object", "additionalProperties": {"type": "number"}},
                    "anything": {},
                },
            },
        }
    },
}
POST = ("paths", "/runs", "post")
REQUEST = ("components", "schemas", "Request")
ANSWER = ("components", "schemas", "Answer")


def inside(document: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        document = document[part]
    return document


Change = Callable[[Document], object]


def put(*path: str | int, value: Any) -> Change:
    return lambda document: inside(document, path[:-1]).__setitem__(path[-1], value)


def drop(*path: str | int) -> Change:
    return lambda document: inside(document, path[:-1]).pop(path[-1])


def add(*path: str | int, value: Any) -> Change:
    return lambda document: inside(document, path).append(value)


BREAKING: list[tuple[str, Change]] = [
    ("The path /health is gone.", drop("paths", "/health")),
    ("GET /runs is gone.", drop("paths", "/runs", "get")),
    ("POST /runs never answers with 503 any more.", drop(*POST, "responses", "503")),
    ("POST /runs: the header Location of 201 is gone.", drop(*POST, "responses", "201", "headers", "Location")),
    ("POST /runs 201: text/plain is gone.", drop(*POST, "responses", "201", "content", "text/plain")),
    ("POST /runs request: application/json is gone.", drop(*POST, "requestBody", "content", "application/json")),
    ("POST /runs takes no body any more.", drop(*POST, "requestBody")),
    ("POST /runs: a body is required now.", put(*POST, "requestBody", "required", value=True)),
    ("POST /runs: the query parameter wait is gone.", drop(*POST, "parameters", 0)),
    ("POST /runs: the query parameter wait is required now.", put(*POST, "parameters", 0, "required", value=True)),
    (
        "POST /runs: the header parameter token is required now.",
        add(*POST, "parameters", value={"in": "header", "name": "token", "required": True, "schema": {}}),
    ),
    (
        "POST /runs: the query parameter wait: maximum is 5 now.",
        put(*POST, "parameters", 0, "schema", "maximum", value=5),
    ),
    (
        "POST /runs: the query parameter wait: the type integer is not taken any more.",
        put(*POST, "parameters", 0, "schema", value={"type": "boolean"}),
    ),
    ("POST /runs request: the field seed is gone.", drop(*REQUEST, "properties", "seed")),
    ("POST /runs request: the field mode is required now.", add(*REQUEST, "required", value="mode")),
    (
        "POST /runs request.source: the type string is not taken any more.",
        put(*REQUEST, "properties", "source", "type", value="integer"),
    ),
    (
        "POST /runs request.seed: the type null is not taken any more.",
        put(*REQUEST, "properties", "seed", value={"type": "integer", "minimum": 0}),
    ),
    ("POST /runs request.source: maxLength is 99 now.", put(*REQUEST, "properties", "source", "maxLength", value=99)),
    ("POST /runs request.source: minLength is 1 now.", put(*REQUEST, "properties", "source", "minLength", value=1)),
    ("POST /runs request.source: the pattern is a+ now.", put(*REQUEST, "properties", "source", "pattern", value="a+")),
    (
        "POST /runs request.mode: the value slow is not taken any more.",
        put(*REQUEST, "properties", "mode", "enum", value=["fast"]),
    ),
    (
        "POST /runs request.source: the value others is not taken any more.",
        put(*REQUEST, "properties", "source", "enum", value=["a"]),
    ),
    (
        "POST /runs request.names[]: the type string is not taken any more.",
        put(*REQUEST, "properties", "names", "items", "type", value="integer"),
    ),
    ("POST /runs 201: the field id is gone.", drop(*ANSWER, "properties", "id")),
    ("POST /runs 201: the field id may be missing now.", put(*ANSWER, "required", value=["status"])),
    ("POST /runs 201.id: the type may be integer now.", put(*ANSWER, "properties", "id", "type", value="integer")),
    (
        "POST /runs 201.id: the type may be null now.",
        put(*ANSWER, "properties", "id", value={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ),
    (
        "POST /runs 201.by_name[]: the type may be string now.",
        put(*ANSWER, "properties", "by_name", "additionalProperties", "type", value="string"),
    ),
    ("POST /runs 201.id: the type may be anything now.", put(*ANSWER, "properties", "id", value={})),
]

HARMLESS: list[Change] = [
    lambda document: None,
    put("paths", "/new", value={"get": {"responses": {}}}),
    put("paths", "/runs", "delete", value={"responses": {}}),
    put(*POST, "responses", "429", value={}),
    put(*POST, "responses", "201", "headers", "ETag", value={}),
    put(*POST, "responses", "201", "content", "text/event-stream", value={}),
    put(*POST, "summary", value="other words"),
    add(*POST, "parameters", value={"in": "query", "name": "more", "schema": {}}),
    put(*REQUEST, "properties", "more", value={"type": "string"}),
    put(*REQUEST, "required", value=[]),
    add(*REQUEST, "properties", "mode", "enum", value="slower"),
    put(*REQUEST, "properties", "source", value={"type": "string"}),
    put(*REQUEST, "properties", "source", "maxLength", value=101),
    put(*REQUEST, "properties", "names", value={}),
    put(*ANSWER, "properties", "more", value={"type": "string"}),
    add(*ANSWER, "required", value="parent"),
    add(*ANSWER, "properties", "status", "enum", value="ugly"),
    put(*ANSWER, "properties", "parent", value={"$ref": "#/components/schemas/Answer"}),
    put(*ANSWER, "properties", "anything", value={"type": "string"}),
    put("components", "schemas", "Unused", value={}),
]


@pytest.mark.parametrize(("sentence", "change"), BREAKING, ids=[sentence for sentence, _ in BREAKING])
def test_what_breaks_clients_is_told(sentence: str, change: Change) -> None:
    changed = copy.deepcopy(BASE)
    change(changed)
    assert sentence in breaking_changes(BASE, changed)


@pytest.mark.parametrize("change", HARMLESS)
def test_additions_pass(change: Change) -> None:
    changed = copy.deepcopy(BASE)
    change(changed)
    assert breaking_changes(BASE, changed) == []


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("the field seed is gone", drop("components", "schemas", "RunRequest", "properties", "seed")),
        ("the field outcome is gone", drop("components", "schemas", "RunCreated", "properties", "outcome")),
        ("is gone", drop("paths", "/api/v1/snapshots/{snapshot_id}/tensors/{tensor_id}")),
        ("application/octet-stream is gone", drop(
            "paths", "/api/v1/snapshots/{snapshot_id}/tensors/{tensor_id}", "get", "responses", "200", "content",
            "application/octet-stream",
        )),
        ("the field zeros is gone", drop("components", "schemas", "Stats", "properties", "zeros")),
        ("the field code may be missing", put("components", "schemas", "Problem", "required", value=[])),
        ("maxItems is 9", put("components", "schemas", "RunRequest", "properties", "overrides", "maxItems", value=9)),
    ],
)  # fmt: skip
def test_the_real_document_is_looked_through(sentence: str, change: Change) -> None:
    current = copy.deepcopy(document())
    change(current)
    assert any(sentence in told for told in breaking_changes(document(), current))
