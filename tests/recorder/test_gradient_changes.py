"""Changes of gradients between backward and step, against plain PyTorch: clipping, and writes of the program's own."""

from typing import Any

import pytest
import torch

from gradwalk.contract.snapshot import GradientChange, Program, Snapshot, Tensor
from gradwalk.recorder import Limits
from gradwalk.recorder.program_run import run_program
from tests.recorder.oracle import numbers

PROGRAM = """import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
w = torch.tensor([3.0, -4.0], requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)
seen = []
for step in range(2):
    optimizer.zero_grad(set_to_none=False)
    loss = (w * w).sum() + 2 * b
    loss.backward()
    seen.append((w.grad.tolist(), b.grad.tolist()))
    CHANGE
    seen.append((w.grad.tolist(), b.grad.tolist()))
    optimizer.step()
"""
CHANGES = {
    "to a norm": ("clip_grad_norm_([w, b], 1.5)", "clip_grad_norm_", ["w", "b"]),
    "to a norm, one by one": ("clip_grad_norm_([w, b], 1.5, foreach=False)", "clip_grad_norm_", ["w", "b"]),
    "to the largest": ("clip_grad_norm_([w, b], 1.5, float('inf'))", "clip_grad_norm_", ["w", "b"]),
    "to a value": ("clip_grad_value_([w, b], 2.5)", "clip_grad_value_", ["w", "b"]),
    "by hand": ("w.grad.mul_(0.5)", "mul_", ["w"]),
    "in place": ("w.grad /= 4", "div_", ["w"]),
    "of the data": ("w.grad.data.clamp_(-1, 1)", "clamp_", ["w"]),
}


def recorded(change: str) -> Snapshot:
    return run_program(Program(source=PROGRAM.replace("CHANGE", change)), Limits()).snapshot()


def changes_of(snapshot: Snapshot, number: int) -> list[tuple[str | None, GradientChange]]:
    body = snapshot.iterations[number]
    names = {node.id: node.name for node in snapshot.graphs[body.graph].nodes}
    return [(names[change.node], change) for change in body.changes]


def listed(tensor: Tensor, snapshot: Snapshot) -> Any:
    """The numbers of a recorded tensor, as `tolist` gives them."""
    found = numbers(tensor, snapshot)
    assert found is not None
    return found.tolist()


@pytest.mark.parametrize(("change", "function", "leaves"), CHANGES.values(), ids=CHANGES)
def test_it_has_the_gradient_before_and_after(change: str, function: str, leaves: list[str]) -> None:
    snapshot = recorded(change)
    plain: dict[str, Any] = {}
    exec(PROGRAM.replace("CHANGE", change), plain)
    for number in range(2):
        found = changes_of(snapshot, number)
        assert [name for name, _ in found] == leaves
        for name, one in found:
            before, after = (seen[("w", "b").index(str(name))] for seen in plain["seen"][2 * number : 2 * number + 2])
            assert one.function == function
            assert listed(one.before, snapshot) == before
            assert listed(one.after, snapshot) == after
            assert one.line == 12


def test_it_stands_between_backward_and_update() -> None:
    snapshot = recorded("clip_grad_norm_([w, b], 1.5)")
    kinds = [step.kind for step in snapshot.iterations[1].steps]
    assert kinds[-5:] == ["accumulate", "change", "change", "update", "update"]


def test_clipping_to_a_norm_says_which_norm_there_was() -> None:
    [(_, change), _] = changes_of(recorded("clip_grad_norm_([w, b], 1.5)"), 0)
    norm = float(torch.tensor([6.0, -8.0, 2.0]).norm())
    assert change.settings == pytest.approx({"max_norm": 1.5, "norm_type": 2, "norm": norm, "factor": 1.5 / norm})


def test_a_norm_that_is_small_enough_changes_nothing_and_is_told() -> None:
    [(_, change), _] = changes_of(recorded("clip_grad_norm_([w, b], 100)"), 0)
    assert change.settings["factor"] == 1
    assert change.before == change.after


def test_each_clipping_is_told_apart() -> None:
    found = changes_of(recorded("clip_grad_value_([w, b], 5); clip_grad_value_([w, b], 3)"), 0)
    assert [(name, change.settings["clip_value"]) for name, change in found] == [
        ("w", 5), ("b", 5), ("w", 3), ("b", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("clearing", ["w.grad.zero_()", "optimizer.zero_grad(set_to_none=False)", "w.grad = None"])
def test_clearing_is_no_change(clearing: str) -> None:
    assert changes_of(recorded(f"{clearing}; w.grad = w.detach() * 1; b.grad = b.detach() * 1"), 0) == []
