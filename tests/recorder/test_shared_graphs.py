"""Iterations of one structure share one graph, in whatever order the structures come."""

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program


def snapshot_of(source: str) -> Snapshot:
    run = run_program(Program(source=source), Limits())
    assert run.outcome.error is None
    return run.snapshot()


def graphs_of(source: str) -> list[int]:
    return [iteration.graph for iteration in snapshot_of(source).iterations]


TRAINING = """import torch
from torch import nn
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
for step in range(STEPS):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


def test_five_hundred_iterations_are_one_graph_and_five_hundred_sets_of_numbers() -> None:
    snapshot = snapshot_of(TRAINING.replace("STEPS", "500"))
    assert len(snapshot.graphs) == 1
    assert len(snapshot.iterations) == 500
    losses = [float(i.loss) for i in snapshot.iterations if i.loss is not None]
    assert len(set(losses)) > 400
    assert losses[-1] < losses[0]
    used = {edge.source for edge in snapshot.graphs[0].edges} | {edge.target for edge in snapshot.graphs[0].edges}
    for iteration in snapshot.iterations:
        assert used <= iteration.values.keys()
        assert [u.optimizer for u in iteration.updates] == ["SGD"] * 4


def test_alternating_structures_are_as_many_graphs_as_there_are() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
for step in range(12):
    y = [lambda: w * 2, lambda: (w * 2).sin(), lambda: w + 1][step % 3]()
    y.sum().backward()
"""
    assert graphs_of(source) == [0, 1, 2] * 4


def test_another_line_another_name_and_another_module_are_another_structure() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
(w * 2).sum().backward()
(w * 2).sum().backward()
for _ in range(2):
    a = w * 2
    a.sum().backward()
"""
    assert graphs_of(source) == [0, 1, 2, 2]


def test_other_shapes_and_numbers_are_the_same_structure() -> None:
    source = """import torch
w = torch.ones(1, requires_grad=True)
for n in range(1, 5):
    x = torch.ones(n)
    (w * x).sum().backward()
"""
    assert graphs_of(source) == [0] * 4


def test_unused_leaves_make_no_structure_of_their_own() -> None:
    source = """import torch
w = torch.ones(1, requires_grad=True)
for n in range(4):
    if n % 2:
        noise = torch.randn(3)
    (w * 2).sum().backward()
"""
    assert graphs_of(source) == [0] * 4


def test_the_graph_shows_the_arguments_that_all_iterations_have_in_common() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
for n in range(3):
    w.div(n + 1, rounding_mode=None).clamp(min=-n, max=9).sum(dim=0).backward()
"""
    snapshot = snapshot_of(source)
    assert len(snapshot.graphs) == 1
    arguments = {node.op: node.arguments for node in snapshot.graphs[0].nodes if node.op is not None}
    assert arguments == {"div": {}, "clamp": {"max": 9}, "sum": {"dim": 0}}


def test_each_iteration_has_values_and_steps_of_nodes_of_its_own_graph() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
for step in range(6):
    unused = torch.zeros(1)
    y = w * 2 if step % 2 else w.sin()
    y.sum().backward()
"""
    snapshot = snapshot_of(source)
    for iteration in snapshot.iterations:
        graph = snapshot.graphs[iteration.graph]
        nodes, edges = {n.id for n in graph.nodes}, {e.id for e in graph.edges}
        assert iteration.values.keys() <= nodes
        assert {step.node for step in iteration.steps} <= nodes
        assert {edge for step in iteration.steps for edge in step.edges} <= edges
        assert all(p.contributions.keys() <= edges and p.gradients.keys() <= nodes for p in iteration.backward)
