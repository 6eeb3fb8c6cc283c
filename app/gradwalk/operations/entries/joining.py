"""Operations that join tensors into one, and that split one."""

from dataclasses import replace
from typing import Any

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Operation
from gradwalk.operations.result_shapes import joined
from gradwalk.operations.selection import NONE, copied, copying, selecting

_STACKING = {"hstack": np.hstack, "vstack": np.vstack, "dstack": np.dstack, "column_stack": np.column_stack}


def _joined(call: Call, argument: str, numbers: Array) -> list[Array]:
    parts = [np.full(call.array(name).shape, NONE) for name in call.operands]
    parts[list(call.operands).index(argument)] = numbers
    if call.op == "stack":
        return [np.stack(parts, axis(call.arguments.get("dim", 0), numbers.ndim + 1))]
    if call.op in _STACKING:
        join: Any = _STACKING[call.op]
        return [np.asarray(join(parts))]
    filled = [part for part in parts if part.ndim != 1 or part.size]  # an empty vector joins anything
    dim = call.arguments.get("dim", call.arguments.get("axis", 0))
    return [np.concatenate(filled, axis(dim, numbers.ndim))]


def _parts(call: Call, _argument: str, numbers: Array) -> list[Array]:
    fixed = {"hsplit": min(1, numbers.ndim - 1), "vsplit": 0, "dsplit": 2}
    dim = axis(fixed.get(call.op, call.arguments.get("dim", 0)), numbers.ndim)
    ends = np.cumsum([output.shape[dim] for output in call.outputs])
    return list(np.split(numbers, ends[:-1], dim))


def _unbound(call: Call, _argument: str, numbers: Array) -> list[Array]:
    return list(np.moveaxis(numbers, axis(call.arguments.get("dim", 0), numbers.ndim), 0))


def _on_a_grid(call: Call, argument: str, numbers: Array) -> list[Array]:
    """Return the places of meshgrid, which lays each vector along a dimension of its own."""
    own = list(call.operands).index(argument)
    dim = own if call.arguments.get("indexing") != "xy" or own > 1 else 1 - own
    shape = call.result(own).shape
    along = np.broadcast_to(numbers.reshape(-1, *(1,) * (len(shape) - dim - 1)), shape)
    return [along if i == own else np.full(shape, NONE) for i in range(len(call.outputs))]


def _spread(call: Call, argument: str, numbers: Array) -> list[Array]:
    own = list(call.operands).index(argument)
    shape = call.result(own).shape
    return [np.broadcast_to(numbers, shape) if i == own else np.full(shape, NONE) for i in range(len(call.outputs))]


def _on_the_diagonal(call: Call, argument: str, numbers: Array) -> list[Array]:
    placed, row, column = np.full(call.result().shape, NONE), 0, 0
    for name in call.operands:
        part = np.atleast_2d(numbers if name == argument else call.array(name))
        if name == argument:
            placed[row : row + part.shape[0], column : column + part.shape[1]] = part
        row, column = row + part.shape[0], column + part.shape[1]
    return [placed]


def _written(call: Call) -> str:
    names = [f"<{name}>" for name in call.operands]
    shown = names if len(names) <= _MOST_WRITTEN else [*names[: _MOST_WRITTEN - 1], r"\dots"]
    dim = call.arguments.get("dim", call.arguments.get("axis"))
    along = rf", \; \text{{dim }} {dim}" if isinstance(dim, int) else ""
    return rf"\left[{', '.join(shown)}\right]{along}"


_ARGUMENTS = ("tensors",)
_MOST_WRITTEN = 4

OPERATIONS: tuple[Operation, ...] = (
    Operation(("cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack", "column_stack"), "structural",
              shape=joined, says=phrases.joined,
        formulas=(
        replace(
            selecting(r"\operatorname{join}(\dots)", copied(*_ARGUMENTS), copying(_joined), "PyTorch, torch.cat"),
            written=_written,
        ),
    )),
    Operation(("split", "chunk", "tensor_split", "hsplit", "vsplit", "dsplit"), "structural",
              says="<self> cut into pieces", formulas=(
        selecting(r"\operatorname{part}_{k}", copied("self", "tensor"), copying(_parts), "PyTorch, torch.split"),
    )),
    Operation(("meshgrid",), "structural",
              says="a grid of all pairs", formulas=(
        selecting(r"\operatorname{grid}(\dots)", copied("*"), copying(_on_a_grid), "PyTorch, torch.meshgrid"),
    )),
    Operation(("broadcast_tensors",), "structural",
              says="tensors repeated to the same shape", formulas=(
        selecting(r"\operatorname{expand}(\dots)", copied("*"), copying(_spread), "PyTorch, torch.broadcast_tensors"),
    )),
    Operation(("block_diag",), "structural",
              says="matrices put along a diagonal", formulas=(
        selecting(r"\operatorname{diag}(\dots)", copied("*"), copying(_on_the_diagonal), "PyTorch, torch.block_diag"),
    )),
    Operation(("unbind",), "structural",
              says="<self> taken apart, slice by slice", formulas=(
        selecting("<self>_{k}", copied(), copying(_unbound), "PyTorch, torch.unbind"),
    )),
)  # fmt: skip
