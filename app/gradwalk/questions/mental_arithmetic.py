"""The numbers that people can compute with by head, and the precision that an answer needs."""

import math
from collections.abc import Iterable
from typing import Final

_SMALLEST: Final = 1e-3
_LARGEST: Final = 1e4
_SHARE: Final = 0.02


def readable(value: float) -> bool:
    """Return whether the stage shows the number as a plain one of a few digits."""
    return value == 0 or (math.isfinite(value) and _SMALLEST <= abs(value) < _LARGEST)


def easy(value: float) -> bool:
    """Return whether the number has at most two significant digits: 0.5, −3, 12, 1.1. A float32 may be off in its last
    ones.
    """
    return readable(value) and math.isclose(value, float(f"{value:.1e}"), rel_tol=1e-6)


def manageable(factors: Iterable[float]) -> bool:
    """Return whether a product or a sum of these can be estimated by head: at most one of them has more than two
    digits.
    """
    found = list(factors)
    return all(readable(value) for value in found) and sum(not easy(value) for value in found) <= 1


def margin(expected: float) -> float:
    """Return how far an answer may be off: 2 %, or half a unit of the second significant digit."""
    if expected == 0:
        return 1e-9
    unit = 10.0 ** (math.floor(math.log10(abs(expected))) - 1)
    # slightly more, because a number of two digits is not exactly in the middle as a float
    return max(_SHARE * abs(expected), unit / 2) * (1 + 1e-6)
