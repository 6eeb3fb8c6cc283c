"""Joining tensors into one, and taking one apart."""

from typing import Any

import numpy as np

from app.calculus.axes import axis
from app.calculus.call import Array, Call
from app.calculus.entry import Entry
from app.calculus.selection import NONE, selection


def _joined(call: Call, argument: str, numbers: Array) -> list[Array]:
    parts = [np.full(call.array(name).shape, NONE) for name in call.operands]
    parts[list(call.operands).index(argument)] = numbers
    if call.op == "stack":
        return [np.stack(parts, axis(call.arguments.get("dim", 0), numbers.ndim + 1))]
    if call.op in ("hstack", "vstack", "dstack"):
        join: Any = {"hstack": np.hstack, "vstack": np.vstack, "dstack": np.dstack}[call.op]
        return [np.asarray(join(parts))]
    filled = [part for part in parts if part.ndim != 1 or part.size]  # an empty vector joins anything
    dim = call.arguments.get("dim", call.arguments.get("axis", 0))
    return [np.concatenate(filled, axis(dim, numbers.ndim))]


def _parts(call: Call, _argument: str, numbers: Array) -> list[Array]:
    dim = axis(call.arguments.get("dim", 0), numbers.ndim)
    ends = np.cumsum([output.shape[dim] for output in call.outputs])
    return list(np.split(numbers, ends[:-1], dim))


def _unbound(call: Call, _argument: str, numbers: Array) -> list[Array]:
    return list(np.moveaxis(numbers, axis(call.arguments.get("dim", 0), numbers.ndim), 0))


_ARGUMENTS = ("tensors",)

ENTRIES: tuple[Entry, ...] = (
    selection("cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack",
              forward=r"\operatorname{join}(\dots)", places=_joined, by=_ARGUMENTS),
    selection("split", "chunk", "tensor_split", forward=r"\operatorname{part}_{k}",
              places=_parts, by=("self", "tensor")),
    selection("unbind", forward="<self>_{k}", places=_unbound),
)  # fmt: skip
