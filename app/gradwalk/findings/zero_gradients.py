"""Findings about gradients that are exactly zero, and the operation that caused it: dead ReLUs, saturation, a factor of
0.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import BackwardPass, Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import Flow, NodeKey
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import Array, is_zero, numbers, real, size
from gradwalk.iteration.wording import at_line, called, counted, listed, number

RELUS: Final = ("relu", "relu_", "relu6", "clamp_min", "clamp_min_")
_LINEAR: Final = ("linear", "matmul", "__matmul__", "mm", "bmm", "addmm", "mv", "conv1d", "conv2d", "conv3d")
_STEPS: Final = ("round", "round_", "floor", "floor_", "ceil", "ceil_", "trunc", "sign", "heaviside", "floor_divide")
_CLAMPS: Final = ("clamp", "clamp_", "clip", "hardtanh", "hardtanh_", "hardsigmoid", "hardswish", "relu6")
_LONGEST_WAY: Final = 100
_SETTLED: Final = ("pow", "__pow__", "square", "abs", "sub", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
"""Operations whose derivative is 0 where prediction and target are equal: then there is nothing to learn."""


class DeadRelu(Rule):
    """Units of a layer give 0 for every example, from some iteration on: no gradient comes back through them."""

    code = "dead-relu"
    title = "Dead ReLUs"
    todo = "Use a smaller learning rate, start the biases at 0 or above, or take nn.LeakyReLU, whose slope is never 0."

    _EXAMPLES: Final = 16
    """The number of examples in a row after which units count as dead while others of their layer do not."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._streaks: dict[NodeKey, Array] = {}
        self._sights: dict[NodeKey, tuple[Finding, str, int]] = {}
        self._whole: dict[NodeKey, Signs] = {}
        self._alive: set[NodeKey] = set()
        self._times: Counter[NodeKey] = Counter()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at every ReLU that a gradient comes back to."""
        for node in iteration.graph.operations:
            if node.op in RELUS and (node.op != "clamp_min" or node.arguments.get("min") == 0):
                value = numbers(iteration.value(node.id))
                if value is not None and value.size and iteration.last_gradient(node.id) is not None:
                    self._count(iteration, node, value)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each layer: one that is used in several lines or graphs is told once."""
        told: set[str] = set()
        for key, (finding, layer, units) in self._sights.items():
            streaks = self._streaks[key]
            if layer in told:
                continue
            dead = int((streaks >= self._EXAMPLES).sum())
            if key not in self._alive:
                told.add(layer)
                yield next(iter(self._whole[key]))
            elif dead >= 2 and 2 * dead >= units:
                told.add(layer)
                which = "all" if dead == units else str(dead)
                why = (
                    f"{layer} has {counted(units, 'unit')}; {which} of them give 0 for every example, so their weights "
                    "get a gradient of exactly 0."
                )
                yield finding.model_copy(update={"why": why, "iterations": self._times[key]})

    def _count(self, iteration: IndexedIteration, node: Node, value: Array) -> None:
        key = iteration.graph.keys[node.id]
        by_unit = _by_unit(value)
        alive = (by_unit != 0).any(axis=0)
        streaks = self._streaks.get(key)
        if streaks is None or streaks.shape != alive.shape:
            streaks = self._streaks[key] = np.zeros(alive.shape)
        streaks += len(by_unit)
        streaks[alive] = 0
        if alive.any():
            self._alive.add(key)
        self._times[key] += not alive.all()
        source = _made_by(iteration, node)
        layer = iteration.graph.layer(source or node)
        if key not in self._sights and not alive.all():
            self._sights[key] = (self.finding(iteration, node, "", Details(others=_some(source))), layer, len(alive))
        if not alive.any():
            self._all_dead(iteration, node, key, value, source)

    def _all_dead(
        self, iteration: IndexedIteration, node: Node, key: NodeKey, value: Array, source: Node | None
    ) -> None:
        signs = self._whole.setdefault(key, Signs())
        if signs.again(key, iteration):
            return
        inner = numbers(iteration.value(source.id)) if source is not None else None
        high = number(float(inner.max())) if inner is not None and inner.size else "0 or less"
        name = at_line(node)
        what = f"All {value.size} numbers that {name} gets are 0 or less (the largest is {high})"
        if value.size == 1:
            what = f"{name} gets {high}"
        sentence = f"{what}: it gives 0, its slope there is 0, and no gradient comes back through it."
        signs.add(key, self.finding(iteration, node, sentence, Details(others=_some(source))))


class ZeroGradient(Rule):
    """A leaf gets a gradient of exactly 0 in every iteration."""

    code = "gradient-zero"
    title = "A gradient that is exactly zero"
    todo = "Look at the operation named here: let it have a slope at the values that go into it."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._moved: set[Hashable] = set()
        self._sights: dict[Hashable, tuple[Signs, str, str]] = {}

    def look(self, iteration: IndexedIteration) -> None:
        """Look for leaves with a zero gradient. A leaf that gets another gradient once is dropped."""
        for leaf in iteration.graph.parameters:
            key = leaf_key(leaf)
            if key in self._moved:
                continue
            for each in iteration.passes:
                gradients = [g for g in each.gradients.get(leaf.id, ()) if g is not None]
                if any(is_zero(g) is not True for g in gradients):
                    self._moved.add(key)
                elif gradients and real(iteration.body.loss) != 0:
                    self._trace(iteration, each, leaf, key)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each operation that is the cause."""
        together: dict[str, list[Hashable]] = {}
        for key, (_, _, why) in self._sights.items():
            if key not in self._moved:
                together.setdefault(why, []).append(key)
        for why, keys in together.items():
            first = next(iter(self._sights[keys[0]][0]))
            names = [self._sights[key][1] for key in keys]
            yield first.model_copy(update={"why": f"The gradient of {listed(names)} is exactly 0: {why}."})

    def _trace(self, iteration: IndexedIteration, each: BackwardPass, leaf: Node, key: Hashable) -> None:
        if key in self._sights:
            self._sights[key][0].again(key, iteration)
            return
        cancelling = _cancelling(iteration, each, leaf)
        if cancelling is not None:
            signs = Signs()
            users, why, todo = cancelling
            signs.add(key, self.finding(iteration, leaf, "", Details(others=users, todo=todo, line=users[-1].line)))
            self._sights[key] = signs, called(leaf), why
            return
        for flow in _killers(iteration, each, leaf):
            told = _why_zero(iteration, flow)
            if told is not None:
                signs = Signs()
                signs.add(key, self.finding(iteration, flow.target, "", Details(others=[leaf], todo=told[1])))
                self._sights[key] = signs, called(leaf), told[0]
                return


def _cancelling(iteration: IndexedIteration, each: BackwardPass, leaf: Node) -> tuple[list[Node], str, str] | None:
    """Return the operations whose contributions add up to exactly 0, why, and an advice; null where that is not the
    cause, or where the loss is at its minimum.
    """
    node = leaf
    for _ in range(_LONGEST_WAY):
        flows = iteration.graph.out_of.get(node.id, [])
        if any(flow.edge.argument == "bias" for flow in flows):
            # of a difference of two means, as a critic's loss is, every bias drops out
            return None
        back = [(flow, numbers(each.contributions.get(flow.edge.id))) for flow in flows]
        arrived = [(flow, array) for flow, array in back if array is not None and array.size]
        if len(arrived) == 1 and not arrived[0][1].any():
            node = arrived[0][0].target
            continue
        if len(arrived) < 2 or not all(array.any() for _, array in arrived):
            return None
        gradient = numbers(next((g for g in each.gradients.get(node.id, ()) if g is not None), None))
        if gradient is None or gradient.any():
            return None
        at = int(np.argmax(np.abs(arrived[0][1])))
        told = listed([number(float(array.flat[at])) for _, array in arrived])
        users = [flow.target for flow, _ in arrived]
        lines = sorted({user.line for user in users if user.line})
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {listed([str(line) for line in lines])}"
        name = called(node)
        why = f"{name} is used {len(arrived)} times in {where}, and the contributions {told} cancel each other"
        return users, why, f"Look at the formula: what it adds of {name} it takes away again."
    return None


def _killers(iteration: IndexedIteration, each: BackwardPass, leaf: Node) -> list[Flow]:
    """Return the edges on which a gradient that is not 0 becomes 0 on its way to the leaf. There are none where
    contributions that are not 0 cancel each other out.
    """
    found: list[Flow] = []
    seen: set[str] = set()
    waiting = [leaf]
    while waiting:
        node = waiting.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        for flow in iteration.graph.out_of.get(node.id, ()):
            back = each.contributions.get(flow.edge.id)
            if back is None:
                continue
            if is_zero(back) is not True:
                return []
            arrived = [g for g in each.gradients.get(flow.target.id, ()) if g is not None]
            if all(is_zero(g) is True for g in arrived):
                waiting.append(flow.target)
            else:
                found.append(flow)
    return found


def _why_zero(iteration: IndexedIteration, flow: Flow) -> tuple[str, str] | None:
    """Return why an operation gives back 0, and an advice; null where another rule says it, or it is no mistake."""
    node, op = flow.target, flow.target.op or ""
    name = at_line(node)
    if op in ("softmax", "log_softmax") and _arrives_evenly(iteration, node):
        return (
            f"all numbers that {name} gives are added up, and their sum is always 1",
            "Compute the loss from single probabilities, for example from that of the right class.",
        )
    if op in RELUS or op in _SETTLED:
        return None
    if op in _STEPS:
        return (
            f"{name} is a staircase, and its slope is 0 everywhere",
            f"Train without {op}, and use it only on results; or let the gradient pass it: x + ({op}(x) - x).detach().",
        )
    if op in _CLAMPS:
        return (
            f"every number that goes into {name} lies outside of its limits, where the slope is 0",
            "Widen the limits, or use a function that never becomes flat.",
        )
    if op in ("sigmoid", "tanh", "sigmoid_", "tanh_"):
        return (
            f"{name} is so far out that its slope is rounded to 0",
            "Start with smaller weights, or scale the inputs to about −1 to 1.",
        )
    others = [f for f in iteration.graph.into.get(node.id, ()) if f.edge.id != flow.edge.id]
    zeros = [f.source for f in others if is_zero(iteration.input(f)) is True and f.edge.argument != "bias"]
    if zeros and zeros[0].op in RELUS:
        return None
    if zeros and zeros[0].kind != "operation" and not iteration.updated and _is_single(iteration, zeros[0]):
        # one example whose input is 0, in a program that does not train
        return None
    if zeros and (op in _LINEAR or op.strip("_") in ("mul", "imul", "rmul", "multiply", "dot")):
        return (
            f"{name} multiplies by {called(zeros[0])}, which is 0",
            f"Give {called(zeros[0])} other values than 0: weights start with random numbers.",
        )
    if op.strip("_") in ("mul", "multiply") and node.arguments.get("other") == 0:
        return f"{name} multiplies by 0", "Leave that factor out."
    return None


def _is_single(iteration: IndexedIteration, leaf: Node) -> bool:
    value = iteration.value(leaf.id)
    return not leaf.requires_grad or (value is not None and size(value) == 1)


def _arrives_evenly(iteration: IndexedIteration, node: Node) -> bool:
    """Return whether every number of a result gets the same gradient, as where they are all added up."""
    arrived = numbers(iteration.last_gradient(node.id))
    return arrived is not None and arrived.size > 1 and bool((arrived == arrived.flat[0]).all())


def _by_unit(value: Array) -> Array:
    """Return the values as examples by units: the channels of an image, the last dimension of anything else."""
    if value.ndim == 4:
        value = np.moveaxis(value, 1, -1)
    return value.reshape(-1, value.shape[-1]) if value.ndim > 1 else value.reshape(1, -1)


def _made_by(iteration: IndexedIteration, node: Node) -> Node | None:
    flows = iteration.graph.into.get(node.id, [])
    return flows[0].source if flows else None


def _some(node: Node | None) -> list[Node]:
    return [] if node is None else [node]
