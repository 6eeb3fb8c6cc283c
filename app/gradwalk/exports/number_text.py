"""Formatting of numbers for a reader, as on the page (static/src/core/numbers.ts), which tests the same cases."""

import math
from collections.abc import Sequence
from typing import Any

from gradwalk.contract.digits import MINUS, shape_text, written


def format_number(x: Any, digits: int = 4) -> str:
    """Format an element of a tensor with `digits` significant digits: 0.9183, −0.0898, 1.234e−9, NaN, ∞, True, 1
    + 2i.
    """
    if isinstance(x, bool):
        return str(x)
    if isinstance(x, list):
        real, imaginary = (format_number(part, digits) for part in x)
        return f"{real} {MINUS} {imaginary[1:]}i" if imaginary.startswith(MINUS) else f"{real} + {imaginary}i"
    return written(float_of(x), digits)


def format_shape(shape: Sequence[int]) -> str:
    """Format a shape: 2×3, or 5 for a vector of five."""
    return shape_text(shape) or "scalar"


def float_of(x: Any) -> float:
    """Return an element as a float; for a complex number its modulus."""
    return math.hypot(*(float_of(part) for part in x)) if isinstance(x, list) else float(x)
