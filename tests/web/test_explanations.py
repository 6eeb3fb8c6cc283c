"""Explanations over HTTP: refusals have their codes, answers are asked for again."""

import pytest

from gradwalk.contract.measurement import Measurement, Response, Wanted
from gradwalk.contract.snapshot import Program, Recorded
from gradwalk.errors import Busy
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from tests.factories import make_recorded
from tests.web.conftest import Client, FakeRunner

LEFT = ("outcome", "truncated", "graphs", "iterations", "tensors", "course")


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


def test_what_is_measured_is_asked_of_the_sandbox(client: Client, runner: FakeRunner) -> None:
    """A program is run again as it was; what the run left becomes the explanation."""
    program = "import torch\nw = torch.tensor([2.0, 3.0], requires_grad=True)\ntorch.lgamma(w).sum().backward()\n"
    run = run_program(Program(source=program), Limits())
    runner.recorded = Recorded.model_validate({name: getattr(run.snapshot(), name) for name in LEFT})
    location = client.post("/api/v1/runs", json={"source": program, "seed": 4}).headers["Location"]
    address = f"{location}/iterations/0/explanations/e0"
    assert client.get(address).json()["measurable"]
    response = Response(output=0, index=1, backward=0.9228, forward=0.9228)
    runner.measured = Measurement(
        outputs=[[2]], calls=2, responses=[response], forward_error=1e-5, shared=False, trouble=None, error=None
    )
    answer = client.post(f"{address}/measurements?element=1")
    assert (answer.status_code, answer.json()["kind"], answer.json()["computed"]) == (200, "measured", 0.9228)
    assert runner.wanted == [Wanted(operation=1, edge=0, backward_pass=0, element=1)]
    assert runner.remeasured[0].seed == 4
    runner.measured = None
    assert "did not come to this operation" in client.post(f"{address}/measurements").json()["note"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/e0/measurements", 404, "edge_not_found"),
        ("/e0/measurements?pass=x", 422, "invalid_request"),
        ("/e0/measurements?element=first", 422, "element_out_of_range"),
    ],
)
def test_what_cannot_be_measured(client: Client, address: str, path: str, status: int, code: str) -> None:
    answer = client.post(address + path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_full_queue(client: Client, runner: FakeRunner) -> None:
    program = "import torch\nw = torch.tensor([2.0, 3.0], requires_grad=True)\ntorch.lgamma(w).sum().backward()\n"
    run = run_program(Program(source=program), Limits())
    runner.recorded = Recorded.model_validate({name: getattr(run.snapshot(), name) for name in LEFT})
    location = client.post("/api/v1/runs", json={"source": program}).headers["Location"]
    runner.error = Busy("Come back.", retry_after=3)
    answer = client.post(f"{location}/iterations/0/explanations/e0/measurements")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "busy", "3")
