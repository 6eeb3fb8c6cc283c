"""Findings about a softmax along the wrong dimension, over a single number, or without its logarithm."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from gradwalk.contract.snapshot import Node
from gradwalk.findings.finding import Finding
from gradwalk.findings.finding_rule import Details, Rule, Signs
from gradwalk.findings.loss_inputs import RESHAPING
from gradwalk.findings.recorded_run import RecordedRun
from gradwalk.iteration.indexed_graph import Flow
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.iteration.recorded_numbers import is_whole, numbers, size
from gradwalk.iteration.wording import at_line, counted, number

_SOFTMAX: Final = ("softmax", "log_softmax", "softmin")
_SAME_PLACES: Final = (
    "log",
    "clamp",
    "clamp_min",
    "add",
    "__add__",
    "neg",
    "float",
    "to",
    "clone",
    "contiguous",
    "log1p",
)
"""Operations between a softmax and its loss that leave every number in its place."""
_PRODUCTS: Final = ("matmul", "__matmul__", "bmm")
_ROW_LOSSES: Final = ("mse_loss", "l1_loss", "kl_div", "binary_cross_entropy", "smooth_l1_loss")
_DEEPEST: Final = 50


class SoftmaxDimension(Rule):
    """A softmax adds up to 1 along the examples, where it should along the classes."""

    code = "softmax-dimension"
    title = "Softmax along the wrong dimension"
    severity = "error"
    todo = "Let it add up to 1 along the last dimension."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look at what uses the result of each softmax whose dimension is not the last one."""
        for node in iteration.graph.operations:
            dim, shape = _dimension(iteration, node)
            if dim is None or len(shape) < 2 or dim == len(shape) - 1 or node.id not in iteration.before_roots:
                continue
            key = iteration.graph.keys[node.id]
            if self._signs.again(key, iteration):
                continue
            use = self._misused(iteration, node, dim, shape)
            if use is not None:
                rows = f"the {counted(shape[dim], 'example')}" if dim == 0 else f"dimension {dim}"
                why = f"{at_line(node)} adds up to 1 over {rows} (dim={dim} of the shape {tuple(shape)}), but {use}."
                total = f"the {shape[-1]} numbers of each row then add up to 1"
                todo = f"Write dim={len(shape) - 1} in line {node.line}: {total}."
                self._signs.add(key, self.finding(iteration, node, why, Details(todo=todo)))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each softmax."""
        return list(self._signs)

    def _misused(self, iteration: IndexedIteration, node: Node, dim: int, shape: list[int]) -> str | None:
        """Return what needs the other dimension; null where nothing is known to."""
        waiting, seen = [node], {node.id}
        while waiting:
            for flow in iteration.graph.out_of.get(waiting.pop().id, ()):
                user = flow.target
                if user.op == "nll_loss" and flow.edge.argument == "input" and (dim == 0 or len(shape) == 3):
                    return f"{at_line(user)} needs probabilities over the {shape[-1]} classes of each example"
                if user.op in _PRODUCTS and flow.edge.argument in ("self", "input") and dim == len(shape) - 2:
                    return f"{at_line(user)} mixes by the rows, whose weights should add up to 1"
                if user.op == "__getitem__" and _picks_one_per_row(iteration, user, shape):
                    return f"{at_line(user)} picks one class of each row"
                if user.op == "gather" and user.arguments.get("dim") in (1, -1) and dim == 0:
                    return f"{at_line(user)} picks one class of each row"
                if user.op in _ROW_LOSSES and dim == 0 and _rows_add_to_one(iteration, user, flow):
                    return f"each row of the target of {at_line(user)} adds up to 1"
                in_place = user.op in _SAME_PLACES or (user.op in RESHAPING and _keeps_last(iteration, user, shape))
                if in_place and user.id not in seen and len(seen) < _DEEPEST:
                    seen.add(user.id)
                    waiting.append(user)
        return None


class OnlyOneClass(Rule):
    """A softmax over one number is always 1: a loss computed from it never changes, and nothing learns."""

    code = "one-class"
    title = "Softmax or cross-entropy over one number"
    severity = "error"
    todo = "Use sigmoid and binary_cross_entropy_with_logits for one output, or give the last layer two outputs."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for a softmax, or a loss with one inside, whose classes are one."""
        for node in iteration.graph.operations:
            if node.id not in iteration.before_roots or not node.requires_grad:
                continue
            key = iteration.graph.keys[node.id]
            if not self._signs.again(key, iteration) and self._is_one(iteration, node):
                if node.op == "cross_entropy":
                    what = "gets one class: its softmax of one number is always 1, so the loss is always 0"
                else:
                    what = "goes over one number: its result never changes, whatever goes in"
                why = f"{at_line(node)} {what}, every gradient is 0, and nothing learns."
                self._signs.add(key, self.finding(iteration, node, why))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each operation."""
        return list(self._signs)

    def _is_one(self, iteration: IndexedIteration, node: Node) -> bool:
        if node.op == "cross_entropy":
            flow = next((f for f in iteration.graph.into.get(node.id, ()) if f.edge.argument == "input"), None)
            value = None if flow is None else iteration.input(flow)
            shape = [] if value is None else value.shape
            return bool(shape) and shape[1 if len(shape) > 1 else 0] == 1
        dim, shape = _dimension(iteration, node)
        return dim is not None and shape[dim] == 1 and self._all_goes_through(iteration, node)

    def _all_goes_through(self, iteration: IndexedIteration, node: Node) -> bool:
        """Return whether nothing that learns is mixed in behind the softmax, as the values of an attention are."""
        behind, waiting = {node.id}, [node]
        others: list[Flow] = []
        while waiting:
            for flow in iteration.graph.out_of.get(waiting.pop().id, ()):
                if flow.target.id in iteration.before_roots and flow.target.id not in behind:
                    behind.add(flow.target.id)
                    waiting.append(flow.target)
                    others += iteration.graph.into.get(flow.target.id, ())
        return all(flow.source.id in behind or not flow.source.requires_grad for flow in others)


class NoLogProbability(Rule):
    """nll_loss expects logarithms of probabilities, which are never above 0."""

    code = "nll-without-log"
    title = "nll_loss without log_softmax"
    severity = "error"
    todo = "Give nll_loss log_softmax(outputs, dim=1), or use cross_entropy with the outputs as they are."

    def __init__(self, run: RecordedRun) -> None:
        super().__init__(run)
        self._signs = Signs()

    def look(self, iteration: IndexedIteration) -> None:
        """Look for inputs of nll_loss above 0."""
        for node in iteration.graph.operations:
            if node.op != "nll_loss" or not node.requires_grad:
                continue
            key = iteration.graph.keys[node.id]
            flow = next((f for f in iteration.graph.into.get(node.id, ()) if f.edge.argument == "input"), None)
            value = None if flow is None else numbers(iteration.input(flow))
            if flow is None or value is None or not value.size or self._signs.again(key, iteration):
                continue
            high = float(value.max())
            if not 1e-6 < high < float("inf"):
                continue
            made = flow.source
            for _ in range(_DEEPEST):
                flows = iteration.graph.into.get(made.id, ())
                if made.op not in RESHAPING or not flows:
                    break
                made = flows[0].source
            if made.op in ("softmax", "sigmoid", "exp"):
                what = "they are probabilities, not their logarithms"
            else:
                what = "they are no logarithms of probabilities"
            why = (
                f"{at_line(node)} gets numbers up to {number(high)} from {at_line(made)}: {what}, and the loss is "
                "not the one that it should be."
            )
            self._signs.add(key, self.finding(iteration, node, why, Details(others=[made])))

    def found(self) -> Iterable[Finding]:
        """Return one finding for each loss."""
        return list(self._signs)


def _dimension(iteration: IndexedIteration, node: Node) -> tuple[int | None, list[int]]:
    """Return the dimension of a softmax, counted from 0, and the shape of its result; null for any other operation."""
    value = iteration.value(node.id)
    dim = node.arguments.get("dim")
    if node.op not in _SOFTMAX or value is None or type(dim) is not int or not size(value):
        return None, []
    rank = len(value.shape)
    return (dim % rank if rank and -rank <= dim < rank else None), value.shape


def _picks_one_per_row(iteration: IndexedIteration, node: Node, shape: list[int]) -> bool:
    """Return whether an indexing goes by a list of rows and one of classes, as in p[torch.arange(n), y]."""
    flows = [f for f in iteration.graph.into.get(node.id, ()) if f.edge.argument != "self"]
    value = iteration.value(node.id)
    whole = [f for f in flows if is_whole(iteration.input(f))]
    return len(whole) >= 2 and len(shape) == 2 and value is not None and value.shape == shape[:1]


def _rows_add_to_one(iteration: IndexedIteration, loss: Node, flow: Flow) -> bool:
    other = next((f for f in iteration.graph.into.get(loss.id, ()) if f.edge.id != flow.edge.id), None)
    target = None if other is None else numbers(iteration.input(other))
    if target is None or target.ndim != 2 or not target.size or other is None or other.source.requires_grad:
        return False
    rows, columns = target.sum(axis=1), target.sum(axis=0)
    return bool(np.allclose(rows, 1, atol=1e-4)) and not bool(np.allclose(columns, 1, atol=1e-4))


def _keeps_last(iteration: IndexedIteration, node: Node, shape: list[int]) -> bool:
    """Return whether a reshaping keeps the classes in the last dimension."""
    value = iteration.value(node.id)
    kept = node.op in ("view", "reshape", "flatten", "unsqueeze", "squeeze", "contiguous", "view_as", "reshape_as")
    return kept and value is not None and bool(value.shape) and value.shape[-1] == shape[-1]
