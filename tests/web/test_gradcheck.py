"""Checks of gradients by finite differences, on a real server with its sandbox."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.processes import ServerProcess
from tests.tiers import rest_at_night
from tests.web.conftest import Client, FakeRunner

NEURON = Path("app/gradwalk/lessons/programs/neuron.py").read_text("utf-8")
KINK = """import torch
x = torch.tensor([0., 1.], requires_grad=True)
h = torch.relu(x)
loss = (h * 3).sum()
loss.backward()
"""
TIMES = """import torch, time
w = torch.tensor(2., requires_grad=True)
loss = w * (time.perf_counter_ns() % 1_000_003)
loss.backward()
"""
HOOKED = """import torch
w = torch.tensor(2., requires_grad=True)
w.register_hook(lambda g: g * 1.5)
loss = w * w
loss.backward()
"""
VIEW = """import torch
w = torch.tensor([[1., 2.]], requires_grad=True)
turned = w.T
loss = turned.sum()
loss.backward()
"""
GUARD = """import torch
w = torch.tensor(2., requires_grad=True)
y = w * 3
if y.item() != 6.:
    raise ValueError('moved')
loss = y * y
loss.backward()
"""
SLOW = """import torch, time
time.sleep(1)
w = torch.tensor(2., requires_grad=True)
(w * w).backward()
"""
LOOP = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5), nn.Tanh(), nn.Linear(3, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
for step in range(3):
    x = torch.randn(4, 2)
    optimizer.zero_grad()
    loss = net(x).square().mean()
    loss.backward()
    optimizer.step()
"""


@pytest.fixture(scope="module")
def real(gradwalk_server: ServerProcess) -> Iterator[httpx.Client]:
    with gradwalk_server.client() as client:
        yield client


class Ran:
    """A program that was run, and what is asked about it."""

    def __init__(self, client: httpx.Client, source: str) -> None:
        self._client = client
        self.location = client.post("/api/v1/runs", json={"source": source}).headers["Location"]

    def node(self, name: str, graph: int = 0) -> str:
        """The id of the node with this name in the program, or of this operation."""
        nodes = self._client.get(self.location).json()["graphs"][graph]["nodes"]
        return next(str(node["id"]) for node in nodes if name in (node["name"], node["op"]))

    def ask(self, name: str, **asked: Any) -> httpx.Response:
        body = {"iteration": 0, "node": self.node(name), **asked}
        return self._client.post(f"{self.location}/checks", json=body)

    def check(self, name: str, **asked: Any) -> Any:
        answer = self.ask(name, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.mark.parametrize(
    ("name", "gradient"),
    [("w", -0.0898), ("b", -0.0817), ("mul", -0.0817), ("z", -0.0817), ("a", -1.0889), ("loss", 1)],
)
def test_every_gradient_of_the_neuron_agrees(real: httpx.Client, name: str, gradient: float) -> None:
    said = Ran(real, NEURON).check(name)
    assert said["recorded"] == pytest.approx(gradient, abs=5e-5)
    assert said["estimate"] == pytest.approx(gradient, abs=1e-4)
    assert said["agrees"] is True
    assert said["note"] is None
    slope = (said["plus"]["loss"] - said["minus"]["loss"]) / (said["plus"]["value"] - said["minus"]["value"])
    assert said["estimate"] == pytest.approx(slope)


@pytest.mark.parametrize("name", ["net.0.weight", "dropout", "tanh", "net.3.bias"])
@pytest.mark.parametrize("iteration", rest_at_night([0, 2], {2}))
def test_a_training_with_dropout_draws_the_same_numbers_again(real: httpx.Client, name: str, iteration: int) -> None:
    said = Ran(real, LOOP).check(name, iteration=iteration)
    assert (said["agrees"], said["note"]) == (True, None)


def test_a_gradient_that_a_hook_has_changed_differs(real: httpx.Client) -> None:
    said = Ran(real, HOOKED).check("w")
    assert (said["recorded"], said["agrees"]) == (6.0, False)
    assert said["estimate"] == pytest.approx(4.0, abs=1e-3)


def test_a_kink_is_told_and_not_judged(real: httpx.Client) -> None:
    ran = Ran(real, KINK)
    said = ran.check("x", element=[0])
    assert said["agrees"] is None
    assert "The slope is 0 on one side and 3 on the other" in said["note"]
    assert ran.check("x", element=[1])["agrees"] is True


def test_a_program_that_is_random_despite_its_seed_gets_a_sentence(real: httpx.Client) -> None:
    said = Ran(real, TIMES).check("w")
    assert (said["agrees"], said["estimate"]) == (None, None)
    assert "other losses when it is run again" in said["note"]


@pytest.mark.parametrize(
    ("source", "name", "asked", "status", "code", "words"),
    [
        (VIEW, "turned", {}, 422, "check_impossible", "This tensor is a view"),
        (GUARD, "w", {}, 422, "check_impossible", "ValueError: moved"),
        (NEURON, "x", {}, 404, "contribution_not_found", "nothing to check"),
        (NEURON, "w", {"element": [3]}, 422, "element_out_of_range", "the shape is [1]"),
        (NEURON, "w", {"iteration": 7}, 404, "iteration_not_found", ""),
        (NEURON, "w", {"pass": 7}, 404, "pass_not_found", ""),
        (NEURON, "w", {"node": "n99"}, 404, "node_not_found", ""),
        (NEURON, "w", {"iteration": -1}, 422, "invalid_request", ""),
        (NEURON, "w", {"more": 1}, 422, "invalid_request", ""),
    ],
)
def test_refusals(
    real: httpx.Client, source: str, name: str, asked: dict[str, Any], status: int, code: str, words: str
) -> None:
    answer = Ran(real, source).ask(name, **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert words in answer.json()["detail"]


def test_whoever_goes_away_ends_the_check(real: httpx.Client) -> None:
    ran = Ran(real, SLOW)
    node = ran.node("w")
    with pytest.raises(httpx.ReadTimeout):
        real.post(f"{ran.location}/checks", json={"iteration": 0, "node": node}, timeout=0.6)
    # five runs of a second would follow each other
    assert seconds_until_quiet(real) < 2.5


def test_whoever_goes_away_ends_a_measurement(real: httpx.Client) -> None:
    measurements = (
        f"{Ran(real, SLOW.replace('sleep(1)', 'sleep(4)')).location}/iterations/0/explanations/e0/measurements"
    )
    with ThreadPoolExecutor() as threads:
        gone = threads.submit(real.post, measurements, timeout=1)
        while programs_running(real) == 0 and not gone.done():
            time.sleep(0.05)
        assert programs_running(real) == 1
        assert isinstance(gone.exception(), httpx.ReadTimeout)
    # it would sleep on for three seconds
    assert seconds_until_quiet(real) < 2


def seconds_until_quiet(client: httpx.Client) -> float:
    """Until the last program ended: no other one began within half a second."""
    begun = last = time.monotonic()
    while time.monotonic() - last < 0.5:
        if programs_running(client):
            last = time.monotonic()
        time.sleep(0.05)
    return last - begun


def programs_running(client: httpx.Client) -> int:
    found = re.search(r"^gradwalk_runs_running (\d+)", client.get("/metrics").text, re.MULTILINE)
    assert found
    return int(found[1])


def test_a_snapshot_that_is_not_there(client: Client) -> None:
    answer = client.post("/api/v1/snapshots/none/checks", json={"iteration": 0, "node": "n0"})
    assert (answer.status_code, answer.json()["code"]) == (404, "snapshot_not_found")


def test_no_run_is_begun_for_what_cannot_be_checked(client: Client, runner: FakeRunner) -> None:
    location = client.post("/api/v1/runs", json={"source": "x"}).headers["Location"]
    assert client.post(f"{location}/checks", json={"iteration": 0, "node": "n0"}).status_code == 404
    # lessons are run beside it
    assert [program.source for program in runner.asked if program.source == "x"] == ["x"]
    assert runner.remeasured == []
