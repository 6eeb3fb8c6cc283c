"""Moves: one number of one iteration is another one, before anything is computed from it, and nothing else changes."""

import pytest

from gradwalk.contract.perturbation import PERTURBATION_ERROR, Perturbation
from gradwalk.contract.snapshot import Program
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.perturber import Perturber
from gradwalk.recorder.program_run import ProgramRun, run_program
from gradwalk.recorder.trace_options import TraceOptions

LOOP = """import torch
from torch import nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(4, 2)
for step in range(3):
    optimizer.zero_grad()
    loss = net(x).square().mean()
    loss.backward()
    optimizer.step()
"""
VIEWS = """import torch
w = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
turned = w.T
row = (w * 2)[0]
loss = (turned * 3).sum() + row.sum()
loss.backward()
"""
WRITTEN = """import torch
w = torch.tensor([1., 2.], requires_grad=True)
y = w * 2
y += 1
loss = (y * y).sum()
loss.backward()
"""


def number(source: str, iteration: int, operation: int) -> int:
    """The number in the run of the operation at this place of an iteration."""
    runs = run(source).snapshot().iterations[iteration].operations
    return [first + i for first, count in runs for i in range(count)][operation]


def run(source: str, move: Perturbation | None = None) -> ProgramRun:
    return run_program(Program(source=source), Limits(), TraceOptions(perturber=Perturber(move)))


def test_an_operation_of_a_later_iteration_is_moved_and_the_ones_before_are_not() -> None:
    plain = run(LOOP).snapshot()
    moved = run(LOOP, Perturbation(operation=number(LOOP, 1, 1), index=[2, 0], value=0.5)).snapshot()
    (tanh,) = [node.id for node in plain.graphs[0].nodes if node.op == "tanh"]
    before, after = (snapshot.iterations[1].values[tanh][0].data for snapshot in (plain, moved))
    assert before is not None
    assert after == [*before[:6], 0.5, *before[7:]]
    losses = [[iteration.loss for iteration in snapshot.iterations] for snapshot in (plain, moved)]
    assert losses[0][0] == losses[1][0]
    assert losses[0][1] != losses[1][1]
    assert moved.outcome.status == "completed"


def test_a_parameter_is_moved_in_its_iteration_only() -> None:
    plain = run(LOOP).snapshot()
    move = Perturbation(operation=number(LOOP, 2, 0), leaf="net.0.weight", index=[0, 1], value=2.0)
    moved = run(LOOP, move).snapshot()
    (weight,) = [node.id for node in plain.graphs[0].nodes if node.name == "net.0.weight"]
    values = [iteration.values[weight][0].data for iteration in moved.iterations]
    assert values[:2] == [iteration.values[weight][0].data for iteration in plain.iterations[:2]]
    assert values[2] is not None
    assert values[2][1] == 2.0
    assert plain.iterations[2].loss != moved.iterations[2].loss


def test_what_was_written_in_place_is_moved_after_the_writing() -> None:
    moved = run(WRITTEN, Perturbation(operation=number(WRITTEN, 0, 1), index=[1], value=9.0)).snapshot()
    assert moved.iterations[0].loss == 3.0**2 + 9.0**2


@pytest.mark.parametrize(
    ("source", "move", "reason"),
    [
        (VIEWS, Perturbation(operation=number(VIEWS, 0, 0), index=[0, 0], value=1.0), "view"),
        (LOOP, Perturbation(operation=10_000, index=[0, 0], value=1.0), "did not come to this number"),
        (LOOP, Perturbation(operation=0, leaf="nobody", index=[], value=1.0), "did not come to this number"),
        (LOOP, Perturbation(operation=number(LOOP, 0, 0), index=[7, 7], value=1.0), "lets nobody write"),
        (LOOP, Perturbation(operation=number(LOOP, 0, 0), output=3, index=[0], value=1.0), "as many results"),
    ],
)
def test_what_cannot_be_moved_says_why_and_the_program_ran_without_it(
    source: str, move: Perturbation, reason: str
) -> None:
    ran = run(source, move)
    assert ran.outcome.error is not None
    assert ran.outcome.error.type == PERTURBATION_ERROR
    assert reason in ran.outcome.error.message
    plain = run(source).snapshot()
    assert [one.loss for one in ran.snapshot().iterations] == [one.loss for one in plain.iterations]
