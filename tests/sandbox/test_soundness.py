"""What holds together, and what a forged recording could refer to."""

from typing import Any

import pytest

from gradwalk.contract.snapshot import Edge, Graph, Group, Iteration, Node, Program, Step, Tensor
from gradwalk.contract.training_history import FirstNonFinite, LeafHistory, TrainingHistory
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from gradwalk.sandbox.soundness import (
    GraphIds,
    graph_is_sound,
    iteration_is_sound,
    tensor_is_sound,
    training_history_is_sound,
)

SOURCE = """
import torch
from torch import nn
net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 1)))
optimizer = torch.optim.Adam(net.parameters())
for _ in range(2):
    optimizer.zero_grad()
    net(torch.ones(3, 2)).sum().backward()
    optimizer.step()
"""


def node(number: int, **changes: Any) -> Node:
    fields: dict[str, Any] = {
        "kind": "input", "op": None, "name": None, "line": 1, "path": [], "group": None, "arguments": {}, "outputs": 1,
        "failed": False, "requires_grad": False, "autograd": [],
    }  # fmt: skip
    return Node.model_validate({"id": f"n{number}", **fields, **changes})


def operation(number: int, **changes: Any) -> Node:
    return node(number, **{"kind": "operation", "op": "sin", **changes})


def edge(number: int, source: int, target: int, output: int = 0) -> Edge:
    return Edge(id=f"e{number}", source=f"n{source}", output=output, target=f"n{target}", argument="x")


def group(number: int, parent: int | None) -> Group:
    return Group(id=f"g{number}", parent=None if parent is None else f"g{parent}", kind="module", name="", type="")


def tensor(shape: list[int], data: list[Any] | None, dtype: str = "float32") -> Tensor:
    return Tensor(id="t0", shape=shape, dtype=dtype, device="cpu", data=data, stats=None)


def iteration(**changes: Any) -> Iteration:
    fields: dict[str, Any] = {
        "index": 0,
        "graph": 0,
        "loss": None,
        "values": {},
        "backward": [],
        "updates": [],
        "steps": [],
    }
    return Iteration.model_validate({**fields, **changes})


def test_what_the_recorder_writes_is_sound() -> None:
    snapshot = run_program(Program(source=SOURCE), Limits()).snapshot()
    assert [graph_is_sound(graph, position) for position, graph in enumerate(snapshot.graphs)] == [True]
    names = [GraphIds.of(graph) for graph in snapshot.graphs]
    assert [iteration_is_sound(one, i, names) for i, one in enumerate(snapshot.iterations)] == [True, True]


NODES = [node(0), operation(1)]

SAVING_ANOTHER = {
    "name": "SinBackward0",
    "saved": ["self"],
    "tensors": [{"name": "self", "shape": [2], "dtype": "float32", "bytes": 8, "storage": 0, "node": "n7"}],
}

GRAPHS = {
    "another place": Graph(id=1, nodes=[], edges=[], groups=[]),
    "a node twice": Graph(id=0, nodes=[node(0), node(0)], edges=[], groups=[]),
    "an edge twice": Graph(id=0, nodes=NODES, edges=[edge(0, 0, 1), edge(0, 0, 1)], groups=[]),
    "an edge from nowhere": Graph(id=0, nodes=NODES, edges=[edge(0, 7, 1)], groups=[]),
    "an edge to nowhere": Graph(id=0, nodes=NODES, edges=[edge(0, 0, 7)], groups=[]),
    "a circle": Graph(id=0, nodes=[operation(0), operation(1)], edges=[edge(0, 0, 1), edge(1, 1, 0)], groups=[]),
    "an edge into a leaf": Graph(id=0, nodes=[node(0), node(1)], edges=[edge(0, 0, 1)], groups=[]),
    "an edge out of no result": Graph(id=0, nodes=NODES, edges=[edge(0, 0, 1, output=1)], groups=[]),
    "a leaf that is an operation": Graph(id=0, nodes=[node(0, op="sin")], edges=[], groups=[]),
    "an operation that is none": Graph(id=0, nodes=[operation(0, op=None)], edges=[], groups=[]),
    "a group twice": Graph(id=0, nodes=[], edges=[], groups=[group(0, None), group(0, None)]),
    "a group inside itself": Graph(id=0, nodes=[], edges=[], groups=[group(0, 0)]),
    "groups inside each other": Graph(id=0, nodes=[], edges=[], groups=[group(0, 1), group(1, 0)]),
    "a group inside none": Graph(id=0, nodes=[], edges=[], groups=[group(0, 5)]),
    "saved by nobody": Graph(id=0, nodes=[node(0, autograd=[SAVING_ANOTHER])], edges=[], groups=[]),
    "a node in no group": Graph(id=0, nodes=[node(0, group="g9")], edges=[], groups=[]),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_leads_nowhere_or_in_circles_is_not(name: str) -> None:
    assert not graph_is_sound(GRAPHS[name], 0)


def test_a_graph_with_an_operation_that_feeds_itself_is_sound() -> None:
    assert graph_is_sound(Graph(id=0, nodes=NODES, edges=[edge(0, 0, 1), edge(1, 1, 1)], groups=[]), 0)


ONE = tensor([1], [1.0])
STEP = {"index": 0, "phase": "forward", "kind": "leaf", "node": "n0", "edges": [], "line": 1, "pass": None}
PASS: dict[str, Any] = {
    "root": {"node": "n0", "output": 0}, "roots": [], "seeds": {}, "gradients": {}, "contributions": {},
    "accumulated": {}, "line": 1,
}  # fmt: skip

ITERATIONS = {
    "another place": iteration(index=1),
    "no such graph": iteration(graph=1),
    "a value of nothing": iteration(values={"n7": [ONE]}),
    "a value that is no array": iteration(values={"n0": [tensor([2], [1.0])]}),
    "the inside of nothing": iteration(inside={"n7": {"weights": ONE}}),
    "a step at nothing": iteration(steps=[Step.model_validate({**STEP, "node": "n7"})]),
    "a step along nothing": iteration(steps=[Step.model_validate({**STEP, "edges": ["e7"]})]),
    "a step of no pass": iteration(steps=[Step.model_validate({**STEP, "kind": "backward", "pass": 0})]),
    "a step back without a pass": iteration(steps=[Step.model_validate({**STEP, "kind": "backward"})]),
    "a step of a leaf in a pass": iteration(backward=[PASS], steps=[Step.model_validate({**STEP, "pass": 0})]),
    "a step of another number": iteration(steps=[Step.model_validate({**STEP, "index": 1})]),
    "an operation's step at a leaf": iteration(steps=[Step.model_validate({**STEP, "kind": "operation"})]),
    "a leaf's step at an operation": iteration(steps=[Step.model_validate({**STEP, "node": "n1"})]),
    "more values than results": iteration(values={"n0": [ONE, ONE]}),
    "more gradients than results": iteration(backward=[{**PASS, "gradients": {"n0": [None, None]}}]),
    "a pass from no result": iteration(backward=[{**PASS, "root": {"node": "n0", "output": 1}}]),
    "a pass from nothing": iteration(backward=[{**PASS, "root": {"node": "n7", "output": 0}}]),
    "a gradient of nothing": iteration(backward=[{**PASS, "gradients": {"n7": [None]}}]),
    "a gradient that is no array": iteration(backward=[{**PASS, "gradients": {"n0": [tensor([3], [1.0])]}}]),
    "a contribution along nothing": iteration(backward=[{**PASS, "contributions": {"e7": ONE}}]),
}


@pytest.mark.parametrize("name", ITERATIONS)
def test_an_iteration_that_speaks_of_another_graph_is_not(name: str) -> None:
    names = [GraphIds.of(Graph(id=0, nodes=NODES, edges=[edge(0, 0, 1)], groups=[]))]
    assert iteration_is_sound(iteration(values={"n0": [ONE]}), 0, names)
    assert not iteration_is_sound(ITERATIONS[name], 0, names)


def test_a_tensor_has_as_many_numbers_as_its_shape_says() -> None:
    assert tensor_is_sound(tensor([], [1.0]))
    assert tensor_is_sound(tensor([2, 0], []))
    assert tensor_is_sound(tensor([10**9, 10**9], None))
    assert tensor_is_sound(tensor([1], [[1.0, 2.0]], "complex64"))
    assert not tensor_is_sound(tensor([1], [1.0], "complex64"))
    assert not tensor_is_sound(tensor([1], [[1.0, 2.0]]))
    assert not tensor_is_sound(tensor([2**32, 2**31], None))
    assert not tensor_is_sound(tensor([1] * 65, None))
    assert not tensor_is_sound(tensor([2, 2], [1.0]))
    assert not tensor_is_sound(tensor([10**18], []))


def course(**changes: Any) -> TrainingHistory:
    series: dict[str, Any] = {"low": [0.0], "high": [1.0], "norm": [1.0], "gradient_norm": [None], "nodes": ["n0"]}
    return TrainingHistory(leaves=[LeafHistory(name="w", **{**series, **changes})])


NAMES = [GraphIds.of(Graph(id=0, nodes=[node(0)], edges=[], groups=[]))]


def test_the_recorders_course_is_sound() -> None:
    snapshot = run_program(Program(source=SOURCE), Limits()).snapshot()
    names = [GraphIds.of(graph) for graph in snapshot.graphs]
    assert snapshot.course.leaves
    assert training_history_is_sound(snapshot.course, names, len(snapshot.iterations))


@pytest.mark.parametrize(
    "forged",
    [
        course(nodes=["n1"]),
        course(nodes=["n0", None]),
        course(low=[0.0, 0.0]),
        course(low=[0.0] * 2, high=[0.0] * 2, norm=[0.0] * 2, gradient_norm=[0.0] * 2),
        TrainingHistory(first_nonfinite=FirstNonFinite(iteration=1, node="n0", where="value")),
        TrainingHistory(first_nonfinite=FirstNonFinite(iteration=0, node="n1", where="value")),
    ],
)
def test_a_forged_course_is_not(forged: TrainingHistory) -> None:
    assert not training_history_is_sound(forged, NAMES, 1)
    assert training_history_is_sound(course(), NAMES, 1)
