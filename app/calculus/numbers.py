"""How a number stands in a formula: the same digits as everywhere on the page, in LaTeX."""

import math
from typing import Final

from app.fields import NonFinite

_SMALLEST_PLAIN: Final = 1e-4
_LARGEST_PLAIN: Final = 1e7
"""Magnitudes that a plain decimal shows at a reasonable length."""


def real(value: float) -> float | NonFinite:
    """A number as a field of the contract holds it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def latex(value: float, digits: int = 4) -> str:
    r"""`value` with `digits` significant digits, one fewer below 0.1: 0.9183, -0.0898, 12345, 1.234 \cdot 10^{-9}."""
    if math.isnan(value):
        return r"\mathrm{NaN}"
    sign = "-" if value < 0 else ""
    return sign + (r"\infty" if math.isinf(value) else _magnitude(abs(value), digits))


def factor(value: float) -> str:
    """The number where it is multiplied, divided, raised or subtracted: a negative one in brackets."""
    text = latex(value)
    return rf"\left({text}\right)" if text.startswith("-") or r"\cdot" in text else text


def _magnitude(magnitude: float, digits: int) -> str:
    if magnitude == 0:
        return "0"
    if magnitude < _LARGEST_PLAIN and magnitude == int(magnitude):
        return str(int(magnitude))
    if not _SMALLEST_PLAIN <= magnitude < _LARGEST_PLAIN:
        mantissa, _, exponent = f"{magnitude:.{digits - 1}e}".partition("e")
        return rf"{_short(mantissa)} \cdot 10^{{{int(exponent)}}}"
    whole = math.floor(math.log10(magnitude)) + 1
    significant = max(1, digits - 1) if magnitude < 0.1 else max(digits, whole)
    return _short(f"{magnitude:.{significant - whole}f}")


def _short(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
