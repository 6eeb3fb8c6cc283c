"""Rooms: which nodes stand inside the module that was running."""

import json

import pytest

from gradwalk.contract.snapshot import Program
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program
from tests.recorder.oracle import record


def rooms_of(source: str) -> dict[str, str | None]:
    """By operation, or by name of a leaf, the type of the room that it stands in."""
    run = run_program(Program(source=source), Limits())
    assert run.outcome.error is None
    graph = run.snapshot().graphs[0]
    types = {group.id: group.type for group in graph.groups}
    return {node.op or node.name or "nameless": types.get(node.group or "") for node in graph.nodes}


def test_what_a_module_makes_stands_inside_it_and_what_it_is_given_outside() -> None:
    source = """import torch
from torch import nn
class Masked(nn.Module):
    def forward(self, x):
        scale = torch.tensor(2.0)
        return (x * torch.ones(3, 3).triu(1) * scale).sum()
x = torch.ones(3, 3, requires_grad=True)
Masked()(x).backward()
"""
    assert rooms_of(source) == {
        "x": None,
        "scale": "Masked",
        "nameless": "Masked",
        "triu": "Masked",
        "mul": "Masked",
        "sum": "Masked",
    }


def test_what_is_frozen_before_it_is_used_requires_no_gradient() -> None:
    source = """
import torch
net = torch.nn.Linear(2, 1)
net.requires_grad_(False)
w = torch.ones(2, requires_grad=True)
loss = net(w).sum()
loss.backward()
w.requires_grad_(False)
"""
    nodes = {node.name: node for node in record(source).snapshot.graphs[0].nodes}
    assert not nodes["net.weight"].requires_grad
    assert nodes["w"].requires_grad


def test_running_statistics_are_told_as_each_turn_meets_them() -> None:
    """Batch norm writes them without autograd's knowledge."""
    source = """import torch
from torch import nn
torch.manual_seed(0)
norm = nn.BatchNorm1d(2)
for _ in range(4):
    print(norm.running_mean.tolist())
    norm(torch.randn(4, 2)).square().mean().backward()
"""
    recorded = record(source)
    met = [json.loads(line) for line in recorded.printed.splitlines()]
    (graph,) = recorded.snapshot.graphs
    (node,) = [node.id for node in graph.nodes if node.name == "norm.running_mean"]
    for iteration, expected in zip(recorded.snapshot.iterations, met, strict=True):
        assert iteration.values[node][0].data == pytest.approx(expected)
