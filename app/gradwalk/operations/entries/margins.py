"""Losses with a margin, and losses of distributions."""

import math
from collections.abc import Iterator

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import Slope, Values
from gradwalk.operations.entries.distances import along_length, cosine_slopes
from gradwalk.operations.entries.losses import Term, pointwise, sigmoid
from gradwalk.operations.entry import Formula, Local, Operation, Rule

_SOURCE = "PyTorch, torch.nn.functional.{}"
_ENOUGH = "Once the margin is kept the loss is 0 and nothing comes back."
_ONE_OF = r"\begin{cases} "


def _ranking(own: str) -> Slope:
    sign = -1.0 if own == "input1" else 1.0

    def value(v: Values) -> float:
        hinge = -v["target"] * (v["input1"] - v["input2"]) + v["margin"]
        return sign * v["target"] if hinge > 0 or (hinge == 0 and v["margin"] == 0) else 0.0

    pulled = ("-" if sign < 0 else "") + "<target>"
    return Slope(rf"{_ONE_OF}{pulled} & \text{{margin not kept}} \\ 0 & \text{{else}} \end{{cases}}", _ENOUGH, value)


def _hinge(v: Values) -> float:
    if v["target"] == 1:
        return 1.0
    return -1.0 if v["target"] == -1 and v["self"] < v["margin"] else 0.0


def _spread(v: Values) -> float:
    return max(v["var"], v["eps"])


def _by_spread(v: Values) -> float:
    return 0.5 * (1 / _spread(v) - ((v["self"] - v["target"]) / _spread(v)) ** 2)


def _reduced(call: Call, rows: int) -> float:
    return float(rows) if call.arguments.get("reduction", "mean") == "mean" else 1.0


def _out(call: Call, row: int) -> int:
    return row if call.arguments.get("reduction", "mean") == "none" else 0


def _scaled(out: int, value: float, divisor: float) -> Local:
    reads = {"v": value, "n": divisor}
    return Local(out, value / divisor, reads=reads, formula="<v>" if divisor == 1 else r"\frac{<v>}{<n>}")


def _as_rows(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)


def _triplet(call: Call, argument: str, index: int) -> Iterator[Local]:
    anchor, positive, negative = (_as_rows(call.array(name)) for name in ("anchor", "positive", "negative"))
    p, eps = call.real("p", 2.0), call.real("eps", 1e-6)
    row, place = divmod(index, anchor.shape[-1])
    near, far = anchor[row] - positive[row] + eps, anchor[row] - negative[row] + eps
    swapped = positive[row] - negative[row] + eps
    swap = bool(call.arguments.get("swap")) and np.linalg.norm(swapped, p) < np.linalg.norm(far, p)
    kept = np.linalg.norm(near, p) - np.linalg.norm(swapped if swap else far, p) + call.real("margin", 1.0) <= 0
    pull, push = along_length(near, p)[place], along_length(swapped if swap else far, p)[place]
    slopes = {
        "anchor": pull - (0 if swap else push), "positive": -pull - (push if swap else 0), "negative": push,
    }  # fmt: skip
    yield _scaled(_out(call, row), 0.0 if kept else float(slopes[argument]), _reduced(call, len(anchor)))


def _cosine(call: Call, argument: str, index: int) -> Iterator[Local]:
    first, second = (_as_rows(call.array(name)) for name in ("input1", "input2"))
    wanted = call.array("target").reshape(-1)
    row, place = divmod(index, first.shape[-1])
    own, other = (first, second) if argument == "input1" else (second, first)
    cosine, slopes = cosine_slopes(own[row], other[row], 1e-12)
    if wanted[row] == 1:
        value = -float(slopes[place])
    else:
        value = float(slopes[place]) if cosine > call.real("margin", 0.0) else 0.0
    yield _scaled(_out(call, row), value, _reduced(call, len(first)))


def _classes(call: Call, _argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of multi_margin_loss: every class that comes too near to the right one pushes."""
    scores, right = _as_rows(call.array("self")), call.array("target").reshape(-1)
    count, p, margin = scores.shape[-1], call.real("p", 1.0), call.real("margin", 1.0)
    row, label = divmod(index, count)
    wanted = int(right[row])
    missing = np.maximum(margin - scores[row, wanted] + scores[row], 0)
    missing[wanted] = 0
    weight = float(call.array("weight")[wanted]) if "weight" in call.operands else 1.0
    pushes = weight * ((missing > 0) if p == 1 else 2 * missing) / count
    value = -float(pushes.sum()) if label == wanted else float(pushes[label])
    yield _scaled(_out(call, row), value, _reduced(call, len(scores)))


def _labels(call: Call, _argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of multilabel_soft_margin_loss: the mean of a logistic loss for each class."""
    scores, wanted = _as_rows(call.array("self")), _as_rows(call.array("target")).astype(np.float64)
    row, label = divmod(index, scores.shape[-1])
    weight = (
        float(np.broadcast_to(call.array("weight"), scores.shape)[row, label]) if "weight" in call.operands else 1.0
    )
    value = weight * (sigmoid(float(scores[row, label])) - float(wanted[row, label])) / scores.shape[-1]
    yield _scaled(_out(call, row), value, _reduced(call, len(scores)))


def _vectors(call: Call) -> bool:
    shapes = {operand.shape for name, operand in call.operands.items() if name not in ("target", "weight")}
    return (
        len(shapes) == 1 and all(len(shape) in (1, 2) for shape in shapes) and "distance_function" not in call.arguments
    )


def _spread_for_each(call: Call) -> bool:
    shapes = [operand.shape for operand in call.operands.values()]
    return "var" in call.operands and len({len(shape) for shape in shapes}) == 1


def _hinge_loss(v: Values) -> float:
    return v["self"] if v["target"] == 1 else max(0.0, v["margin"] - v["self"])


def _gauss_loss(v: Values) -> float:
    spread = _spread(v)
    error = (v["self"] - v["target"]) ** 2 / spread
    return 0.5 * (math.log(spread) + error + (math.log(2 * math.pi) if v.get("full") else 0.0))


_FULL = r" + \frac{1}{2} \ln(2 \pi)"
_GAUSS = r"\frac{1}{2} \left( \ln <var> + \frac{(<self> - <target>)^{2}}{<var>} \right)"
_ERROR = Slope(r"\frac{<self> - <target>}{<var>}", "The error, which counts less where a large spread was predicted.",
               lambda v: (v["self"] - v["target"]) / _spread(v))  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (
    Operation(("margin_ranking_loss",), "other",
              says=phrases.loss_of("shortfall of a ranking"), adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(term=Term(r"\max(0, -<target> \cdot (<input1> - <input2>) + <margin>)",
                lambda v: max(0.0, -v["target"] * (v["input1"] - v["input2"]) + v["margin"])),
            source=_SOURCE.format("margin_ranking_loss"),
            by={"input1": _ranking("input1"), "input2": _ranking("input2")}),
    )),
    Operation(("hinge_embedding_loss",), "other",
              says=phrases.loss_of("hinge loss of <self> against <target>"), adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(term=Term(r"\begin{cases} <self> & <target> = 1 \\"
                      r" \max(0, <margin> - <self>) & <target> = -1 \end{cases}", _hinge_loss,
                lambda v: "<self>" if v["target"] == 1 else r"\max(0, <margin> - <self>)"),
            source=_SOURCE.format("hinge_embedding_loss"),
            by={"self": Slope(r"\begin{cases} 1 & <target> = 1 \\ -1 & <target> = -1, \; <self> \lt <margin> \\"
                                r" 0 & \text{else} \end{cases}", _ENOUGH, _hinge)}),
    )),
    Operation(("gaussian_nll_loss",), "other",
              says=phrases.loss_of("negative log-likelihood of <target> under a normal distribution"),
              adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(term=Term(_GAUSS, _gauss_loss, lambda v: _GAUSS + (_FULL if v.get("full") else "")),
            source=_SOURCE.format("gaussian_nll_loss") +
              "; Bishop, Pattern Recognition and Machine Learning, 1.2.4", fits=_spread_for_each,
            by={"self": _ERROR,
                  "target": Slope(r"-\frac{<self> - <target>}{<var>}", _ERROR.meaning, lambda v: -_ERROR.value(v)),
                  "var": Slope(r"\frac{1}{2 <var>} - \frac{(<self> - <target>)^{2}}{2 <var>^{2}}",
                               "The spread is right where it is the squared error.", _by_spread)}),
    )),
    Operation(("triplet_margin_loss",), "other",
              says=phrases.loss_of("shortfall of the distance between likes and unlikes"),
              adds=phrases.SMALLER_IS_BETTER, formulas=(
        Formula(r"\frac{1}{n} \sum \max(0, \|a - p\| - \|a - n\| + m)",
            {"anchor": Rule(r"\frac{a - p}{\|a - p\|} - \frac{a - n}{\|a - n\|}", _ENOUGH),
           "positive": Rule(r"-\frac{a - p}{\|a - p\|}", "The positive example is pulled to the anchor. " + _ENOUGH),
           "negative": Rule(r"\frac{a - n}{\|a - n\|}", "The negative example is pushed away. " + _ENOUGH)},
            _triplet, _SOURCE.format("triplet_margin_loss") + "; Schroff et al., FaceNet, 3.1", fits=_vectors),
    )),
    Operation(("cosine_embedding_loss",), "other",
              says=phrases.loss_of("cosine loss of the pairs"), adds=phrases.SMALLER_IS_BETTER, formulas=(
        Formula(
            r"\frac{1}{n} \sum \begin{cases} 1 - \cos(a, b) & t = 1 \\ \max(0, \cos(a, b) - m) & t = -1 \end{cases}",
            {name: Rule(r"\mp \frac{1}{|a|} \left( \frac{b}{|b|} - \cos \cdot \frac{a}{|a|} \right)",
                      "The vectors are turned towards each other, or apart. " + _ENOUGH)
           for name in ("input1", "input2")}, _cosine, _SOURCE.format("cosine_embedding_loss"), fits=_vectors),
    )),
    Operation(("multi_margin_loss",), "other",
              says=phrases.loss_of("margin by which the right class falls short"), adds=phrases.SMALLER_IS_BETTER,
              formulas=(
        Formula(r"\frac{1}{n} \sum \frac{1}{C} \sum_{k \ne y} \max(0, m - <self>_{y} + <self>_{k})^{p}",
            {"self": Rule(r"\frac{1}{C} \begin{cases} 1 & k \text{ too near} \\ 0 & \text{else} \end{cases}",
                        "Each class that comes too near to the right one is pushed down, and the right one up.")},
            _classes, _SOURCE.format("multi_margin_loss") + " and derivatives.yaml: multi_margin_loss"),
    )),
    Operation(("multilabel_soft_margin_loss",), "other",
              says=phrases.loss_of("surprise at the labels in <target>, judged by <self>"),
              adds=phrases.SMALLER_IS_BETTER, formulas=(
        Formula(r"-\frac{1}{n C} \sum <target> \ln \sigma(<self>) + (1 - <target>) \ln(1 - \sigma(<self>))",
            {"self": Rule(r"\frac{\sigma(<self>) - <target>}{C}", "The predicted probability minus the label.")},
            _labels, _SOURCE.format("multilabel_soft_margin_loss"), fits=_vectors),
    )),
)  # fmt: skip
