"""A place is read from its words, and found in a real run."""

from functools import cache

import pytest

from gradwalk.contract.snapshot import Snapshot
from gradwalk.lessons.lesson_check import record
from gradwalk.lessons.stop_places import Place, StopPosition, iteration_of, position_in, read_place

TWO_LAYERS = """
import torch

x = torch.tensor([1.0, -1.0])
w = torch.tensor([0.5, 0.25], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(3):
    shift = torch.tensor(1.0)
    once = torch.relu(w * x)
    twice = torch.relu(once + shift)
    loss = torch.nn.functional.mse_loss(twice, torch.ones(2))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


@cache
def run() -> Snapshot:
    return record(TWO_LAYERS)


def position(text: str, snapshot: Snapshot) -> StopPosition:
    place = read_place(text)
    iteration = snapshot.iterations[iteration_of(place, len(snapshot.iterations))]
    return position_in(place, snapshot.graphs[iteration.graph], iteration)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("start", Place(0, "start", None, 1)),
        ("iteration 3 end", Place(3, "end", None, 1)),
        ("iteration last loss", Place(None, "loss", None, 1)),
        (" forward  z ", Place(0, "forward", "z", 1)),
        ("backward relu#2", Place(0, "backward", "relu", 2)),
        ("before iteration 2 backward w", Place(2, "backward", "w", 1, before=True)),
        ("iteration 12 update net.fc1.weight", Place(12, "update", "net.fc1.weight", 1)),
    ],
)
def test_a_place_is_read(text: str, place: Place) -> None:
    assert read_place(text) == place


@pytest.mark.parametrize(
    "text", ["", "sideways z", "forward", "iteration", "iteration -1 end", "loss z", "forward z#0", "forward z #2"]
)
def test_what_is_no_place_is_told_with_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match="forward NAME"):
        read_place(text)


@pytest.mark.parametrize(
    ("text", "iteration", "phase", "kind", "called"),
    [
        ("forward shift", 0, "forward", "leaf", "shift"),
        ("forward relu", 0, "forward", "operation", "once"),
        ("forward relu#2", 0, "forward", "operation", "twice"),
        ("loss", 0, "loss", "operation", "loss"),
        ("iteration 1 loss", 1, "loss", "operation", "loss"),
        ("backward relu", 0, "backward", "backward", "twice"),
        ("backward relu#2", 0, "backward", "backward", "once"),
        ("backward w", 0, "backward", "accumulate", "w"),
        ("iteration last update w", 2, "update", "update", "w"),
    ],
)
def test_a_place_is_found(text: str, iteration: int, phase: str, kind: str, called: str) -> None:
    found = position(text, run())
    step = run().iterations[found.iteration].steps[found.step]
    names = {node.id: node.name for node in run().graphs[run().iterations[found.iteration].graph].nodes}
    assert (found.iteration, step.phase, step.kind) == (iteration, phase, kind)
    assert names[step.node] == called
    assert found.node == step.node


def test_the_ends_of_an_iteration_are_about_no_node() -> None:
    assert position("start", run()) == StopPosition(0, 0, None, 0)
    last = len(run().iterations[1].steps) - 1
    assert position("iteration 1 end", run()) == StopPosition(1, last, None, last)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("iteration 3 end", "no iteration 3: the last one .* is 2"),
        ("forward q", "no forward step of q, only of shift, mul, once, add, twice"),
        ("backward x", "no backward step of x"),
        ("forward relu#3", "relu has only 2 forward steps"),
        ("before start", "no step before its first one"),
    ],
)
def test_a_place_that_is_not_there_is_told_with_what_there_is(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        position(text, run())


def test_a_stop_waits_at_the_step_before_its_place() -> None:
    found, waiting = position("backward w", run()), position("before backward w", run())
    assert (waiting.step, waiting.node, waiting.waits_at) == (found.step, found.node, found.step - 1)
    assert found.waits_at == found.step


def test_a_run_without_a_loss_or_without_anything_is_told() -> None:
    with pytest.raises(ValueError, match="computes no loss"):
        position("loss", record("import torch\ntorch.ones(2) * 2\n"))
    with pytest.raises(ValueError, match="no iteration"):
        position("start", record("x = 1\n"))


def test_what_the_program_calls_so_comes_before_what_pytorch_calls_so() -> None:
    named = record("import torch\nadd = torch.ones(2) * 2\nz = add + 1\n")
    step = named.iterations[0].steps[position("forward add", named).step]
    assert next(n.op for n in named.graphs[0].nodes if n.id == step.node) == "mul"
