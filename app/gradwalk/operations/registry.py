"""All entries, and the one that fits a call."""

from collections.abc import Mapping
from itertools import chain
from typing import Any, Final

from gradwalk.operations.call import Call
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


_WRITING: Final = frozenset(
    ["masked_fill", "masked_fill_", "where", "fill_", "full", "full_like", "triu", "tril", "__setitem__", "tensor"]
)


def writes_constants(name: str, arguments: Mapping[str, Any]) -> bool:
    """Return whether an operation writes numbers that the program gave it, such as the infinities of a mask."""
    return name in _WRITING or "inf" in str(arguments).lower()[:1000]
