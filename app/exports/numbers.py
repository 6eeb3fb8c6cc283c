"""How a number looks to a reader: as on the page (static/src/numbers.ts), which has the same cases in its tests."""

import math
from collections.abc import Sequence
from typing import Any, Final

from app.digits import digits_of

_MINUS: Final = "−"


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
    decimal, exponent = digits_of(value, digits)
    return decimal if exponent is None else f"{decimal}e{str(exponent).replace('-', _MINUS)}"
