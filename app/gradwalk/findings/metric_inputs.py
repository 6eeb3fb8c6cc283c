"""Findings about numbers that are computed to judge a network: broadcasting, and a threshold that does not fit."""

from collections.abc import Iterable
from typing import Final

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.loss_inputs import RESHAPING, crosses
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import size
from gradwalk.iteration.wording import at_line, called

_COMPARING: Final = ("eq", "ne", "lt", "gt", "le", "ge", "sub", "subtract", "rsub", "logical_xor", "isclose")
_DEEPEST: Final = 50


class BroadcastInMetric(Rule):
    """Prediction and label have different shapes, and every prediction is compared with every label."""

    code = "broadcast-in-metric"
    title = "Broadcasting in a metric"
    severity = "error"
    todo = "Give both sides one shape, for example with prediction.squeeze(1)."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at comparisons that no gradient comes back through: those of a loss have a rule of their own."""
        for node in iteration.graph.operations:
            if (node.op or "").strip("_") in _COMPARING and not node.requires_grad:
                key = iteration.graph.keys[node.id]
                if not self._signs.again(key, iteration):
                    self._compare(iteration, node, key)

    def found(self) -> Iterable[Finding]:
        """Return one finding for each comparison."""
        return list(self._signs)

    def _compare(self, iteration: IndexedIteration, node: Node, key: object) -> None:
        flows = iteration.graph.into.get(node.id, [])[:2]
        tensors = [iteration.input(flow) for flow in flows]
        if len(flows) < 2 or tensors[0] is None or tensors[1] is None:
            return
        a, b = tensors[0].shape, tensors[1].shape
        if not crosses(a, b) or self._learned(iteration, flows[0].source) == self._learned(iteration, flows[1].source):
            return
        rows = max(size(tensors[0]), size(tensors[1]))
        sides = [called(flow.source) for flow in flows]
        why = (
            f"{sides[0]} has the shape {tuple(a)} and {sides[1]} {tuple(b)}: {at_line(node)} compares each of {rows} "
            f"numbers with all {rows} of the other, and its mean is over {rows * rows} pairs instead of {rows}."
        )
        self._signs.add(key, self.finding(iteration, node, why, Details(others=[f.source for f in flows])))

    def _learned(self, iteration: IndexedIteration, node: Node) -> bool:
        """Return whether a parameter is among what a side was computed from: then it is the prediction."""
        return any(iteration.graph.nodes[i].kind == "parameter" for i in iteration.graph.before([node.id]))


class LogitThreshold(Rule):
    """Outputs that are logits are compared with 0.5, as if they were probabilities."""

    code = "logits-against-one-half"
    title = "Logits compared with 0.5"
    todo = "Compare logits with 0, or apply sigmoid first: a probability of 0.5 is a logit of 0."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()
        self._logits: set[str] = set()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for layers whose outputs go into a loss as logits, and for comparisons of such outputs."""
        graph = iteration.graph
        for node in graph.operations:
            if node.op == "binary_cross_entropy_with_logits":
                flow = next((f for f in graph.into.get(node.id, ()) if f.edge.argument == "input"), None)
                if flow is not None:
                    self._logits |= self._weights(iteration, self._made(iteration, flow.source))
            elif (node.op or "").strip("_") in ("gt", "ge", "lt", "le") and node.arguments.get("other") == 0.5:
                key = graph.keys[node.id]
                source = next((f.source for f in graph.into.get(node.id, ())), None)
                if source is None or self._signs.again(key, iteration):
                    continue
                made = self._made(iteration, source)
                if self._logits & self._weights(iteration, made):
                    why = (
                        f"{at_line(node)} compares {called(source)} with 0.5, but these are logits: "
                        "binary_cross_entropy_with_logits was given the same outputs, and a logit of 0.5 is a "
                        "probability of 0.62."
                    )
                    self._signs.add(key, self.finding(iteration, node, why, Details(others=[source])))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each comparison."""
        return list(self._signs)

    def _made(self, iteration: IndexedIteration, node: Node) -> Node:
        for _ in range(_DEEPEST):
            flows = iteration.graph.into.get(node.id, ())
            if node.op not in RESHAPING or not flows:
                break
            node = flows[0].source
        return node

    def _weights(self, iteration: IndexedIteration, node: Node) -> set[str]:
        """Return the parameters that a layer uses itself; there are none behind a sigmoid."""
        flows = iteration.graph.into.get(node.id, ())
        return {f.source.name for f in flows if f.source.kind == "parameter" and f.source.name}
