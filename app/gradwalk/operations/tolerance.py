"""The tolerance between a number computed from rounded numbers and the one that PyTorch computed in its own dtype."""

import math
from typing import Final

_EPSILON: Final = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
_ROUNDINGS: Final = {"float64": 4096, "float32": 1024}
"""The number of roundings that may add up: kernels compute the half types in float32 and round at the end."""


def agree(computed: float, recorded: float, scale: float, dtype: str) -> bool:
    """Return whether two numbers agree within the roundings of the dtype.

    `scale` is the magnitude of the summands: differences of large numbers lose digits.
    """
    if math.isnan(computed) or math.isnan(recorded):
        return math.isnan(computed) and math.isnan(recorded)
    if math.isinf(computed) or math.isinf(recorded):
        return computed == recorded
    allowed = _EPSILON.get(dtype, 2.0**-7) * _ROUNDINGS.get(dtype, 8)
    # the smallest numbers of a dtype have fewer digits
    floor = 1e-6 if dtype == "float16" else 1e-30
    return abs(computed - recorded) <= allowed * max(scale, abs(recorded)) + floor
