"""The finding about a loss whose minus sign is missing, or one too many: it falls below 0 without end."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Rule
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import numbers, real
from gradwalk.iteration.wording import at_line, called, number

_AVERAGING: Final = ("mean", "sum", "nanmean", "nansum")
_PICKING: Final = (
    "__getitem__",
    "gather",
    "squeeze",
    "unsqueeze",
    "view",
    "reshape",
    "diagonal",
    "masked_select",
    "take",
)
_LOGARITHMS: Final = ("log_softmax", "logsigmoid", "log_sigmoid")
_ERRORS: Final = (
    *("mse_loss", "l1_loss", "cross_entropy", "nll_loss", "binary_cross_entropy", "smooth_l1_loss", "huber_loss"),
    *("binary_cross_entropy_with_logits",),
)
_DEEPEST: Final = 20
_ENOUGH: Final = 3


class WrongSign(Rule):
    """The loss is a logarithm of probabilities without a minus, or an error with one: training makes it worse."""

    code = "loss-without-minus"
    title = "A loss with the wrong sign"
    severity = "error"
    todo = "Put a minus in front."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._losses: list[float] = []
        self._first: tuple[IndexedIteration, Node, Node] | None = None
        self._others = False

    def look(self, iteration: IndexedIteration) -> None:
        """Follow the loss back to the logarithm or the error that it is made of."""
        if not iteration.updated or not iteration.roots:
            return
        root = iteration.roots[0]
        source = self._wrong(iteration, root)
        loss = real(iteration.body.loss)
        if source is None or loss is None or len(iteration.roots) > 1 or not self._descends(iteration):
            self._others = True
            return
        self._losses.append(loss)
        self._first = self._first or (iteration, root, source)

    def found(self) -> Iterable[Finding]:
        """Return at most one finding. Where there are other losses too, as in a game of two, the sign is meant."""
        if self._first is None or self._others or len(self._losses) < _ENOUGH:
            return
        if not (self._losses[-1] < self._losses[0] and self._losses[-1] < 0):
            return
        iteration, root, source = self._first
        count = len(self._losses)
        name = called(root)
        if source.op in _ERRORS:
            why = (
                f"{name} is an error with a minus in front ({at_line(source)}): making it smaller makes the error "
                f"larger, from {number(self._losses[0])} to {number(self._losses[-1])} in {count} iterations, without "
                "end."
            )
            todo = f"Leave the minus out in line {root.line}: an optimizer makes the loss smaller by itself."
        else:
            why = (
                f"{name} is the mean of logarithms of probabilities ({at_line(source)}), which training should make "
                f"larger: the optimizer makes it smaller, from {number(self._losses[0])} to "
                f"{number(self._losses[-1])} in {count} iterations, without end."
            )
            todo = f"Put a minus in front of it in line {root.line}, or use nll_loss or cross_entropy, which have it."
        found = self.finding(iteration, root, why)
        yield found.model_copy(update={"iterations": count, "todo": todo})

    def _descends(self, iteration: IndexedIteration) -> bool:
        """Return whether the optimizer goes down. With maximize=True it goes up, and the sign is right."""
        return not any(update.settings.get("maximize") for update in iteration.body.updates)

    def _wrong(self, iteration: IndexedIteration, root: Node) -> Node | None:
        """Return the logarithm that reaches the loss without a minus, or the error that does with one."""
        node, minus = root, False
        for _ in range(_DEEPEST):
            flows = iteration.graph.into.get(node.id, ())
            op = (node.op or "").strip("_")
            if op in _ERRORS:
                return node if minus else None
            if op in _LOGARITHMS or (op == "log" and _is_probability(iteration, node)):
                return None if minus else node
            if not flows:
                return None
            follow = flows[0]
            if op == "neg" or (op in ("mul", "rmul", "div", "truediv") and _factor(node) < 0):
                minus = not minus
            elif op in ("mul", "rmul") and len(flows) == 2:
                weights = [f for f in flows if not f.source.requires_grad]
                array = numbers(iteration.input(weights[0])) if len(weights) == 1 else None
                if array is None or not array.size or not bool((array >= 0).all()):
                    return None
                follow = next(f for f in flows if f.source.requires_grad)
            elif op not in _AVERAGING and node.op not in _PICKING and op not in ("mul", "rmul", "div", "truediv"):
                return None
            node = follow.source
        return None


def _factor(node: Node) -> float:
    value = real(node.arguments.get("other"))
    return 1.0 if value is None else value


def _is_probability(iteration: IndexedIteration, node: Node) -> bool:
    """Return whether a logarithm is taken of numbers between 0 and 1 that a softmax or sigmoid gave."""
    flow = next(iter(iteration.graph.into.get(node.id, ())), None)
    value = None if flow is None else numbers(iteration.input(flow))
    made = None if flow is None else flow.source
    for _ in range(_DEEPEST):
        if made is None or made.op in ("softmax", "sigmoid"):
            break
        flow = next(iter(iteration.graph.into.get(made.id, ())), None)
        made = flow.source if flow is not None and made.op in (*_PICKING, "add", "clamp", "clamp_min") else None
    return made is not None and value is not None and bool(np.all((value >= 0) & (value <= 1 + 1e-6)))
