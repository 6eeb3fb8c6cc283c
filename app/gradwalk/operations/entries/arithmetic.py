"""Sums, differences, products and quotients of elements."""

import math

from gradwalk.operations import phrases
from gradwalk.operations.call import Call
from gradwalk.operations.elementwise import Slope, elementwise
from gradwalk.operations.entry import Operation

_SOURCE = "PyTorch, derivatives.yaml: {}; Deisenroth, Faisal, Ong, Mathematics for Machine Learning, 5.1"

_SAME = Slope("1", "The result grows by exactly as much as this grows.", lambda v: 1.0)
_OPPOSITE = Slope("-1", "The result falls by exactly as much as this grows.", lambda v: -1.0)
_NOTHING = Slope("0", "The result is constant in steps: a small change of this changes nothing.", lambda v: 0.0)


def _weighted(call: Call) -> bool:
    return call.real("alpha", 1.0) != 1.0


def _plain(call: Call) -> bool:
    return not _weighted(call)


def _rounded(call: Call) -> bool:
    return "rounding_mode" in call.arguments


def _reflected(call: Call) -> bool:
    return "ReciprocalBackward0" in call.autograd_names()


OPERATIONS: tuple[Operation, ...] = (
    Operation(("add",), "elementwise",
              says=phrases.sum_of_two, sign="+", word="addition", infix="+", right="other", formulas=(
        elementwise(forward="<self> + <other>", source=_SOURCE.format("add"), fits=_plain, self=_SAME, other=_SAME),
        elementwise(forward=r"<self> + <alpha> \cdot <other>", source=_SOURCE.format("add"), fits=_weighted,
            self=_SAME, other=Slope("<alpha>", "The result grows alpha times as much.", lambda v: v["alpha"])),
    )),
    Operation(("sub", "subtract"), "elementwise",
              says=phrases.difference, sign="−", word="subtraction", infix="−", right="other",
        formulas=(
        elementwise(forward="<self> - <other>", source=_SOURCE.format("sub"), fits=_plain, self=_SAME,
            other=_OPPOSITE),
        elementwise(forward=r"<self> - <alpha> \cdot <other>", source=_SOURCE.format("sub"), fits=_weighted,
            self=_SAME, other=Slope("-<alpha>", "The result falls alpha times as much.", lambda v: -v["alpha"])),
    )),
    Operation(("rsub",), "elementwise",
              says="<other> minus <self>", sign="−", word="subtraction", formulas=(
        elementwise(forward="<other> - <self>", source=_SOURCE.format("rsub"), fits=_plain, self=_OPPOSITE,
            other=_SAME),
    )),
    Operation(("mul", "multiply"), "elementwise",
              says=phrases.product, sign="×", word="multiplication", infix="×", right="other",
        formulas=(
        elementwise(forward=r"<self> \cdot <other>", source=_SOURCE.format("mul"),
            self=Slope("<other>", "In a product each factor's slope is the other factor.", lambda v: v["other"]),
            other=Slope("<self>", "In a product each factor's slope is the other factor.", lambda v: v["self"])),
    )),
    Operation(("div", "divide", "true_divide"), "elementwise",
              says=phrases.quotient, sign="÷", word="division", infix="÷", formulas=(
        elementwise(forward=r"\frac{<other>}{<self>}", source=_SOURCE.format("reciprocal"), fits=_reflected,
            self=Slope(r"-\frac{<other>}{<self>^{2}}",
                "A larger divisor makes the quotient smaller, the more the smaller the divisor is.",
                lambda v: -v["other"] / v["self"] ** 2)),
        elementwise(forward=r"\frac{<self>}{<other>}", source=_SOURCE.format("div"),
            fits=lambda call: not _rounded(call) and not _reflected(call),
            self=Slope(r"\frac{1}{<other>}", "The dividend counts one part in the divisor.", lambda v: 1 / v["other"]),
            other=Slope(r"-\frac{<self>}{<other>^{2}}",
                "A larger divisor makes the quotient smaller, the more the smaller the divisor is.",
                lambda v: -v["self"] / v["other"] ** 2)),
    )),
    Operation(("neg", "negative"), "elementwise",
              says="<self> with its sign turned", sign="−x", word="negation", formulas=(
        elementwise(forward="-<self>", source=_SOURCE.format("neg"), self=_OPPOSITE),
    )),
    Operation(("abs", "absolute"), "elementwise",
              says="the size of <self> without its sign", sign="|x|", word="absolute value", formulas=(
        elementwise(forward=r"\left|<self>\right|", source=_SOURCE.format("abs"),
            self=Slope(r"\begin{cases} 1 & <self> \gt 0 \\ 0 & <self> = 0 \\ -1 & <self> \lt 0 \end{cases}",
                "The slope is the sign; at the kink PyTorch takes 0.", lambda v: _sign(v["self"]))),
    )),
    Operation(("sign", "sgn", "floor", "ceil", "round", "trunc"), "elementwise",
              says=phrases.by_name(
                  sign="the sign of <self>", sgn="the sign of <self>", floor="<self> rounded down",
                  ceil="<self> rounded up", round="<self> rounded", trunc="<self> without its fraction",
              ), formulas=(
        elementwise(forward=r"\operatorname{step}\left(<self>\right)",
            source=_SOURCE.format("sign, floor, ceil, round, trunc"), self=_NOTHING),
    )),
    Operation(("remainder", "fmod"), "elementwise",
              says="what is left of <self> after division by <other>", formulas=(
        elementwise(forward=r"<self> \bmod <other>", source=_SOURCE.format("remainder, fmod"),
            self=Slope("1", "Between the jumps the rest grows by exactly as much as this grows.", lambda v: 1.0),
            other=Slope(r"-\operatorname{round}\left(\frac{<self>}{<other>}\right)",
                "A larger divisor takes more away, as often as it goes into the other.",
                lambda v: -round((v["self"] - v["result"]) / v["other"]))),
    )),
    Operation(("frac",), "elementwise",
              says="the fraction of <self>", formulas=(
        elementwise(forward=r"<self> - \operatorname{trunc} <self>", source=_SOURCE.format("frac"),
            self=Slope("1", "Between the jumps the rest grows by exactly as much as this grows.", lambda v: 1.0)),
    )),
    Operation(("deg2rad",), "elementwise",
              says="<self> as an angle in radians", formulas=(
        elementwise(forward=r"\frac{\pi}{180} <self>", source=_SOURCE.format("deg2rad"),
            self=Slope(r"\frac{\pi}{180}", "Another unit for the same angle.", lambda v: math.pi / 180)),
    )),
    Operation(("rad2deg",), "elementwise",
              says="<self> as an angle in degrees", formulas=(
        elementwise(forward=r"\frac{180}{\pi} <self>", source=_SOURCE.format("rad2deg"),
            self=Slope(r"\frac{180}{\pi}", "Another unit for the same angle.", lambda v: 180 / math.pi)),
    )),
    Operation(("nan_to_num",), "elementwise",
              says="<self> with NaN and infinity replaced", formulas=(
        elementwise(forward=r"\begin{cases} <self> & \text{a number} \\ \text{another} & \text{else} \end{cases}",
            source=_SOURCE.format("nan_to_num"),
            self=Slope(r"\begin{cases} 1 & \text{a number} \\ 0 & \text{NaN, } \pm\infty \end{cases}",
                "What was replaced gets nothing back.", lambda v: float(math.isfinite(v["self"])))),
    )),
    Operation(("addcmul",), "elementwise",
              says="<self> plus the product of <tensor1> and <tensor2>", formulas=(
        elementwise(forward=r"<self> + <value> \cdot <tensor1> \cdot <tensor2>", source=_SOURCE.format("addcmul"),
            defaults={"value": 1.0}, self=_SAME,
            tensor1=Slope(r"<value> \cdot <tensor2>", "In a product the slope is the rest of it.",
                lambda v: v["value"] * v["tensor2"]),
            tensor2=Slope(r"<value> \cdot <tensor1>", "In a product the slope is the rest of it.",
                lambda v: v["value"] * v["tensor1"])),
    )),
    Operation(("addcdiv",), "elementwise",
              says="<self> plus <tensor1> divided by <tensor2>", formulas=(
        elementwise(forward=r"<self> + <value> \cdot \frac{<tensor1>}{<tensor2>}", source=_SOURCE.format("addcdiv"),
            defaults={"value": 1.0}, self=_SAME,
            tensor1=Slope(r"\frac{<value>}{<tensor2>}", "The dividend counts one part in the divisor.",
                lambda v: v["value"] / v["tensor2"]),
            tensor2=Slope(r"-<value> \cdot \frac{<tensor1>}{<tensor2>^{2}}",
                "A larger divisor makes the quotient smaller.",
                lambda v: -v["value"] * v["tensor1"] / v["tensor2"] ** 2)),
    )),
    Operation(("lerp",), "elementwise",
              says="a mixture of <self> and <end>", formulas=(
        elementwise(forward=r"<self> + <weight> \cdot (<end> - <self>)", source=_SOURCE.format("lerp"),
            self=Slope("1 - <weight>", "The start counts what the end leaves.", lambda v: 1 - v["weight"]),
            end=Slope("<weight>", "The end counts with the weight.", lambda v: v["weight"]),
            weight=Slope("<end> - <self>", "The weight moves the result by the distance.",
                lambda v: v["end"] - v["self"])),
    )),
)  # fmt: skip


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))
