"""How a number looks to a reader: as on the page (static/src/numbers.ts), which has the same cases in its tests."""

import math
from collections.abc import Sequence
from typing import Any, Final

_MINUS: Final = "−"
_SMALLEST_PLAIN: Final = 1e-4
_LARGEST_PLAIN: Final = 1e7


def format_number(x: Any, digits: int = 4) -> str:
    """An element of a tensor with `digits` significant digits: 0.9183, −0.0898, 1.234e−9, NaN, ∞, True, 1 + 2i."""
    if isinstance(x, bool):
        return str(x)
    if isinstance(x, list):
        real, imaginary = (format_number(part, digits) for part in x)
        return f"{real} {_MINUS} {imaginary[1:]}i" if imaginary.startswith(_MINUS) else f"{real} + {imaginary}i"
    value = float_of(x)
    if math.isnan(value):
        return "NaN"
    magnitude = "∞" if math.isinf(value) else _magnitude(abs(value), digits)
    return _MINUS + magnitude if value < 0 else magnitude


def format_shape(shape: Sequence[int]) -> str:
    """2×3; a vector of five is 5."""
    return "×".join(map(str, shape)) or "scalar"


def float_of(x: Any) -> float:
    """The number behind an element; of a complex one its modulus."""
    return math.hypot(*(float_of(part) for part in x)) if isinstance(x, list) else float(x)


def _magnitude(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    if value.is_integer() and value < _LARGEST_PLAIN:
        return str(int(value))
    if not _SMALLEST_PLAIN <= value < _LARGEST_PLAIN:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{_trimmed(mantissa)}e{str(int(exponent)).replace('-', _MINUS)}"
    whole = math.floor(math.log10(value)) + 1
    significant = max(1, digits - 1) if value < 0.1 else max(digits, whole)
    rounded = float(f"{value:.{significant}g}")
    return _trimmed(f"{rounded:.{max(0, significant - 1 - math.floor(math.log10(rounded)))}f}")


def _trimmed(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
