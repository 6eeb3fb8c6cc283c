"""Updates by hand: however a leaf is written without gradients, it is an update, and what prepares it is none."""

import pytest
import torch

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program
from tests.recorder.oracle import numbers

HEAD = """import torch
w = torch.tensor([1.0, -2.0], requires_grad=True)
m = torch.zeros(2)
for _ in range(3):
    loss = (w ** 2).sum()
    loss.backward()
"""

STEPS = {
    "minus": "with torch.no_grad(): w -= 0.1 * w.grad",
    "sub_": "with torch.no_grad(): w.sub_(w.grad, alpha=0.1)",
    "add_": "with torch.no_grad(): w.add_(w.grad, alpha=-0.1)",
    "copy_": "with torch.no_grad(): w.copy_(w - 0.1 * w.grad)",
    "out": "with torch.no_grad(): torch.sub(w, 0.1 * w.grad, out=w)",
    "addcmul_": "with torch.no_grad(): w.addcmul_(w.grad, torch.ones(2), value=-0.1)",
    "set_item": "with torch.no_grad(): w[:] = w - 0.1 * w.grad",
    "view": "with torch.no_grad(): w.view(-1).sub_(0.1 * w.grad)",
    "data_minus": "w.data -= 0.1 * w.grad",
    "data_minus_data": "w.data.sub_(0.1 * w.grad.data)",
    "data_assigned": "w.data = w.data - 0.1 * w.grad",
    "inference_mode": "with torch.no_grad(): w -= 0.1 * w.grad.clone()",
    "foreach": "with torch.no_grad(): torch._foreach_add_([w], [w.grad], alpha=-0.1)",
    "clipped": "with torch.no_grad(): w -= 0.1 * w.grad * (1e3 / w.grad.norm()).clamp(max=1)",
    "momentum": "with torch.no_grad(): m.mul_(0.0).add_(w.grad); w -= 0.1 * m",
    "new_momentum": "m = 0.0 * m + w.grad\n    with torch.no_grad(): w -= 0.1 * m",
    "autograd_grad": "g, = torch.autograd.grad((w ** 2).sum(), w)\n    with torch.no_grad(): w -= 0.1 * g",
}
"""Ways to write one and the same step of gradient descent."""


def snapshot_of(source: str) -> Snapshot:
    run = run_program(Program(source=source), Limits())
    assert run.outcome.error is None, run.outcome.error
    return run.snapshot()


RETURNED = {
    "minus": "with torch.no_grad(): w -= 0.1 * g",
    "copy_": "with torch.no_grad(): w.copy_(w - 0.1 * g)",
    "set_item": "with torch.no_grad(): w[:] = w - 0.1 * g",
    "data_minus": "w.data -= 0.1 * g",
    "data_assigned": "w.data = w.data - 0.1 * g",
    "foreach": "with torch.no_grad(): torch._foreach_add_([w], [g], alpha=-0.1)",
    "rebound": "w = (w - 0.1 * g).detach().requires_grad_()",
    "rebound_without_grad": "with torch.no_grad(): w = w - 0.1 * g\n    w.requires_grad_()",
    "created": "w = torch.tensor((w.detach() - 0.1 * g).tolist(), requires_grad=True)",
    "graph_created": "g, = torch.autograd.grad((w ** 2).sum(), w, create_graph=True)\n"
    "    w = (w - 0.1 * g).detach().requires_grad_()",
    "transform": "w = (w - 0.1 * torch.func.grad(lambda v: (v ** 2).sum())(w)).detach().requires_grad_()",
}
"""The same step with a gradient that autograd.grad has returned, so that there is no `.grad`."""


@pytest.mark.parametrize("name", RETURNED)
def test_an_update_shows_the_gradient_that_autograd_grad_returned(name: str) -> None:
    head = HEAD.replace("loss.backward()", "g, = torch.autograd.grad(loss, w)")
    snapshot = snapshot_of(f"{head}    {RETURNED[name]}\n")
    updates = [update for iteration in snapshot.iterations for update in iteration.updates]
    assert len(updates) == 3
    for update in updates:
        assert update.gradient is not None
        before, gradient = numbers(update.before, snapshot), numbers(update.gradient, snapshot)
        assert before is not None
        assert gradient is not None
        assert torch.equal(gradient, 2 * before)


def test_a_write_that_uses_no_gradient_shows_none() -> None:
    head = HEAD.replace("loss.backward()", "g, = torch.autograd.grad(loss, w)")
    snapshot = snapshot_of(f"{head}    with torch.no_grad():\n        w -= 0.1 * g\n        w.clamp_(-1, 1)\n")
    updates = [update for iteration in snapshot.iterations for update in iteration.updates]
    assert [update.gradient is None for update in updates] == [False, True] * 3


@pytest.mark.parametrize("name", STEPS)
def test_every_way_to_write_a_step_is_one_update(name: str) -> None:
    snapshot = snapshot_of(f"{HEAD}    {STEPS[name]}\n    w.grad = None\n")
    w = torch.tensor([1.0, -2.0])
    updates = [update for iteration in snapshot.iterations for update in iteration.updates]
    leaves = {n.id for graph in snapshot.graphs for n in graph.nodes if n.name == "w"}
    assert len(updates) == 3
    for update in updates:
        assert update.optimizer is None
        assert update.node in leaves
        assert update.line in (7, 8)
        before, after = numbers(update.before, snapshot), numbers(update.after, snapshot)
        torch.testing.assert_close(before, w)
        w = w - 0.1 * (2 * w)
        torch.testing.assert_close(after, w)


@pytest.mark.parametrize("name", [n for n in STEPS if n not in ("new_momentum", "autograd_grad", "momentum", "view")])
def test_what_prepares_an_update_is_no_operation_of_the_network(name: str) -> None:
    snapshot = snapshot_of(f"{HEAD}    {STEPS[name]}\n    w.grad = None\n")
    operations = [n.op for n in snapshot.graphs[0].nodes if n.kind == "operation"]
    assert operations[-2:] == ["pow", "sum"]
    assert set(operations) <= {"pow", "sum"}
    assert len(snapshot.graphs) == 1


@pytest.mark.parametrize(
    "write",
    [
        "with torch.no_grad(): w.fill_(2.0)",
        "with torch.no_grad(): w.copy_(torch.ones(2))",
        "w.data.fill_(2.0)",
        "w.data = torch.ones(2)",
        "torch.nn.init.ones_(w)",
        "with torch.no_grad(): w[0] = 3",
        "with torch.no_grad(): w.view(-1).zero_()",
    ],
)
def test_a_parameter_that_is_written_before_its_first_use_is_an_ordinary_leaf(write: str) -> None:
    source = f"import torch\nw = torch.nn.Parameter(torch.zeros(2))\n{write}\nloss = (w * 2).sum()\nloss.backward()\n"
    graph = snapshot_of(source).graphs[0]
    assert [n.op for n in graph.nodes if n.op in ("mul", "sum")] == ["mul", "sum"]
    assert [n.kind for n in graph.nodes if n.name == "w"][-1] == "parameter"
    assert not [n for n in graph.nodes if (n.op or "").endswith("Backward0")]


NETWORKS = {
    "a_gradient_in_a_loss": ("loss = ((w * 3) * w.grad).sum()", ["mul", "mul", "sum"]),
    "a_squared_gradient_in_a_penalty": ("loss = (w.grad ** 2 * (w - 1) ** 2).sum()", ["sub", "pow", "mul", "sum"]),
    "a_step_that_forgets_no_grad": ("v = w - 0.1 * w.grad; loss = (v ** 2).sum()", ["mul", "sub", "pow", "sum"]),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_what_a_gradient_flows_through_is_the_network_though_it_reads_one(name: str) -> None:
    line, expected = NETWORKS[name]
    head = HEAD.replace("for _ in range(3):", "if True:")
    snapshot = snapshot_of(f"{head}    {line}\n    w.grad = None\n    loss.backward()\n")
    # what is computed from the gradient alone may stand in the iteration that the gradient comes from
    last = snapshot.iterations[-1]
    shown = [n.op for graph in snapshot.graphs for n in graph.nodes if n.kind == "operation"]
    assert shown[-len(expected) :] == expected
    (backward,) = last.backward
    assert len(backward.accumulated) == 1


def test_a_gradient_with_a_graph_of_its_own_goes_on() -> None:
    source = """import warnings
import torch
warnings.simplefilter("ignore")
w = torch.ones(2, requires_grad=True)
(w ** 3).sum().backward(create_graph=True)
penalty = (w.grad ** 2).sum()
w.grad = None
penalty.backward()
print(w.grad)
w.grad = None
"""
    snapshot = snapshot_of(source)
    graph = snapshot.graphs[snapshot.iterations[-1].graph]
    assert [n.op for n in graph.nodes if n.kind == "operation"][-2:] == ["pow", "sum"]
    assert [len(i.backward) for i in snapshot.iterations] == [2]


def test_an_average_of_weights_is_an_update_of_the_average() -> None:
    source = """import torch
w = torch.ones(2, requires_grad=True)
average = w.detach().clone()
for _ in range(3):
    (w * average).sum().backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        average.mul_(0.9).add_(w, alpha=0.1)
    w.grad = None
"""
    snapshot = snapshot_of(source)
    for iteration in snapshot.iterations[:3]:
        names = {n.id: n.name for n in snapshot.graphs[iteration.graph].nodes}
        assert "w" in [names[update.node] for update in iteration.updates]


def test_each_tensor_of_a_foreach_is_an_update() -> None:
    source = """import torch
a, b = torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)
((a ** 2).sum() + (b ** 3).sum()).backward()
with torch.no_grad():
    torch._foreach_add_([a, b], [a.grad, b.grad], alpha=-0.1)
"""
    snapshot = snapshot_of(source)
    (iteration,) = snapshot.iterations
    names = {n.id: n.name for n in snapshot.graphs[0].nodes}
    assert [(names[u.node], u.after.data) for u in iteration.updates] == [("a", [0.8, 0.8]), ("b", [0.7, 0.7, 0.7])]


def test_a_leaf_that_is_only_read_has_no_update() -> None:
    snapshot = snapshot_of(f"{HEAD}    m.add_(w.grad)\n    m.mul_(w.detach())\n    w.grad = None\n")
    names = {n.id: n.name for n in snapshot.graphs[0].nodes}
    assert "w" not in [names[update.node] for update in snapshot.iterations[0].updates]


@pytest.mark.parametrize("make", ["torch.zeros_like(x, requires_grad=True)", "torch.ones(2).requires_grad_()"])
def test_a_leaf_that_a_call_on_tensors_made_is_a_parameter_and_has_updates(make: str) -> None:
    source = f"""import torch
x = torch.ones(2)
w = {make}
for _ in range(2):
    ((w - x * 3) ** 2).sum().backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad = None
"""
    snapshot = snapshot_of(source)
    for iteration in snapshot.iterations:
        graph = snapshot.graphs[iteration.graph]
        kinds = {node.id: node.kind for node in graph.nodes if node.name == "w"}
        assert "parameter" in kinds.values()
        assert [kinds[update.node] for update in iteration.updates] == ["parameter"]


AVERAGES = {
    "mul_add": "e.mul_(0.9).add_(p, alpha=0.1)",
    "lerp": "e.lerp_(p, 0.1)",
    "data": "e.data.mul_(0.9).add_(p.data, alpha=0.1)",
    "copied": "e.copy_(p)",
}
"""Ways to keep an average of weights, or a copy, in a second net that no pass goes through."""


@pytest.mark.parametrize("name", AVERAGES)
def test_a_net_that_nothing_uses_is_updated_in_every_turn(name: str) -> None:
    snapshot = snapshot_of(f"""import torch
net, average = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
average.requires_grad_(False)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.ones(4, 2)
for step in range(3):
    loss = net(x).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for e, p in zip(average.parameters(), net.parameters()):
            {AVERAGES[name]}
""")
    assert {iteration.graph for iteration in snapshot.iterations} == {0}
    names = {node.id: node.name for node in snapshot.graphs[0].nodes}
    turns = [[names[update.node] for update in iteration.updates] for iteration in snapshot.iterations]
    assert len(turns) == 3
    assert turns[0] == turns[1] == turns[2]
    assert set(turns[0]) == {"net.weight", "net.bias", "average.weight", "average.bias"}
