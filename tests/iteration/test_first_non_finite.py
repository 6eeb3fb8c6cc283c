"""Where NaN and infinity began: the stage, the training history and the findings say the same."""

from typing import NamedTuple

import pytest

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.iteration.first_non_finite import computations, origins
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.iteration_observations import observe
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program
from tests.findings.recording import examined, record

MASKS = {
    "set by index": "mask = torch.zeros(2); mask[1] = float('-inf')",
    "set by a mask": "mask = torch.zeros(2); mask[torch.tensor([False, True])] = float('-inf')",
    "set through a view": "mask = torch.zeros(2, 2); mask[0][1] = float('-inf'); mask = mask[0]",
    "masked_fill": "mask = torch.zeros(2).masked_fill(torch.tensor([False, True]), float('-inf'))",
    "masked_fill_": "mask = torch.zeros(2).masked_fill_(torch.tensor([False, True]), float('-inf'))",
    "where with numbers": "mask = torch.where(torch.tensor([True, False]), 0.0, float('-inf'))",
    "where with tensors": "mask = torch.where(torch.eye(2)[0] > 0, torch.zeros(2), torch.tensor(float('-inf')))",
    "fill_": "mask = torch.zeros(2); mask[1:].fill_(float('-inf'))",
    "full": "mask = torch.cat([torch.zeros(1), torch.full((1,), float('-inf'))])",
    "full_like": "mask = torch.cat([torch.zeros(1), torch.full_like(torch.zeros(1), float('-inf'))])",
    "triu": "mask = torch.triu(torch.full((2, 2), float('-inf')), 1)[0]",
    "tril": "mask = torch.tril(torch.full((2, 2), float('-inf')), -1)[1].flip(0)",
    "tensor": "mask = torch.tensor([0.0, float('-inf')])",
    "a sum with a number": "mask = torch.zeros(2); mask = torch.cat([mask[:1], mask[1:] + float('-inf')])",
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
@pytest.mark.parametrize("learns", [False, True])
def test_a_mask_is_accused_nowhere(mask: str, learns: bool) -> None:
    scores = f"scores = torch.ones(2, requires_grad={learns})\nloss = (scores + mask).softmax(0)[0]\n"
    source = f"import torch\n{mask}\nmask.softmax(0)\n{scores}" + ("loss.backward()\n" if learns else "")
    snapshot = record(source)
    assert snapshot.outcome.status == "completed"
    assert "-Infinity" in snapshot.model_dump_json()
    assert [view(snapshot) for view in VIEWS] == [None, None, None]


class Where(NamedTuple):
    """The iteration, the operation and its step; the last two are null where a view does not say them."""

    iteration: int
    node: str
    step: int


def on_the_stage(snapshot: Snapshot) -> Where | None:
    """Return the first origin of the first iteration that has one."""
    for body in snapshot.iterations:
        found = observe(IndexedIteration.of(snapshot.graphs[body.graph], body)).non_finite
        if found:
            return Where(body.index, found[0].node, found[0].step)
    return None


def in_training(snapshot: Snapshot) -> Where | None:
    """Return what the recorder wrote into the training history while it saw the numbers."""
    first = snapshot.course.first_nonfinite
    return None if first is None else Where(first.iteration, first.node, _step(snapshot, first.iteration, first.node))


def in_the_findings(snapshot: Snapshot) -> Where | None:
    """Return where the finding is."""
    found = [finding for finding in examined(snapshot) if finding.code == "first-nan"]
    if not found:
        return None
    (finding,) = found
    assert finding.iteration is not None
    assert finding.node is not None
    return Where(finding.iteration, finding.node, _step(snapshot, finding.iteration, finding.node))


def _step(snapshot: Snapshot, iteration: int, node: str) -> int:
    """Return the step at a node that made a non-finite number."""
    body = snapshot.iterations[iteration]
    indexed = IndexedIteration.of(snapshot.graphs[body.graph], body)
    return next(origin.step for origin in origins(computations(indexed)) if origin.node.id == node)


VIEWS = (on_the_stage, in_training, in_the_findings)

ACCIDENTS = {
    "1 / 0": ("w / x", "div", "Infinity"),
    "log(0)": ("w * torch.log(x)", "log", "-Infinity"),
    "an overflow": ("w * torch.exp(x + 100)", "exp", "Infinity"),
    "0 · ∞": ("w * (x * infinite)", "mul", "NaN"),
    "∞ − ∞": ("w * (infinite - infinite)", "sub", "NaN"),
    "sqrt(−1)": ("w * torch.sqrt(x - 1)", "sqrt", "NaN"),
    "a whole row masked": ("w * torch.stack([x, x]).fill_(float('-inf')).softmax(0)[0]", "softmax", "NaN"),
    "a sum that overflows": ("w * (x + 3e38).add(3e38)", "add", "Infinity"),
}


@pytest.mark.parametrize(("made", "op", "number"), ACCIDENTS.values(), ids=ACCIDENTS)
def test_an_accident_is_the_same_node_and_step_in_all_views(made: str, op: str, number: str) -> None:
    snapshot = record(
        "import torch\nw = torch.tensor(1.0, requires_grad=True)\n"
        "x = torch.tensor(0.0)\ninfinite = torch.tensor(float('inf'))\n"
        f"for k in range(2):\n    loss = w * 1\n    if k == 1:\n        loss = {made}\n    loss.backward()\n"
    )
    stage, training, finding = [view(snapshot) for view in VIEWS]
    assert stage is not None
    assert stage == training == finding
    assert stage.iteration == 1
    body = snapshot.iterations[1]
    node = next(node for node in snapshot.graphs[body.graph].nodes if node.id == stage.node)
    assert node.op == op
    assert body.steps[stage.step].node == node.id
    assert set(body.values[node.id][0].data or []) == {number}


def test_a_gradient_is_the_same_in_all_views() -> None:
    snapshot = record("import torch\nw = torch.tensor(0.0, requires_grad=True)\ntorch.sqrt(w).backward()\n")
    stage, training, finding = [view(snapshot) for view in VIEWS]
    assert stage is not None
    assert stage == training == finding
    (body,) = snapshot.iterations
    assert (body.steps[stage.step].kind, body.steps[stage.step].node) == ("backward", stage.node)
    (origin,) = observe(IndexedIteration.of(snapshot.graphs[0], body)).non_finite
    assert (origin.where, origin.what, origin.edge) == ("gradient", "∞", body.steps[stage.step].edges[0])


def test_a_gradient_that_the_program_gives_to_backward_begins_at_the_root() -> None:
    snapshot = record(
        "import torch\nw = torch.tensor(1.0, requires_grad=True)\ny = w * 2\ny.backward(torch.tensor(float('inf')))\n"
    )
    stage, training, finding = [view(snapshot) for view in VIEWS]
    assert stage is not None
    assert stage == training == finding
    assert next(node.op for node in snapshot.graphs[0].nodes if node.id == stage.node) == "mul"


def test_contributions_that_overflow_only_together() -> None:
    snapshot = record(
        "import torch\nw = torch.tensor(0.0, requires_grad=True)\nloss = w * 3e38 + w * 3e38\nloss.backward()\n"
    )
    stage, training, finding = [view(snapshot) for view in VIEWS]
    assert stage is not None
    assert stage == training == finding
    (origin,) = observe(IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])).non_finite
    assert (origin.node, origin.edge, origin.what) == ("n0", None, "∞")


def test_both_kinds_are_listed_in_the_order_of_the_steps() -> None:
    snapshot = record(
        "import torch\nx = torch.zeros(2, requires_grad=True)\na = 1 / x\nb = a - a\nc = torch.log(x - 1)\n"
        "(b + c).sum().backward()\n"
    )
    found = observe(IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])).non_finite
    assert [(origin.what, origin.where) for origin in found] == [("∞", "value"), ("NaN", "value")]
    assert found[0].step < found[1].step


def test_an_update_that_overflows_is_told_at_the_parameter_in_the_next_iteration() -> None:
    source = (
        "import torch\nw = torch.tensor(1.0, requires_grad=True)\nfor _ in range(2):\n    (w * 3e38).backward()\n"
        "    with torch.no_grad():\n        w -= 1e10 * w.grad\n        w.grad = None\n"
    )
    snapshot = record(source)
    stage, training, finding = [view(snapshot) for view in VIEWS]
    assert stage == training == finding == Where(1, "n0", 0)


def test_a_tensor_that_is_known_by_its_statistics_counts_as_well() -> None:
    source = "import torch\nx = torch.zeros(40)\ny = torch.log(x)\n"
    snapshot = run_program(Program(source=source), Limits(inline_elements=8, stored_elements=8)).snapshot([])
    (origin,) = observe(IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])).non_finite
    assert (origin.node, origin.what) == ("n1", "∞")
    assert in_training(snapshot) == Where(0, "n1", 1)


def test_complex_numbers() -> None:
    snapshot = record("import torch\nx = torch.zeros(2, dtype=torch.complex64)\ny = x / x\n")
    stage, training = on_the_stage(snapshot), in_training(snapshot)
    assert stage is not None
    assert stage == training == Where(0, "n1", 1)
