"""How far a number that is computed from rounded numbers may be from one that PyTorch computed in its own dtype."""

import math
from typing import Final

_EPSILON: Final = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
_ROUNDINGS: Final = {"float64": 4096, "float32": 1024}
"""How many roundings may have piled up: kernels compute the half types in float32 and round at the end."""


def agree(computed: float, recorded: float, scale: float, dtype: str) -> bool:
    """`scale`: the magnitude of what was added up, for differences of large numbers lose digits."""
    if math.isnan(computed) or math.isnan(recorded):
        return math.isnan(computed) and math.isnan(recorded)
    if math.isinf(computed) or math.isinf(recorded):
        return computed == recorded
    allowed = _EPSILON.get(dtype, 2.0**-7) * _ROUNDINGS.get(dtype, 8)
    # the smallest numbers of a dtype have fewer digits
    floor = 1e-6 if dtype == "float16" else 1e-30
    return abs(computed - recorded) <= allowed * max(scale, abs(recorded)) + floor
