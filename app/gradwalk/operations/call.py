"""A recorded operation with its numbers, as the formulas read it.

A program can forge its own recording, so nothing in it is trusted.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from gradwalk.contract.snapshot import Node, Tensor

Array = npt.NDArray[Any]
Tensors = Mapping[str, Tensor]
"""Whole tensors by id: those whose numbers are stored outside the iteration."""

CANONICAL: Final = {
    "input": "self", "instance": "self", "argument 0": "self", "mat2": "other", "vec2": "other",
    "vec": "other",
}  # fmt: skip
"""The one name of an argument by the other names that PyTorch's overloads give it."""


class NumbersMissing(Exception):
    """An error: a number that a formula needs is not in the snapshot. The message names the number."""


DOES_NOT_FIT: Final = (ValueError, IndexError, ArithmeticError)
"""The errors of numpy and Python where recorded numbers or arguments do not fit a formula: a tensor was changed in
place meanwhile, or a dimension was given by its name. Any other error is a mistake in the formula.
"""

V = TypeVar("V")


class Recorded(dict[str, V]):
    """Arguments of a call by name. One that the snapshot does not hold raises NumbersMissing: iterations that share a
    graph keep only the plain arguments that are the same in all of them.
    """

    def __missing__(self, name: str) -> V:
        """Raise NumbersMissing."""
        raise NumbersMissing(f"the numbers of {name}")


@dataclass(frozen=True)
class Operand:
    """A tensor that went into an operation or came out of it.

    `argument` is its name as recorded. `array` is None where the numbers are missing.
    """

    node: Node
    output: int
    argument: str
    tensor: Tensor | None
    array: Array | None

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the tensor, which is empty where nothing is known of it."""
        return tuple(self.tensor.shape) if self.tensor else ()


@dataclass(frozen=True)
class Call:
    """One recorded call of an operation.

    `op` is the operation's name without the underscore of its in-place form. `operands` are by canonical argument.
    """

    node: Node
    op: str
    operands: dict[str, Operand]
    outputs: list[Operand]
    arguments: dict[str, Any]

    def array(self, name: str) -> Array:
        """Return the numbers of an argument. Raises NumbersMissing."""
        operand = self.operands.get(name)
        if operand is None or operand.array is None:
            raise NumbersMissing(f"the numbers of {name}")
        return operand.array

    def result(self, output: int = 0) -> Array:
        """Return the numbers of a result. Raises NumbersMissing."""
        found = self.outputs[output].array if output < len(self.outputs) else None
        if found is None:
            raise NumbersMissing("the numbers of the result")
        return found

    def real(self, name: str, default: float = 0.0) -> float:
        """Return the number of an argument that is a plain number, else the default."""
        value = self.arguments.get(name, default)
        return float(value) if isinstance(value, int | float) else default

    def has(self, *names: str) -> bool:
        """Return whether each of these arguments was given, as a tensor or as a number."""
        return all(name in self.operands or name in self.arguments for name in names)

    def autograd_names(self) -> set[str]:
        """Return the names of the autograd nodes that the operation made."""
        return {found.name for found in self.node.autograd}

    @property
    def is_custom(self) -> bool:
        """Return whether it is a call of a custom `torch.autograd.Function`, whatever its name is.

        PyTorch numbers its own kinds of autograd nodes (`ExpBackward0`) and names that of a class `Exp` `ExpBackward`.
        """
        return any(found.name.endswith("Backward") for found in self.node.autograd)


def canonical(argument: str) -> str:
    """Return the one name of an argument: `self` for PyTorch's `input`, `instance` and others."""
    return CANONICAL.get(argument, argument)


def array_of(tensor: Tensor | None, tensors: Tensors) -> Array | None:
    """Return the numbers of a tensor in its shape, as bool, int64 or float64.

    Return None where they are missing, complex, or not as many as the shape says.
    """
    if tensor is None:
        return None
    whole = tensor if tensor.data is not None else tensors.get(tensor.id)
    if whole is None or whole.data is None or math.prod(whole.shape) != len(whole.data):
        return None
    try:
        array: Array = np.array(whole.data, dtype=_kind(tensor.dtype)).reshape(tuple(whole.shape))
        if tensor.dtype == "bfloat16":
            array = _as_bfloat16(array)
        return array.astype(np.float64) if array.dtype.kind == "f" else array
    except (ValueError, TypeError, OverflowError):
        return None


def _kind(dtype: str) -> type:
    """Return the type that numpy reads the decimals as: a float32 is recorded with few digits."""
    if dtype == "bool":
        return bool
    return {"float32": np.float32, "float16": np.float16}.get(dtype, np.int64 if "int" in dtype else np.float64)


def _as_bfloat16(array: Array) -> Array:
    """Return the numbers that the decimals stand for. numpy has no bfloat16, which is the upper half of a float32."""
    bits = array.astype(np.float32).view(np.uint32).astype(np.uint64)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16) << 16
    nearest = rounded.astype(np.uint32).view(np.float32)
    return np.where(np.isfinite(array), nearest, array)


def base_name(op: str) -> str:
    """Return the name without the underscore of an in-place form: `add` for `add_`, which computes the same."""
    return op.rstrip("_") if op.endswith("_") and not op.endswith("__") else op
