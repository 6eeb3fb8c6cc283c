"""All entries, and the one that fits a call."""

import math
from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from gradwalk.operations.call import Call, base_name
from gradwalk.operations.entries import (
    activations,
    arithmetic,
    attention,
    choosing,
    classification,
    convolution,
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
    reductions,
    scattering,
    shapes,
    softmaxes,
)
from gradwalk.operations.entry import Entry

CHAPTERS: Final[dict[str, tuple[Entry, ...]]] = {
    "Arithmetic": arithmetic.ENTRIES,
    "Powers and roots": powers.ENTRIES,
    "Exponentials, logarithms and angles": exponentials.ENTRIES,
    "Reductions": reductions.ENTRIES,
    "Distances and directions": distances.ENTRIES,
    "Products of vectors and matrices": products.ENTRIES,
    "Matrices": linear_algebra.ENTRIES,
    "Recurrent cells": recurrent.ENTRIES,
    "Activations": (*activations.ENTRIES, *gates.ENTRIES),
    "Softmaxes": softmaxes.ENTRIES,
    "Attention": attention.ENTRIES,
    "Losses": (*losses.ENTRIES, *classification.ENTRIES, *margins.ENTRIES),
    "Convolutions": convolution.ENTRIES,
    "Patches and sizes of images": patches.ENTRIES,
    "Pooling": pooling.ENTRIES,
    "Normalizations": norms.ENTRIES,
    "Shapes": shapes.ENTRIES,
    "Indexing": (*indexing.ENTRIES, *scattering.ENTRIES),
    "Joining and splitting": joining.ENTRIES,
    "Choosing and dropout": choosing.ENTRIES,
}
"""In the order of docs/formulas.md."""

_BY_OP: Final[dict[str, list[Entry]]] = {}
for _entry in chain.from_iterable(CHAPTERS.values()):
    for _op in _entry.ops:
        _BY_OP.setdefault(_op, []).append(_entry)

EXPLAINED: Final = frozenset(_BY_OP)
"""The names of the operations that have an entry."""


def find(call: Call) -> Entry | None:
    """The hand-written entry for a call; null where there is none, or where it wrote through a view: then the result is
    the whole tensor that is viewed. A custom Function that is called like an operation is another one.
    """
    if call.is_custom:
        return None
    if "CopySlices" in call.autograd_names() and (call.node.op or "").endswith("_") and call.op != "__setitem__":
        return None
    return next((entry for entry in _BY_OP.get(call.op, ()) if entry.fits(call)), None)


_WRITING_CONSTANTS: Final = frozenset({
    "__setitem__", "as_tensor", "fill", "full", "full_like", "index_fill", "masked_fill", "new_full", "new_tensor",
    "scalar_tensor", "tensor", "tril", "triu", "where",
})  # fmt: skip
_INFINITE: Final = frozenset({"inf", "-inf", "Infinity", "-Infinity"})


def writes_constants(name: str, arguments: Mapping[str, Any]) -> bool:
    """Return whether an operation puts numbers into its result that the program gave, as a mask of -inf does.

    An infinite number in the result is then intended, unless it was infinite in an input already. This holds for the
    operations that only copy numbers from their inputs and arguments (`fill_`, `where`, `triu`, `__setitem__`), and
    for every other operation that was given an infinite number as an argument (`scores + float("-inf")`).
    `arguments`: the recorded arguments that are no tensors.
    """
    return base_name(name) in _WRITING_CONSTANTS or any(map(_holds_infinity, arguments.values()))


def _holds_infinity(argument: Any) -> bool:
    if isinstance(argument, list | tuple):
        return any(map(_holds_infinity, argument))
    return argument in _INFINITE if isinstance(argument, str) else isinstance(argument, float) and math.isinf(argument)
