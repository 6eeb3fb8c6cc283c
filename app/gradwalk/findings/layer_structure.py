"""Findings about layers in a row: no activation between two, or a last one that cannot give the targets."""

from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.loss_inputs import DIFFERENCES, ELEMENTWISE_LOSSES, RESHAPING
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers
from gradwalk.iteration.wording import at_line, called, number

_BETWEEN: Final = ("dropout", "feature_dropout", "alpha_dropout", "clone", "contiguous", "identity")
_PRODUCTS: Final = ("linear", "matmul", "__matmul__", "mm", "addmm")
_BOUNDS: Final = {
    "relu": (0.0, None),
    "relu_": (0.0, None),
    "relu6": (0.0, 6.0),
    "softplus": (0.0, None),
    "exp": (0.0, None),
    "sigmoid": (0.0, 1.0),
    "sigmoid_": (0.0, 1.0),
    "hardsigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "tanh_": (-1.0, 1.0),
    "hardtanh": (-1.0, 1.0),
}
"""The smallest and the largest number that an activation gives."""
_DEEPEST: Final = 20


class LinearAfterLinear(Rule):
    """Two linear layers follow each other without an activation: together they are one linear layer."""

    code = "linear-after-linear"
    title = "Two linear layers without an activation between them"
    severity = "note"
    _NARROW: Final = 4
    todo = "Put an activation such as nn.ReLU() between them."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at linear layers that an update trains, in front of a loss."""
        graph = iteration.graph
        for node in graph.operations:
            if node.op not in _PRODUCTS or node.id not in iteration.before_roots:
                continue
            weight = self._weight(iteration, node)
            before = None if weight is None else self._linear_before(iteration, node)
            if weight is None or before is None or not {weight.id, before[1].id} <= iteration.updated:
                continue
            if len(graph.out_of.get(weight.id, ())) > 1:
                # it judges other inputs too, as the discriminator of a GAN does
                continue
            first, inner = before
            key = graph.keys[node.id]
            if self._signs.again(key, iteration) or self._is_bottleneck(iteration, inner, weight, first, node):
                continue
            names = f"{graph.layer(first)} and {graph.layer(node)}"
            why = (
                f"{names} follow each other without an activation between them: two linear layers in a row can learn "
                "no more than one."
            )
            self._signs.add(key, self.finding(iteration, node, why, Details(others=[first])))

    def found(self) -> Iterable[Finding]:
        """Return the first finding only: a network without any activation has one at every layer."""
        return list(self._signs)[:1]

    def _weight(self, iteration: IndexedIteration, node: Node) -> Node | None:
        """Return the matrix of a linear layer: a parameter on the right side, maybe transposed."""
        flows = iteration.graph.into.get(node.id, ())
        side = next((f.source for f in flows if f.edge.argument in ("weight", "other", "mat2")), None)
        if side is not None and side.op in ("T", "t", "transpose", "mT"):
            side = next((f.source for f in iteration.graph.into.get(side.id, ())), None)
        return side if side is not None and side.kind == "parameter" else None

    def _linear_before(self, iteration: IndexedIteration, node: Node) -> tuple[Node, Node] | None:
        """Return the linear layer whose result goes into this one alone, and its weight."""
        flow = _first_input(iteration, node)
        for _ in range(_DEEPEST):
            if flow is None or len(iteration.graph.out_of.get(flow.source.id, ())) != 1:
                return None
            made = flow.source
            if made.op in _PRODUCTS:
                weight = self._weight(iteration, made)
                return None if weight is None else (made, weight)
            plus = made.op in ("add", "__add__") and self._is_bias(iteration, made)
            if made.op not in _BETWEEN and not plus:
                return None
            flow = _first_input(iteration, made)
        return None

    def _is_bias(self, iteration: IndexedIteration, node: Node) -> bool:
        flows = iteration.graph.into.get(node.id, ())
        return len(flows) < 2 or (flows[1].source.kind == "parameter" and flows[0].source.kind == "operation")

    def _is_bottleneck(self, iteration: IndexedIteration, inner: Node, outer: Node, first: Node, second: Node) -> bool:
        """Return whether the middle is narrower than both ends, which is made on purpose: it lowers the rank. With a
        few units only it is a demonstration.
        """
        weights = [iteration.value(inner.id), iteration.value(outer.id)]
        sizes = []
        for tensor, node in zip(weights, (first, second), strict=True):
            if tensor is None or len(tensor.shape) != 2:
                return True
            rows, columns = tensor.shape
            turned = node.op == "linear"
            sizes += [columns, rows] if turned else [rows, columns]
        middle = min(sizes[1], sizes[2])
        return middle < self._NARROW or middle < min(sizes[0], sizes[3])


class OutOfReach(Rule):
    """The last activation of a network cannot give the numbers that its targets hold."""

    code = "targets-out-of-reach"
    title = "Targets that the last activation cannot reach"
    severity = "error"
    todo = "Leave the activation behind the last layer out, for a regression."

    _SHARE: Final = 0.1

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Compare the targets of losses that want both to be equal with the range of what made the prediction."""
        for node in iteration.graph.operations:
            is_loss = node.op in ELEMENTWISE_LOSSES or node.op in DIFFERENCES
            if not is_loss or node.op in ("binary_cross_entropy_with_logits", "kl_div", "poisson_nll_loss"):
                continue
            if node.id not in iteration.before_roots:
                continue
            key = iteration.graph.keys[node.id]
            if not self._signs.again(key, iteration):
                self._compare(iteration, node, key)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each loss."""
        return list(self._signs)

    def _compare(self, iteration: IndexedIteration, node: Node, key: object) -> None:
        flows = [f for f in iteration.graph.into.get(node.id, ()) if f.edge.argument != "weight"][:2]
        learned = [f for f in flows if f.source.requires_grad]
        others = [f for f in flows if not f.source.requires_grad]
        if len(learned) != 1 or len(others) != 1:
            return
        made = _made(iteration, learned[0].source)
        target = numbers(iteration.input(others[0]))
        bounds = _BOUNDS.get(made.op or "")
        if bounds is None or target is None or not target.size:
            return
        prediction = iteration.input(learned[0])
        if prediction is None or list(prediction.shape) != list(target.shape):
            return
        if node.op in DIFFERENCES and not _is_squared(iteration, node):
            return
        low, high = bounds
        below, above = target < (low - 1e-6), target > ((high if high is not None else float("inf")) + 1e-6)
        count = int((below | above).sum())
        if count < max(1, self._SHARE * target.size) or not _learns(iteration, made):
            return
        limit = f"between {number(low)} and {number(high)}" if high is not None else f"{number(low)} or more"
        name = called(others[0].source)
        reach = (
            f"{number(float(target.min()))} to {number(float(target.max()))}"
            if target.size > 1
            else number(float(target.flat[0]))
        )
        why = (
            f"{at_line(made)} gives only numbers that are {limit}, but {name} holds {reach}: {count} of {target.size} "
            "targets cannot be reached, however long it trains."
        )
        op = (made.op or "").strip("_")
        todo = f"Leave the {op} of line {made.line} out: the last layer of a regression has no activation."
        if high is not None:
            todo = f"{todo[:-1]}, or scale the targets into its range."
        self._signs.add(key, self.finding(iteration, made, why, Details(others=[node], todo=todo)))


def _first_input(iteration: IndexedIteration, node: Node) -> Flow | None:
    return next(iter(iteration.graph.into.get(node.id, ())), None)


def _made(iteration: IndexedIteration, node: Node) -> Node:
    """Return the operation that computed the numbers, before any reshaping."""
    for _ in range(_DEEPEST):
        flow = _first_input(iteration, node)
        if node.op not in RESHAPING or flow is None:
            break
        node = flow.source
    return node


def _learns(iteration: IndexedIteration, node: Node) -> bool:
    """Return whether a parameter of more than one dimension is among what it was computed from: it is a network."""
    leaves = (iteration.graph.nodes[i] for i in iteration.graph.before([node.id]))
    values = (iteration.value(leaf.id) for leaf in leaves if leaf.kind == "parameter")
    return any(value is not None and len(value.shape) >= 2 for value in values)


def _is_squared(iteration: IndexedIteration, node: Node) -> bool:
    """Return whether a difference is squared or its size taken, as in a loss written by hand."""
    users = [flow.target.op for flow in iteration.graph.out_of.get(node.id, ())]
    return any((op or "").strip("_") in ("pow", "square", "abs", "mul") for op in users)
