"""Losses with a margin, and losses of distributions."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import Slope, Values
from gradwalk.operations.entries.distances import along_length, cosine_slopes
from gradwalk.operations.entries.losses import Term, pointwise, sigmoid, softplus
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Rule, Worked
from gradwalk.operations.working import Working, read

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


def _together(call: Call, working: Working, costs: list[float], write: Callable[[int], str], divisor: float) -> Worked:
    """Work out a loss from its terms. `write`: how term i is written."""
    added = working.added(costs, write)
    if divisor == 1:
        return working.worked(added, sum(costs))
    return working.worked(working.divided(added, divisor), sum(costs) / divisor)


def _rows_of(call: Call, rows: int, out: int) -> list[int]:
    """Return the rows that a result is computed from."""
    return [out] if call.arguments.get("reduction", "mean") == "none" else list(range(rows))


def _as_rows(array: Array) -> Array:
    return array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)


def _all_of(call: Call, term: str, name: str, classes: bool = False) -> str:
    """Return the reduction of a loss that has one term for each row. `classes`: the term is a mean over the classes."""
    shape, reduction = call.operands[name].shape, call.arguments.get("reduction", "mean")
    inside = rf"\frac{{1}}{{{shape[-1] if shape else 1}}} {term}" if classes else term
    if reduction == "none" or len(shape) < 2:
        return inside
    front = rf"\frac{{1}}{{{shape[0]}}} \sum_{{i}}" if reduction == "mean" else r"\sum_{i}"
    return f"{front} {inside}"


def _written_triplet(call: Call) -> str:
    p, margin = call.real("p", 2.0), call.real("margin", 1.0)
    low = "" if p == 2 else f"_{{{p:g}}}"
    near, far = (rf"\|<anchor>_{{i}} - <{name}>_{{i}}\|{low}" for name in ("positive", "negative"))
    if call.arguments.get("swap"):
        far = rf"\min({far}, \|<positive>_{{i}} - <negative>_{{i}}\|{low})"
    term = rf"\max(0, {near} - {far} + {margin:g})"
    return _all_of(call, term if len(call.operands["anchor"].shape) > 1 else term.replace("_{i}", ""), "anchor")


def _written_cosine(call: Call) -> str:
    margin = call.real("margin", 0.0)
    cosine = r"\cos(<input1>_{i}, <input2>_{i})"
    less = f" - {margin:g}" if margin else ""
    term = (
        rf"\begin{{cases}} 1 - {cosine} & <target>_{{i}} = 1 \\ \max(0, {cosine}{less}) & <target>_{{i}} = -1 "
        r"\end{cases}"
    )
    return _all_of(call, term if len(call.operands["input1"].shape) > 1 else term.replace("_{i}", ""), "input1")


def _written_classes(call: Call) -> str:
    several = len(call.operands["self"].shape) > 1
    right, other = (r"_{i,y_{i}}", "_{ik}") if several else ("_{y}", "_{k}")
    low = "y_{i}" if several else "y"
    power = "^{2}" if call.real("p", 1.0) == 2 else ""
    weight = rf"<weight>_{{{low}}} \, " if "weight" in call.operands else ""
    term = rf"\sum_{{k \ne {low}}} {weight}\max(0, {call.real('margin', 1.0):g} - <self>{right} + <self>{other}){power}"
    return _all_of(call, term, "self", classes=True) + r", \; y = <target>"


def _written_labels(call: Call) -> str:
    low = "_{ik}" if len(call.operands["self"].shape) > 1 else "_{k}"
    cost = rf"<target>{low} \ln \sigma(<self>{low}) + (1 - <target>{low}) \ln(1 - \sigma(<self>{low}))"
    weight = r"<weight>_{k} \, " if "weight" in call.operands else ""
    return "-" + _all_of(call, rf"\sum_{{k}} {weight}\left({cost}\right)", "self", classes=True)


def _written_several(call: Call) -> str:
    low = "i" if len(call.operands["self"].shape) > 1 else ""
    term = (
        rf"\sum_{{j \in \text{{right}}}} \sum_{{k \in \text{{wrong}}}} "
        rf"\max(0, 1 - <self>_{{{low}j}} + <self>_{{{low}k}})"
    )
    return _all_of(call, term, "self", classes=True)


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


def _worked_triplet(call: Call, out: int, _output: int) -> Worked:
    """Work out the triplet loss: how much farther the positive example is than the negative one, and the margin."""
    anchor, positive, negative = (_as_rows(call.array(name)) for name in ("anchor", "positive", "negative"))
    p, eps, margin = call.real("p", 2.0), call.real("eps", 1e-6), call.real("margin", 1.0)
    working, costs, distances = Working(), [], []
    rows = _rows_of(call, len(anchor), out)
    for row in rows:
        near, far = (float(np.linalg.norm(anchor[row] - one[row] + eps, p)) for one in (positive, negative))
        other = "a"
        if call.arguments.get("swap"):
            swapped = float(np.linalg.norm(positive[row] - negative[row] + eps, p))
            far, other = min(far, swapped), "p" if swapped < far else "a"
        low = f"_{{{row}}}" if len(anchor) > 1 else ""
        distances.append((Computed(rf"\|a{low} - p{low}\|", near), Computed(rf"\|{other}{low} - n{low}\|", far)))
        costs.append(max(0.0, near - far + margin))

    def write(i: int) -> str:
        near, far = (working.put(distance) for distance in distances[i])
        return rf"\max(0, {near} - {far} + {working.put(margin)})"

    return _together(call, working, costs, write, _reduced(call, len(anchor)))


def _worked_cosine(call: Call, out: int, _output: int) -> Worked:
    first, second = (_as_rows(call.array(name)) for name in ("input1", "input2"))
    wanted, margin, working = call.array("target").reshape(-1), call.real("margin", 0.0), Working()
    rows = _rows_of(call, len(first), out)
    cosines = [cosine_slopes(first[row], second[row], 1e-12)[0] for row in rows]
    costs = [1 - c if wanted[row] == 1 else max(0.0, c - margin) for row, c in zip(rows, cosines, strict=True)]

    def write(i: int) -> str:
        low = f"_{{{rows[i]}}}" if len(first) > 1 else ""
        cosine = working.put(Computed(rf"\cos(<input1>{low}, <input2>{low})", cosines[i]))
        less = f" - {working.put(margin)}" if margin else ""
        return f"(1 - {cosine})" if wanted[rows[i]] == 1 else rf"\max(0, {cosine}{less})"

    return _together(call, working, costs, write, _reduced(call, len(first)))


def _worked_classes(call: Call, out: int, _output: int) -> Worked:
    """Work out multi_margin_loss: by how much each other class comes too near to the right one."""
    scores, right = _as_rows(call.array("self")), call.array("target").reshape(-1)
    count, p, margin, working = scores.shape[-1], call.real("p", 1.0), call.real("margin", 1.0), Working()
    pairs = [(row, k) for row in _rows_of(call, len(scores), out) for k in range(count) if k != right[row]]

    def missing(row: int, k: int) -> float:
        return max(0.0, margin - float(scores[row, right[row]]) + float(scores[row, k]))

    def weight(row: int) -> float:
        return float(call.array("weight")[right[row]]) if "weight" in call.operands else 1.0

    def write(i: int) -> str:
        row, k = pairs[i]
        own, other = (working.put(read(call, "self", row * count + one)) for one in (int(right[row]), k))
        power = "^{2}" if p == 2 else ""
        front = ""
        if "weight" in call.operands:
            front = rf"{working.put(read(call, 'weight', int(right[row])))} \cdot "
        return rf"{front}\max(0, {working.put(margin)} - {own} + {other}){power}"

    costs = [weight(row) * missing(row, k) ** p for row, k in pairs]
    return _together(call, working, costs, write, count * _reduced(call, len(scores)))


def _worked_labels(call: Call, out: int, _output: int) -> Worked:
    scores, wanted = _as_rows(call.array("self")), _as_rows(call.array("target")).astype(np.float64)
    count, working = scores.shape[-1], Working()
    weights = np.ones(scores.shape)
    if "weight" in call.operands:
        weights = np.broadcast_to(call.array("weight"), scores.shape)
    places = [(row, k) for row in _rows_of(call, len(scores), out) for k in range(count)]
    costs = [
        float(weights[place] * (softplus(float(scores[place])) - wanted[place] * scores[place])) for place in places
    ]

    def write(i: int) -> str:
        row, k = places[i]
        score = working.put(read(call, "self", row * count + k))
        front = "" if "weight" not in call.operands else rf"{working.put(float(weights[row, k]))} \cdot "
        label = float(wanted[row, k])
        if label in (0, 1):
            inside = rf"-\ln \sigma({score})" if label else rf"-\ln(1 - \sigma({score}))"
        else:
            share = working.put(label)
            inside = rf"-({share} \ln \sigma({score}) + (1 - {share}) \ln(1 - \sigma({score})))"
        return rf"{front}\left({inside}\right)"

    return _together(call, working, costs, write, count * _reduced(call, len(scores)))


def _ranked(call: Call) -> tuple[Array, list[list[int]]]:
    """Return the scores of multilabel_margin_loss by row, and the right classes of each row: up to the first -1."""
    scores, right = _as_rows(call.array("self")), _as_rows(call.array("target"))
    counts = [int(np.argmax(row < 0)) if (row < 0).any() else len(row) for row in right]
    return scores, [[int(k) for k in row[:count]] for row, count in zip(right, counts, strict=True)]


def _too_near(scores: Array, right: list[int], row: int) -> list[tuple[int, int, float]]:
    """Return each right class with each wrong one, and by how much that one comes nearer than 1."""
    wrong = [k for k in range(scores.shape[-1]) if k not in right]
    return [(j, k, max(0.0, 1 - float(scores[row, j]) + float(scores[row, k]))) for j in right for k in wrong]


def _several(call: Call, _argument: str, index: int) -> Iterator[Local]:
    scores, right = _ranked(call)
    row, label = divmod(index, scores.shape[-1])
    near = [(j, k) for j, k, missing in _too_near(scores, right[row], row) if missing > 0]
    pushes = sum(k == label for _, k in near) - sum(j == label for j, _ in near)
    yield _scaled(_out(call, row), pushes / scores.shape[-1], _reduced(call, len(scores)))


def _worked_several(call: Call, out: int, _output: int) -> Worked:
    (scores, right), working = _ranked(call), Working()
    count = scores.shape[-1]
    pairs = [(row, *one) for row in _rows_of(call, len(scores), out) for one in _too_near(scores, right[row], row)]

    def write(i: int) -> str:
        row, j, k, _ = pairs[i]
        own, other = (working.put(read(call, "self", row * count + one)) for one in (j, k))
        return rf"\max(0, 1 - {own} + {other})"

    costs = [missing for *_, missing in pairs]
    return _together(call, working, costs, write, count * _reduced(call, len(scores)))


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


_RANKING = r"\max(0, -<target> \cdot (<input1> - <input2>) + <margin>)"
_FULL = r" + \frac{1}{2} \ln(2 \pi)"
_GAUSS = r"\frac{1}{2} \left( \ln <var> + \frac{(<self> - <target>)^{2}}{<var>} \right)"
_ERROR = Slope(r"\frac{<self> - <target>}{<var>}", "The error, which counts less where a large spread was predicted.",
               lambda v: (v["self"] - v["target"]) / _spread(v))  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (
    Operation(("margin_ranking_loss",), "other",
              says=phrases.loss_of("shortfall of a ranking"), adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(term=Term(_RANKING,
                lambda v: max(0.0, -v["target"] * (v["input1"] - v["input2"]) + v["margin"]),
                lambda v: _RANKING if v["margin"] else _RANKING.replace(" + <margin>", ""),
                lambda call: _RANKING if call.real("margin", 0.0) else _RANKING.replace(" + <margin>", "")),
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
        pointwise(term=Term(_GAUSS, _gauss_loss, lambda v: _GAUSS + (_FULL if v.get("full") else ""),
                lambda call: _GAUSS + (_FULL if call.arguments.get("full") else "")),
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
            _triplet, _SOURCE.format("triplet_margin_loss") + "; Schroff et al., FaceNet, 3.1", fits=_vectors,
            written=_written_triplet, worked=_worked_triplet),
    )),
    Operation(("cosine_embedding_loss",), "other",
              says=phrases.loss_of("cosine loss of the pairs"), adds=phrases.SMALLER_IS_BETTER, formulas=(
        Formula(
            r"\frac{1}{n} \sum \begin{cases} 1 - \cos(a, b) & t = 1 \\ \max(0, \cos(a, b) - m) & t = -1 \end{cases}",
            {name: Rule(r"\mp \frac{1}{|a|} \left( \frac{b}{|b|} - \cos \cdot \frac{a}{|a|} \right)",
                      "The vectors are turned towards each other, or apart. " + _ENOUGH)
           for name in ("input1", "input2")}, _cosine, _SOURCE.format("cosine_embedding_loss"), fits=_vectors,
            written=_written_cosine, worked=_worked_cosine),
    )),
    Operation(("multi_margin_loss",), "other",
              says=phrases.loss_of("margin by which the right class falls short"), adds=phrases.SMALLER_IS_BETTER,
              formulas=(
        Formula(r"\frac{1}{n} \sum \frac{1}{C} \sum_{k \ne y} \max(0, m - <self>_{y} + <self>_{k})^{p}",
            {"self": Rule(r"\frac{1}{C} \begin{cases} 1 & k \text{ too near} \\ 0 & \text{else} \end{cases}",
                        "Each class that comes too near to the right one is pushed down, and the right one up.")},
            _classes, _SOURCE.format("multi_margin_loss") + " and derivatives.yaml: multi_margin_loss",
            written=_written_classes, worked=_worked_classes),
    )),
    Operation(("multilabel_soft_margin_loss",), "other",
              says=phrases.loss_of("surprise at the labels in <target>, judged by <self>"),
              adds=phrases.SMALLER_IS_BETTER, formulas=(
        Formula(r"-\frac{1}{n C} \sum <target> \ln \sigma(<self>) + (1 - <target>) \ln(1 - \sigma(<self>))",
            {"self": Rule(r"\frac{\sigma(<self>) - <target>}{C}", "The predicted probability minus the label.")},
            _labels, _SOURCE.format("multilabel_soft_margin_loss"), fits=_vectors, written=_written_labels,
            worked=_worked_labels),
    )),
    Operation(("multilabel_margin_loss",), "other",
              says="the margin loss of <self> against the classes <target>", formulas=(
        Formula(r"\frac{1}{n} \sum \frac{1}{C} \sum_{j \in \text{right}} \sum_{k \in \text{wrong}}"
                r" \max(0, 1 - <self>_{j} + <self>_{k})",
            {"self": Rule(r"\frac{1}{C} (\text{too near as a wrong class} - \text{too near as a right class})",
                        "Each wrong class that comes too near to a right one is pushed down, and the right one up.")},
            _several, _SOURCE.format("multilabel_margin_loss") + " and derivatives.yaml: multilabel_margin_loss",
            written=_written_several, worked=_worked_several),
    )),
)  # fmt: skip
