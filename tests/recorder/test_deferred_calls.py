"""What is computed from a gradient becomes operations when the network goes on from it, and else remains an update."""

import pytest
import torch

from gradwalk.contract.snapshot import Snapshot
from gradwalk.recorder import trace
from tests.recorder.oracle import numbers, record, same_bits


def inputs_of(snapshot: Snapshot, op: str) -> list[dict[str, str | None]]:
    """Return, for each node of an operation, the name or the operation of what goes into each argument."""
    found = []
    for graph in snapshot.graphs:
        labels = {n.id: n.name or n.op for n in graph.nodes}
        for node in graph.nodes:
            if node.op == op:
                found.append({e.argument: labels[e.source] for e in graph.edges if e.target == node.id})
    return found


ONE_STEP = """
import torch
w = torch.tensor([2.0, 1.0], requires_grad=True)
(g,) = torch.autograd.grad((w ** 2).sum(), w)
fast = w - 0.1 * g
loss = (fast ** 3).sum()
loss.backward()
"""


def test_a_step_that_the_network_goes_on_from_is_an_operation_with_both_inputs() -> None:
    snapshot = record(ONE_STEP).snapshot
    assert inputs_of(snapshot, "sub") == [{"self": "w", "other": "mul"}]
    assert inputs_of(snapshot, "mul") == [{"self": "g"}]
    [fast] = [n for graph in snapshot.graphs for n in graph.nodes if n.name == "fast"]
    assert (fast.op, fast.line, [a.name for a in fast.autograd]) == ("sub", 5, ["SubBackward0"])


@pytest.mark.parametrize(
    "step",
    [
        "fast = w - 0.1 * w.grad",
        "fast = w.sub(w.grad, alpha=0.1)",
        "fast = w - 0.1 * w.grad + 0.5 * torch.ones(2)",
        "fast = torch.add(w, w.grad.sign(), alpha=-0.1)",
        "fast = w - 0.1 * torch.autograd.grad((w ** 2).sum(), w)[0]",
        "fast = (w - 0.1 * w.grad) - 0.1 * w.grad",
    ],
)
def test_no_operation_is_named_after_an_autograd_node(step: str) -> None:
    source = f"""
import torch
w = torch.tensor([2.0, 1.0], requires_grad=True)
(w ** 2).sum().backward()
{step}
loss = (fast ** 3).sum()
loss.backward()
"""
    ran = record(source)
    nodes = [n for graph in ran.snapshot.graphs for n in graph.nodes]
    assert [n.op for n in nodes if n.op is not None and "Backward" in n.op] == []
    assert all(e.argument for graph in ran.snapshot.graphs for e in graph.edges)
    values = [
        numbers(iteration.values[node.id][0], ran.snapshot)
        for iteration in ran.snapshot.iterations
        for node in ran.snapshot.graphs[iteration.graph].nodes
        if node.name == "fast"
    ]
    assert any(same_bits(value, ran.variables["fast"]) for value in values)


def test_a_gradient_that_changed_in_place_is_shown_as_it_was_when_it_was_used() -> None:
    w = torch.tensor([2.0], requires_grad=True)
    with trace() as recording:
        torch.autograd.backward((w * 3).sum())
        gradient = w.grad
        assert gradient is not None
        fast = w - gradient
        gradient.zero_()
        torch.autograd.backward((fast * 2).sum())
    snapshot = recording.snapshot()
    graph = snapshot.graphs[-1]
    [subtraction] = [n.id for n in graph.nodes if n.op == "sub"]
    [other] = [e.source for e in graph.edges if e.target == subtraction and e.argument == "other"]
    assert snapshot.iterations[-1].values[other][0].data == [3.0]


def test_a_running_mean_of_gradients_keeps_no_endless_chain() -> None:
    w = torch.tensor([2.0], requires_grad=True)
    mean = torch.zeros(1)
    with trace() as recording:
        for _ in range(100):
            torch.autograd.backward((w * 3).sum())
            assert w.grad is not None
            mean = 0.9 * mean + 0.1 * w.grad
            w.grad = None
        step = w - mean
        torch.autograd.backward((step * 2).sum())
    assert max(len(graph.nodes) for graph in recording.snapshot().graphs) < 100


def test_an_update_by_hand_remains_an_update() -> None:
    w = torch.tensor([2.0], requires_grad=True)
    with trace() as recording:
        torch.autograd.backward((w * 3).sum())
        w.data = w - 0.1 * w.grad  # type: ignore[operator]
    snapshot = recording.snapshot()
    assert [n.op for n in snapshot.graphs[0].nodes if n.op] == ["mul", "sum"]
    assert len(snapshot.iterations[0].updates) == 1
