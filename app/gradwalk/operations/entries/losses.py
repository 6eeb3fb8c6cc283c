"""Losses that compare element by element, and their reduction."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import Slope, Values, at, chosen_case
from gradwalk.operations.entry import PLACE, Formula, Local, Operation, Read, Rule, Worked, always
from gradwalk.operations.gradients_at_once import of_error
from gradwalk.operations.working import Working, largest

_SOURCE = "PyTorch, torch.nn.functional.{0} and derivatives.yaml: {0}"
_EPSILON = 1e-12
"""PyTorch's floor for a(1 - a) in the gradient of binary_cross_entropy."""
_NUMBERS = {"beta": 1.0, "delta": 1.0, "eps": 1e-8, "margin": 0.0}


class Term(NamedTuple):
    """The loss of one element: its LaTeX, a function that computes it, and where the LaTeX has cases, a function that
    chooses the LaTeX of one. `written`: the LaTeX of a call with other arguments than most have.
    """

    latex: str
    value: Callable[[Values], float]
    case: Callable[[Values], str] | None = None
    written: Callable[[Call], str] | None = None


def pointwise(
    *,
    term: Term,
    source: str,
    by: dict[str, Slope],
    unless: tuple[str, ...] = (),
    fits: Callable[[Call], bool] = always,
) -> Formula:
    """Return the formula of a loss that is computed for each element and then reduced, by default to the mean.

    `term`: the loss of one element. `unless`: the formula does not fit a call with one of these arguments.
    """

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        arrays = {name: call.array(name) for name in call.operands}
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        own = arrays[argument]
        spread = np.broadcast_to(np.arange(own.size).reshape(own.shape), shape).reshape(-1)
        reduction = call.arguments.get("reduction", "mean")
        divisor = _divisor(call, shape)
        slope = by[argument]
        for place in np.flatnonzero(spread == index):
            reads: dict[str, Read | float] = dict(_NUMBERS)
            reads |= {n: float(v) for n, v in call.arguments.items() if isinstance(v, int | float)}
            for name, array in arrays.items():
                flat, value = at(array, shape, int(place))
                reads[name] = Read(name, call.operands[name].output, flat, value)
            values = {n: r.value if isinstance(r, Read) else r for n, r in reads.items()}
            number = slope.value(values)
            latex = chosen_case(slope.latex, values) or ""
            if "weight" in reads:
                latex, number = latex and rf"<weight> \cdot \left({latex}\right)", number * values["weight"]
            reads["n"] = float(divisor)
            formula = latex if divisor == 1 or not latex else rf"\frac{{1}}{{<n>}} \cdot {_grouped(latex)}"
            kept = {name: reads[name] for name in PLACE.findall(formula) if name in reads}
            out = int(place) if reduction == "none" else 0
            yield Local(out, number / divisor, reads=kept, formula=formula or "")

    def worked(call: Call, out: int, _output: int) -> Worked:
        arrays = {name: call.array(name) for name in call.operands}
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        size = math.prod(shape)
        none = call.arguments.get("reduction") == "none"
        working = Working()
        costs = [_cost(_values_at(call, arrays, shape, place), term) for place in ([out] if none else range(size))]
        shown = largest(costs)
        written = [_put_into(working, call, (arrays, shape, out if none else i), term) for i in shown]
        rest = sum(cost for i, cost in enumerate(costs) if i not in shown)
        inside = working.joined(written, len(costs) - len(shown), rest)
        divisor = _divisor(call, shape)
        value = (math.fsum(costs) if all(map(math.isfinite, costs)) else sum(costs)) / divisor
        if divisor == 1:
            return working.worked(inside, value)
        return working.worked(working.divided(inside, float(divisor)), value)

    def written(call: Call) -> str:
        reduction = call.arguments.get("reduction", "mean")
        latex = term.latex if term.written is None else term.written(call)
        if "weight" in call.operands:
            latex = rf"<weight> \cdot {_grouped(latex)}"
        if reduction == "none":
            return latex
        fronts = {"mean": r"\frac{1}{n} \sum", "batchmean": r"\frac{1}{N} \sum"}
        front = fronts.get(str(reduction), r"\sum")
        if _divides_by_weights(call):
            front = r"\frac{1}{\sum <weight>} \sum"
        return _all_of(front, latex)

    rules = {name: Rule(slope.latex, slope.meaning) for name, slope in by.items()}
    return Formula(
        _all_of(r"\frac{1}{n} \sum", term.latex),
        rules,
        column,
        source,
        fits=lambda call: fits(call) and not any(name in call.operands for name in unless),
        defaults=_NUMBERS,
        written=written,
        worked=worked,
    )


def _divides_by_weights(call: Call) -> bool:
    """Return whether the mean is weighted: divided by the sum of the weights, and not by the number of elements."""
    weighted = call.op in ("mse_loss", "l1_loss") and "weight" in call.operands
    return weighted and call.arguments.get("reduction", "mean") == "mean"


def _divisor(call: Call, shape: tuple[int, ...]) -> float:
    if _divides_by_weights(call):
        return float(call.array("weight").sum())
    reduction = str(call.arguments.get("reduction", "mean"))
    return {"mean": math.prod(shape), "batchmean": shape[0] if shape else 1}.get(reduction, 1)


def _values_at(call: Call, arrays: Mapping[str, Array], shape: tuple[int, ...], place: int) -> Values:
    values: Values = dict(_NUMBERS)
    values |= {name: float(value) for name, value in call.arguments.items() if isinstance(value, int | float)}
    values |= {name: at(array, shape, place)[1] for name, array in arrays.items()}
    return values


def _cost(values: Values, term: Term) -> float:
    return term.value(values) * values.get("weight", 1.0)


def _put_into(working: Working, call: Call, where: tuple[Mapping[str, Array], tuple[int, ...], int], term: Term) -> str:
    """Return one element's loss with its numbers."""
    arrays, shape, place = where
    values = _values_at(call, arrays, shape, place)
    latex = term.case(values) if term.case is not None else term.latex
    if "weight" in arrays:
        latex = rf"<weight> \cdot {_grouped(latex)}"

    def put(found: re.Match[str]) -> str:
        name = found[1]
        if name not in arrays:
            return working.put(values[name])
        flat, number = at(arrays[name], shape, place)
        return working.put(Read(name, call.operands[name].output, flat, number))

    return PLACE.sub(put, latex)


def _is_sum(latex: str) -> bool:
    depth, outside = 0, ""
    for letter in latex:
        depth += letter in "({"
        outside += letter if not depth else ""
        depth -= letter in ")}"
    return " + " in outside or " - " in outside


def _all_of(front: str, latex: str) -> str:
    """Return the sum of the losses of all elements; the minus of a negative term stands in front."""
    if latex.startswith("-"):
        return f"-{front} {latex[1:]}"
    whole = latex.startswith(r"\begin{cases}") and latex.endswith(r"\end{cases}")
    return f"{front} {_grouped(latex) if _is_sum(latex) and not whole else latex}"


def _grouped(latex: str) -> str:
    return latex if latex.startswith((r"\frac", r"\left", "(")) else f"({latex})"


def sigmoid(x: float) -> float:
    """Return the sigmoid, without overflow for large numbers."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def softplus(x: float) -> float:
    """Return ln(1 + e^x), without overflow for large numbers."""
    return math.log1p(math.exp(-abs(x))) + max(x, 0.0)


def _log(x: float) -> float:
    return max(math.log(x), -100.0) if x > 0 else -100.0


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


def _bce(v: Values) -> float:
    a = v["self"]
    return (a - v["target"]) / max(a * (1 - a), _EPSILON)


def _logits(v: Values) -> float:
    weight = 1 + (v.get("pos_weight", 1.0) - 1) * v["target"]
    return (1 - v["target"]) - weight * sigmoid(-v["self"])


def _logits_target(v: Values) -> float:
    return -v["self"] + (v.get("pos_weight", 1.0) - 1) * softplus(-v["self"])


def _smooth(v: Values) -> float:
    d, beta = v["self"] - v["target"], v["beta"]
    return d / beta if abs(d) < beta else _sign(d)


def _huber(v: Values) -> float:
    d, delta = v["self"] - v["target"], v["delta"]
    return d if abs(d) <= delta else delta * _sign(d)


def _kl_target(v: Values) -> float:
    return math.log(v["target"]) + 1 - v["self"] if v["target"] > 0 else 0.0


def _in_logarithms(call: Call) -> bool:
    return bool(call.arguments.get("log_target"))


def _rate(call: Call) -> bool:
    """Return whether the input is the rate itself, and not its logarithm."""
    return call.arguments.get("log_input", True) in (False, 0)


def _negative(slope: Slope, latex: str) -> Slope:
    return Slope(latex, slope.meaning, lambda v: -slope.value(v))


def _turned(latex: str) -> str:
    """Return a case distinction about `<self> - <target>` with the sign of each case turned."""
    return (
        latex.replace(r"\begin{cases} ", r"\begin{cases} -")
        .replace(r" \\ ", r" \\ -")
        .replace("-<self> - <target> &", "<target> - <self> &")
    )


_MSE = Slope(
    r"2 \cdot (<self> - <target>)",
    "The slope is the error itself, doubled, and divided by the n numbers where the mean is taken: a large error pulls "
    "hard.",
    lambda v: 2 * (v["self"] - v["target"]),
)
_L1 = Slope(
    r"\operatorname{sign}(<self> - <target>)",
    "Only the direction of the error counts, not its size.",
    lambda v: _sign(v["self"] - v["target"]),
)
_SMOOTH = Slope(
    r"\begin{cases} (<self> - <target>) / <beta> & |<self> - <target>| \lt <beta> \\"
    r" \operatorname{sign}(<self> - <target>) & \text{else} \end{cases}",
    "A small error pulls in proportion, a large one with a constant force.",
    _smooth,
)
_HUBER = Slope(
    r"\begin{cases} <self> - <target> & |<self> - <target>| \le <delta> \\"
    r" <delta> \cdot \operatorname{sign}(<self> - <target>) & \text{else} \end{cases}",
    "A small error pulls in proportion, a large one with a constant force.",
    _huber,
)


def _smooth_case(v: Values) -> str:
    if abs(v["self"] - v["target"]) < v["beta"]:
        return r"\frac{(<self> - <target>)^{2}}{2 \cdot <beta>}"
    return r"|<self> - <target>| - \frac{<beta>}{2}"


def _smooth_loss(v: Values) -> float:
    d, beta = abs(v["self"] - v["target"]), v["beta"]
    return d * d / (2 * beta) if d < beta else d - beta / 2


def _huber_case(v: Values) -> str:
    if abs(v["self"] - v["target"]) <= v["delta"]:
        return r"\frac{(<self> - <target>)^{2}}{2}"
    return r"<delta> \cdot \left(|<self> - <target>| - \frac{<delta>}{2}\right)"


def _huber_loss(v: Values) -> float:
    d, delta = abs(v["self"] - v["target"]), v["delta"]
    return d * d / 2 if d <= delta else delta * (d - delta / 2)


def _bce_loss(v: Values) -> float:
    return -(v["target"] * _log(v["self"]) + (1 - v["target"]) * _log(1 - v["self"]))


def _bce_case(v: Values) -> str:
    if v["target"] in (0, 1):
        return r"-\ln <self>" if v["target"] == 1 else r"-\ln(1 - <self>)"
    return _BCE


def _logits_loss(v: Values) -> float:
    return (1 - v["target"]) * v["self"] + (1 + (v.get("pos_weight", 1.0) - 1) * v["target"]) * softplus(-v["self"])


def _logits_case(v: Values) -> str:
    if v["target"] in (0, 1):
        return r"-\ln \sigma(<self>)" if v["target"] == 1 else r"-\ln(1 - \sigma(<self>))"
    return _LOGITS


def _kl_loss(v: Values) -> float:
    t = v["target"]
    return t * (math.log(t) - v["self"]) if t > 0 else 0.0


def _counted(v: Values) -> float:
    """Return Stirling's term, which `full` adds for the counts above 1."""
    t = v["target"]
    return t * math.log(t) - t + 0.5 * math.log(2 * math.pi * t) if v.get("full") and t > 1 else 0.0


def _counts(latex: str) -> Callable[[Values], str]:
    return lambda v: latex + (_STIRLING if v.get("full") and v["target"] > 1 else "")


def _counts_fully(latex: str) -> Callable[[Call], str]:
    """Return the writer of a Poisson loss: with Stirling's term where `full` asks for it."""
    added = rf" + \begin{{cases}} {_STIRLING.removeprefix(' + ')} & <target> \gt 1 \\ 0 & \text{{else}} \end{{cases}}"
    return lambda call: latex + (added if call.arguments.get("full") else "")


_BCE = r"-(<target> \ln <self> + (1 - <target>) \ln(1 - <self>))"
_LOGITS = r"-(<target> \ln \sigma(<self>) + (1 - <target>) \ln(1 - \sigma(<self>)))"
_KL = r"<target> \cdot (\ln <target> - <self>)"
_KL_OF_LOGARITHMS = r"e^{<target>} \cdot (<target> - <self>)"
_POISSON = r"e^{<self>} - <target> \cdot <self>"
_POISSON_RATE = r"<self> - <target> \cdot \ln(<self> + <eps>)"
_STIRLING = r" + <target> \ln <target> - <target> + \frac{1}{2} \ln(2 \pi <target>)"
_SMOOTH_LOSS = (
    r"\begin{cases} \frac{(<self> - <target>)^{2}}{2 \cdot <beta>} & |<self> - <target>| \lt <beta> \\"
    r" |<self> - <target>| - \frac{<beta>}{2} & \text{else} \end{cases}"
)
_HUBER_LOSS = (
    r"\begin{cases} \frac{(<self> - <target>)^{2}}{2} & |<self> - <target>| \le <delta> \\"
    r" <delta> \cdot (|<self> - <target>| - \frac{<delta>}{2}) & \text{else} \end{cases}"
)


OPERATIONS: tuple[Operation, ...] = (
    Operation(("mse_loss",), "other",
              says=phrases.loss_of("squared distance between <self> and <target>"), adds=phrases.SMALLER_IS_BETTER,
              sign="MSE", word="mean squared error", formulas=(
        pointwise(term=Term(r"(<self> - <target>)^{2}", lambda v: (v["self"] - v["target"]) ** 2),
            source=_SOURCE.format("mse_loss") + "; Bishop, Pattern Recognition and Machine Learning, 1.1",
            by={"self": _MSE, "target": _negative(_MSE, r"-2 \cdot (<self> - <target>)")}),
    )),
    Operation(("l1_loss",), "other",
              says=phrases.loss_of("distance between <self> and <target>"), adds=phrases.SMALLER_IS_BETTER, sign="L1",
              formulas=(
        pointwise(term=Term("|<self> - <target>|", lambda v: abs(v["self"] - v["target"])),
            source="PyTorch, torch.nn.functional.l1_loss",
            by={"self": _L1, "target": _negative(_L1, r"-\operatorname{sign}(<self> - <target>)")}),
    )),
    Operation(("smooth_l1_loss",), "other",
              says=phrases.loss_of("distance between <self> and <target>, squared where it is small"),
              adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(term=Term(_SMOOTH_LOSS, _smooth_loss, _smooth_case),
            source=_SOURCE.format("smooth_l1_loss"),
            by={"self": _SMOOTH, "target": _negative(_SMOOTH, _turned(_SMOOTH.latex))}),
    )),
    Operation(("huber_loss",), "other",
              says=phrases.loss_of("distance between <self> and <target>, squared where it is small"),
              adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(term=Term(_HUBER_LOSS, _huber_loss, _huber_case), source=_SOURCE.format("huber_loss"),
            by={"self": _HUBER, "target": _negative(_HUBER, _turned(_HUBER.latex))}),
    )),
    Operation(("binary_cross_entropy",), "other",
              says=phrases.loss_of("surprise at the answers in <target>, judged by <self>"),
              adds=phrases.SMALLER_IS_BETTER, sign="BCE", formulas=(
        pointwise(term=Term(_BCE, _bce_loss, _bce_case),
            source=_SOURCE.format("binary_cross_entropy") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.2",
            by={
            "self": Slope(r"\frac{<self> - <target>}{<self> \cdot (1 - <self>)}",
                          "The slope is the error, and more of it the surer the wrong prediction was.", _bce),
            "target": Slope(r"\ln(1 - <self>) - \ln <self>", "What the other label would have cost.",
                            lambda v: _log(1 - v["self"]) - _log(v["self"])),
        }),
    )),
    Operation(("binary_cross_entropy_with_logits",), "other",
              says=phrases.loss_of("surprise at the answers in <target>, judged by <self>"),
              adds=phrases.SMALLER_IS_BETTER, sign="BCE σ", formulas=(
        replace(
            pointwise(
                term=Term(_LOGITS, _logits_loss, _logits_case),
                source=_SOURCE.format("binary_cross_entropy_with_logits") + "; Deep Learning, 6.2.2.2",
                unless=("pos_weight",), by={
                "self": Slope(r"\sigma(<self>) - <target>",
                              "The slope is p − y: the predicted probability minus the label.", _logits),
                "target": Slope(r"-<self>", "The label pulls with the logit.", _logits_target),
            }),
            whole=of_error(r"\sigma(<self>)", lambda call: "weight" not in call.operands),
        ),
        pointwise(
            term=Term(
                r"(1 - <target>) \cdot <self> + (1 + (<pos_weight> - 1) \cdot <target>) \cdot \ln(1 + e^{-<self>})",
                _logits_loss,
            ),
            source=_SOURCE.format("binary_cross_entropy_with_logits"), by={
            "self": Slope(r"(1 - <target>) - (1 + (<pos_weight> - 1) \cdot <target>) \cdot \sigma(-<self>)",
                          "The predicted probability minus the label, where positive examples weigh more.", _logits),
            "target": Slope(r"-<self> + (<pos_weight> - 1) \cdot \ln(1 + e^{-<self>})",
                            "The label pulls with the logit.", _logits_target),
        }),
    )),
    Operation(("kl_div",), "other",
              says=phrases.loss_of("divergence of <self> from <target>"), adds=phrases.SMALLER_IS_BETTER, formulas=(
        pointwise(
            term=Term(_KL_OF_LOGARITHMS, lambda v: math.exp(v["target"]) * (v["target"] - v["self"])),
            source="PyTorch, torch.nn.functional.kl_div", fits=_in_logarithms, by={
            "self": Slope(r"-e^{<target>}", "Each log-probability is pulled up by its target.",
                          lambda v: -math.exp(v["target"])),
            "target": Slope(r"e^{<target>} \cdot (<target> - <self> + 1)", "The product rule on p ln p.",
                            lambda v: math.exp(v["target"]) * (v["target"] - v["self"] + 1)),
        }),
        pointwise(term=Term(_KL, _kl_loss, lambda v: _KL if v["target"] > 0 else "0"),
            source="PyTorch, torch.nn.functional.kl_div", by={
            "self": Slope("-<target>", "Each log-probability is pulled up by its target.", lambda v: -v["target"]),
            "target": Slope(r"\begin{cases} \ln <target> + 1 - <self> & <target> \gt 0 \\ 0 & \text{else} \end{cases}",
                            "The product rule on p ln p.", _kl_target),
        }),
    )),
    Operation(("poisson_nll_loss",), "other",
              says=phrases.loss_of("Poisson loss of <self> against <target>"), adds=phrases.SMALLER_IS_BETTER,
              formulas=(
        pointwise(
            term=Term(_POISSON_RATE, lambda v: v["self"] - v["target"] * math.log(v["self"] + v["eps"]) + _counted(v),
                _counts(_POISSON_RATE), _counts_fully(_POISSON_RATE)),
            source="PyTorch, torch.nn.functional.poisson_nll_loss", fits=_rate,
            by={"self": Slope(r"1 - \frac{<target>}{<self> + <eps>}", "1 minus the count as a share of the rate.",
                              lambda v: 1 - v["target"] / (v["self"] + v["eps"]))}),
        pointwise(
            term=Term(_POISSON, lambda v: math.exp(v["self"]) - v["target"] * v["self"] + _counted(v),
                _counts(_POISSON), _counts_fully(_POISSON)),
            source="PyTorch, torch.nn.functional.poisson_nll_loss",
            by={"self": Slope(r"e^{<self>} - <target>", "The rate minus the count.",
                              lambda v: math.exp(v["self"]) - v["target"])}),
    )),
    Operation(("soft_margin_loss",), "other",
              says=phrases.loss_of("soft margin loss of <self> against <target>"), adds=phrases.SMALLER_IS_BETTER,
              formulas=(
        pointwise(term=Term(r"\ln(1 + e^{-<target> \cdot <self>})", lambda v: softplus(-v["target"] * v["self"])),
            source=_SOURCE.format("soft_margin_loss"),
            by={"self": Slope(r"-<target> \cdot \sigma(-<target> \cdot <self>)",
                          "The pull fades once the prediction is on the right side.",
                          lambda v: -v["target"] * sigmoid(-v["target"] * v["self"]))}),
    )),
)  # fmt: skip
