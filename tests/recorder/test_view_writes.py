"""A write through a view is one operation on the tensor that is viewed, with the name that the user knows."""

import pytest
import torch

from gradwalk.recorder import trace
from tests.recorder.oracle import numbers, record, same_bits

WRITES = {
    "x[1] += row": "add_",
    "x[:, 0] -= 2": "sub_",
    "x[0][1] *= 3": "mul_",
    "x[0].add_(row)": "add_",
    "x.T[1] = 2": "__setitem__",
    "x.T[1] += 2": "add_",
    "x.view(-1)[0] = 1": "__setitem__",
    "x.diagonal().fill_(0)": "fill_",
    "x[x > 0] *= 2": "__setitem__",
    "x[[0, 2]] += row": "__setitem__",
    "x.unsqueeze(0)[0, 1:].neg_()": "neg_",
    "x[0], x[1] = x[1].clone(), row": "__setitem__",
}


@pytest.mark.parametrize("made", ["w * torch.ones(3, 2)", "torch.ones(3, 2)"], ids=["with history", "without"])
@pytest.mark.parametrize("write", WRITES)
def test_the_write_is_one_node_that_the_next_use_reads(write: str, made: str) -> None:
    ran = record(
        f"""import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
row = torch.tensor([3.0, 4.0])
x = {made}
{write}
loss = (x * w).sum()
loss.backward()
"""
    )
    [graph], [iteration] = ran.snapshot.graphs, ran.snapshot.iterations
    nodes = {n.id: n for n in graph.nodes}
    assert all(edge.argument for edge in graph.edges)
    [product] = [n.id for n in graph.nodes if n.line == 6 and n.op == "mul"]
    [source] = [e.source for e in graph.edges if e.target == product and e.argument == "self"]
    assert (nodes[source].op, nodes[source].name) == (WRITES[write], "x")
    assert same_bits(numbers(iteration.values[source][0], ran.snapshot), ran.variables["x"].detach())
    assert not {n.op for n in graph.nodes} & {"as_strided", "written_through_view"}


def test_a_view_that_is_used_after_the_write_comes_from_what_was_written() -> None:
    for history in (True, False):
        with trace() as recording:
            w = torch.ones(4, requires_grad=True)
            x = w * 2 if history else torch.full((4,), 2.0)
            view = x[:2]
            x[0] = 5.0
            torch.autograd.backward((view * w[:2]).sum())
        [graph] = recording.snapshot().graphs
        ops = {n.id: n.op for n in graph.nodes}
        [(shown, arguments)] = [(n.id, n.arguments) for n in graph.nodes if n.op == "as_strided"]
        assert arguments == {"size": [2], "stride": [1], "storage_offset": 0}
        assert [(ops[e.source], e.argument) for e in graph.edges if e.target == shown] == [("__setitem__", "self")]


def test_an_assignment_to_another_place_is_an_operation_of_its_own() -> None:
    with trace() as recording:
        x = torch.ones(2, requires_grad=True) * 2
        first = x[:1]
        first += 1
        x[1:] = first
        torch.autograd.backward(x.sum())
    [graph] = recording.snapshot().graphs
    assert [n.op for n in graph.nodes if n.op in ("add_", "__setitem__")] == ["add_", "__setitem__"]


def test_a_parameter_that_is_written_row_by_row_has_one_update_for_each_row() -> None:
    w = torch.zeros(3, requires_grad=True)
    with trace() as recording:
        torch.autograd.backward((w - 1).square().sum())
        assert w.grad is not None
        with torch.no_grad():
            w[0] -= 0.1 * w.grad[0]
            w[1:] -= 0.1 * w.grad[1:]
    assert [len(u.before.data or ()) for i in recording.snapshot().iterations for u in i.updates] == [3, 3]
