"""Exponentials, logarithms and angles of elements."""

import math

from gradwalk.operations.elementwise import Slope, elementwise
from gradwalk.operations.entry import Operation

_SOURCE = "PyTorch, derivatives.yaml: {}; Deisenroth, Faisal, Ong, Mathematics for Machine Learning, 5.1"

_GROWS = "An exponential grows in proportion to itself."
_FLATTENS = "A logarithm is steep near zero and flattens: a doubling always adds the same."
_TURNS = "The slope of a wave is the wave a quarter turn later."

OPERATIONS: tuple[Operation, ...] = (
    Operation(("exp",), "elementwise",
              says="e to the power of <self>", sign="eˣ", word="exponential", formulas=(
        elementwise(forward="e^{<self>}", source=_SOURCE.format("exp"),
            self=Slope("e^{<self>}", _GROWS, lambda v: v["result"])),
    )),
    Operation(("xlogy", "special_xlogy"), "elementwise",
              says="<self> times the logarithm of <other>", formulas=(
        elementwise(forward=r"<self> \cdot \ln <other>", source=_SOURCE.format("xlogy"),
            self=Slope(r"\ln <other>", "In a product each factor's slope is the other factor.",
                lambda v: math.log(v["other"])),
            other=Slope(r"\frac{<self>}{<other>}", _FLATTENS, lambda v: v["self"] / v["other"])),
    )),
    Operation(("special_xlog1py",), "elementwise",
              says="<self> times the logarithm of 1 plus <other>", formulas=(
        elementwise(forward=r"<self> \cdot \ln(1 + <other>)", source=_SOURCE.format("special_xlog1py"),
            self=Slope(r"\ln(1 + <other>)", "In a product each factor's slope is the other factor.",
                lambda v: math.log1p(v["other"])),
            other=Slope(r"\frac{<self>}{1 + <other>}", _FLATTENS, lambda v: v["self"] / (1 + v["other"]))),
    )),
    Operation(("asinh", "arcsinh"), "elementwise",
              says="the inverse hyperbolic sine of <self>", formulas=(
        elementwise(forward=r"\operatorname{arsinh} <self>", source=_SOURCE.format("asinh"),
            self=Slope(r"\frac{1}{\sqrt{<self>^{2} + 1}}", "It flattens far from zero.",
                lambda v: 1 / math.sqrt(v["self"] ** 2 + 1))),
    )),
    Operation(("acosh", "arccosh"), "elementwise",
              says="the inverse hyperbolic cosine of <self>", formulas=(
        elementwise(forward=r"\operatorname{arcosh} <self>", source=_SOURCE.format("acosh"),
            self=Slope(r"\frac{1}{\sqrt{<self>^{2} - 1}}", "It is steepest at its beginning.",
                lambda v: 1 / math.sqrt(v["self"] ** 2 - 1))),
    )),
    Operation(("atanh", "arctanh"), "elementwise",
              says="the inverse hyperbolic tangent of <self>", formulas=(
        elementwise(forward=r"\operatorname{artanh} <self>", source=_SOURCE.format("atanh"),
            self=Slope(r"\frac{1}{1 - <self>^{2}}", "It is steepest at its ends.", lambda v: 1 / (1 - v["self"] ** 2))),
    )),
    Operation(("erfc", "special_erfc"), "elementwise",
              says="the complementary error function of <self>", formulas=(
        elementwise(forward=r"1 - \operatorname{erf} <self>", source=_SOURCE.format("erfc"),
            self=Slope(r"-\frac{2}{\sqrt{\pi}} e^{-<self>^{2}}", "The slope is a bell turned over.",
                lambda v: -2 / math.sqrt(math.pi) * math.exp(-(v["self"] ** 2)))),
    )),
    Operation(("logaddexp2",), "elementwise",
              says="the logarithm to base 2 of the sum of the powers of 2", formulas=(
        elementwise(forward=r"\log_{2}(2^{<self>} + 2^{<other>})", source=_SOURCE.format("logaddexp2"),
            self=Slope(r"2^{<self> - <result>}", "Each part's share of the sum.",
                lambda v: 2 ** (v["self"] - v["result"])),
            other=Slope(r"2^{<other> - <result>}", "Each part's share of the sum.",
                lambda v: 2 ** (v["other"] - v["result"]))),
    )),
    Operation(("exp2",), "elementwise",
              says="2 to the power of <self>", formulas=(
        elementwise(forward="2^{<self>}", source=_SOURCE.format("exp2"),
            self=Slope(r"2^{<self>} \cdot \ln 2", _GROWS, lambda v: v["result"] * math.log(2))),
    )),
    Operation(("expm1",), "elementwise",
              says="e to the power of <self>, minus 1", formulas=(
        elementwise(forward="e^{<self>} - 1", source=_SOURCE.format("expm1"),
            self=Slope("e^{<self>}", _GROWS, lambda v: v["result"] + 1)),
    )),
    Operation(("log",), "elementwise",
              says="the natural logarithm of <self>", sign="ln", word="logarithm", formulas=(
        elementwise(forward=r"\ln <self>", source=_SOURCE.format("log"),
            self=Slope(r"\frac{1}{<self>}", _FLATTENS, lambda v: 1 / v["self"])),
    )),
    Operation(("log2",), "elementwise",
              says="the logarithm to base 2 of <self>", formulas=(
        elementwise(forward=r"\log_{2} <self>", source=_SOURCE.format("log2"),
            self=Slope(r"\frac{1}{<self> \cdot \ln 2}", _FLATTENS, lambda v: 1 / (v["self"] * math.log(2)))),
    )),
    Operation(("log10",), "elementwise",
              says="the logarithm to base 10 of <self>", formulas=(
        elementwise(forward=r"\log_{10} <self>", source=_SOURCE.format("log10"),
            self=Slope(r"\frac{1}{<self> \cdot \ln 10}", _FLATTENS, lambda v: 1 / (v["self"] * math.log(10)))),
    )),
    Operation(("log1p",), "elementwise",
              says="the natural logarithm of 1 plus <self>", formulas=(
        elementwise(forward=r"\ln(1 + <self>)", source=_SOURCE.format("log1p"),
            self=Slope(r"\frac{1}{1 + <self>}", _FLATTENS, lambda v: 1 / (1 + v["self"]))),
    )),
    Operation(("sin",), "elementwise",
              says="the sine of <self>", formulas=(
        elementwise(forward=r"\sin <self>", source=_SOURCE.format("sin"),
            self=Slope(r"\cos <self>", _TURNS, lambda v: math.cos(v["self"]))),
    )),
    Operation(("cos",), "elementwise",
              says="the cosine of <self>", formulas=(
        elementwise(forward=r"\cos <self>", source=_SOURCE.format("cos"),
            self=Slope(r"-\sin <self>", _TURNS, lambda v: -math.sin(v["self"]))),
    )),
    Operation(("tan",), "elementwise",
              says="the tangent of <self>", formulas=(
        elementwise(forward=r"\tan <self>", source=_SOURCE.format("tan"),
            self=Slope(r"1 + \tan^{2} <self>", "It is the steeper the larger it is.", lambda v: 1 + v["result"] ** 2)),
    )),
    Operation(("sinh",), "elementwise",
              says="the hyperbolic sine of <self>", formulas=(
        elementwise(forward=r"\sinh <self>", source=_SOURCE.format("sinh"),
            self=Slope(r"\cosh <self>", "It is the steeper the farther from zero.", lambda v: math.cosh(v["self"]))),
    )),
    Operation(("cosh",), "elementwise",
              says="the hyperbolic cosine of <self>", formulas=(
        elementwise(forward=r"\cosh <self>", source=_SOURCE.format("cosh"),
            self=Slope(r"\sinh <self>", "It is the steeper the farther from zero.", lambda v: math.sinh(v["self"]))),
    )),
    Operation(("asin", "arcsin"), "elementwise",
              says="the angle with the sine <self>", formulas=(
        elementwise(forward=r"\arcsin <self>", source=_SOURCE.format("asin"),
            self=Slope(r"\frac{1}{\sqrt{1 - <self>^{2}}}", "It is steepest at its ends.",
                lambda v: 1 / math.sqrt(1 - v["self"] ** 2))),
    )),
    Operation(("acos", "arccos"), "elementwise",
              says="the angle with the cosine <self>", formulas=(
        elementwise(forward=r"\arccos <self>", source=_SOURCE.format("acos"),
            self=Slope(r"-\frac{1}{\sqrt{1 - <self>^{2}}}", "It is steepest at its ends.",
                lambda v: -1 / math.sqrt(1 - v["self"] ** 2))),
    )),
    Operation(("atan", "arctan"), "elementwise",
              says="the angle with the tangent <self>", formulas=(
        elementwise(forward=r"\arctan <self>", source=_SOURCE.format("atan"),
            self=Slope(r"\frac{1}{1 + <self>^{2}}", "It flattens far from zero.", lambda v: 1 / (1 + v["self"] ** 2))),
    )),
    Operation(("atan2", "arctan2"), "elementwise",
              says="the angle of the point <other>, <self>", formulas=(
        elementwise(forward=r"\operatorname{atan2}(<self>, <other>)", source=_SOURCE.format("atan2"),
            self=Slope(r"\frac{<other>}{<self>^{2} + <other>^{2}}", "An angle turns more the nearer the point is.",
                lambda v: v["other"] / (v["self"] ** 2 + v["other"] ** 2)),
            other=Slope(r"-\frac{<self>}{<self>^{2} + <other>^{2}}", "An angle turns more the nearer the point is.",
                lambda v: -v["self"] / (v["self"] ** 2 + v["other"] ** 2))),
    )),
    Operation(("hypot",), "elementwise",
              says="the length of the hypotenuse over <self> and <other>", formulas=(
        elementwise(forward=r"\sqrt{<self>^{2} + <other>^{2}}", source=_SOURCE.format("hypot"),
            self=Slope(r"\frac{<self>}{<result>}", "Each side's share of the length.",
                lambda v: v["self"] / v["result"]),
            other=Slope(r"\frac{<other>}{<result>}", "Each side's share of the length.",
                lambda v: v["other"] / v["result"])),
    )),
    Operation(("logaddexp",), "elementwise",
              says="the logarithm of the sum of the exponentials of <self> and <other>", formulas=(
        elementwise(forward=r"\ln(e^{<self>} + e^{<other>})", source=_SOURCE.format("logaddexp"),
            self=Slope(r"e^{<self> - <result>}", "Each part's share of the sum.",
                lambda v: math.exp(v["self"] - v["result"])),
            other=Slope(r"e^{<other> - <result>}", "Each part's share of the sum.",
                lambda v: math.exp(v["other"] - v["result"]))),
    )),
    Operation(("erf", "special_erf"), "elementwise",
              says="the error function of <self>", formulas=(
        elementwise(forward=r"\operatorname{erf} <self>", source=_SOURCE.format("erf"),
            self=Slope(r"\frac{2}{\sqrt{\pi}} e^{-<self>^{2}}",
                "The slope is a bell: steep in the middle, flat outside.",
                lambda v: 2 / math.sqrt(math.pi) * math.exp(-(v["self"] ** 2)))),
    )),
)  # fmt: skip
