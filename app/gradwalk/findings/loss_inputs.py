"""Findings about losses that get other inputs than they are made for."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import size
from gradwalk.iteration.wording import at_line, called

RESHAPING: Final = (
    *("view", "reshape", "squeeze", "unsqueeze", "flatten", "__getitem__", "transpose", "permute", "contiguous"),
    *("T", "mT", "float", "to", "clone", "movedim", "view_as", "reshape_as"),
)
"""Operations that change how numbers are arranged or stored, and not what they are."""
ELEMENTWISE_LOSSES: Final = (
    *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy_with_logits"),
    *("poisson_nll_loss", "kl_div"),
)
DIFFERENCES: Final = ("sub", "__sub__", "__rsub__", "rsub", "subtract")
_DEEPEST: Final = 50


class _Twice(Rule):
    """A rule about a loss that applies `function` itself and is given the result of that function."""

    losses: ClassVar[tuple[str, ...]]
    functions: ClassVar[tuple[str, ...]]

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at every loss of the iteration, also at one without a backward pass."""
        for node in iteration.graph.operations:
            if node.op in self.losses:
                before = _through_reshaping(iteration.graph, node)
                if (
                    before is not None
                    and before.op in self.functions
                    and not self._signs.again(_key(iteration, node), iteration)
                ):
                    self._signs.add(_key(iteration, node), self._told(iteration, node, before))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each loss."""
        return list(self._signs)

    @abstractmethod
    def _told(self, iteration: IndexedIteration, node: Node, before: Node) -> Finding:
        """Return the finding that `before` already computes what the loss `node` computes itself."""


class SoftmaxBeforeCrossEntropy(_Twice):
    """cross_entropy computes a softmax itself."""

    code = "softmax-before-cross-entropy"
    title = "Softmax before cross-entropy"
    todo = "Give cross_entropy the outputs of the last layer as they are (logits); use softmax only to look at them."
    losses = ("cross_entropy",)
    functions = ("softmax", "sigmoid", "softmin")

    def _told(self, iteration: IndexedIteration, node: Node, before: Node) -> Finding:
        why = (
            f"{at_line(before)} is computed before {at_line(node)}, which applies softmax itself: the second one "
            "squeezes the probabilities together, and the gradients become small."
        )
        return self.finding(iteration, node, why, Details(others=[before]))


class SigmoidBeforeLogits(_Twice):
    """binary_cross_entropy_with_logits computes a sigmoid itself."""

    code = "sigmoid-before-logits"
    title = "Sigmoid before binary cross-entropy with logits"
    todo = "Leave the sigmoid out, or use binary_cross_entropy (nn.BCELoss), which expects probabilities."
    losses = ("binary_cross_entropy_with_logits",)
    functions = ("sigmoid", "softmax", "sigmoid_")

    def _told(self, iteration: IndexedIteration, node: Node, before: Node) -> Finding:
        why = (
            f"{at_line(before)} is computed before {at_line(node)}, which applies sigmoid itself: applied twice, it "
            "can only give probabilities between 0.5 and 0.73."
        )
        return self.finding(iteration, node, why, Details(others=[before]))


class BroadcastInLoss(Rule):
    """Prediction and target have different shapes, and every prediction is compared with every target."""

    code = "broadcast-in-loss"
    title = "Broadcasting in a loss"
    severity = "error"
    todo = "Give the target the shape of the prediction, for example with y.unsqueeze(1) or y.view_as(prediction)."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at losses of two tensors, and at differences that a loss is computed from."""
        for node in iteration.graph.operations:
            is_loss = node.op in ELEMENTWISE_LOSSES
            if is_loss or (node.op in DIFFERENCES and node.id in iteration.before_roots):
                key = _key(iteration, node)
                if not self._signs.again(key, iteration):
                    self._compare(iteration, node, key)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each loss."""
        return list(self._signs)

    def _compare(self, iteration: IndexedIteration, node: Node, key: object) -> None:
        flows = [f for f in iteration.graph.into.get(node.id, ()) if f.edge.argument != "weight"][:2]
        tensors = [iteration.input(flow) for flow in flows]
        if len(flows) < 2 or tensors[0] is None or tensors[1] is None:
            return
        (left, right), (a, b) = flows, (tensors[0].shape, tensors[1].shape)
        if not crosses(a, b) or left.source.requires_grad == right.source.requires_grad:
            return
        rows = max(size(tensors[0]), size(tensors[1]))
        why = (
            f"{called(left.source)} has the shape {tuple(a)} and {called(right.source)} {tuple(b)}: {at_line(node)} "
            f"compares each of {rows} numbers with all {rows} of the other, {rows * rows} pairs instead of {rows}."
        )
        self._signs.add(key, self.finding(iteration, node, why, Details(others=[left.source, right.source])))


def crosses(a: list[int], b: list[int]) -> bool:
    """Return whether the same number of elements on both sides, (N, 1) and (N), becomes N × N."""
    short, long = sorted((a, b), key=len)
    count = short[0] if len(short) == 1 else 0
    return len(long) == 2 and count > 1 and long == [count, 1]


def _through_reshaping(graph: IndexedGraph, loss: Node) -> Node | None:
    """Return the operation that computed the loss's prediction, before any reshaping."""
    flow = next((f for f in graph.into.get(loss.id, ()) if f.edge.argument == "input"), None)
    for _ in range(_DEEPEST):
        if flow is None or flow.source.op not in RESHAPING:
            break
        flow = next(iter(graph.into.get(flow.source.id, ())), None)
    return None if flow is None else flow.source


def _key(iteration: IndexedIteration, node: Node) -> object:
    return iteration.graph.keys[node.id]
