"""The first NaN, or the first infinite number that does harm, and the operation that made it."""

import math
from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import broken, numbers, real
from gradwalk.iteration.wording import at_line, called, number

_MASKING: Final = (
    "masked_fill",
    "masked_fill_",
    "where",
    "fill_",
    "full_like",
    "triu",
    "tril",
    "__setitem__",
    "tensor",
)
"""They put infinite numbers into a tensor on purpose, for a softmax to turn into 0."""

Broken = tuple[bool, bool]


class FirstNonFiniteRule(Rule):
    """Tells the first one only: all others come from it."""

    code = "first-nan"
    title = "The first NaN or infinite number"
    severity = "error"
    todo = "Keep the numbers that go into it where the function is defined."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._first: Finding | None = None

    def look(self, iteration: IndexedIteration) -> None:
        """Values in the order in which they were computed, then gradients on their way back."""
        if self._first is not None:
            self._first = self._first.model_copy(update={"iterations": self._first.iterations + _is_hurt(iteration)})
            return
        states = {id_: _state(iteration, id_) for id_ in iteration.graph.nodes}
        infinite: Node | None = None
        for node in iteration.graph.nodes.values():
            nan, inf = states[node.id]
            before = [states[flow.source.id] for flow in iteration.graph.into.get(node.id, ())]
            if nan and not any(b[0] for b in before):
                self._first = self._value(iteration, node, infinite)
                return
            if inf and infinite is None and not any(b[1] for b in before) and _by_accident(node):
                infinite = node
        hurt = _is_hurt(iteration)
        if infinite is not None and hurt:
            self._first = self._value(iteration, infinite, None)
        elif hurt:
            self._first = self._gradient(iteration)

    def found(self) -> Iterable[Finding]:
        """At most one."""
        return [] if self._first is None else [self._first]

    def _value(self, iteration: IndexedIteration, node: Node, infinite: Node | None) -> Finding | None:
        kind = "NaN" if _state(iteration, node.id)[0] else "an infinite number"
        if node.kind != "operation":
            if iteration.index > 0 and node.kind == "parameter":
                why = f"{called(node)} is {kind} since the update before this iteration."
                return self.finding(
                    iteration, node, why, todo="Look at the gradient before: make the learning rate smaller."
                )
            why = f"{called(node)} holds {kind} from the beginning."
            return self.finding(
                iteration, node, why, todo="Clean the data before they are used: torch.isfinite finds them."
            )
        if infinite is not None and infinite.id in iteration.graph.before([node.id]):
            reason, todo = _why(iteration, infinite)
            why = f"{at_line(infinite)} gives an infinite number{reason}, and {at_line(node)} makes NaN of it."
            return self.finding(iteration, infinite, why, others=[node], todo=todo)
        reason, todo = _why(iteration, node)
        return self.finding(iteration, node, f"{at_line(node)} gives {kind}{reason}.", todo=todo)

    def _gradient(self, iteration: IndexedIteration) -> Finding | None:
        """Where a finite gradient goes into an operation, and what comes back is none."""
        for each in iteration.passes:
            for node in reversed(iteration.graph.operations):
                if any(any(broken(g)) for g in each.gradients.get(node.id, ())):
                    continue
                for flow in iteration.graph.into.get(node.id, ()):
                    nan, inf = broken(each.contributions.get(flow.edge.id))
                    if nan or inf:
                        kind = "NaN" if nan else "infinite"
                        at = _at_zero(iteration, node)
                        why = (
                            f"All values are finite, but the gradient that {at_line(node)} gives back to "
                            f"{called(flow.source)} is {kind}{at}."
                        )
                        todo = "Keep its input away from that point, for example by adding 1e-8 to it, before it."
                        return self.finding(iteration, node, why, others=[flow.source], todo=todo)
        return None


def _state(iteration: IndexedIteration, node: str) -> Broken:
    found = [broken(value) for value in iteration.body.values.get(node, ())]
    return any(nan for nan, _ in found), any(inf for _, inf in found)


def _is_hurt(iteration: IndexedIteration) -> bool:
    """Whether loss or gradients are no numbers."""
    loss = real(iteration.body.loss)
    if loss is not None and not math.isfinite(loss):
        return True
    return any(any(broken(g)) for each in iteration.passes for gs in each.gradients.values() for g in gs)


def _by_accident(node: Node) -> bool:
    """Whether nobody asked for infinite numbers there."""
    return node.kind == "operation" and node.op not in _MASKING and "inf" not in str(node.arguments).lower()[:1000]


def _why(iteration: IndexedIteration, node: Node) -> tuple[str, str]:
    """What goes on after "log in line 3 gives NaN", and what to do."""
    op = (node.op or "").strip("_")
    flows = iteration.graph.into.get(node.id, [])
    inputs = [(flow, numbers(iteration.input(flow))) for flow in flows]
    first = inputs[0][1] if inputs else None
    finite = first[np.isfinite(first)] if first is not None else np.array([])
    low = float(finite.min()) if finite.size else math.nan
    high = float(finite.max()) if finite.size else math.nan
    name = called(inputs[0][0].source) if inputs else ""
    if op in ("log", "log2", "log10", "log1p") and low <= (0 if op != "log1p" else -1):
        what = f"of {number(low)}" if low < 0 else "of 0"
        return (
            f": it is the logarithm {what}",
            "Add a small number such as 1e-8 inside, or use the function that computes "
            "both in one: log_softmax, logsigmoid, cross_entropy, binary_cross_entropy_with_logits.",
        )
    if op in ("sqrt", "rsqrt") and low <= 0:
        return (f": it is the root of {number(low)}", "Keep the number below the root above 0: clamp it, or add 1e-8.")
    if op in ("div", "truediv", "rtruediv", "divide", "true_divide", "reciprocal", "rdiv"):
        divisors = [(f, a) for f, a in inputs if op == "reciprocal" or f.edge.argument in ("other", "argument 1")]
        for flow, array in divisors:
            if array is not None and (array == 0).any():
                return (
                    f": it divides by {called(flow.source)}, which holds 0",
                    "Add a small number such as 1e-8 to the divisor.",
                )
        return ": it divides by 0", "Add a small number such as 1e-8 to the divisor."
    if op in ("exp", "expm1", "cosh", "sinh", "exp2") and high > 80:
        return (
            f": e to the power of {number(high)} is larger than any {_dtype(iteration, node)}",
            "Subtract the largest number before exp, as torch.softmax and torch.logsumexp do.",
        )
    if op == "softmax":
        return ": a whole row of it is -inf", "Leave at least one number of each row unmasked."
    if (
        op in ("pow", "square", "rpow", "mul", "sum", "add", "matmul", "linear", "mse_loss")
        and max(abs(low), abs(high)) > 1e15
    ):
        return (
            f": it is larger than any {_dtype(iteration, node)}, for {name} is up to "
            f"{number(max(abs(low), abs(high)))}",
            "Find out what makes the numbers grow: most often the learning rate is too large.",
        )
    return "", FirstNonFiniteRule.todo


def _at_zero(iteration: IndexedIteration, node: Node) -> str:
    flows = iteration.graph.into.get(node.id, [])
    array = numbers(iteration.input(flows[0])) if flows else None
    op = (node.op or "").strip("_")
    if array is not None and array.size and op in ("sqrt", "pow", "norm", "linalg_norm", "linalg_vector_norm", "rsqrt"):
        return ", for its slope at 0 is infinite" if not array.all() or op.endswith("norm") else ""
    return ""


def _dtype(iteration: IndexedIteration, node: Node) -> str:
    value = iteration.value(node.id)
    return "float32" if value is None else value.dtype
