"""Products that are summed over shared indices: matrix products and einsum. Labels are letters, one per dimension."""

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from gradwalk.operations.call import Array, NumbersMissing
from gradwalk.operations.entry import Local, Read

_MOST_PRODUCTS: Final = 500_000
"""The largest number of multiplications for one column: far more than any small network needs."""


class Factor(NamedTuple):
    """An operand of a product: its argument, its labels, its numbers and the output of its node that it is."""

    argument: str
    labels: str
    array: Array
    output: int = 0


def contraction_column(
    factors: Sequence[Factor], result: str, asked: int, index: int, scale: float = 1.0
) -> Iterator[Local]:
    """Yield the column of element `index` (flat) of the factor number `asked`. A dimension of size 1 is broadcast."""
    sizes = _sizes(factors)
    own = factors[asked]
    position = np.unravel_index(index, own.array.shape) if own.array.ndim else ()
    fixed: dict[str, int] = {}
    for label, size, place in zip(own.labels, own.array.shape, position, strict=True):
        if size == sizes[label] and fixed.setdefault(label, int(place)) != place:
            return  # the element is not on the diagonal that `ii` reads
    others = [factor for i, factor in enumerate(factors) if i != asked]
    free = [label for label in result if label not in fixed]
    summed = sorted(sizes.keys() - fixed.keys() - set(result))
    if math.prod(sizes[label] for label in [*free, *summed]) > _MOST_PRODUCTS:
        raise NumbersMissing("so many products")
    shape = tuple(sizes[label] for label in result)
    for places in product(*(range(sizes[label]) for label in free)):
        at = {**fixed, **dict(zip(free, places, strict=True))}
        out = int(np.ravel_multi_index([at[label] for label in result], shape)) if shape else 0
        if len(others) == 1 and not summed:
            flat, value = _read(others[0], at)
            reads = {"factor": Read(others[0].argument, others[0].output, flat, value)}
            yield Local(out, value * scale, reads={**reads, "scale": scale})
        else:
            yield Local(out, scale * _total(others, at, summed, sizes), formula="")


def contraction_terms(factors: Sequence[Factor], result: str, index: int) -> list[list[Read]]:
    """Return the products that are added up to element `index` (flat) of the result."""
    sizes = _sizes(factors)
    shape = tuple(sizes[label] for label in result)
    place = np.unravel_index(index, shape) if shape else ()
    fixed = {label: int(i) for label, i in zip(result, place, strict=True)}
    summed = sorted(sizes.keys() - set(result))
    if math.prod(sizes[label] for label in summed) > _MOST_PRODUCTS:
        raise NumbersMissing("so many products")
    terms = []
    for way in product(*(range(sizes[label]) for label in summed)):
        at = {**fixed, **dict(zip(summed, way, strict=True))}
        read = ((factor, *_read(factor, at)) for factor in factors)
        terms.append([Read(factor.argument, factor.output, flat, value) for factor, flat, value in read])
    return terms


def contraction_latex(factors: Sequence[tuple[str, str]], result: str) -> str:
    """Return the sum in LaTeX. `factors`: the argument and the labels of each."""
    summed = sorted({label for _, labels in factors for label in labels} - set(result))
    written = r" \cdot ".join(f"<{name}>_{{{labels}}}" if labels else f"<{name}>" for name, labels in factors)
    return rf"\sum_{{{','.join(summed)}}} {written}" if summed else written


def _sizes(factors: Sequence[Factor]) -> dict[str, int]:
    found: dict[str, int] = {}
    for factor in factors:
        for label, size in zip(factor.labels, factor.array.shape, strict=True):
            found[label] = max(size, found.get(label, 1))
    return found


def _total(others: list[Factor], at: dict[str, int], summed: list[str], sizes: dict[str, int]) -> float:
    ways = product(*(range(sizes[label]) for label in summed))
    return sum(
        math.prod(_read(factor, {**at, **dict(zip(summed, way, strict=True))})[1] for factor in others) for way in ways
    )


def _read(factor: Factor, at: dict[str, int]) -> tuple[int, float]:
    shape = factor.array.shape
    place = [0 if size == 1 else at[label] for label, size in zip(factor.labels, shape, strict=True)]
    flat = int(np.ravel_multi_index(place, shape)) if place else 0
    return flat, float(factor.array.reshape(-1)[flat])
