"""Functions of whole matrices: trace, determinant, inverse, solving equations."""

from collections.abc import Iterator

import numpy as np

from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Read, Rule
from gradwalk.operations.windows import flat, place_of

_COOKBOOK = "PyTorch, derivatives.yaml: {}; Petersen, Pedersen, The Matrix Cookbook, {}"
_COFACTOR = "How the volume answers to one element: the element of the inverse, transposed, times the volume itself."
_RELATIVE = "A logarithm of a volume answers as the inverse, transposed."
_INVERSE = "Moving an element of A moves the inverse by a column and a row of the inverse, with the sign turned."


def _trace(call: Call, argument: str, index: int) -> Iterator[Local]:
    row, column = place_of(index, call.array(argument).shape)
    if row == column:
        yield Local(0, 1.0)


def _volume(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of det, logdet and slogdet, of one matrix or of each of a batch."""
    array = call.array(argument)
    *front, row, column = place_of(index, array.shape)
    inverse = float(np.linalg.inv(array[tuple(front)])[column, row])
    out = flat(front, array.shape[:-2])
    symbol = Computed(r"(A^{-1})_{" + f"{column},{row}" + "}", inverse)
    if "log" in call.op:
        yield Local(out, inverse, output=len(call.outputs) - 1, reads={"inv": symbol}, formula="<inv>")
    else:
        volume = Read(None, 0, out, float(call.result().reshape(-1)[out]))
        yield Local(out, volume.value * inverse, reads={"inv": symbol, "det": volume}, formula=r"<det> \cdot <inv>")


def _inverse(call: Call, argument: str, index: int) -> Iterator[Local]:
    result = call.result()
    *front, row, column = place_of(index, result.shape)
    one = result[tuple(front)]
    size = one.shape[-1]
    for i in range(size):
        for j in range(size):
            a, b = (*front, i, row), (*front, column, j)
            reads = {
                "a": Read(None, 0, flat(a, result.shape), float(result[a])),
                "b": Read(None, 0, flat(b, result.shape), float(result[b])),
            }
            value = -float(result[a]) * float(result[b])
            yield Local(flat((*front, i, j), result.shape), value, reads=reads, formula=r"-<a> \cdot <b>")


def _solution(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of X = A⁻¹B: by B it is linear, by A it behaves as the inverse does."""
    matrix, result = call.array("A"), call.result()
    vector = result.ndim == matrix.ndim - 1
    inverse, solved = np.linalg.inv(matrix), result[..., None] if vector else result
    if inverse.ndim != 2 or solved.ndim != 2:
        raise ValueError("a batch of equations")
    row, column = place_of(index, matrix.shape if argument == "A" else solved.shape)
    for i in range(solved.shape[0]):
        pull = float(inverse[i, row])
        by = Computed(r"(A^{-1})_{" + f"{i},{row}" + "}", pull)
        if argument == "B":
            yield Local(i * solved.shape[1] + column, pull, reads={"inv": by}, formula="<inv>")
            continue
        for j in range(solved.shape[1]):
            out = i * solved.shape[1] + j
            x = Read(None, 0, column * solved.shape[1] + j, float(solved[column, j]))
            yield Local(out, -pull * x.value, reads={"inv": by, "x": x}, formula=r"-<inv> \cdot <x>")


def _crossed(call: Call, argument: str, index: int) -> Iterator[Local]:
    own = call.array(argument)
    other_name = "other" if argument == "self" else "self"
    other = call.array(other_name)
    if own.shape != other.shape or own.shape[-1:] != (3,) or 3 in own.shape[:-1]:
        raise ValueError("other dimensions")
    row, place = divmod(index, 3)
    for out in {0, 1, 2} - {place}:
        rest = 3 - place - out
        # y_out = x_a z_b - x_b z_a, where a and b follow out in the order 0, 1, 2, 0
        sign = 1.0 if (out + 1) % 3 == place else -1.0
        sign *= 1.0 if argument == "self" else -1.0
        value = float(other.reshape(-1)[3 * row + rest])
        read = Read(other_name, call.operands[other_name].output, 3 * row + rest, value)
        yield Local(3 * row + out, sign * value, reads={"z": read}, formula="<z>" if sign > 0 else "-<z>")


def _square(call: Call) -> bool:
    return all(array.shape[-1] == array.shape[-2] for array in _arrays(call) if array.ndim > 1)


def _arrays(call: Call) -> list[Array]:
    return [operand.array for operand in call.operands.values() if operand.array is not None]


def _one(latex: str, meaning: str, *names: str) -> dict[str, Rule]:
    return {name: Rule(latex, meaning) for name in names}


_BY = ("A", "self", "*")

OPERATIONS: tuple[Operation, ...] = (
    Operation(("trace",), "other",
              says="the sum of the diagonal of <self>", formulas=(
        Formula(r"\sum_{i} <self>_{ii}",
            _one("1", "Only the diagonal is summed, and each of it counts whole.", "self"), _trace,
            _COOKBOOK.format("trace", "2.5")),
    )),
    Operation(("det", "linalg_det"), "other",
              says="the determinant of <self>", formulas=(
        Formula(r"\det A", _one(r"\det A \cdot (A^{-1})_{ji}", _COFACTOR, *_BY), _volume,
            _COOKBOOK.format("linalg_det", "2.1"), fits=_square),
    )),
    Operation(("logdet", "slogdet", "linalg_slogdet"), "other",
              says="the logarithm of the determinant of <self>", formulas=(
        Formula(r"\ln |\det A|", _one("(A^{-1})_{ji}", _RELATIVE, *_BY), _volume,
            _COOKBOOK.format("linalg_slogdet", "2.1"), fits=_square),
    )),
    Operation(("inverse", "linalg_inv"), "other",
              says="the inverse matrix of <self>", formulas=(
        Formula("A^{-1}", _one("-(A^{-1})_{ik} (A^{-1})_{lj}", _INVERSE, *_BY), _inverse,
            _COOKBOOK.format("linalg_inv_ex", "2.2"), fits=_square),
    )),
    Operation(("linalg_solve",), "other",
              says="the solution of the equations that <self> and <other> write down", formulas=(
        Formula("A^{-1} B",
            {"A": Rule("-(A^{-1})_{ik} X_{lj}", _INVERSE), "B": Rule("(A^{-1})_{ik}", "The solution is linear in B.")},
            _solution, _COOKBOOK.format("linalg_solve", "2.2")),
    )),
    Operation(("cross", "linalg_cross"), "other",
              says="the cross product of <self> and <other>", formulas=(
        Formula(r"<self> \times <other>",
            _one(r"\pm z_{k}", "Each element of a vector product is a difference of two products.", "self", "other"),
            _crossed, "PyTorch, derivatives.yaml: linalg_cross; Deisenroth, Faisal, Ong, Mathematics for Machine "
          "Learning, 5.1"),
    )),
)  # fmt: skip
