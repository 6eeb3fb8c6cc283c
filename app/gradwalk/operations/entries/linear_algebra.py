"""Functions of whole matrices: trace, determinant, inverse, solving equations."""

from collections.abc import Iterator

import numpy as np

from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call, NumbersMissing
from gradwalk.operations.entry import Computed, Formula, Local, Operation, Read, Rule, Worked
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Number, Working, read, total

_COOKBOOK = "PyTorch, derivatives.yaml: {}; Petersen, Pedersen, The Matrix Cookbook, {}"
_COFACTOR = "How the volume answers to one element: the element of the inverse, transposed, times the volume itself."
_RELATIVE = "A logarithm of a volume answers as the inverse, transposed."
_LARGEST = 32
"""The largest matrix whose determinant is worked out."""
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
    if own.shape != other.shape:
        raise ValueError("other dimensions")
    dim, place = _cross_dimension(call), list(place_of(index, own.shape))
    mine = place[dim]
    for out in {0, 1, 2} - {mine}:
        rest = 3 - mine - out
        # y_out = x_a z_b - x_b z_a, where a and b follow out in the order 0, 1, 2, 0
        sign = 1.0 if (out + 1) % 3 == mine else -1.0
        sign *= 1.0 if argument == "self" else -1.0
        at, result = (flat((*place[:dim], one, *place[dim + 1 :]), own.shape) for one in (rest, out))
        factor = read(call, other_name, at)
        yield Local(result, sign * factor.value, reads={"z": factor}, formula="<z>" if sign > 0 else "-<z>")


def _cross_dimension(call: Call) -> int:
    """Return the dimension in which the three numbers of each vector lie."""
    shape, given = call.array("self").shape, call.arguments.get("dim")
    if given is None:
        given = shape.index(3) if call.op == "cross" else -1
    return axis(given, len(shape))


def _matrix_name(call: Call) -> str:
    return next(name for name in ("A", "self") if name in call.operands)


def _worked_trace(call: Call, _out: int, _output: int) -> Worked:
    shape, working = call.array("self").shape, Working()
    terms = [[read(call, "self", i * shape[1] + i)] for i in range(min(shape))]
    return working.worked(working.sum(terms), total(terms))


def _cofactor(matrix: Array, row: int, column: int) -> float:
    """Return the determinant without a row and a column, with its sign."""
    if len(matrix) > _LARGEST:
        raise NumbersMissing("so many products")
    minor = np.delete(np.delete(matrix, row, 0), column, 1)
    return float((-1) ** (row + column) * np.linalg.det(minor)) if minor.size else 1.0


def _expanded(call: Call, name: str, out: int, working: Working) -> tuple[str, float]:
    """Return a determinant by its first row: each element times what is left without its row and column."""
    array = call.array(name)
    matrix, size = array.reshape(-1, *array.shape[-2:])[out], array.shape[-1]
    terms: list[list[Number]] = []
    for j in range(size):
        own, cofactor = read(call, name, out * size * size + j), _cofactor(matrix, 0, j)
        if size == 2:
            terms.append([1.0 if j == 0 else -1.0, own, read(call, name, out * 4 + 3 - j)])
        else:
            terms.append([own, Computed(f"C_{{0,{j}}}", cofactor)] if size > 1 else [own])
    if size == 2:
        first, second = terms
        written = f"{working.product(first)} - {working.product(second[1:])}"
        return written, total(terms)
    return working.sum(terms), total(terms)


def _worked_volume(call: Call, out: int, output: int) -> Worked | None:
    working = Working()
    written, volume = _expanded(call, _matrix_name(call), out, working)
    if "log" not in call.op:
        return working.worked(written, volume)
    if output < len(call.outputs) - 1:
        return working.worked(rf"\operatorname{{sign}}({written})", float(np.sign(volume)))
    with np.errstate(divide="ignore"):
        return working.worked(rf"\ln \left|{written}\right|", float(np.log(abs(volume))))


def _worked_inverse(call: Call, out: int, _output: int) -> Worked:
    name, working = _matrix_name(call), Working()
    array = call.array(name)
    *front, row, column = place_of(out, array.shape)
    matrix, number = array[tuple(front)], flat(front, array.shape[:-2])
    cofactor = _cofactor(matrix, column, row)
    if len(matrix) == 2:
        place = flat((*front, 1 - column, 1 - row), array.shape)
        above = ("-" if row != column else "") + working.put(read(call, name, place))
    else:
        above = working.put(Computed(f"C_{{{column},{row}}}", cofactor))
    written, volume = _expanded(call, name, number, working)
    whole = working.put(Computed(r"\det A", volume))
    return working.worked(rf"\frac{{{above}}}{{{whole}}}", cofactor / volume, [rf"\det A = {written} = {whole}"])


def _worked_solution(call: Call, out: int, _output: int) -> Worked:
    matrix, result, working = call.array("A"), call.result(), Working()
    if matrix.ndim != 2:
        raise ValueError("a batch of equations")
    columns = result.shape[1] if result.ndim == 2 else 1
    row, column = divmod(out, columns)
    inverse = np.linalg.inv(matrix)[row]
    terms: list[list[Number]] = [
        [Computed(r"(A^{-1})_{" + f"{row},{k}" + "}", float(part)), read(call, "B", k * columns + column)]
        for k, part in enumerate(inverse)
    ]
    return working.worked(working.sum(terms), total(terms))


def _worked_cross(call: Call, out: int, _output: int) -> Worked | None:
    first, second, working = call.array("self"), call.array("other"), Working()
    if first.shape != second.shape:
        return None
    dim, place = _cross_dimension(call), list(place_of(out, first.shape))
    own = place[dim]
    places = []
    for step in (1, 2):
        place[dim] = (own + step) % 3
        places.append(flat(place, first.shape))
    a, b = ([read(call, name, place) for place in places] for name in ("self", "other"))
    written = f"{working.product([a[0], b[1]])} - {working.product([a[1], b[0]])}"
    return working.worked(written, a[0].value * b[1].value - a[1].value * b[0].value)


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
            _COOKBOOK.format("trace", "2.5"), worked=_worked_trace),
    )),
    Operation(("det", "linalg_det"), "other",
              says="the determinant of <self>", formulas=(
        Formula(r"\det A", _one(r"\det A \cdot (A^{-1})_{ji}", _COFACTOR, *_BY), _volume,
            _COOKBOOK.format("linalg_det", "2.1"), fits=_square, worked=_worked_volume),
    )),
    Operation(("logdet", "slogdet", "linalg_slogdet"), "other",
              says="the logarithm of the determinant of <self>", formulas=(
        Formula(r"\ln |\det A|", _one("(A^{-1})_{ji}", _RELATIVE, *_BY), _volume,
            _COOKBOOK.format("linalg_slogdet", "2.1"), fits=_square, worked=_worked_volume),
    )),
    Operation(("inverse", "linalg_inv"), "other",
              says="the inverse matrix of <self>", formulas=(
        Formula("A^{-1}", _one("-(A^{-1})_{ik} (A^{-1})_{lj}", _INVERSE, *_BY), _inverse,
            _COOKBOOK.format("linalg_inv_ex", "2.2"), fits=_square, worked=_worked_inverse),
    )),
    Operation(("linalg_solve",), "other",
              says="the solution of the equations that <self> and <other> write down", formulas=(
        Formula("A^{-1} B",
            {"A": Rule("-(A^{-1})_{ik} X_{lj}", _INVERSE), "B": Rule("(A^{-1})_{ik}", "The solution is linear in B.")},
            _solution, _COOKBOOK.format("linalg_solve", "2.2"), worked=_worked_solution),
    )),
    Operation(("cross", "linalg_cross"), "other",
              says="the cross product of <self> and <other>", formulas=(
        Formula(r"<self> \times <other>",
            _one(r"\pm z_{k}", "Each element of a vector product is a difference of two products.", "self", "other"),
            _crossed, "PyTorch, derivatives.yaml: linalg_cross; Deisenroth, Faisal, Ong, Mathematics for Machine "
          "Learning, 5.1", worked=_worked_cross),
    )),
)  # fmt: skip
