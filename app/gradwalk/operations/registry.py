"""A registry of all operations: find one by its name, and the formula that fits a call."""

import math
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

from gradwalk.operations.call import Call, base_name
from gradwalk.operations.entries import (
    activations,
    alpha_dropout,
    arithmetic,
    attention,
    choosing,
    classification,
    comparisons,
    constants,
    convolution,
    ctc,
    decompositions,
    distances,
    exponentials,
    gates,
    indexing,
    joining,
    linear_algebra,
    losses,
    margins,
    norms,
    patches,
    pooling,
    powers,
    products,
    recurrent,
    recurrent_layers,
    reductions,
    scattering,
    shapes,
    softmaxes,
    unusual_pooling,
)
from gradwalk.operations.entry import Formula, Operation

CHAPTERS: Final[dict[str, tuple[Operation, ...]]] = {
    "Arithmetic": arithmetic.OPERATIONS,
    "Powers and roots": powers.OPERATIONS,
    "Exponentials, logarithms and angles": exponentials.OPERATIONS,
    "Reductions": reductions.OPERATIONS,
    "Distances and directions": distances.OPERATIONS,
    "Products of vectors and matrices": products.OPERATIONS,
    "Matrices": (*linear_algebra.OPERATIONS, *decompositions.OPERATIONS),
    "Recurrent cells and layers": (*recurrent.OPERATIONS, *recurrent_layers.OPERATIONS),
    "Activations": (*activations.OPERATIONS, *gates.OPERATIONS),
    "Softmaxes": softmaxes.OPERATIONS,
    "Attention": attention.OPERATIONS,
    "Losses": (*losses.OPERATIONS, *classification.OPERATIONS, *margins.OPERATIONS, *ctc.OPERATIONS),
    "Convolutions": convolution.OPERATIONS,
    "Patches and sizes of images": patches.OPERATIONS,
    "Pooling": (*pooling.OPERATIONS, *unusual_pooling.OPERATIONS),
    "Normalizations": norms.OPERATIONS,
    "Shapes": shapes.OPERATIONS,
    "Indexing": (*indexing.OPERATIONS, *scattering.OPERATIONS),
    "Joining and splitting": joining.OPERATIONS,
    "Choosing and dropout": (*choosing.OPERATIONS, *alpha_dropout.OPERATIONS),
    "Comparisons": comparisons.OPERATIONS,
    "Constants": constants.OPERATIONS,
}
"""The operations by chapter, in the order of docs/formulas.md."""


def by_name(operations: Iterable[Operation]) -> dict[str, Operation]:
    """Return the operations by each of their names. Raises ValueError for a name that two of them have."""
    found: dict[str, Operation] = {}
    for operation in operations:
        for name in operation.names:
            if name in found:
                raise ValueError(f"{name} has two entries")
            found[name] = operation
    return found


OPERATIONS: Final = by_name(chain.from_iterable(CHAPTERS.values()))
"""Every operation by each of its names."""

EXPLAINED: Final = frozenset(name for name, operation in OPERATIONS.items() if any(f.rules for f in operation.formulas))
"""The names of the operations whose derivatives are written down."""

_INFINITE: Final = frozenset({"inf", "-inf", "Infinity", "-Infinity"})


def operation_of(name: str | None) -> Operation | None:
    """Return the operation of a recorded name, also of an in-place form, or None for one without an entry."""
    return OPERATIONS.get(base_name(name or ""))


def find(call: Call) -> Formula | None:
    """Return the hand-written formula for a call, or None where there is none.

    There is none for a custom Function, whatever its name is, and none for an operation that wrote through a view:
    its result is the whole tensor that is viewed.
    """
    if call.is_custom:
        return None
    if "CopySlices" in call.autograd_names() and (call.node.op or "").endswith("_") and call.op != "__setitem__":
        return None
    operation = OPERATIONS.get(call.op)
    return next((formula for formula in operation.formulas if formula.fits(call)), None) if operation else None


def writes_constants(name: str, arguments: Mapping[str, Any]) -> bool:
    """Return whether an operation puts numbers into its result that the program gave, as a mask of -inf does.

    An infinite number in the result is then intended, unless it was infinite in an input already. This holds for the
    operations that only copy numbers from their inputs and arguments (`fill_`, `where`, `triu`, `__setitem__`), and
    for every other operation that was given an infinite number as an argument (`scores + float("-inf")`).
    `arguments`: the recorded arguments that are no tensors.
    """
    operation = operation_of(name)
    writes = operation is not None and operation.kind == "writes_constants"
    return writes or any(map(_holds_infinity, arguments.values()))


def _holds_infinity(argument: Any) -> bool:
    if isinstance(argument, list | tuple):
        return any(map(_holds_infinity, argument))
    return argument in _INFINITE if isinstance(argument, str) else isinstance(argument, float) and math.isinf(argument)
