"""The finding about the first NaN, or the first infinity that does harm, and the operation that made it."""

import math
import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.first_non_finite import Origin, computations, non_finite_kinds, origins
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers, real
from gradwalk.iteration.wording import at_line, called, number

_MANY_TURNS: Final = 8
"""The number of uses of one weight from which on it is a recurrence."""


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
        """Look for the first NaN of a value; for the first infinity, and for gradients, only where they do harm."""
        if self._first is not None:
            self._first = self._first.model_copy(update={"iterations": self._first.iterations + _is_hurt(iteration)})
            return
        found = list(origins(computations(iteration)))
        values = {origin.what == "NaN": origin for origin in found if origin.where == "value"}
        nan, infinite = values.get(True), values.get(False)
        if nan is not None:
            self._first = self._value(iteration, nan, None if infinite is None else infinite.node)
        elif found and _is_hurt(iteration):
            first = infinite or found[0]
            make = self._value if first.where == "value" else self._gradient
            self._first = make(iteration, first)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding."""
        return [] if self._first is None else [self._first]

    def _value(self, iteration: IndexedIteration, origin: Origin[Node], infinite: Node | None = None) -> Finding:
        """Return the finding about a value. `infinite`: the operation that made the first infinity."""
        node, kind = origin.node, "NaN" if origin.what == "NaN" else "an infinite number"
        if node.kind != "operation":
            since, todo = "from the beginning", "Clean the data before they are used: torch.isfinite finds them."
            verb = "holds"
            if iteration.index > 0 and node.kind == "parameter":
                verb, since = "is", "since the update before this iteration"
                todo = "Look at the gradient before: make the learning rate smaller."
            divided = re.search(r"/.*\.std\(", self.run.line(node.line))
            if divided is not None and node.kind != "parameter":
                since = f"from line {node.line} on, which divides by a spread of 0, or by that of a single row"
                todo = "Add a small number such as 1e-8 to the divisor, or leave out the columns that never change."
            return self.finding(iteration, node, f"{called(node)} {verb} {kind} {since}.", Details(todo=todo))
        if infinite is not None and infinite.id in iteration.graph.before([node.id]):
            reason, todo = _why(iteration, infinite)
            why = f"{at_line(infinite)} gives an infinite number{reason}, and {at_line(node)} makes NaN of it."
            return self.finding(iteration, infinite, why, Details(others=[node], todo=todo))
        reason, todo = _why(iteration, node)
        return self.finding(iteration, node, f"{at_line(node)} gives {kind}{reason}.", Details(todo=todo))

    def _gradient(self, iteration: IndexedIteration, origin: Origin[Node]) -> Finding:
        """Return the finding about an operation that gets a finite gradient and gives back another."""
        node, kind = origin.node, "NaN" if origin.what == "NaN" else "infinite"
        if origin.edge is None:
            if node in iteration.roots:
                why = f"The gradient that backward begins with at {called(node)} is {kind}."
                return self.finding(iteration, node, why, Details(todo="Give backward a gradient of finite numbers."))
            why = f"The gradient of {called(node)} becomes {kind} where the contributions to it are added up."
            return self.finding(iteration, node, why, Details(todo="Divide the loss, or make its weights smaller."))
        source = iteration.graph.flows[origin.edge].source
        gives = f"gradient that {at_line(node)} gives back to {called(source)} is {kind}{_at_zero(iteration, node)}."
        finite = not any(non_finite_kinds(value) for values in iteration.body.values.values() for value in values)
        why = f"All values are finite, but the {gives}" if finite else f"The {gives}"
        todo = "Keep its input away from that point, for example by adding 1e-8 to it, before it."
        return self.finding(iteration, node, why, Details(others=[source], todo=todo))


def _is_hurt(iteration: IndexedIteration) -> bool:
    """Return whether the loss or a gradient is not finite."""
    loss = real(iteration.body.loss)
    if loss is not None and not math.isfinite(loss):
        return True
    return any(non_finite_kinds(g) for each in iteration.passes for gs in each.gradients.values() for g in gs)


def _why(iteration: IndexedIteration, node: Node) -> tuple[str, str]:
    """Return the clause after "log in line 3 gives NaN", and an advice."""
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
    if op in ("std", "var", "std_mean", "var_mean"):
        return (
            ": it is computed of a single number, and divides by n − 1, which is 0",
            "Compute it over more numbers, or pass correction=0.",
        )
    if op == "softmax":
        return ": a whole row of it is -inf", "Leave at least one number of each row unmasked."
    repeated = next((f.source for f in flows if len(iteration.graph.out_of.get(f.source.id, ())) >= _MANY_TURNS), None)
    if op in ("mul", "matmul", "linear", "mm") and repeated is not None and repeated.kind == "parameter":
        turns = len(iteration.graph.out_of[repeated.id])
        return (
            f": {called(repeated)} is multiplied in {turns} times in a row, and each time the numbers grow",
            f"Start with a smaller {called(repeated)}, put tanh between the turns, or go through fewer turns.",
        )
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
