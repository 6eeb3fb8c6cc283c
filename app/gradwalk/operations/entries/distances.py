"""Distances between vectors, and the directions in which they point."""

import math
from collections.abc import Callable, Iterator

import numpy as np

from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import at
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Read, Reads, Rule, Worked
from gradwalk.operations.lengths import length
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Number, Working, read, total

_NORM = "Petersen, Pedersen, The Matrix Cookbook, 2.6"
_AWAY = "Each coordinate pulls with its share of the distance."
_TURN = "Only turning counts: what moves the vector along itself changes no angle, so that part is taken away."


def along_length(difference: Array, p: float) -> Array:
    """Return the slopes of the p-norm of a vector by its elements. At zero they are 0, as in PyTorch."""
    length = float(np.linalg.norm(difference, p))
    if length == 0:
        return np.zeros_like(difference)
    slopes: Array = np.sign(difference) * (np.abs(difference) / length) ** (p - 1)
    return slopes


def cosine_slopes(own: Array, other: Array, added: float = 0.0) -> tuple[float, Array]:
    """Return the cosine of two vectors and its slopes by the first. `added` is added to the squared lengths."""
    first, second = math.sqrt(float(own @ own) + added), math.sqrt(float(other @ other) + added)
    cosine = float(own @ other) / (first * second)
    return cosine, (other / second - cosine * own / first) / first


def _rows(call: Call, dim: int, argument: str, index: int) -> Iterator[tuple[int, int, Array, Array]]:
    """Yield each result that an element is part of: its index, the element's place along `dim`, and both vectors."""
    names = [name for name in ("x1", "x2", "self", "other") if name in call.operands][:2]
    other_name = next(name for name in names if name != argument)
    own, other = call.array(argument), call.array(other_name)
    numbers = np.arange(own.size).reshape(own.shape)
    own, other = np.broadcast_arrays(own, other)
    numbers = np.moveaxis(np.broadcast_to(numbers, own.shape), dim, -1)
    own, other = (np.moveaxis(array, dim, -1).reshape(-1, own.shape[dim]) for array in (own, other))
    for row, place in np.argwhere(numbers.reshape(own.shape) == index):
        yield int(row), int(place), own[row], other[row]


def _similarity(call: Call, argument: str, index: int) -> Iterator[Local]:
    ndim = max(operand.array.ndim for operand in call.operands.values() if operand.array is not None)
    for out, place, own, other in _rows(call, axis(call.arguments.get("dim", 1), ndim), argument, index):
        cosine, slopes = cosine_slopes(own, other)
        lengths = float(np.linalg.norm(own)), float(np.linalg.norm(other))
        reads: Reads = {
            "a": float(own[place]), "b": float(other[place]), "cos": Read(None, 0, out, cosine),
            "na": Computed(r"|a|", lengths[0]), "nb": Computed(r"|b|", lengths[1]),
        }  # fmt: skip
        formula = r"\frac{1}{<na>} \cdot \left( \frac{<b>}{<nb>} - <cos> \cdot \frac{<a>}{<na>} \right)"
        yield Local(out, float(slopes[place]), reads=reads, formula=formula)


def _distance(call: Call, argument: str, index: int) -> Iterator[Local]:
    sign = 1.0 if argument in ("x1", "self") else -1.0
    eps = call.real("eps", 1e-6) if call.op == "pairwise_distance" else 0.0
    p = call.real("p", 2.0)
    if call.op == "dist":  # of all elements at once
        own, other = call.array(argument), call.array("other" if argument == "self" else "self")
        numbers = np.broadcast_to(np.arange(own.size).reshape(own.shape), np.broadcast_shapes(own.shape, other.shape))
        slopes = along_length((own - other).reshape(-1), p)
        yield from (_pull(0, float(slopes[i]), call, p) for i in np.flatnonzero(numbers.reshape(-1) == index))
        return
    for out, place, first, second in _rows(call, -1, argument, index):
        slopes = along_length(first - second + sign * eps, p)
        yield _pull(out, float(slopes[place]), call, p)


def _pull(out: int, value: float, call: Call, p: float) -> Local:
    result = Read(None, 0, out, float(call.result().reshape(-1)[out]))
    if p != 2:
        return Local(out, value, formula="")
    apart = Computed(r"(a - b)", value * result.value)
    return Local(out, value, reads={"d": apart, "result": result}, formula=r"\frac{<d>}{<result>}")


def _each_pair(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of cdist, which compares every row of the first with every row of the second."""
    own, result = call.array(argument), call.result()
    other = call.array("x2" if argument == "x1" else "x1")
    *front, row, place = place_of(index, own.shape)
    rows = np.broadcast_to(np.arange(math.prod(own.shape[:-2])).reshape(own.shape[:-2]), result.shape[:-2])
    shown = np.broadcast_to(other, result.shape[:-2] + other.shape[-2:])
    for batch in np.argwhere(rows == flat(front, own.shape[:-2])):
        at = tuple(map(int, batch))
        for pair, vector in enumerate(shown[at]):
            slopes = along_length(own[(*front, row)] - vector, call.real("p", 2.0))
            out = (*at, row, pair) if argument == "x1" else (*at, pair, row)
            yield _pull(flat(out, result.shape), float(slopes[place]), call, call.real("p", 2.0))


def _normalized(call: Call, argument: str, index: int) -> Iterator[Local]:
    array, p = call.array(argument), call.real("p", 2.0)
    dim = axis(call.arguments.get("dim", 1), array.ndim)
    place = place_of(index, array.shape)
    vector = np.moveaxis(array, dim, -1)[(*place[:dim], *place[dim + 1 :])]
    length = float(np.linalg.norm(vector, p))
    floor = call.real("eps", 1e-12)
    slopes = along_length(vector, p) if length > floor else np.zeros_like(vector)
    length = max(length, floor)
    for j, x in enumerate(vector):
        out = flat((*place[:dim], j, *place[dim + 1 :]), array.shape)
        own = float(slopes[place[dim]])
        reads: Reads = {
            "n": Computed(r"\|x\|", length),
            "y": Read(None, 0, out, float(x) / length),
            "s": Computed("s", own),
        }
        same = "1" if j == place[dim] else "0"
        value = ((j == place[dim]) - float(x) / length * own) / length
        yield Local(out, value, reads=reads, formula=rf"\frac{{{same} - <y> \cdot <s>}}{{<n>}}")


def _vectors(call: Call, dim: int, out: int) -> list[list[Read]]:
    """Return the elements of both vectors that a result was computed from, along `dim` of their shared shape."""
    names = [name for name in ("x1", "x2", "self", "other") if name in call.operands][:2]
    arrays = [call.array(name) for name in names]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    dim = axis(dim, len(shape))
    front = place_of(out, (*shape[:dim], *shape[dim + 1 :]))
    places = [flat((*front[:dim], i, *front[dim:]), shape) for i in range(shape[dim])]
    return [[read(call, name, at(array, shape, place)[0]) for place in places]
            for name, array in zip(names, arrays, strict=True)]  # fmt: skip


def _worked_similarity(call: Call, out: int, _output: int) -> Worked:
    ndim = max(call.array(name).ndim for name in ("x1", "x2"))
    first, second = _vectors(call, axis(call.arguments.get("dim", 1), ndim), out)
    working, floor = Working(), call.real("eps", 1e-8)
    terms: list[list[Number]] = [[a, b] for a, b in zip(first, second, strict=True)]
    lengths = [max(math.hypot(*(one.value for one in vector)), floor) for vector in (first, second)]
    below = r" \cdot ".join(
        working.put(Computed(rf"\|<{name}>\|", size)) for name, size in zip(("x1", "x2"), lengths, strict=True)
    )
    value = total(terms) / (lengths[0] * lengths[1])
    return working.worked(rf"\frac{{{working.sum(terms)}}}{{{below}}}", value)


def _apart(call: Call, first: list[Read], second: list[Read]) -> Worked:
    """Work out the distance of two vectors."""
    working = Working()
    eps = call.real("eps", 1e-6) if call.op == "pairwise_distance" else 0.0
    gaps = [a.value - b.value + eps for a, b in zip(first, second, strict=True)]

    def write(i: int) -> str:
        small = f" + {working.put(eps)}" if eps and abs(gaps[i]) < 1000 * eps else ""
        return f"{working.put(first[i])} - {working.put(second[i])}{small}"

    return working.worked(*length(working, gaps, call.real("p", 2.0), write))


def _worked_distance(call: Call, out: int, _output: int) -> Worked:
    if call.op == "dist":
        own, other = call.array("self"), call.array("other")
        shape = np.broadcast_shapes(own.shape, other.shape)
        both = [[read(call, name, at(array, shape, i)[0]) for i in range(math.prod(shape))]
                for name, array in (("self", own), ("other", other))]  # fmt: skip
        return _apart(call, both[0], both[1])
    return _apart(call, *_vectors(call, -1, out))


def _worked_pair(call: Call, out: int, _output: int) -> Worked:
    """Work out one number of cdist: the distance of a row of the first from a row of the second."""
    shape = call.result().shape
    *front, row, pair = place_of(out, shape)
    both = []
    for name, own in (("x1", row), ("x2", pair)):
        array = call.array(name)
        size = array.shape[-1]
        rows = np.arange(array.size // size).reshape(array.shape[:-1])
        spread = np.broadcast_to(rows, shape[:-2] + rows.shape[-1:])
        begin = int(spread[(*front, own)]) * size
        both.append([read(call, name, begin + i) for i in range(size)])
    return _apart(call, *both)


def _worked_direction(call: Call, out: int, _output: int) -> Worked:
    shape, working, p = call.array("self").shape, Working(), call.real("p", 2.0)
    dim = axis(call.arguments.get("dim", 1), len(shape))
    place = place_of(out, shape)
    vector = [read(call, "self", flat((*place[:dim], i, *place[dim + 1 :]), shape)) for i in range(shape[dim])]
    own = vector[place[dim]]
    above = working.put(own)
    written, size = length(working, [one.value for one in vector], p, lambda i: working.put(vector[i]))
    floor = call.real("eps", 1e-12)
    if size < floor:
        written, size = working.put(floor), floor
    return working.worked(rf"\frac{{{above}}}{{{written}}}", own.value / size)


def _between(sentence: str, formula: str, *names: str) -> dict[str, Rule]:
    return {name: Rule(formula, sentence) for name in names}


def _finite(default: float = 2.0) -> Callable[[Call], bool]:
    def fits(call: Call) -> bool:
        return 1 <= call.real("p", default) < math.inf and not isinstance(call.arguments.get("p"), str)

    return fits


_COSINE = r"\frac{1}{|a|} \left( \frac{b}{|b|} - \cos \cdot \frac{a}{|a|} \right)"

OPERATIONS: tuple[Operation, ...] = (
    Operation(("cosine_similarity",), "other",
              says="the cosine of the angle between <x1> and <x2>", formulas=(
        Formula(r"\frac{<x1> \cdot <x2>}{\|<x1>\| \, \|<x2>\|}", _between(_TURN, _COSINE, "x1", "x2"), _similarity,
            f"PyTorch, torch.nn.functional.cosine_similarity; {_NORM}", worked=_worked_similarity),
    )),
    Operation(("pairwise_distance",), "other",
              says="the distance between <x1> and <x2>", formulas=(
        Formula(r"\|<x1> - <x2>\|_{<p>}", _between(_AWAY, r"\frac{<x1> - <x2>}{<result>}", "x1", "x2"), _distance,
            f"PyTorch, torch.nn.functional.pairwise_distance; {_NORM}", fits=_finite(), defaults={"p": 2.0},
            worked=_worked_distance),
    )),
    Operation(("dist",), "other",
              says="the distance between <self> and <other>", formulas=(
        Formula(r"\|<self> - <other>\|_{<p>}", _between(_AWAY, r"\frac{<self> - <other>}{<result>}", "self", "other"),
            _distance, f"PyTorch, derivatives.yaml: dist; {_NORM}", fits=_finite(), defaults={"p": 2.0},
            worked=_worked_distance),
    )),
    Operation(("cdist",), "other",
              says="the distances between the rows of <x1> and of <x2>", formulas=(
        Formula(r"\|<x1>_{i} - <x2>_{j}\|_{<p>}",
            _between(_AWAY, r"\frac{<x1>_{i} - <x2>_{j}}{<result>_{ij}}", "x1", "x2"), _each_pair,
            f"PyTorch, derivatives.yaml: _cdist_forward; {_NORM}", fits=_finite(), defaults={"p": 2.0},
            worked=_worked_pair),
    )),
    Operation(("normalize",), "other",
              says="<self> scaled to length 1", formulas=(
        Formula(r"\frac{<self>}{\|<self>\|_{<p>}}",
            _between("The length stays 1: what would only lengthen the vector is taken away.",
                r"\frac{\delta_{ij} - y_{j} s_{i}}{\|<self>\|}", "self"), _normalized,
            f"PyTorch, torch.nn.functional.normalize; {_NORM}", fits=_finite(), defaults={"p": 2.0},
            worked=_worked_direction),
    )),
)  # fmt: skip
