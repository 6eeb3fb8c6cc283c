"""Alpha dropout: what is dropped gets the lowest number of SELU, and all are scaled so that mean and spread stay."""

import math
from collections.abc import Iterator
from typing import Final

from gradwalk.operations.call import Call
from gradwalk.operations.entry import Formula, Local, Operation, Rule, Worked
from gradwalk.operations.working import Working, read

_LOWEST: Final = -1.7580993408473766
"""What SELU gives for a number far below zero."""


def _scaled(call: Call) -> tuple[float, float]:
    """Return the factor a and the addend b of `a * x + b`."""
    p = call.real("p", 0.5)
    a = 1 / math.sqrt((_LOWEST**2 * p + 1) * (1 - p))
    return a, -_LOWEST * a * p


def _is_off(call: Call) -> bool:
    return call.arguments.get("training") is False or call.real("p", 0.5) == 0


def _was_kept(call: Call, index: int) -> bool:
    """Return whether a number was kept. Raises ValueError where the result does not tell."""
    number, result = (float(array.reshape(-1)[index]) for array in (call.array("self"), call.result()))
    a, b = _scaled(call)
    kept, dropped = (math.isclose(result, a * one + b, rel_tol=1e-4, abs_tol=1e-6) for one in (number, _LOWEST))
    if kept == dropped:
        raise ValueError("what was dropped cannot be told from what was kept")
    return kept


def _column(call: Call, _argument: str, index: int) -> Iterator[Local]:
    if _is_off(call):
        yield Local(index, 1.0, formula="1")
        return
    a = _scaled(call)[0] if _was_kept(call, index) else 0.0
    yield Local(index, a, reads={"a": a}, formula="<a>" if a else "0")


def _thinned(call: Call, out: int, _output: int) -> Worked:
    number, working = read(call, "self", out), Working()
    if _is_off(call):
        return working.worked(working.put(number), number.value)
    a, b = _scaled(call)
    taken = number if _was_kept(call, out) else _LOWEST
    value = a * (number.value if _was_kept(call, out) else _LOWEST) + b
    return working.worked(rf"{working.put(a)} \cdot {working.put(taken)} + {working.put(b)}", value)


def _written(call: Call) -> str:
    if _is_off(call):
        return "<self>"
    a, b = _scaled(call)
    return (
        rf"{a:.4g} \cdot \begin{{cases}} <self> & \text{{kept}} \\ {_LOWEST:.4g} & \text{{dropped}} \end{{cases}}"
        f" + {b:.4g}"
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(("alpha_dropout", "feature_alpha_dropout"), "elementwise",
              says="<self> with some numbers dropped at random", formulas=(
        Formula(
            r"a \cdot \begin{cases} <self> & \text{kept} \\ -1.758 & \text{dropped} \end{cases} + b",
            {"self": Rule(r"\begin{cases} a & \text{kept} \\ 0 & \text{dropped} \end{cases}",
                          "What was dropped learns nothing in this pass; a keeps the spread as it was.")},
            _column, "Klambauer et al., Self-Normalizing Neural Networks, 2017, 3; PyTorch, torch.nn.AlphaDropout",
            written=_written, worked=_thinned),
    )),
)  # fmt: skip
