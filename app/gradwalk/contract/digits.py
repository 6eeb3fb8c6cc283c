"""The digits with which a number is shown, the same as on the page (static/src/core/numbers.ts). Pure."""

import math
from collections.abc import Sequence
from typing import Final

MINUS: Final = "−"
_SMALLEST_PLAIN: Final = 1e-4
_LARGEST_PLAIN: Final = 1e7
"""The magnitudes between which a plain decimal shows a number at a reasonable length."""


def digits_of(magnitude: float, digits: int = 4) -> tuple[str, int | None]:
    """Return a finite number of 0 or more with `digits` significant digits, one fewer below 0.1.

    The result is its decimal and the power of ten that it is multiplied by; null where none is needed. 0.9183, 12345
    whole, 1.234 and -9.
    """
    if magnitude == 0:
        return "0", None
    if magnitude < _LARGEST_PLAIN and magnitude == int(magnitude):
        return str(int(magnitude)), None
    if not _SMALLEST_PLAIN <= magnitude < _LARGEST_PLAIN:
        mantissa, exponent = f"{magnitude:.{digits - 1}e}".split("e")
        return _trimmed(mantissa), int(exponent)
    whole = math.floor(math.log10(magnitude)) + 1
    significant = max(1, digits - 1) if magnitude < 0.1 else max(digits, whole)
    rounded = float(f"{magnitude:.{significant}g}")
    return _trimmed(f"{rounded:.{max(0, significant - 1 - math.floor(math.log10(rounded)))}f}"), None


def written(value: float, digits: int = 4) -> str:
    """Return a number as plain text: 0.9183, −0.0898, 1.234e−9, NaN, ∞."""
    if math.isnan(value):
        return "NaN"
    magnitude = "∞" if math.isinf(value) else _in_a_line(*digits_of(abs(value), digits))
    return MINUS + magnitude if value < 0 else magnitude


def shape_text(shape: Sequence[int]) -> str:
    """Return a shape as plain text: 2×3, 5 for a vector of five, and nothing for a single number."""
    return "×".join(map(str, shape))


def _in_a_line(decimal: str, exponent: int | None) -> str:
    return decimal if exponent is None else f"{decimal}e{str(exponent).replace('-', MINUS)}"


def _trimmed(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
