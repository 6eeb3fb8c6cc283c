"""Finite differences: the step, what losses tell, and what they cannot tell."""

import math
from collections.abc import Callable

import pytest

from gradwalk.contract.snapshot import Program, Snapshot
from gradwalk.errors import CheckImpossible, ContributionNotFound, ElementOutOfRange, NodeNotFound, PassNotFound
from gradwalk.explain.addressing import Subject
from gradwalk.explain.gradcheck import EPSILON, Check, Noise, Target, judged, noise_of, steps_of, target_of, without
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.program_run import run_program

SOURCE = """import torch
w = torch.tensor([[1., -2.], [3., 0.5]], requires_grad=True)
whole = torch.tensor([1, 2])
plane = torch.tensor(1 + 2j, requires_grad=True)
loss = (w * w).sum() + plane.abs() + 1 / torch.tensor(float('inf'), requires_grad=True)
loss.backward()
"""


def iteration_of(source: str) -> IndexedIteration:
    """Return the first iteration of a program."""
    snapshot: Snapshot = run_program(Program(source=source), Limits()).snapshot()
    return IndexedIteration.of(snapshot.graphs[0], snapshot.iterations[0])


def at(value: float, gradient: float, dtype: str = "float64") -> Target:
    return Target(0, 0, iteration_of(SOURCE).graph.nodes["n0"], 0, (0, 0), value, gradient, dtype, 0)


def check(function: Callable[[float], float], x: float, gradient: float, noise: float = 1e-15) -> Check:
    """What a check says of a function of one number, in float64."""
    target = at(x, gradient)
    h, values = steps_of(target)
    moved = [(value, function(value)) for value in values]
    return judged(target, h, function(x), moved, Noise(noise, "float64"))


@pytest.mark.parametrize("dtype", EPSILON)
def test_the_step_is_a_number_of_the_dtype_about_the_cube_root_of_its_precision(dtype: str) -> None:
    target = at(3.0, 1.0, dtype)
    h, (up, down, far_up, far_down) = steps_of(target)
    assert h == pytest.approx(3 * EPSILON[dtype] ** (1 / 3))
    assert far_down < down < 3 < up < far_up
    assert up - 3 == pytest.approx(h, rel=0.2)


@pytest.mark.parametrize(
    ("function", "x", "slope"),
    [
        (lambda x: x * x, 3.0, 6.0),
        (math.exp, 1.0, math.e),
        (lambda x: x**3, 0.0, 0.0),
        (lambda x: math.log1p(math.exp(-x)), 2.42, -1 / (1 + math.exp(2.42))),
        (lambda x: max(x, 0.0), 0.5, 1.0),
    ],
)
def test_a_right_gradient_agrees_and_a_wrong_one_does_not(
    function: Callable[[float], float], x: float, slope: float
) -> None:
    right, wrong = check(function, x, slope), check(function, x, slope + 0.01)
    assert (right.agrees, right.note) == (True, None)
    assert right.difference is not None
    assert right.tolerance is not None
    assert float(right.difference) <= float(right.tolerance)
    assert wrong.agrees is False


def test_where_the_loss_is_flat_the_gradient_is_zero() -> None:
    said = check(lambda x: max(x, 0.0), -2.0, 0.0)
    assert (said.agrees, said.note) == (True, None)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.667, 0.9])
def test_a_kink_within_the_step_is_told_and_not_judged(share: float) -> None:
    kink = share * EPSILON["float64"] ** (1 / 3)
    said = check(lambda x: max(x - kink, 0.0), 0.0, 0.0)
    assert said.agrees is None
    assert "kink" in (said.note or "")


def test_a_number_that_could_not_be_moved_in_time_is_no_disagreement() -> None:
    said = check(lambda _: 2.0, 1.0, 0.5)
    assert (said.agrees, said.estimate) == (None, 0.0)
    assert "changed nothing" in (said.note or "")


def test_where_rounding_hides_the_change_the_check_says_that_it_tells_little() -> None:
    said = check(lambda x: 1e-9 * x, 1.0, 1e-9, noise=1e-13)
    assert said.agrees is True
    assert "cannot tell much" in (said.note or "")


def test_where_the_loss_is_not_finite_nothing_is_told() -> None:
    said = check(lambda x: math.log(x) if x > 0 else math.nan, 0.0, 1.0)
    assert (said.agrees, said.estimate) == (None, None)
    assert "not finite" in (said.note or "")


def test_rounding_is_what_each_value_times_its_gradient_may_move() -> None:
    iteration = iteration_of("import torch\nw = torch.tensor(3., requires_grad=True)\n(w * w).backward()\n")
    noise = noise_of(iteration.body, iteration.body.backward[0], 9.0, {})
    assert noise.dtype == "float32"
    assert noise.size == pytest.approx(EPSILON["float32"] * (9 + 3 * 6 + 9))


def test_the_largest_element_is_taken_or_the_one_that_is_asked_for() -> None:
    iteration = iteration_of(SOURCE)
    assert target_of(iteration, Subject("n0")).index == (1, 0)
    chosen = target_of(iteration, Subject("n0", element=[0, 1]))
    assert (chosen.value, chosen.gradient, chosen.move(-1.0).leaf) == (-2.0, -4.0, "w")
    (product,) = [node.id for node in iteration.graph.operations if node.op == "mul"]
    move = target_of(iteration, Subject(product, element=[0, 1])).move(5.0)
    assert (move.leaf, move.operation, move.index) == (None, iteration.numbers[product], [0, 1])


@pytest.mark.parametrize(
    ("name", "error"),
    [("plane", CheckImpossible), ("whole", ContributionNotFound), (None, CheckImpossible)],
)
def test_what_cannot_be_checked_says_why(name: str | None, error: type[Exception]) -> None:
    iteration = iteration_of(SOURCE)
    node = next(node.id for node in iteration.graph.leaves if node.name == name)
    with pytest.raises(error):
        target_of(iteration, Subject(node))


def test_what_is_not_there() -> None:
    iteration = iteration_of(SOURCE)
    with pytest.raises(NodeNotFound):
        target_of(iteration, Subject("n99"))
    with pytest.raises(PassNotFound):
        target_of(iteration, Subject("n0", 1))
    with pytest.raises(ElementOutOfRange):
        target_of(iteration, Subject("n0", element=[2, 0]))


def test_a_check_without_numbers() -> None:
    said = without(at(1.0, 2.0), 0.1, 5.0, "why")
    assert (said.agrees, said.note, said.at.loss, said.recorded) == (None, "why", 5.0, 2.0)
