"""Connectionist temporal classification: what all ways to place the labels in time are worth together."""

import math

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Operation, Worked
from gradwalk.operations.working import Working


def _likelihoods(call: Call) -> tuple[Array, Array]:
    """Return the logarithm of each sample's probability, and the number of its labels."""
    scores = call.array("log_probs")
    scores = scores[:, None] if scores.ndim == 2 else scores
    count = scores.shape[1]
    sizes, times = (
        np.asarray(call.array(name) if name in call.operands else call.arguments[name]).reshape(-1)
        for name in ("target_lengths", "input_lengths")
    )
    targets, blank = call.array("targets"), int(call.real("blank", 0))
    rows = targets if targets.ndim == 2 else np.split(targets, np.cumsum(sizes)[:-1])
    each = [_likelihood(scores[: times[i], i], rows[i][: sizes[i]], blank) for i in range(count)]
    return np.array(each), sizes


def _likelihood(scores: Array, labels: Array, blank: int) -> float:
    """Return the logarithm of the sum over all ways: labels in order, repeated or with blanks between them."""
    way = [blank]
    for label in labels:
        way += [int(label), blank]
    reached = np.full(len(way), -np.inf)
    reached[0] = scores[0, blank]
    if len(way) > 1:
        reached[1] = scores[0, way[1]]
    for time in range(1, len(scores)):
        before = reached.copy()
        for s, label in enumerate(way):
            reached[s] = before[s]
            if s > 0:
                reached[s] = np.logaddexp(reached[s], before[s - 1])
            if s > 1 and label not in (blank, way[s - 2]):
                reached[s] = np.logaddexp(reached[s], before[s - 2])
            reached[s] += scores[time, label]
    return float(np.logaddexp.reduce(reached[-2:]))


def _worked(call: Call, out: int, _output: int) -> Worked:
    found, sizes = _likelihoods(call)
    reduction, working = call.arguments.get("reduction", "mean"), Working()
    if call.arguments.get("zero_infinity"):
        found = np.where(np.isinf(found), 0.0, found)
    mean = reduction == "mean"
    shown = [out] if reduction == "none" else list(range(len(found)))
    shares = [max(int(sizes[i]), 1) if mean else 1 for i in shown]
    costs = [-float(found[i]) / share for i, share in zip(shown, shares, strict=True)]

    def write(number: int) -> str:
        low = f"_{{{shown[number]}}}" if len(found) > 1 else ""
        chance = working.put(Computed(f"P{low}", math.exp(float(found[shown[number]]))))
        cost, share = rf"-\ln {chance}", shares[number]
        if len(shown) == 1 and share == 1:
            return cost
        return rf"\left({cost}\right)" if share == 1 else rf"\frac{{{cost}}}{{{share}}}"

    added = working.added(costs, write)
    divisor = float(len(shown)) if mean else 1.0
    value = sum(costs) / divisor
    return working.worked(added if divisor == 1 else working.divided(added, divisor), value)


def _written(call: Call) -> str:
    fronts = {"none": "-", "sum": r"-\sum_{i} "}
    front = fronts.get(str(call.arguments.get("reduction", "mean")), r"-\frac{1}{n} \sum_{i} \frac{1}{|y_{i}|} ")
    return (
        rf"{front}\ln P_{{i}}, \; P_{{i}} = \sum_{{\text{{ways}}}} \prod_{{t}} e^{{<log_probs>_{{t}}}}, \; "
        r"\text{ways: labels repeated or with blanks}"
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(("ctc_loss",), "other",
              says="the CTC loss of <log_probs> against <targets>", formulas=(
        Formula.forwards(r"-\ln \sum_{\text{ways}} \prod_{t} p_{t}",
            "Graves et al., Connectionist Temporal Classification, 2006, 4.1; PyTorch, torch.nn.functional.ctc_loss",
            _worked, written=_written),
    )),
)  # fmt: skip
