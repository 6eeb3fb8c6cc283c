"""Products of vectors and matrices."""

import string
from collections.abc import Iterator

from gradwalk.operations.axes import axis, list_of
from gradwalk.operations.call import Call
from gradwalk.operations.contraction import Factor, contraction_column
from gradwalk.operations.elementwise import touched
from gradwalk.operations.entry import Column, Formula, Local, Operation, Rule

_SOURCE = "PyTorch, derivatives.yaml: {}; Petersen, Pedersen, The Matrix Cookbook, 2.4"
_FACTOR = "Each element of one factor is multiplied by elements of the other, and these are its slopes."
_BATCH = string.ascii_uppercase


def _pair(call: Call, names: tuple[str, str], labels: tuple[str, str, str], asked: str, index: int) -> Iterator[Local]:
    factors = [
        Factor(name, label, call.array(name), call.operands[name].output)
        for name, label in zip(names, labels, strict=False)
    ]
    scale = call.real("alpha", 1.0)
    return contraction_column(factors, labels[2], names.index(asked), index, scale)


def _product(first: str, second: str, labels: tuple[str, str, str]) -> Column:
    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        if argument in (first, second):
            yield from _pair(call, (first, second), labels, argument, index)
        else:  # the argument that the product is added to
            beta = call.real("beta", 1.0)
            yield from (Local(out, beta, formula=None if beta == 1 else "") for out in touched(call, argument, index))

    return column


def _matmul(call: Call, argument: str, index: int) -> Iterator[Local]:
    left, right = call.array("self").ndim, call.array("other").ndim
    batch = max(left, right) - 2
    a = _BATCH[batch - (left - 2) : batch] + "ik" if left > 1 else "k"
    b = _BATCH[batch - (right - 2) : batch] + "kj" if right > 1 else "k"
    shared = _BATCH[:batch] if batch > 0 else ""
    out = shared + ("i" if left > 1 else "") + ("j" if right > 1 else "")
    return _pair(call, ("self", "other"), (a, b, out), argument, index)


def _linear(call: Call, argument: str, index: int) -> Iterator[Local]:
    if argument == "bias":
        return (Local(out, 1.0) for out in touched(call, argument, index))
    batch = _BATCH[: call.array("self").ndim - 1]
    weight, out = ("jk", batch + "j") if call.array("weight").ndim == 2 else ("k", batch)
    return _pair(call, ("self", "weight"), (batch + "k", weight, out), argument, index)


def _einsum(call: Call, argument: str, index: int) -> Iterator[Local]:
    equation = str(call.arguments["equation"]).replace(" ", "")
    inputs, arrow, result = equation.partition("->")
    arrays = [call.array(name) for name in call.operands]
    if not arrow:
        result = "..." * ("..." in inputs)
        result += "".join(sorted(c for c in set(inputs) - {",", "."} if inputs.count(c) == 1))
    # the dimensions in `...` get letters of their own, aligned at the last one in all factors
    free = "".join(c for c in string.ascii_letters if c not in equation)
    lengths = [
        array.ndim - len(labels) + 3 if "..." in labels else 0
        for labels, array in zip(inputs.split(","), arrays, strict=True)
    ]
    shared = free[: max(lengths, default=0)]
    factors = [
        Factor(name, labels.replace("...", shared[len(shared) - n :]), array, call.operands[name].output)
        for name, labels, array, n in zip(call.operands, inputs.split(","), arrays, lengths, strict=True)
    ]
    result = result.replace("...", shared)
    return contraction_column(factors, result, list(call.operands).index(argument), index)


def _chained(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of a product of several matrices. The first and the last factor may be vectors."""
    arrays = [call.array(name) for name in call.operands]
    labels = [string.ascii_lowercase[i : i + 2] for i in range(len(arrays))]
    labels[0] = labels[0][2 - arrays[0].ndim :]
    labels[-1] = labels[-1][: arrays[-1].ndim]
    ends = (labels[0][0] if arrays[0].ndim == 2 else "") + (labels[-1][1] if arrays[-1].ndim == 2 else "")
    factors = [
        Factor(name, label, array, call.operands[name].output)
        for name, label, array in zip(call.operands, labels, arrays, strict=True)
    ]
    return contraction_column(factors, ends, list(call.operands).index(argument), index)


def _paired(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of tensordot, vecdot and inner. Numbers say which dimensions are summed."""
    first, second = list(call.operands)[:2]
    left, right = call.array(first).ndim, call.array(second).ndim
    a, b = list(string.ascii_lowercase[:left]), list(string.ascii_uppercase[:right])
    if call.op == "linalg_vecdot":
        b = a[left - right :] if left >= right else [*string.ascii_uppercase[: right - left], *a]
        result = [label for i, label in enumerate(a) if i != axis(call.arguments.get("dim", -1), left)]
    else:
        summed = _summed(call, left, right)
        for i, j in summed:
            b[j] = a[i]
        gone = {a[i] for i, _ in summed}
        result = [label for label in [*a, *b] if label not in gone]
    return _pair(call, (first, second), ("".join(a), "".join(b), "".join(result)), argument, index)


def _summed(call: Call, left: int, right: int) -> list[tuple[int, int]]:
    dims = call.arguments.get("dims", 2)
    if call.op == "inner":
        return [(left - 1, right - 1)]
    if isinstance(dims, int):
        return [(left - dims + i, i) for i in range(dims)]
    return [(axis(i, left), axis(j, right)) for i, j in zip(*map(list_of, dims), strict=True)]


def _trilinear(call: Call, argument: str, index: int) -> Iterator[Local]:
    if argument == "bias":
        return (Local(out, 1.0) for out in touched(call, argument, index))
    batch = _BATCH[: call.array("input1").ndim - 1]
    labels = {"input1": batch + "i", "weight": "oik", "input2": batch + "k"}
    factors = [Factor(name, label, call.array(name), call.operands[name].output) for name, label in labels.items()]
    return contraction_column(factors, batch + "o", list(labels).index(argument), index)


def _letters(call: Call) -> bool:
    equation = call.arguments.get("equation")
    return isinstance(equation, str) and len(equation) <= 60


def _rules(*arguments: str, added: str | None = None) -> dict[str, Rule]:
    rules = {argument: Rule("<factor>", _FACTOR) for argument in arguments}
    return rules if added is None else {**rules, added: Rule("1", "What is added counts whole.")}


def _scaled(*arguments: str, added: str) -> dict[str, Rule]:
    rules = {argument: Rule(r"<scale> \cdot <factor>", _FACTOR) for argument in arguments}
    return {**rules, added: Rule("1", "What is added counts whole.")}


_ADDED = r"<beta> \cdot <self> + <alpha> \cdot <{}> <{}>"
_MATRIX = r"\sum_{k} <self>_{ik} \cdot <other>_{kj}"
_OF_VECTORS = Formula(
    r"\sum_{k} <self>_{k} \cdot <other>_{k}", _rules("self", "other"), _product("self", "other", ("k", "k", "")),
    _SOURCE.format("dot"), fits=lambda call: all(len(operand.shape) == 1 for operand in call.operands.values()),
)  # fmt: skip
_PAIRED = Formula(r"\sum_{k} a_{ik} \cdot b_{jk}", {"*": Rule("<factor>", _FACTOR)}, _paired, _SOURCE.format("mm, mul"))
_BY_MATRIX = {"self": "upstream @ <other>.T", "other": "<self>.T @ upstream"}

OPERATIONS: tuple[Operation, ...] = (
    Operation(("matmul",), "product", sign="@", word="matrix product", gradient=_BY_MATRIX, attention="mixes",
        infix="@", formulas=(
        Formula(_MATRIX, _rules("self", "other"), _matmul, _SOURCE.format("mm, mv, dot, bmm")),
    )),
    Operation(("mm",), "product", sign="@", word="matrix product", gradient=_BY_MATRIX, attention="mixes", infix="@",
        formulas=(
        Formula(_MATRIX, _rules("self", "other"),
            _product("self", "other", ("ik", "kj", "ij")), _SOURCE.format("mm")),
    )),
    Operation(("bmm",), "product", sign="@", word="matrix product", attention="mixes", formulas=(
        Formula(r"\sum_{k} <self>_{bik} \cdot <other>_{bkj}", _rules("self", "other"),
            _product("self", "other", ("bik", "bkj", "bij")), _SOURCE.format("bmm")),
    )),
    Operation(("mv",), "product", formulas=(
        Formula(r"\sum_{k} <self>_{ik} \cdot <other>_{k}", _rules("self", "other"),
            _product("self", "other", ("ik", "k", "i")), _SOURCE.format("mv")),
    )),
    Operation(("dot",), "product", formulas=(
        Formula(r"\sum_{k} <self>_{k} \cdot <tensor>_{k}", _rules("self", "tensor"),
            _product("self", "tensor", ("k", "k", "")), _SOURCE.format("dot")),
    )),
    Operation(("inner",), "product", formulas=(_OF_VECTORS, _PAIRED)),
    Operation(("vdot",), "product", formulas=(_OF_VECTORS,)),
    Operation(("outer", "ger"), "product", formulas=(
        Formula(r"<self>_{i} \cdot <other>_{j}", _rules("self", "other"),
            _product("self", "other", ("i", "j", "ij")), _SOURCE.format("mul")),
    )),
    Operation(("linear",), "product", sign="Wx+b",
        gradient={"self": "upstream @ <weight>", "weight": "upstream.T @ <self>", "bias": "upstream.sum(0)"}, formulas=(
        Formula(r"\sum_{k} <self>_{ik} \cdot <weight>_{jk} + b_{j}", _rules("self", "weight", added="bias"),
            _linear, _SOURCE.format("linear, addmm") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.5"),
    )),
    Operation(("addmm",), "product", formulas=(
        Formula(_ADDED.format("mat1", "other"), _scaled("mat1", "other", added="self"),
            _product("mat1", "other", ("ik", "kj", "ij")), _SOURCE.format("addmm"), defaults={"alpha": 1, "beta": 1}),
    )),
    Operation(("addmv",), "product", formulas=(
        Formula(_ADDED.format("mat", "other"), _scaled("mat", "other", added="self"),
            _product("mat", "other", ("ik", "k", "i")), _SOURCE.format("addmv"), defaults={"alpha": 1, "beta": 1}),
    )),
    Operation(("baddbmm",), "product", formulas=(
        Formula(_ADDED.format("batch1", "batch2"), _scaled("batch1", "batch2", added="self"),
            _product("batch1", "batch2", ("bik", "bkj", "bij")), _SOURCE.format("baddbmm"),
            defaults={"alpha": 1, "beta": 1}),
    )),
    Operation(("einsum",), "product", attention="mixes", formulas=(
        Formula(r"\operatorname{einsum}(<equation>)", {"*": Rule("<factor>", _FACTOR)}, _einsum,
            "PyTorch, torch.einsum; derivatives.yaml: bmm", fits=_letters),
    )),
    Operation(("linalg_multi_dot",), "product", formulas=(
        Formula(r"A_{1} A_{2} \cdots A_{n}", {"*": Rule("<factor>", _FACTOR)}, _chained, _SOURCE.format("mm")),
    )),
    Operation(("tensordot", "linalg_vecdot"), "product", formulas=(_PAIRED,)),
    Operation(("bilinear",), "product", formulas=(
        Formula(r"\sum_{i} \sum_{k} <input1>_{i} \cdot <weight>_{oik} \cdot <input2>_{k} + b_{o}",
            _rules("input1", "input2", "weight", added="bias"), _trilinear,
            "PyTorch, torch.nn.functional.bilinear; derivatives.yaml: _trilinear"),
    )),
)  # fmt: skip
