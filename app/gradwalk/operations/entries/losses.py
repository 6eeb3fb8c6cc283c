"""Losses that compare element by element, and their reduction."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from gradwalk.operations.call import Call
from gradwalk.operations.elementwise import Slope, Values, at
from gradwalk.operations.entry import PLACE, Formula, Local, Operation, Read, Rule, always

_SOURCE = "PyTorch, torch.nn.functional.{0} and derivatives.yaml: {0}"
_EPSILON = 1e-12
"""PyTorch's floor for a(1 - a) in the gradient of binary_cross_entropy."""
_NUMBERS = {"beta": 1.0, "delta": 1.0, "eps": 1e-8, "margin": 0.0}


def pointwise(
    *,
    forward: str,
    source: str,
    by: dict[str, Slope],
    unless: tuple[str, ...] = (),
    fits: Callable[[Call], bool] = always,
) -> Formula:
    """Return the formula of a loss that is computed for each element and then reduced, by default to the mean.

    `unless`: the formula does not fit a call with one of these arguments.
    """

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        arrays = {name: call.array(name) for name in call.operands}
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        own = arrays[argument]
        spread = np.broadcast_to(np.arange(own.size).reshape(own.shape), shape).reshape(-1)
        reduction = call.arguments.get("reduction", "mean")
        size = math.prod(shape)
        divisor = {"mean": size, "batchmean": shape[0] if shape else 1}.get(str(reduction), 1)
        slope = by[argument]
        for place in np.flatnonzero(spread == index):
            reads: dict[str, Read | float] = dict(_NUMBERS)
            reads |= {n: float(v) for n, v in call.arguments.items() if isinstance(v, int | float)}
            for name, array in arrays.items():
                flat, value = at(array, shape, int(place))
                reads[name] = Read(name, call.operands[name].output, flat, value)
            values = {n: r.value if isinstance(r, Read) else r for n, r in reads.items()}
            latex, number = slope.latex, slope.value(values)
            if "weight" in reads:
                latex, number = rf"<weight> \cdot \left({latex}\right)", number * values["weight"]
            reads["n"] = float(divisor)
            formula = latex if divisor == 1 else rf"\frac{{1}}{{<n>}} \cdot {_grouped(latex)}"
            kept = {name: reads[name] for name in PLACE.findall(formula) if name in reads}
            cases = r"\begin{cases}" in latex
            out = int(place) if reduction == "none" else 0
            yield Local(out, number / divisor, reads=kept, formula="" if cases else formula)

    rules = {name: Rule(slope.latex, slope.meaning) for name, slope in by.items()}
    return Formula(
        forward,
        rules,
        column,
        source,
        fits=lambda call: fits(call) and not any(name in call.operands for name in unless),
    )


def _grouped(latex: str) -> str:
    return latex if latex.startswith((r"\frac", r"\left")) else rf"\left({latex}\right)"


def sigmoid(x: float) -> float:
    """Return the sigmoid, without overflow for large numbers."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float) -> float:
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
    return -v["self"] + (v.get("pos_weight", 1.0) - 1) * _softplus(-v["self"])


def _smooth(v: Values) -> float:
    d, beta = v["self"] - v["target"], v["beta"]
    return d / beta if abs(d) < beta else _sign(d)


def _huber(v: Values) -> float:
    d, delta = v["self"] - v["target"], v["delta"]
    return d if abs(d) <= delta else delta * _sign(d)


def _kl(v: Values) -> float:
    return -math.exp(v["target"]) if v.get("log_target") else -v["target"]


def _kl_target(v: Values) -> float:
    if v.get("log_target"):
        return math.exp(v["target"]) * (v["target"] - v["self"] + 1)
    return math.log(v["target"]) + 1 - v["self"] if v["target"] > 0 else 0.0


def _poisson(v: Values) -> float:
    return math.exp(v["self"]) - v["target"] if v.get("log_input", 1.0) else 1 - v["target"] / (v["self"] + v["eps"])


def _negative(slope: Slope, latex: str) -> Slope:
    return Slope(latex, slope.meaning, lambda v: -slope.value(v))


_MSE = Slope(
    r"2 \cdot (<self> - <target>)",
    "The error itself, doubled: a large error pulls hard.",
    lambda v: 2 * (v["self"] - v["target"]),
)
_L1 = Slope(
    r"\operatorname{sign}(<self> - <target>)",
    "Only the direction of the error counts, not its size.",
    lambda v: _sign(v["self"] - v["target"]),
)
_SMOOTH = Slope(
    r"\begin{cases} (<self> - <target>) / \beta & |<self> - <target>| \lt \beta \\"
    r" \operatorname{sign}(<self> - <target>) & \text{else} \end{cases}",
    "A small error pulls in proportion, a large one with a constant force.",
    _smooth,
)
_HUBER = Slope(
    r"\begin{cases} <self> - <target> & |<self> - <target>| \le \delta \\"
    r" \delta \operatorname{sign}(<self> - <target>) & \text{else} \end{cases}",
    "A small error pulls in proportion, a large one with a constant force.",
    _huber,
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(("mse_loss",), "other", sign="MSE", word="mean squared error", formulas=(
        pointwise(forward=r"\frac{1}{n} \sum (<self> - <target>)^{2}", unless=("weight",),
            source=_SOURCE.format("mse_loss") + "; Bishop, Pattern Recognition and Machine Learning, 1.1",
            by={"self": _MSE, "target": _negative(_MSE, r"-2 \cdot (<self> - <target>)")}),
    )),
    Operation(("l1_loss",), "other", sign="L1", formulas=(
        pointwise(forward=r"\frac{1}{n} \sum |<self> - <target>|", unless=("weight",),
            source="PyTorch, torch.nn.functional.l1_loss",
            by={"self": _L1, "target": _negative(_L1, r"-\operatorname{sign}(<self> - <target>)")}),
    )),
    Operation(("smooth_l1_loss",), "other", formulas=(
        pointwise(forward=r"\frac{1}{n} \sum \operatorname{smooth}(<self> - <target>)",
            source=_SOURCE.format("smooth_l1_loss"), by={"self": _SMOOTH, "target": _negative(_SMOOTH, _SMOOTH[0])}),
    )),
    Operation(("huber_loss",), "other", formulas=(
        pointwise(forward=r"\frac{1}{n} \sum \operatorname{huber}(<self> - <target>)", unless=("weight",),
            source=_SOURCE.format("huber_loss"), by={"self": _HUBER, "target": _negative(_HUBER, _HUBER[0])}),
    )),
    Operation(("binary_cross_entropy",), "other", sign="BCE", formulas=(
        pointwise(forward=r"-\frac{1}{n} \sum \left( <target> \ln <self> + (1 - <target>) \ln(1 - <self>) \right)",
            source=_SOURCE.format("binary_cross_entropy") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.2",
            by={
            "self": Slope(r"\frac{<self> - <target>}{<self> \cdot (1 - <self>)}",
                          "The error, and the more of it the surer the prediction was.", _bce),
            "target": Slope(r"\ln(1 - <self>) - \ln <self>", "What the other label would have cost.",
                            lambda v: _log(1 - v["self"]) - _log(v["self"])),
        }),
    )),
    Operation(("binary_cross_entropy_with_logits",), "other", sign="BCE σ", formulas=(
        pointwise(
            forward=r"-\frac{1}{n} \sum \left( <target> \ln a + (1 - <target>) \ln(1 - a) \right),"
                r" \; a = \sigma(<self>)",
            source=_SOURCE.format("binary_cross_entropy_with_logits") + "; Deep Learning, 6.2.2.2",
            unless=("pos_weight",), by={
            "self": Slope(r"\sigma(<self>) - <target>", "The predicted probability minus the label.", _logits),
            "target": Slope(r"-<self>", "The label pulls with the logit.", _logits_target),
        }),
        pointwise(
            forward=r"\frac{1}{n} \sum (1 - <target>) <self> + (1 + (<pos_weight> - 1) <target>) \ln(1 + e^{-<self>})",
            source=_SOURCE.format("binary_cross_entropy_with_logits"), by={
            "self": Slope(r"(1 - <target>) - (1 + (<pos_weight> - 1) \cdot <target>) \cdot \sigma(-<self>)",
                          "The predicted probability minus the label, where positive examples weigh more.", _logits),
            "target": Slope(r"-<self> + (<pos_weight> - 1) \cdot \ln(1 + e^{-<self>})",
                            "The label pulls with the logit.", _logits_target),
        }),
    )),
    Operation(("kl_div",), "other", formulas=(
        pointwise(forward=r"\sum <target> \cdot (\ln <target> - <self>)",
            source="PyTorch, torch.nn.functional.kl_div", by={
            "self": Slope(r"\begin{cases} -<target> & \text{probabilities} \\ -e^{<target>} & \text{logarithms}"
                          r" \end{cases}", "Each log-probability is pulled up by its target.", _kl),
            "target": Slope(r"\begin{cases} \ln <target> + 1 - <self> & \text{probabilities} \\"
                            r" e^{<target>} (<target> - <self> + 1) & \text{logarithms} \end{cases}",
                            "The product rule on p ln p.", _kl_target),
        }),
    )),
    Operation(("poisson_nll_loss",), "other", formulas=(
        pointwise(forward=r"\frac{1}{n} \sum e^{<self>} - <target> \cdot <self>",
            source="PyTorch, torch.nn.functional.poisson_nll_loss",
            by={"self": Slope(r"\begin{cases} e^{<self>} - <target> & \text{logarithm of the rate} \\"
                          r" 1 - <target> / <self> & \text{rate} \end{cases}", "The rate minus the count.", _poisson)}),
    )),
    Operation(("soft_margin_loss",), "other", formulas=(
        pointwise(forward=r"\frac{1}{n} \sum \ln(1 + e^{-<target> \cdot <self>})",
            source=_SOURCE.format("soft_margin_loss"),
            by={"self": Slope(r"-<target> \cdot \sigma(-<target> \cdot <self>)",
                          "The pull fades once the prediction is on the right side.",
                          lambda v: -v["target"] * sigmoid(-v["target"] * v["self"]))}),
    )),
)  # fmt: skip
