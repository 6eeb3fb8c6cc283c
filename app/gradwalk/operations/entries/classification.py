"""Losses over classes: negative log-likelihood, and cross-entropy, which takes the softmax itself."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Read, Rule, Worked
from gradwalk.operations.gradients_at_once import of_error
from gradwalk.operations.working import Working, largest, read

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


def _cost(call: Call, out: int, _output: int) -> Worked:
    """Work out a cross-entropy: what each sample's share of its wanted classes costs."""
    batch = _batch(call)
    return _summed(call, batch, out, lambda sample: np.log(_softmax(batch.scores[sample])), "p")


def _likelihood(call: Call, out: int, _output: int) -> Worked:
    batch = _batch(call)
    return _summed(call, batch, out, lambda sample: batch.scores[sample], "")


def _summed(call: Call, batch: _Batch, out: int, logarithms: Callable[[int], Array], letter: str) -> Worked:
    working = Working()
    samples = range(len(batch.scores)) if batch.reduced else [out]
    terms: list[tuple[int, int, float, float]] = []
    for sample in samples:
        found = logarithms(sample)
        terms += [
            (sample, k, float(batch.targets[sample, k]), float(found[k]))
            for k in map(int, np.flatnonzero(batch.targets[sample]))
        ]
    costs = [-wanted * logarithm for _, _, wanted, logarithm in terms]
    shown = largest(costs)
    written = []
    for sample, k, wanted, logarithm in (terms[i] for i in shown):
        weight = "" if wanted == 1 else rf"{working.put(wanted)} \cdot "
        if letter:
            number = working.put(Computed(rf"p_{{{sample},{k}}}", math.exp(logarithm)))
            written.append(rf"{weight}\left(-\ln {number}\right)")
        else:
            flat = int(batch.order[sample, k])
            written.append(rf"{weight}\left(-{working.put(read(call, 'self', flat))}\right)")
    rest = sum(cost for i, cost in enumerate(costs) if i not in shown)
    inside = working.joined(written, len(terms) - len(shown), rest)
    value = math.fsum(costs) / batch.divisor if batch.divisor else math.nan
    if not batch.mean or batch.divisor == 1:
        return working.worked(inside, value)
    return working.worked(working.divided(inside, batch.divisor), value)


def _written(letter: str) -> Callable[[Call], str]:
    """Return the writer of the formula: with the weights, the smoothing and the classes that are left out."""

    def written(call: Call) -> str:
        scores, target = call.operands["self"], call.operands["target"]
        labels = target.tensor is None or "int" in target.tensor.dtype
        alone = len(scores.shape) == 1
        reduction = call.arguments.get("reduction", "mean")
        sample = "" if alone else "i"
        weight = "<weight>" if "weight" in call.operands else ""
        smoothing = call.real("label_smoothing", 0.0)
        several = not labels or smoothing > 0
        index = "k" if several else f"y_{{{sample}}}" if sample else "y"
        place = f"{sample},{index}" if sample else index
        cost = rf"\ln p_{{{place}}}" if letter else f"<self>_{{{place}}}"
        share = f"t_{{{sample}k}}" if several else ""
        factor = rf"{weight}_{{{index}}}" if weight else ""
        term = r" \, ".join(part for part in (r"\sum_{k}" if several else "", factor, share, cost) if part)
        divisor = "n" if not weight or not labels else rf"\sum_{{i}} <weight>_{{{index if not several else 'y_{i}'}}}"
        if reduction == "none" or alone:
            front = "-"
        else:
            times = r" \cdot" if weight else ""
            front = rf"-\frac{{1}}{{{divisor}}}{times} \sum_{{i}} " if reduction == "mean" else r"-\sum_{i} "
        notes = []
        if letter:
            low = f"_{{{sample}}}" if sample else ""
            notes.append(rf"p{low} = \operatorname{{softmax}}(<self>{low})")
        if several:
            notes.append(_shares(call, labels, smoothing, sample))
        else:
            notes.append("y = <target>")
        ignored = int(call.real("ignore_index", -100))
        if labels and ignored != -100:
            notes.append(rf"y_{{i}} \ne {ignored}")
        return r", \; ".join([front + term, *notes])

    return written


def _shares(call: Call, labels: bool, smoothing: float, sample: str) -> str:
    wanted = rf"[k = <target>_{{{sample}}}]" if labels and sample else "[k = <target>]" if labels else "<target>"
    if not labels and sample:
        wanted = f"<target>_{{{sample}k}}"
    if not smoothing:
        return rf"t_{{{sample}k}} = {wanted}"
    classes = _classes(call)
    return rf"t_{{{sample}k}} = (1 - {smoothing:g}) \, {wanted} + {smoothing:g} / {classes}"


def _is_plain(call: Call) -> bool:
    """Return whether each label counts whole and alike: then the gradient is p − y."""
    return "weight" not in call.operands and not call.real("label_smoothing", 0.0)


def _classes(call: Call) -> int:
    shape = call.operands["self"].shape
    return shape[0] if len(shape) == 1 else shape[1]


OPERATIONS: tuple[Operation, ...] = (
    Operation(("cross_entropy",), "other",
              says=phrases.loss_of("surprise at the right class in <target>, judged by <self>"),
              adds=phrases.SMALLER_IS_BETTER, sign="CE", formulas=(
        Formula(
            r"-\frac{1}{n} \sum_{i} \sum_{k} t_{ik} \ln p_{ik}, \quad p_{i} = \operatorname{softmax}(<self>_{i})", {
            "self": Rule(
                r"\frac{p_{ik} - t_{ik}}{n}",
                "The slope is p − y: the probability that the softmax gives the class, minus what it should be.",
            ),
            "target": Rule(r"-\frac{\ln p_{ik}}{n}", "What it costs to want this class."),
        }, _cross_entropy, _SOURCE.format("cross_entropy"), written=_written("p"), worked=_cost,
            whole=of_error(r"\operatorname{softmax}(<self>)", _is_plain)),
    )),
    Operation(("nll_loss",), "other",
              says=phrases.loss_of("negative log-probability of the right class in <target>"),
              adds=phrases.SMALLER_IS_BETTER, sign="NLL", formulas=(
        Formula(r"-\frac{1}{n} \sum_{i} <self>_{i,y_{i}}",
            {"self": Rule(r"-\frac{t_{ik}}{n}", "Only the log-probability of the right class counts.")}, _nll,
            _SOURCE.format("nll_loss"), written=_written(""), worked=_likelihood),
    )),
)  # fmt: skip
