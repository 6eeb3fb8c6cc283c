"""Numbers in LaTeX, with the same digits as everywhere on the page."""

import math

from gradwalk.contract.digits import digits_of


def latex(value: float, digits: int = 4) -> str:
    r"""Return `value` with `digits` significant digits, one fewer below 0.1: 0.9183, -0.0898, 12345, 1.234 \cdot
    10^{-9}.
    """
    if math.isnan(value):
        return r"\mathrm{NaN}"
    sign = "-" if value < 0 else ""
    return sign + (r"\infty" if math.isinf(value) else _magnitude(abs(value), digits))


def factor(value: float) -> str:
    """Return the number as a factor, divisor, power or subtrahend: a negative one is in brackets."""
    text = latex(value)
    return rf"\left({text}\right)" if text.startswith("-") or r"\cdot" in text else text


def _magnitude(magnitude: float, digits: int) -> str:
    decimal, exponent = digits_of(magnitude, digits)
    return decimal if exponent is None else rf"{decimal} \cdot 10^{{{exponent}}}"
