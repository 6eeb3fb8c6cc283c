"""`POST /programs`: a spec in, a program out; what does not fit is a problem with its fields."""

from typing import Any

import pytest

from gradwalk.web.examples import EXAMPLES
from tests.web.conftest import Client

NETWORK: dict[str, Any] = EXAMPLES["NetworkSpec"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"layers": [{"kind": "conv2d"}]}, "spec_does_not_fit", "body.layers.0"),
        ({"layers": [{"kind": "transformer"}]}, "invalid_request", "body.layers.0"),
        ({"layers": [{"kind": "relu"}] * 10_000}, "invalid_request", "body.layers"),
        ({"layers": []}, "invalid_request", "body.layers"),
        ({"layers": [{"kind": "linear", "width": 65}]}, "invalid_request", "body.layers.0.linear.width"),
        ({"loss": "hinge"}, "invalid_request", "body.loss"),
        ({"optimizer": {"kind": "sgd", "learning_rate": 0}}, "invalid_request", "body.optimizer.learning_rate"),
        ({"sentence": "émoji 🙂"}, "invalid_request", "body.sentence"),
        ({"more": 1}, "invalid_request", "body.more"),
    ],
)
def test_what_does_not_fit_is_a_problem_with_its_fields(
    client: Client, change: dict[str, Any], code: str, field: str
) -> None:
    answer = client.post("/api/v1/programs", json={**NETWORK, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert [one["field"] for one in problem["errors"]] == [field]
    assert len(answer.content) < 2000


def test_a_network_gives_its_program_and_its_shapes(client: Client) -> None:
    answer = client.post("/api/v1/programs", json=NETWORK)
    assert answer.status_code == 200
    assert answer.json()["shapes"] == [[2], [4], [4], [1]]
    assert answer.json()["parameters"] == 17
    assert "nn.Linear(2, 4)" in answer.json()["source"]
