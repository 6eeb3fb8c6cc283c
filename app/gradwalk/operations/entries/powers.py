"""Powers and roots of elements."""

import math

from gradwalk.operations import phrases
from gradwalk.operations.call import Call
from gradwalk.operations.elementwise import Slope, Values, elementwise
from gradwalk.operations.entry import Operation

_SOURCE = "PyTorch, derivatives.yaml: {}; Deisenroth, Faisal, Ong, Mathematics for Machine Learning, 5.1"


def _with_base(call: Call) -> bool:
    """Return whether the call is of the form `2 ** x`: the recorded `self` is the exponent, `other` the base."""
    return "other" in call.arguments


def _by_base(v: Values) -> float:
    return 0.0 if v["exponent"] == 0 else v["exponent"] * math.pow(v["self"], v["exponent"] - 1)


def _by_exponent(v: Values) -> float:
    if v["self"] == 0 and v["exponent"] >= 0:
        return 0.0
    return v["result"] * math.log(v["self"])


OPERATIONS: tuple[Operation, ...] = (
    Operation(("pow", "float_power"), "elementwise",
              says=phrases.power, sign="xⁿ", word="power", infix="^", right="exponent",
        formulas=(
        elementwise(forward="<other>^{<self>}", source=_SOURCE.format("pow.Scalar"), fits=_with_base,
            self=Slope(r"<other>^{<self>} \cdot \ln <other>", "An exponential grows in proportion to itself.",
                lambda v: 0.0 if v["other"] == 0 else v["result"] * math.log(v["other"]))),
        elementwise(forward="<self>^{<exponent>}", source=_SOURCE.format("pow"),
            fits=lambda call: not _with_base(call), self=Slope(r"<exponent> \cdot <self>^{<exponent> - 1}",
                "The power comes down as a factor and loses one.", _by_base),
            exponent=Slope(r"<self>^{<exponent>} \cdot \ln <self>",
                "In the exponent the growth is in proportion to the power itself.", _by_exponent)),
    )),
    Operation(("square",), "elementwise",
              says="<self> squared", sign="x²", formulas=(
        elementwise(forward="<self>^{2}", source=_SOURCE.format("pow"),
            self=Slope(r"2 \cdot <self>", "The slope of a square is twice its base.", lambda v: 2 * v["self"])),
    )),
    Operation(("sqrt",), "elementwise",
              says="the square root of <self>", sign="√", word="square root", formulas=(
        elementwise(forward=r"\sqrt{<self>}", source=_SOURCE.format("sqrt"),
            self=Slope(r"\frac{1}{2 \sqrt{<self>}}", "A root is steep near zero and flattens.",
                lambda v: 1 / (2 * v["result"]) if v["result"] else math.inf)),
    )),
    Operation(("rsqrt",), "elementwise",
              says="1 divided by the square root of <self>", formulas=(
        elementwise(forward=r"\frac{1}{\sqrt{<self>}}", source=_SOURCE.format("rsqrt"),
            self=Slope(r"-\frac{1}{2 \cdot <self> \cdot \sqrt{<self>}}", "It falls, the faster the closer to zero.",
                lambda v: -0.5 * v["result"] ** 3)),
    )),
    Operation(("reciprocal",), "elementwise",
              says="1 divided by <self>", formulas=(
        elementwise(forward=r"\frac{1}{<self>}", source=_SOURCE.format("reciprocal"),
            self=Slope(r"-\frac{1}{<self>^{2}}", "It falls, the faster the closer to zero.",
                lambda v: -v["result"] ** 2)),
    )),
)  # fmt: skip
