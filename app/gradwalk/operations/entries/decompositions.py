"""Decompositions of a matrix: each number of a factor from the matrix and the factors before it. Backwards they are
measured.
"""

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Operation, Read, Worked
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Factors, Number, Working, read, total

_SOURCE = "PyTorch, torch.linalg.{}; Golub, Van Loan, Matrix Computations, {}"
_SMALL = 1e-9
"""The share of the largest value below which a value is too small to divide by."""


def _made(call: Call, output: int, *place: int) -> Read:
    """Return an element of a factor."""
    array = call.result(output)
    index = flat(place, array.shape)
    return Read(None, output, index, float(array.reshape(-1)[index]))


def _name(call: Call) -> str:
    return "A" if "A" in call.operands else "self"


def _given(call: Call, *place: int) -> Read:
    return read(call, _name(call), flat(place, call.array(_name(call)).shape))


def _without(working: Working, first: Number, taken: list[Factors]) -> str:
    """Return a number minus a sum of products."""
    if not taken:
        return working.put(first)
    added = working.sum(taken)
    return f"{working.put(first)} - {f'({added})' if len(taken) > 1 else added}"


def _cholesky(call: Call, out: int, _output: int) -> Worked:
    """Work out one number of L: what L·Lᵀ must give there, without what the columns before it give."""
    shape, working = call.result().shape, Working()
    *front, row, column = place_of(out, shape)
    upper = bool(call.arguments.get("upper"))
    if upper:
        row, column = column, row
    if row < column:
        return working.worked(working.put(0.0), 0.0)

    def factor(i: int, k: int) -> Read:
        return _made(call, 0, *front, *((k, i) if upper else (i, k)))

    taken: list[Factors] = [[factor(row, k), factor(column, k)] for k in range(column)]
    own = _given(call, *front, row, column)
    inside, left = _without(working, own, taken), own.value - total(taken)
    if row == column:
        return working.worked(rf"\sqrt{{{inside}}}", float(np.sqrt(left)))
    below = factor(column, column)
    return working.worked(rf"\frac{{{inside}}}{{{working.put(below)}}}", left / below.value)


def _orthogonal(call: Call, out: int, output: int) -> Worked | None:
    """Work out one number of Q or R: R holds how far the columns of A reach along those of Q."""
    shape, working = call.result(output).shape, Working()
    *front, row, column = place_of(out, shape)
    rows, columns = call.array(_name(call)).shape[-2:]
    if output == 1:
        if row > column:
            return working.worked(working.put(0.0), 0.0)
        terms: list[Factors] = [[_made(call, 0, *front, k, row), _given(call, *front, k, column)] for k in range(rows)]
        return working.worked(working.sum(terms), total(terms))
    if column >= min(rows, columns):
        return None
    own, below = _given(call, *front, row, column), _made(call, 1, *front, column, column)
    if abs(below.value) <= _SMALL * float(np.abs(call.result(1)).max()):
        return None
    taken: list[Factors] = [[_made(call, 0, *front, row, k), _made(call, 1, *front, k, column)] for k in range(column)]
    inside = _without(working, own, taken)
    return working.worked(rf"\frac{{{inside}}}{{{working.put(below)}}}", (own.value - total(taken)) / below.value)


def _symmetric(call: Call, front: list[int]) -> Array:
    """Return the matrix that eigh reads: the lower or the upper half, mirrored."""
    matrix = call.array(_name(call))[tuple(front)]
    half = np.triu(matrix) if str(call.arguments.get("UPLO", "L")).upper() == "U" else np.tril(matrix).T
    mirrored: Array = half + np.triu(half, 1).T
    return mirrored


def _eigen(call: Call, out: int, output: int) -> Worked | None:
    """Work out one eigenvalue, or one number of an eigenvector: the matrix only lengthens it."""
    working = Working()
    if output == 0:
        *front, number = place_of(out, call.result().shape)
        moved = _symmetric(call, front) @ call.result(1)[tuple(front)][:, number]
        terms: list[Factors] = [
            [_made(call, 1, *front, i, number), Computed(rf"(A v)_{{{i}}}", float(one))] for i, one in enumerate(moved)
        ]
        return working.worked(working.sum(terms), total(terms))
    *front, row, number = place_of(out, call.result(1).shape)
    value, matrix = _made(call, 0, *front, number), _symmetric(call, front)
    if abs(value.value) <= _SMALL * float(np.abs(call.result()).max()):
        return None
    terms = [
        [Computed(f"A_{{{row},{k}}}", float(one)), _made(call, 1, *front, k, number)]
        for k, one in enumerate(matrix[row])
    ]
    return working.worked(working.divided(working.sum(terms), value.value), total(terms) / value.value)


def _singular(call: Call, out: int, output: int) -> Worked | None:
    """Work out one singular value, or one number of a singular vector from the vector on the other side."""
    working, matrix = Working(), call.array(_name(call))
    if output == 1:
        *front, number = place_of(out, call.result(1).shape)
        moved = matrix[tuple(front)] @ call.result(2)[tuple(front)][number]
        terms: list[Factors] = [
            [_made(call, 0, *front, i, number), Computed(rf"(A v)_{{{i}}}", float(one))] for i, one in enumerate(moved)
        ]
        return working.worked(working.sum(terms), total(terms))
    *front, first, second = place_of(out, call.result(output).shape)
    number, own = (second, first) if output == 0 else (first, second)
    sizes = call.result(1)[tuple(front)]
    if number >= len(sizes) or sizes[number] <= _SMALL * sizes.max():
        return None
    if output == 0:
        terms = [[_given(call, *front, own, k), _made(call, 2, *front, number, k)] for k in range(matrix.shape[-1])]
    else:
        terms = [[_given(call, *front, k, own), _made(call, 0, *front, k, number)] for k in range(matrix.shape[-2])]
    size = _made(call, 1, *front, number)
    return working.worked(working.divided(working.sum(terms), size.value), total(terms) / size.value)


OPERATIONS: tuple[Operation, ...] = (
    Operation(("linalg_cholesky",), "other",
              says="the lower triangle whose product with its transpose is <self>", formulas=(
        Formula.forwards(r"L, \quad A = L L^{T}", _SOURCE.format("cholesky", "4.2.3"), _cholesky),
    )),
    Operation(("linalg_qr",), "other",
              says="the orthogonal factor and the triangular factor of the matrix", formulas=(
        Formula.forwards(r"(Q, R), \quad A = Q R, \; Q^{T} Q = I", _SOURCE.format("qr", "5.2"), _orthogonal,
            fits=lambda call: call.arguments.get("mode") != "r"),
    )),
    Operation(("linalg_eigh",), "other",
              says="the eigenvalues and eigenvectors of <self>", formulas=(
        Formula.forwards(r"(\lambda, v), \quad A v = \lambda v", _SOURCE.format("eigh", "8.1"), _eigen),
    )),
    Operation(("linalg_svd",), "other",
              says="the singular vectors and values of the matrix", formulas=(
        Formula.forwards(r"(U, S, V^{T}), \quad A = U \operatorname{diag}(S) V^{T}", _SOURCE.format("svd", "2.4"),
            _singular),
    )),
)  # fmt: skip
