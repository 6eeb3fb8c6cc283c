"""The course of a training, against the same training without the recorder."""

import math

import pytest
import torch

from gradwalk.contract.training_history import FirstNonFinite, TrainingHistory
from gradwalk.recorder import trace
from gradwalk.recorder.limits import Limits

ITERATIONS = 5


def descend(skipped: int | None = None) -> list[tuple[float, ...]]:
    """Gradient descent on w and b; `skipped`: an iteration that leaves b out. Per iteration low, high, norm and
    gradient norm of w.
    """
    torch.manual_seed(0)
    w = torch.randn(3, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    seen: list[tuple[float, ...]] = []
    for k in range(ITERATIONS):
        low, high, norm = w.min().item(), w.max().item(), w.norm().item()
        y = w * 2 if k == skipped else w * 2 + b
        loss = y.square().mean()
        w.grad = b.grad = None
        loss.backward()  # type: ignore[no-untyped-call]
        assert w.grad is not None
        seen.append((low, high, norm, w.grad.norm().item()))
        with torch.no_grad():
            w -= 0.1 * w.grad
            if b.grad is not None:
                b -= 0.1 * b.grad
    return seen


def course_of(skipped: int | None = None) -> TrainingHistory:
    with trace() as recording:
        descend(skipped)
    return recording.snapshot().course


def test_range_size_and_gradient_of_each_parameter() -> None:
    w, b = course_of().leaves
    assert (w.name, b.name) == ("w", "b")
    found = list(zip(w.low, w.high, w.norm, w.gradient_norm, strict=True))
    assert found == [pytest.approx(row, rel=1e-5) for row in descend()]


def test_a_parameter_that_takes_no_part_has_no_number() -> None:
    w, b = course_of(skipped=2).leaves
    assert None not in w.norm
    assert [norm is None for norm in b.norm] == [False, False, True, False, False]
    assert [number is None for number in b.gradient_norm] == [False, False, True, False, False]
    assert len(w.nodes) == len(b.nodes) == 2
    assert b.nodes[1] is None
    assert b.nodes[0] is not None


def test_the_gradient_is_the_one_that_an_update_uses_whatever_else_was_asked_for() -> None:
    with trace() as recording:
        w = torch.tensor([3.0], requires_grad=True)
        for _ in range(2):
            w.grad = None
            loss = (w * 2).sum()
            loss.backward(retain_graph=True)  # type: ignore[no-untyped-call]
            torch.autograd.grad(loss * 100, w)
    (leaf,) = recording.snapshot().course.leaves
    assert leaf.gradient_norm == [2.0, 2.0]


def test_a_single_iteration_is_no_course() -> None:
    with trace() as recording:
        w = torch.ones(2, requires_grad=True)
        w.sum().backward()  # type: ignore[no-untyped-call]
    assert recording.snapshot().course == TrainingHistory(leaves=[], first_nonfinite=None)


def test_the_first_number_that_is_none() -> None:
    with trace() as recording:
        w = torch.tensor([1.0, 0.0], requires_grad=True)
        for k in range(3):
            y = torch.sqrt(w * k)
            y.sum().backward()  # type: ignore[no-untyped-call]
    snapshot = recording.snapshot()
    # sqrt(0) is a number, its derivative is none
    nodes = {node.id: node.op for node in snapshot.graphs[0].nodes}
    first = snapshot.course.first_nonfinite
    assert first is not None
    assert (first.iteration, first.where) == (0, "gradient")
    assert nodes[first.node] == "sqrt"


def masked_softmax(scores: torch.Tensor) -> torch.Tensor:
    later = torch.ones(2, 2).triu(1).bool()
    return torch.softmax(scores.masked_fill(later, -math.inf) * 2, dim=-1)


def test_a_mask_is_no_accident() -> None:
    with trace() as recording:
        w = torch.ones(2, 2, requires_grad=True)
        for _ in range(2):
            masked_softmax(w).square().sum().backward()  # type: ignore[no-untyped-call]
    assert recording.snapshot().course.first_nonfinite is None


def test_what_a_mask_spoils_is_one() -> None:
    with trace() as recording:
        w = torch.ones(2, 2, requires_grad=True)
        for _ in range(2):
            everything = torch.ones(2, 2).bool()
            torch.softmax(w.masked_fill(everything, -math.inf), dim=-1).sum().backward()  # type: ignore[no-untyped-call]
    snapshot = recording.snapshot()
    first = snapshot.course.first_nonfinite
    assert first is not None
    nodes = {node.id: node.op for node in snapshot.graphs[0].nodes}
    assert (nodes[first.node], first.where) == ("softmax", "value")


def test_a_value_that_overflows() -> None:
    with trace() as recording:
        x = torch.tensor([80.0])
        for _ in range(3):
            x = x.exp() / 2
    snapshot = recording.snapshot()
    operations = [node for node in snapshot.graphs[0].nodes if node.kind == "operation"]
    assert snapshot.course.first_nonfinite == FirstNonFinite(iteration=0, node=operations[2].id, where="value")


def test_tensors_too_large_to_keep_are_told_by_their_statistics() -> None:
    with trace(Limits(stored_elements=2)) as recording:
        w = torch.tensor([3.0, 4.0, math.inf], requires_grad=True)
        for _ in range(2):
            (w[:1] * 2).sum().backward()  # type: ignore[no-untyped-call]
    course = recording.snapshot().course
    (leaf,) = course.leaves
    assert (leaf.low, leaf.high, leaf.norm) == ([3.0, 3.0], [4.0, 4.0], [5.0, 5.0])
    assert course.first_nonfinite is not None
    assert course.first_nonfinite.where == "value"


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.complex64], ids=str)
def test_every_kind_of_number(dtype: torch.dtype) -> None:
    with trace() as recording:
        w = torch.tensor([3.0, -4.0], dtype=dtype, requires_grad=True)
        for _ in range(2):
            w.abs().sum().backward()  # type: ignore[no-untyped-call]
    (leaf,) = recording.snapshot().course.leaves
    assert leaf.norm == [5.0, 5.0]
    assert leaf.high == ([4.0, 4.0] if dtype.is_complex else [3.0, 3.0])
    # `.grad` adds up: nobody clears it
    assert leaf.gradient_norm == pytest.approx([math.sqrt(2), 2 * math.sqrt(2)], rel=1e-5)
