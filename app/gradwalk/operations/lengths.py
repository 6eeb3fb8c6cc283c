"""Lengths of vectors, worked out from their elements."""

from collections.abc import Callable, Sequence

import numpy as np

from gradwalk.operations.working import Working, largest


def length(working: Working, numbers: Sequence[float], p: float, write: Callable[[int], str]) -> tuple[str, float]:
    """Return the p-norm of a vector: how it is written, and its value. `write`: how element i is written."""
    powers = [abs(number) ** p for number in numbers]
    shown = largest(powers)
    rest = sum(power for i, power in enumerate(powers) if i not in shown)
    value = float(np.linalg.norm(np.asarray(numbers), p))
    if p == 1:
        return working.joined([rf"\left|{write(i)}\right|" for i in shown], len(powers) - len(shown), rest), value
    if p == 2:
        inside = working.joined([f"{_raised(write(i))}^{{2}}" for i in shown], len(powers) - len(shown), rest)
        return rf"\sqrt{{{inside}}}", value
    inside = working.joined([rf"\left|{write(i)}\right|^{{{p:g}}}" for i in shown], len(powers) - len(shown), rest)
    return f"({inside})^{{1/{p:g}}}", value


def _raised(written: str) -> str:
    return rf"\left({written}\right)" if " " in written else written
