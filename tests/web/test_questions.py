"""Questions and answers over HTTP."""

import pytest

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Graph, Iteration, Outcome, Recorded
from gradwalk.questions import Verdict
from tests.factories import make_recorded
from tests.questions.asking import any_of, asked_about, expected, judged, lesson, recorded
from tests.web.conftest import Client, FakeRunner

FAN_OUT = lesson("fan-out")


def opened(client: Client, runner: FakeRunner, left: Recorded) -> str:
    """The address of the snapshot of a run that left this."""
    runner.recorded = left
    return str(client.post("/api/v1/runs", json={"source": "x"}).headers["Location"])


def parts_of(source: str) -> Recorded:
    """What the run of a program left."""
    snapshot = recorded(source)
    return Recorded(**{name: getattr(snapshot, name) for name in Recorded.model_fields})


@pytest.fixture
def address(client: Client, runner: FakeRunner) -> str:
    return opened(client, runner, parts_of(FAN_OUT))


def test_they_are_those_of_the_rules(client: Client, address: str) -> None:
    answer = client.get(f"{address}/questions?seed=3")
    assert answer.status_code == 200
    listed = answer.json()
    assert (listed["seed"], listed["iteration"], listed["note"]) == (3, 0, None)
    assert listed["questions"] == [question.model_dump(by_alias=True) for question in asked_about(FAN_OUT, 3)]
    assert not {"expected", "tolerance", "why", "edge"} & {name for one in listed["questions"] for name in one}


def test_the_same_link_gives_the_same(client: Client, address: str) -> None:
    first, same, other = (client.get(f"{address}/questions?seed={seed}") for seed in (1, 1, 2))
    assert (first.headers["ETag"], first.content) == (same.headers["ETag"], same.content)
    assert first.headers["ETag"] != other.headers["ETag"]
    assert (
        client.get(f"{address}/questions?seed=1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize("seed", [None, 5])
def test_an_answer_is_judged(client: Client, address: str, seed: int | None) -> None:
    question = any_of("meeting", FAN_OUT)
    body = {"question": question.id, "answer": ["n0"]} | ({} if seed is None else {"seed": seed})
    answer = client.post(f"{address}/answers", json=body)
    assert answer.status_code == 200
    assert answer.content == json_of(judged(FAN_OUT, question.id, ["n0"]))
    assert Verdict.model_validate_json(answer.content).right


def test_half_of_a_surrogate_pair_is_told_as_it_came(client: Client, address: str) -> None:
    body = b'{"question": "meeting.0.4.p0", "answer": ["\\ud800"]}'
    answer = client.post(f"{address}/answers", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "answer_not_a_choice")


def test_its_explanation_is_where_it_says(client: Client, address: str) -> None:
    question = any_of("contribution", FAN_OUT)
    verdict = client.post(f"{address}/answers", json={"question": question.id, "answer": 1}).json()
    why = client.get(f"{address}/iterations/0/explanations/{verdict['edge']}?pass={verdict['pass']}").json()
    assert why["recorded"] == verdict["expected"] == expected(FAN_OUT, question).expected


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": "value.0.3.n3-0", "answer": "a lot"}, 422, "answer_not_a_number"),
        ({"question": "value.0.3.n3-0", "answer": ["n0"]}, 422, "answer_not_a_number"),
        ({"question": "meeting.0.4.p0", "answer": 3}, 422, "answer_not_a_choice"),
        ({"question": "meeting.0.4.p0", "answer": ["n9"]}, 422, "answer_not_a_choice"),
        ({"question": "meeting.0.4.p9", "answer": ["n0"]}, 404, "question_not_found"),
        ({"question": "meeting.7.4.p0", "answer": ["n0"]}, 404, "question_not_found"),
        ({"question": "what", "answer": 1}, 404, "question_not_found"),
        ({"question": "value.0.3.n3-0", "answer": None}, 422, "invalid_request"),
        ({"question": "value.0.3.n3-0", "answer": 10**400}, 422, "invalid_request"),
        ({"question": "value.0.3.n3-0"}, 422, "invalid_request"),
        ({"question": "value.0.3.n3-0", "answer": "1" * 300}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_judged(client: Client, address: str, body: dict[str, object], status: int, code: str) -> None:
    answer = client.post(f"{address}/answers", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("seed=-1", 422, "invalid_request"),
        ("seed=many", 422, "invalid_request"),
        ("iteration=1", 404, "iteration_not_found"),
        ("iteration=99999999999", 422, "invalid_request"),
    ],
)
def test_what_cannot_be_asked(client: Client, address: str, query: str, status: int, code: str) -> None:
    answer = client.get(f"{address}/questions?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_of_a_snapshot_that_is_not_there(client: Client) -> None:
    for answer in (
        client.get("/api/v1/snapshots/nothing/questions"),
        client.post("/api/v1/snapshots/nothing/answers", json={"question": "value.0.3.n3-0", "answer": 1}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "snapshot_not_found")


def test_where_there_is_nothing_to_ask(client: Client, runner: FakeRunner) -> None:
    nothing = Recorded(
        outcome=Outcome(status="completed", error=None), truncated=None, graphs=[], iterations=[], tensors={}
    )
    listed = client.get(f"{opened(client, runner, nothing)}/questions").json()
    assert listed["questions"] == []
    assert "no operation" in listed["note"]
    # numbers, but nothing that can be found by head
    listed = client.get(f"{opened(client, runner, make_recorded())}/questions").json()
    assert listed["questions"] == []
    assert "nothing to ask here" in listed["note"]


def test_a_forged_recording_makes_no_mistake_of_ours(client: Client, runner: FakeRunner) -> None:
    left = parts_of(FAN_OUT)
    (body,) = left.iterations
    steps = [step.model_copy(update={"node": "n77", "edges": ["e88"], "backward_pass": 9}) for step in body.steps]
    forged = body.model_copy(update={"steps": [*steps, *body.steps], "values": {}, "graph": 0})
    address = opened(client, runner, left.model_copy(update={"iterations": [forged]}))
    assert client.get(f"{address}/questions").status_code == 200
    elsewhere: Iteration = body.model_copy(update={"graph": 5})
    graphs: list[Graph] = left.graphs
    address = opened(client, runner, left.model_copy(update={"iterations": [elsewhere], "graphs": graphs}))
    assert client.get(f"{address}/questions").json()["code"] == "iteration_not_found"
