"""Findings about gradients from layer to layer: they vanish or explode on the way back, or units stay copies of each
other.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Final, NamedTuple

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.no_gradient import leaf_key
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import NodeKey
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import Array, norm, numbers, size
from gradwalk.iteration.wording import at_line, called, counted, number

_DEEP: Final = 4
"""The number of layers with weights from which on gradients are compared along them."""


class _Weights(NamedTuple):
    """The weights of a layer. `gradient`, `value`: the root mean squares of the gradient and of the weights."""

    leaf: Node
    gradient: float
    value: float


class _AlongLayers(Rule):
    """A rule that compares the gradients of the first and the last weights of a deep network."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._seen = 0
        self._times = 0

    def look(self, iteration: IndexedIteration) -> None:
        """Collect the weights in the order in which the forward pass uses them."""
        layers = _layers(iteration)
        if len(layers) < _DEEP:
            return
        self._seen += 1
        first, last = self._ends(layers)
        why = self._judge(first, last, len(layers))
        if why is None:
            return
        self._times += 1
        if not self._signs.again(self.code, iteration):
            self._signs.add(self.code, self.finding(iteration, first.leaf, why, Details(others=[last.leaf])))

    def found(self) -> Iterable[Finding]:
        """Return the finding where most iterations show it: at the end of a training a single one may show anything."""
        return list(self._signs) if 2 * self._times > self._seen else []

    def _ends(self, layers: list[_Weights]) -> tuple[_Weights, _Weights]:
        """Return the two layers to compare: the first and the last one."""
        return layers[0], layers[-1]

    @abstractmethod
    def _judge(self, first: _Weights, last: _Weights, count: int) -> str | None:
        """Return a sentence about what is wrong, or null."""


class VanishingGradient(_AlongLayers):
    """The first layers get a thousandth of the gradient of the last one, or less. Where any of them gets more, as
    behind a residual connection, the gradient does come back.
    """

    code = "vanishing-gradient"
    title = "Vanishing gradients"
    todo = "Use ReLU instead of sigmoid or tanh, add residual connections (x + layer(x)), or normalise between layers."

    _RATIO: Final = 1e-3
    _FIRST: Final = 3
    """The part of the layers, one third, among which the best one counts: queries and keys get little at any depth."""

    def _ends(self, layers: list[_Weights]) -> tuple[_Weights, _Weights]:
        """Return the best of the first layers, and the last one."""
        early = layers[: max(1, len(layers) // self._FIRST)]
        best = max(early, key=lambda layer: layer.gradient)
        # where all of them get too little, the first one shows it best
        vanishes = best.gradient < self._RATIO * layers[-1].gradient
        return (layers[0] if vanishes else best), layers[-1]

    def _judge(self, first: _Weights, last: _Weights, count: int) -> str | None:
        if not 0 < first.gradient < self._RATIO * last.gradient:
            return None
        return (
            f"On its way back through {count} layers the gradient shrinks to almost nothing: {called(first.leaf)} gets "
            f"{number(first.gradient)} per weight, {called(last.leaf)} {number(last.gradient)}."
        )


class ExplodingGradient(_AlongLayers):
    """The gradient of the first layer is more than a thousand times its weights."""

    code = "exploding-gradient"
    title = "Exploding gradients"
    todo = "Start with smaller weights, normalise between layers, or clip: torch.nn.utils.clip_grad_norm_."

    _RATIO: Final = 1e3
    _MANY_TURNS: Final = 8
    """The number of uses of one weight from which on it is a recurrence, which is as deep as it has turns."""

    def look(self, iteration: IndexedIteration) -> None:
        """Look at a recurrence as well: one weight that is used again and again."""
        graph = iteration.graph
        for layer in _layers(iteration):
            turns = len(graph.out_of.get(layer.leaf.id, ()))
            why = self._judge(layer, layer, turns) if turns >= self._MANY_TURNS else None
            if why is not None:
                self._seen, self._times = self._seen + 1, self._times + 1
                why = why.replace(f"{turns} layers", f"{turns} turns with the same {called(layer.leaf)}", 1)
                if not self._signs.again(self.code, iteration):
                    self._signs.add(self.code, self.finding(iteration, layer.leaf, why))
                return
        super().look(iteration)

    def _judge(self, first: _Weights, last: _Weights, count: int) -> str | None:
        if not first.gradient > self._RATIO * first.value > 0:
            return None
        times = number(first.gradient / first.value)
        return (
            f"After {count} layers the gradient is far too large for a step: {called(first.leaf)} gets "
            f"{number(first.gradient)} per weight, {times} times the weights themselves."
        )


class Saturated(Rule):
    """Nearly all units of a sigmoid or tanh are so far out that they let almost no gradient through."""

    code = "saturated-activation"
    title = "Saturated sigmoid or tanh"
    todo = "Scale the inputs to about −1 to 1, start with smaller weights, or use ReLU in hidden layers."

    _FLAT: Final = 0.01
    """The slope below which a unit counts as saturated. That of sigmoid is 0.25 at most, that of tanh 1."""
    _SHARE: Final = 0.9
    _WANTED: Final = 0.1
    """The sum of the arriving gradients below which nothing is left to learn."""

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._seen: Counter[NodeKey] = Counter()
        self._times: Counter[NodeKey] = Counter()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at every sigmoid and tanh. One in front of a binary cross-entropy does no harm: the slopes of the two
        cancel.
        """
        for node in iteration.graph.operations:
            if (node.op or "").strip("_") not in ("sigmoid", "tanh"):
                continue
            value, arrived = numbers(iteration.value(node.id)), numbers(iteration.last_gradient(node.id))
            after = iteration.graph.out_of.get(node.id, ())
            if value is None or arrived is None or value.shape != arrived.shape or not value.size:
                continue
            if any((f.target.op or "").startswith("binary_cross_entropy") for f in after):
                continue
            key = iteration.graph.keys[node.id]
            self._seen[key] += 1
            self._judge(iteration, node, key, value, arrived)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each operation that is saturated most of the time."""
        kept = [key for key in self._seen if 2 * self._times[key] > self._seen[key]]
        return [finding for finding in self._signs if (finding.graph, finding.node) in self._nodes(kept)]

    def _nodes(self, keys: list[NodeKey]) -> set[tuple[int, str]]:
        wanted = set(keys)
        return {(g.id, i) for g in self.run.graphs for i, key in g.keys.items() if key in wanted}

    def _judge(self, iteration: IndexedIteration, node: Node, key: NodeKey, value: Array, arrived: Array) -> None:
        slope = 1 - value**2 if (node.op or "").startswith("tanh") else value * (1 - value)
        flat = int((slope < self._FLAT).sum())
        with np.errstate(all="ignore"):
            wanted = float(np.abs(arrived).sum())
        if flat < self._SHARE * value.size or not self._WANTED < wanted < float("inf"):
            return
        self._times[key] += 1
        if not self._signs.again(key, iteration):
            source = next((f.source for f in iteration.graph.into.get(node.id, ())), None)
            inner = numbers(iteration.value(source.id)) if source is not None else None
            reach = ""
            if inner is not None and inner.size:
                reach = f" (its inputs reach {number(float(np.abs(inner).max()))})"
            what = f"{flat} of {counted(value.size, 'number')}" if value.size > 1 else "its number"
            why = (
                f"{at_line(node)} is flat for {what}{reach}: its slope there is below {self._FLAT}, and nearly no "
                "gradient comes back through it."
            )
            self._signs.add(key, self.finding(iteration, node, why, Details(others=[] if source is None else [source])))


class EqualUnits(Rule):
    """The units of a layer start with the same weights and get the same gradients: they stay copies of one another."""

    code = "equal-initialisation"
    title = "All weights start equal"
    todo = "Start with random weights, as nn.Linear does by itself, or with nn.init; only biases may start equal."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._different: set[Hashable] = set()
        self._trains = False

    def look(self, iteration: IndexedIteration) -> None:
        """Compare the weights of linear layers. Once two units differ, they stay different."""
        self._trains = self._trains or bool(iteration.updated)
        for leaf in iteration.graph.parameters:
            key = leaf_key(leaf)
            uses = [f for f in iteration.graph.out_of.get(leaf.id, ()) if f.edge.argument in ("weight", "other")]
            user = next((f.target for f in uses if f.target.op in ("linear", "matmul", "__matmul__", "mm")), None)
            gradient = iteration.last_gradient(leaf.id)
            if user is None or gradient is None or key in self._different:
                continue
            weight, slope = numbers(iteration.value(leaf.id)), numbers(gradient)
            if weight is None or slope is None or weight.shape != slope.shape or weight.ndim != 2:
                continue
            units = (weight, slope) if user.op == "linear" else (weight.T, slope.T)
            if len(units[0]) < 2 or not all(map(_rows_are_equal, units)):
                self._different.add(key)
                self._signs.drop(key)
            elif not self._signs.again(key, iteration):
                layer = iteration.graph.layer(user)
                why = (
                    f"The {len(units[0])} units of {layer} have the same weights ({called(leaf)}) and "
                    "get the same gradients: they stay copies of one another."
                )
                self._signs.add(key, self.finding(iteration, leaf, why, Details(others=[user], line=user.line)))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each layer, where the program trains: a single pass is a demonstration."""
        return list(self._signs) if self._trains else []


def _rows_are_equal(rows: Array) -> bool:
    return bool(rows.size) and bool(np.isfinite(rows).all()) and bool((rows == rows[0]).all())


def _layers(iteration: IndexedIteration) -> list[_Weights]:
    """Return the weights of the layers in front of a loss, in the order of their first use."""
    found: dict[str, _Weights] = {}
    for node in iteration.graph.operations:
        if node.id not in iteration.before_roots or node.op == "embedding":
            continue
        for flow in iteration.graph.into.get(node.id, ()):
            leaf = flow.source
            if leaf.kind != "parameter" or leaf.id in found:
                continue
            tensor, gradient = iteration.value(leaf.id), iteration.last_gradient(leaf.id)
            lengths = norm(tensor), norm(gradient)
            if tensor is None or lengths[0] is None or lengths[1] is None:
                continue
            if len(tensor.shape) >= 2 and size(tensor):
                root = size(tensor) ** 0.5
                found[leaf.id] = _Weights(leaf, lengths[1] / root, lengths[0] / root)
    return list(found.values())
