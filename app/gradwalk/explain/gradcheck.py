"""Finite differences for one element of a recorded gradient: the number to move, the size of the step, and the verdict.

The central difference (L(x + h) - L(x - h)) / 2h is wrong by h² times the third derivative, and by the rounding of the
losses over h; a step of about the cube root of the dtype's precision makes both small (Press et al., Numerical Recipes,
5.7). A second step of twice that length shows how large the first error is, and whether there is a kink.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from pydantic import ConfigDict, Field

from gradwalk.contract.fields import Count, NodeId, Real
from gradwalk.contract.models import Model
from gradwalk.contract.perturbation import Perturbation
from gradwalk.contract.snapshot import BackwardPass, Iteration, Node, Recorded
from gradwalk.errors import CheckImpossible, ContributionNotFound, ElementOutOfRange
from gradwalk.explain.addressing import Subject, element_of, node_of, pass_of
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import as_real
from gradwalk.operations.call import Array, Tensors, array_of

EPSILON: Final = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
_RECORDED_ROUNDINGS: Final = 32
"""Units in the last place by which the recorded gradient itself may be off."""
_CLEAR: Final = 8.0
"""The factor by which a change of the slope must exceed the noise to count as one."""

KINK: Final = (
    "The slope is {left} on one side and {right} on the other: the loss has a kink within the step, as ReLU has at 0 "
    "and max where two numbers are equal, or bends sharply. Finite differences cannot judge what PyTorch takes there."
)
RANDOM: Final = (
    "The program computes other losses when it is run again, although its random numbers begin alike: no finite "
    "differences can be made of it."
)
UNTOUCHED: Final = (
    "Moving this number changed nothing: the operation had read it before it could be moved, or works with a copy. "
    "Check another number that leads into it."
)
COARSE: Final = (
    "The rounding of {dtype}, and the bend of the loss within the step, leave much room: this check cannot tell much."
)


@dataclass(frozen=True)
class Target:
    """The number to be checked. `value`: in the recording; `gradient`: as PyTorch computed it; `index`: its position;
    `operation`: the number in the run of its node, or of the first operation that uses it.
    """

    iteration: int
    backward_pass: int
    node: Node
    output: int
    index: tuple[int, ...]
    value: float
    gradient: float
    dtype: str
    operation: int

    def move(self, value: float) -> Perturbation:
        """Return the move that makes the number `value`."""
        leaf = None if self.node.kind == "operation" else self.node.name
        return Perturbation(
            leaf=leaf,
            operation=self.operation,
            output=self.output,
            index=list(self.index),
            value=value,
        )


class Noise(NamedTuple):
    """The distance that rounding may move a loss, and the coarsest dtype on the way to it."""

    size: float
    dtype: str


class Moved(Model):
    """A run with the number moved: its value, and the loss of the run."""

    value: Real
    loss: Real


class Check(Model):
    """A gradient beside its finite difference: (plus.loss - minus.loss) / (plus.value - minus.value).

    `step`: h. `recorded`: PyTorch's gradient. `difference`: the distance between the two; `tolerance`: the distance
    that the rounding of `dtype` and the step allow; `agrees`: true within the tolerance, null where that cannot be
    decided, which `note` explains.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    iteration: Count
    backward_pass: Count = Field(alias="pass")
    node: NodeId
    output: Count
    element: list[Count]
    dtype: str
    step: Real
    at: Moved
    plus: Moved | None
    minus: Moved | None
    estimate: Real | None
    recorded: Real
    difference: Real | None
    tolerance: Real | None
    agrees: bool | None
    note: str | None


def target_of(iteration: IndexedIteration, subject: Subject) -> Target:
    """Return the number that is to be moved. Raises NodeNotFound, PassNotFound, ContributionNotFound,
    ElementOutOfRange, CheckImpossible.
    """
    node, backward, output = node_of(iteration, subject.id), pass_of(iteration, subject.backward_pass), subject.output
    gradients = backward.gradients.get(node.id, [])
    gradient = gradients[output] if output < len(gradients) else None
    if gradient is None:
        raise ContributionNotFound("No gradient came back to this node in this pass: there is nothing to check.")
    value = iteration.value(node.id, output)
    array, recorded = iteration.array(value), iteration.array(gradient)
    if (
        value is None
        or array is None
        or recorded is None
        or value.dtype not in EPSILON
        or array.shape != recorded.shape
    ):
        raise CheckImpossible("Only real numbers can be moved a little: check another node.")
    chosen = element_of(gradient, subject.element, recorded)
    if chosen is None:
        raise ElementOutOfRange("The tensor has no elements: check another node.")
    _require_reachable(iteration, node)
    x, g = float(array[chosen]), float(recorded[chosen])
    if not (math.isfinite(x) and math.isfinite(g)):
        raise CheckImpossible("The number or its gradient is not finite: finite differences cannot be made there.")
    users = [node.id] if node.kind == "operation" else [flow.target.id for flow in iteration.graph.out_of[node.id]]
    numbers = [iteration.numbers[user] for user in users if user in iteration.numbers]
    if not numbers:
        raise CheckImpossible("An older version of Gradwalk has recorded this: run the program again to check it.")
    place = min(numbers)
    return Target(iteration.index, subject.backward_pass, node, output, chosen, x, g, value.dtype, place)


def steps_of(target: Target) -> tuple[float, list[float]]:
    """Return h, and the number moved by +h, -h, +2h and -2h, each rounded to its dtype."""
    h = EPSILON[target.dtype] ** (1 / 3) * max(abs(target.value), 1.0)
    return h, [_rounded(target.value + times * h, target.dtype) for times in (1, -1, 2, -2)]


def loss_in(recorded: Recorded, target: Target, seeds: BackwardPass, moved_to: float) -> float | None:
    """Return the loss of a run: the roots of the pass, weighted with the gradients that it began with. Null when the
    run did not reach the number, or the number did not have the value that it was moved to.
    """
    if target.iteration >= len(recorded.iterations):
        return None
    iteration = recorded.iterations[target.iteration]
    value = _at(iteration, target.node.id, target.output, recorded.tensors)
    if value is None or value.ndim != len(target.index) or float(value[target.index]) != moved_to:
        return None
    return loss_of(iteration, seeds, recorded.tensors)


def loss_of(iteration: Iteration, backward: BackwardPass, tensors: Tensors) -> float | None:
    """Return the number that a pass differentiates. Null where its parts are not recorded."""
    total = 0.0
    for node, seeds in backward.seeds.items():
        for output, seed in enumerate(seeds):
            weights, values = array_of(seed, tensors), _at(iteration, node, output, tensors)
            if seed is None:
                continue
            if weights is None or values is None or weights.shape != values.shape:
                return None
            total += float((weights.astype(np.float64) * values).sum())
    return total


def judged(target: Target, h: float, at: float, moved: Sequence[tuple[float, float]], noise: Noise) -> Check:
    """Return the verdict. `moved`: value and loss for +h, -h, +2h, -2h."""
    (up, plus), (down, minus), (far_up, far_plus), (far_down, far_minus) = moved
    x, g = target.value, target.gradient
    estimate = (plus - minus) / (up - down)
    wide = (far_plus - far_minus) / (far_up - far_down)
    blur = noise.size / h
    tolerance = blur + 2 / 3 * abs(estimate - wide) + _RECORDED_ROUNDINGS * EPSILON[target.dtype] * abs(g)
    agrees: bool | None = abs(estimate - g) <= tolerance
    right, left = (plus - at) / (up - x), (at - minus) / (x - down)
    bends, far_bends = abs(right - left), abs((far_plus - at) / (far_up - x) - (at - far_minus) / (x - far_down))
    apart = abs(estimate - wide)
    note = None
    if not all(map(math.isfinite, (estimate, wide))):
        return without(target, h, at, "Beside this number the loss is not finite: the slope cannot be told.")
    if plus == minus == at and abs(g) * h > _CLEAR * noise.size:
        agrees, note = None, UNTOUCHED
    elif max(bends, apart) > _CLEAR * blur and (bends > 0.75 * far_bends or apart > 0.1 * bends):
        agrees = None
        note = KINK.format(left=f"{left:.4g}", right=f"{right:.4g}")
    elif agrees and g != 0 and tolerance > abs(g) / 4:
        note = COARSE.format(dtype=noise.dtype)
    return without(target, h, at, note).model_copy(
        update={
            "plus": Moved(value=up, loss=as_real(plus)),
            "minus": Moved(value=down, loss=as_real(minus)),
            "estimate": as_real(estimate),
            "difference": as_real(abs(estimate - g)),
            "tolerance": as_real(tolerance),
            "agrees": agrees,
        }
    )


def without(target: Target, h: float, at: float, note: str | None) -> Check:
    """Return a check without numbers, and with a reason."""
    return Check(
        iteration=target.iteration,
        backward_pass=target.backward_pass,
        node=target.node.id,
        output=target.output,
        element=list(target.index),
        dtype=target.dtype,
        step=h,
        at=Moved(value=target.value, loss=as_real(at)),
        plus=None,
        minus=None,
        estimate=None,
        recorded=target.gradient,
        difference=None,
        tolerance=None,
        agrees=None,
        note=note,
    )


def noise_of(iteration: Iteration, backward: BackwardPass, loss: float, tensors: Tensors) -> Noise:
    """Return how far rounding may move the loss: every recorded value is rounded by half a unit in its last place, and
    its gradient says what that does to the loss.
    """
    total, coarsest = 0.0, "float64"
    for node, gradients in backward.gradients.items():
        for output, gradient in enumerate(gradients):
            slopes, values = array_of(gradient, tensors), _at(iteration, node, output, tensors)
            if gradient is None or slopes is None or values is None or slopes.shape != values.shape:
                continue
            epsilon = EPSILON.get(gradient.dtype, 0.0)
            with np.errstate(all="ignore"):
                spread = float(np.sqrt(np.sum(np.square(slopes.astype(np.float64) * values))))
            total += epsilon * spread if math.isfinite(spread) else 0.0
            if epsilon > EPSILON[coarsest]:
                coarsest = gradient.dtype
    return Noise(total + EPSILON[coarsest] * abs(loss), coarsest)


def _require_reachable(iteration: IndexedIteration, node: Node) -> None:
    if node.kind == "operation":
        return
    if node.name is None:
        raise CheckImpossible("This leaf has no name in the program, so it cannot be found again: give it a variable.")
    if sum(leaf.name == node.name for leaf in iteration.graph.leaves) > 1:
        raise CheckImpossible("Several leaves have this name, so this one cannot be found again: rename one of them.")


def _at(iteration: Iteration, node: str, output: int, tensors: Tensors) -> Array | None:
    values = iteration.values.get(node, [])
    return array_of(values[output], tensors) if output < len(values) else None


def _rounded(value: float, dtype: str) -> float:
    """Return the nearest number of a dtype; for bfloat16, the upper half of a float32, the next one towards 0."""
    if dtype == "bfloat16":
        upper = np.array([value], np.float32).view(np.uint32) & np.uint32(0xFFFF0000)
        return float(upper.view(np.float32)[0])
    return float(np.array(value, dtype))
