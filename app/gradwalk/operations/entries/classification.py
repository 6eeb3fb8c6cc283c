"""Losses over classes: negative log-likelihood, and cross-entropy, which takes the softmax itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Read, Rule

_SOURCE = "PyTorch, torch.nn.functional.{}; Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.3"


@dataclass(frozen=True)
class _Batch:
    """The scores as samples × classes.

    `order` holds the flat index of each score in the recorded tensor. `targets` holds the share that each class should
    get, with weights and smoothing in it. `divisor` is that of the reduction `mean`.
    """

    scores: Array
    order: Array
    targets: Array
    divisor: float
    mean: bool
    reduced: bool

    def place(self, index: int) -> tuple[int, int]:
        """Return the sample and the class of a flat index."""
        found = np.argwhere(self.order == index)[0]
        return int(found[0]), int(found[1])

    def out(self, sample: int) -> int:
        """Return the element of the result that a sample goes into."""
        return 0 if self.reduced else sample


def _samples(array: Array) -> Array:
    """Return an array as samples × classes: the classes are in dimension 1, or in the only dimension."""
    if array.ndim == 1:
        return array.reshape(1, -1)
    return np.moveaxis(array, 1, -1).reshape(-1, array.shape[1])


def _batch(call: Call) -> _Batch:
    raw, target = call.array("self"), call.array("target")
    scores = _samples(raw).astype(np.float64)
    order = _samples(np.arange(raw.size).reshape(raw.shape))
    count = scores.shape[1]
    weights = call.array("weight") if "weight" in call.operands else np.ones(count)
    smoothing = call.real("label_smoothing", 0.0)
    reduction = call.arguments.get("reduction", "mean")
    if target.dtype == np.float64:
        targets = (_samples(target) * (1 - smoothing) + smoothing / count) * weights
        divisor = float(len(scores))
    else:
        labels = target.reshape(-1)
        kept = labels != int(call.real("ignore_index", -100))
        safe = np.where(kept, labels, 0)
        hot = np.zeros_like(scores)
        hot[np.arange(len(scores)), safe] = (1 - smoothing) * weights[safe]
        targets = (hot + smoothing / count * weights) * kept[:, None]
        divisor = float((weights[safe] * kept).sum())
    return _Batch(scores, order, targets, divisor if reduction == "mean" else 1.0, reduction == "mean",
                  reduction != "none")  # fmt: skip


def _softmax(row: Array) -> Array:
    raised = np.exp(row - row.max())
    softened: Array = raised / raised.sum()
    return softened


def _cross_entropy(call: Call, argument: str, index: int) -> Iterator[Local]:
    batch = _batch(call)
    if argument == "target":
        yield from _by_target(call, batch, index)
        return
    sample, label = batch.place(index)
    p = float(_softmax(batch.scores[sample])[label])
    wanted, total = float(batch.targets[sample, label]), float(batch.targets[sample].sum())
    reads: dict[str, Read | Computed | float] = {
        "p": Computed(rf"p_{{{sample},{label}}}", p),
        "t": Computed(rf"t_{{{sample},{label}}}", wanted),
        "total": Computed(rf"\textstyle\sum_{{k}} t_{{{sample},k}}", total),
        "n": batch.divisor,
    }
    pull = "<p> - <t>" if abs(total - 1) < 1e-12 else r"<total> \cdot <p> - <t>"
    formula = rf"\frac{{{pull}}}{{<n>}}" if batch.mean else pull
    yield Local(batch.out(sample), (total * p - wanted) / batch.divisor, reads=reads, formula=formula)


def _by_target(call: Call, batch: _Batch, index: int) -> Iterator[Local]:
    sample, label = batch.place(index)
    p = float(_softmax(batch.scores[sample])[label])
    weight = float(call.array("weight")[label]) if "weight" in call.operands else 1.0
    factor = weight * (1 - call.real("label_smoothing", 0.0)) / batch.divisor
    reads: dict[str, Read | Computed | float] = {"p": Computed(rf"p_{{{sample},{label}}}", p), "c": factor}
    yield Local(batch.out(sample), -factor * float(np.log(p)), reads=reads, formula=r"-<c> \cdot \ln <p>")


def _nll(call: Call, argument: str, index: int) -> Iterator[Local]:
    batch = _batch(call)
    sample, label = batch.place(index)
    wanted = float(batch.targets[sample, label])
    if wanted:
        reads: dict[str, Read | float] = {"t": wanted, "n": batch.divisor}
        formula = r"-\frac{<t>}{<n>}" if batch.mean else "-<t>"
        yield Local(batch.out(sample), -wanted / batch.divisor, reads=reads, formula=formula)


OPERATIONS: tuple[Operation, ...] = (
    Operation(("cross_entropy",), "other", sign="CE", formulas=(
        Formula(
            r"-\frac{1}{n} \sum_{i} \sum_{k} t_{ik} \ln p_{ik}, \quad p_{i} = \operatorname{softmax}(<self>_{i})", {
            "self": Rule(
                r"\frac{p_{ik} - t_{ik}}{n}",
                "The probability that the softmax gives the class, minus what it should be.",
            ),
            "target": Rule(r"-\frac{\ln p_{ik}}{n}", "What it costs to want this class."),
        }, _cross_entropy, _SOURCE.format("cross_entropy")),
    )),
    Operation(("nll_loss",), "other", sign="NLL", formulas=(
        Formula(r"-\frac{1}{n} \sum_{i} <self>_{i,y_{i}}",
            {"self": Rule(r"-\frac{t_{ik}}{n}", "Only the log-probability of the right class counts.")}, _nll,
            _SOURCE.format("nll_loss")),
    )),
)  # fmt: skip
