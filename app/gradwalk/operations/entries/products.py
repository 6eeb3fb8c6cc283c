"""Products of vectors and matrices."""

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gradwalk.operations import phrases
from gradwalk.operations.axes import axis, list_of
from gradwalk.operations.call import Call
from gradwalk.operations.contraction import Factor, contraction_column, contraction_latex, contraction_terms
from gradwalk.operations.elementwise import at, touched
from gradwalk.operations.entry import Column, Formula, Local, Operation, Read, Rule, Worked, always
from gradwalk.operations.result_shapes import linear, paired, product
from gradwalk.operations.working import Number, Working, over_sizes, total

_SOURCE = "PyTorch, derivatives.yaml: {}; Petersen, Pedersen, The Matrix Cookbook, 2.4"
_FACTOR = "Each element of one factor is multiplied by elements of the other, and these are its slopes."
_BATCH = "bcdefgh" + string.ascii_uppercase


@dataclass(frozen=True)
class _Product:
    """A product of some arguments, each with its labels. `added`: the argument that it is added to."""

    factors: tuple[tuple[str, str], ...]
    result: str
    scale: float = 1.0
    added: str | None = None
    added_scale: float = 1.0


_Layout = Callable[[Call], _Product]


def _factors(call: Call, layout: _Product) -> list[Factor]:
    return [Factor(name, labels, call.array(name), call.operands[name].output) for name, labels in layout.factors]


def _column(layout_of: _Layout) -> Column:
    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        layout = layout_of(call)
        names = [name for name, _ in layout.factors]
        if argument in names:
            yield from contraction_column(
                _factors(call, layout), layout.result, names.index(argument), index, layout.scale
            )
        else:  # the argument that the product is added to
            beta = layout.added_scale
            yield from (Local(out, beta, formula=None if beta == 1 else "") for out in touched(call, argument, index))

    return column


def _worked(layout_of: _Layout) -> Callable[[Call, int, int], Worked]:
    def worked(call: Call, index: int, _output: int) -> Worked:
        layout, working = layout_of(call), Working()
        scale = [] if layout.scale == 1 else [layout.scale]
        terms: list[list[Number]] = [
            [*scale, *term] for term in contraction_terms(_factors(call, layout), layout.result, index)
        ]
        formula, value = working.sum(terms), total(terms)
        added = layout.added
        if added is not None and added in call.operands:
            flat, number = at(call.array(added), call.result().shape, index)
            own: list[Number] = [layout.added_scale, Read(added, call.operands[added].output, flat, number)]
            formula += f" + {working.product(own)}"
            value += layout.added_scale * number
        return working.worked(formula, value)

    return worked


def _written(layout_of: _Layout) -> Callable[[Call], str]:
    def written(call: Call) -> str:
        layout = layout_of(call)
        scale = "" if layout.scale == 1 else r"<alpha> \cdot "
        formula = scale + contraction_latex(layout.factors, layout.result)
        if layout.added is None or layout.added not in call.operands:
            return formula
        beta = "" if layout.added_scale == 1 else r"<beta> \cdot "
        labels = layout.result[len(layout.result) - len(call.operands[layout.added].shape) :]
        index = f"_{{{labels}}}" if labels else ""
        return f"{formula} + {beta}<{layout.added}>{index}"

    return written


def _fixed(*factors: tuple[str, str], result: str, added: str | None = None) -> _Layout:
    """Return a product with the same labels in every call."""
    return lambda call: _Product(factors, result, call.real("alpha", 1.0), added, call.real("beta", 1.0))


def _matmul(call: Call) -> _Product:
    left, right = len(call.operands["self"].shape), len(call.operands["other"].shape)
    batch = max(left, right, 2) - 2
    a = _BATCH[batch - (left - 2) : batch] + "ik" if left > 1 else "k"
    b = _BATCH[batch - (right - 2) : batch] + "kj" if right > 1 else "k"
    result = _BATCH[:batch] + ("i" if left > 1 else "") + ("j" if right > 1 else "")
    return _Product((("self", a), ("other", b)), result)


def _linear(call: Call) -> _Product:
    dimensions = len(call.operands["self"].shape)
    batch = _BATCH[: max(dimensions - 2, 0)] + ("i" if dimensions > 1 else "")
    weight, out = ("jk", batch + "j") if len(call.operands["weight"].shape) == 2 else ("k", batch)
    return _Product((("self", batch + "k"), ("weight", weight)), out, added="bias")


def _einsum(call: Call) -> _Product:
    equation = str(call.arguments["equation"]).replace(" ", "")
    inputs, arrow, result = equation.partition("->")
    shapes = [operand.shape for operand in call.operands.values()]
    if not arrow:
        result = "..." * ("..." in inputs)
        result += "".join(sorted(c for c in set(inputs) - {",", "."} if inputs.count(c) == 1))
    # the dimensions in `...` get letters of their own, aligned at the last one in all factors
    free = "".join(c for c in string.ascii_letters if c not in equation)
    lengths = [
        len(shape) - len(labels) + 3 if "..." in labels else 0
        for labels, shape in zip(inputs.split(","), shapes, strict=True)
    ]
    shared = free[: max(lengths, default=0)]
    factors = tuple(
        (name, labels.replace("...", shared[len(shared) - n :]))
        for name, labels, n in zip(call.operands, inputs.split(","), lengths, strict=True)
    )
    return _Product(factors, result.replace("...", shared))


def _chained(call: Call) -> _Product:
    """Return the product of several matrices. The first and the last factor may be vectors."""
    dimensions = [len(operand.shape) for operand in call.operands.values()]
    labels = [string.ascii_lowercase[i : i + 2] for i in range(len(dimensions))]
    labels[0] = labels[0][2 - dimensions[0] :]
    labels[-1] = labels[-1][: dimensions[-1]]
    ends = (labels[0][0] if dimensions[0] == 2 else "") + (labels[-1][1] if dimensions[-1] == 2 else "")
    return _Product(tuple(zip(call.operands, labels, strict=True)), ends)


def _paired(call: Call) -> _Product:
    """Return the product of tensordot, vecdot and inner. Numbers say which dimensions are summed."""
    first, second = list(call.operands)[:2]
    left, right = len(call.operands[first].shape), len(call.operands[second].shape)
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
    return _Product(((first, "".join(a)), (second, "".join(b))), "".join(result))


def _summed(call: Call, left: int, right: int) -> list[tuple[int, int]]:
    dims = call.arguments.get("dims", 2)
    if call.op == "inner":
        return [(left - 1, right - 1)]
    if isinstance(dims, int):
        return [(left - dims + i, i) for i in range(dims)]
    return [(axis(i, left), axis(j, right)) for i, j in zip(*map(list_of, dims), strict=True)]


def _trilinear(call: Call) -> _Product:
    batch = _BATCH[: len(call.operands["input1"].shape) - 1]
    factors = (("input1", batch + "i"), ("weight", "oik"), ("input2", batch + "k"))
    return _Product(factors, batch + "o", added="bias")


def _whole(call: Call, argument: str | None) -> str:
    """Return a matrix product with the shapes, the size that is summed over crossed out; backwards by an argument."""
    left, right = ("self", "weight") if call.op == "linear" else ("self", "other")
    a, b = call.operands[left].shape, call.operands[right].shape
    c = call.outputs[0].shape
    if len(a) < 2 or len(b) < 2 or (argument is not None and (len(a) != 2 or len(b) != 2)):
        return ""
    turned = call.op == "linear"
    upstream = r"\frac{\partial L}{\partial <result>}"
    if argument is None:
        second = ("<weight>^{T}", b[::-1]) if turned else (f"<{right}>", b)
        bias = " + " + over_sizes("<bias>", call.operands["bias"].shape) if "bias" in call.operands else ""
        parts = (over_sizes("<result>", c), over_sizes("<self>", a, -1), over_sizes(*second, -2))
        return rf"{parts[0]} = {parts[1]} \cdot {parts[2]}{bias}"
    asked = over_sizes(rf"\frac{{\partial L}}{{\partial <{argument}>}}", call.operands[argument].shape)
    if argument == "bias":
        return rf"{asked} = \sum_{{i}} {over_sizes(upstream, c, 0)}"
    came, turned_upstream = over_sizes(upstream, c, -1), rf"\left({upstream}\right)^{{T}}"
    if argument == left:
        other = over_sizes("<weight>", b, 0) if turned else over_sizes(f"<{right}>^{{T}}", b[::-1], 0)
        return rf"{asked} = {came} \cdot {other}"
    if turned:
        return rf"{asked} = {over_sizes(turned_upstream, c[::-1], -1)} \cdot {over_sizes('<self>', a, 0)}"
    return rf"{asked} = {over_sizes('<self>^{T}', a[::-1], -1)} \cdot {over_sizes(upstream, c, 0)}"


def _formula(
    forward: str, rules: dict[str, Rule], layout: _Layout, source: str, fits: Callable[[Call], bool] = always
) -> Formula:
    return Formula(
        forward, rules, _column(layout), source, fits, defaults={"alpha": 1, "beta": 1}, written=_written(layout),
        worked=_worked(layout), whole=_whole if layout in (_matmul, _linear, _MM) else None,
    )  # fmt: skip


def _letters(call: Call) -> bool:
    equation = call.arguments.get("equation")
    return isinstance(equation, str) and len(equation) <= 60


def _rules(*arguments: str, added: str | None = None) -> dict[str, Rule]:
    rules = {argument: Rule("<factor>", _FACTOR) for argument in arguments}
    return rules if added is None else {**rules, added: Rule("1", "What is added counts whole.")}


def _scaled(*arguments: str, added: str) -> dict[str, Rule]:
    rules = {argument: Rule(r"<scale> \cdot <factor>", _FACTOR) for argument in arguments}
    return {**rules, added: Rule("1", "What is added counts whole.")}


_ADDED = r"<alpha> \cdot <{}> <{}> + <beta> \cdot <self>"
_MATRIX = r"\sum_{k} <self>_{ik} \cdot <other>_{kj}"
_MM = _fixed(("self", "ik"), ("other", "kj"), result="ij")
_OF_VECTORS = _formula(
    r"\sum_{k} <self>_{k} \cdot <other>_{k}", _rules("self", "other"),
    _fixed(("self", "k"), ("other", "k"), result=""), _SOURCE.format("dot"),
    fits=lambda call: all(len(operand.shape) == 1 for operand in call.operands.values()),
)  # fmt: skip
_PAIRED = _formula(
    r"\sum_{k} a_{ik} \cdot b_{jk}", {"*": Rule("<factor>", _FACTOR)}, _paired, _SOURCE.format("mm, mul")
)
_BY_MATRIX = {"self": "upstream @ <other>.T", "other": "<self>.T @ upstream"}

OPERATIONS: tuple[Operation, ...] = (
    Operation(("matmul",), "product", shape=product("self", "other"),
              says=phrases.matrix_product, sign="@", word="matrix product", gradient=_BY_MATRIX, attention="mixes",
        infix="@", formulas=(
        _formula(_MATRIX, _rules("self", "other"), _matmul, _SOURCE.format("mm, mv, dot, bmm")),
    )),
    Operation(("mm",), "product", shape=product("self", "other"),
              says=phrases.matrix_product,
              sign="@", word="matrix product", gradient=_BY_MATRIX, attention="mixes", infix="@",
        formulas=(
        _formula(_MATRIX, _rules("self", "other"), _MM, _SOURCE.format("mm")),
    )),
    Operation(("bmm",), "product", shape=product("self", "other"),
              says="the matrix products of <self> and <other>, pair by pair",
              sign="@", word="matrix product", attention="mixes", formulas=(
        _formula(r"\sum_{k} <self>_{bik} \cdot <other>_{bkj}", _rules("self", "other"), _matmul,
            _SOURCE.format("bmm")),
    )),
    Operation(("mv",), "product", shape=product("self", "other"),
              says="the dot product of each row of <self> with <other>", formulas=(
        _formula(r"\sum_{k} <self>_{ik} \cdot <other>_{k}", _rules("self", "other"),
            _fixed(("self", "ik"), ("other", "k"), result="i"), _SOURCE.format("mv")),
    )),
    Operation(("dot",), "product", shape=product("self", "tensor"),
              says="the dot product of <self> and <other>", formulas=(
        _formula(r"\sum_{k} <self>_{k} \cdot <tensor>_{k}", _rules("self", "tensor"),
            _fixed(("self", "k"), ("tensor", "k"), result=""), _SOURCE.format("dot")),
    )),
    Operation(("inner",), "product",
              says="the inner product of <self> and <other>", formulas=(_OF_VECTORS, _PAIRED)),
    Operation(("vdot",), "product",
              says="the dot product of <self> and <other>", formulas=(_OF_VECTORS,)),
    Operation(("outer", "ger"), "product", shape=paired,
              says="every number of <self> times every number of <other>", formulas=(
        _formula(r"<self>_{i} \cdot <other>_{j}", _rules("self", "other"),
            _fixed(("self", "i"), ("other", "j"), result="ij"), _SOURCE.format("mul")),
    )),
    Operation(("linear",), "product", shape=linear,
              says=phrases.weighted_sums, sign="Wx+b",
        gradient={"self": "upstream @ <weight>", "weight": "upstream.T @ <self>", "bias": "upstream.sum(0)"}, formulas=(
        _formula(r"\sum_{k} <self>_{ik} \cdot <weight>_{jk} + <bias>_{j}",
            _rules("self", "weight", added="bias"), _linear,
            _SOURCE.format("linear, addmm") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.5"),
    )),
    Operation(("addmm",), "product", shape=product("mat1", "other"),
              says="<self> plus the matrix product of <mat1> and <other>", word="affine map", formulas=(
        _formula(_ADDED.format("mat1", "other"), _scaled("mat1", "other", added="self"),
            _fixed(("mat1", "ik"), ("other", "kj"), result="ij", added="self"), _SOURCE.format("addmm")),
    )),
    Operation(("addmv",), "product",
              says="<self> plus the product of <mat> and <other>", formulas=(
        _formula(_ADDED.format("mat", "other"), _scaled("mat", "other", added="self"),
            _fixed(("mat", "ik"), ("other", "k"), result="i", added="self"), _SOURCE.format("addmv")),
    )),
    Operation(("baddbmm",), "product",
              says="<self> plus the matrix products of <batch1> and <batch2>", formulas=(
        _formula(_ADDED.format("batch1", "batch2"), _scaled("batch1", "batch2", added="self"),
            _fixed(("batch1", "bik"), ("batch2", "bkj"), result="bij", added="self"), _SOURCE.format("baddbmm")),
    )),
    Operation(("einsum",), "product",
              says="a sum of products, as the letters of einsum say", attention="mixes", formulas=(
        _formula(r"\operatorname{einsum}(<equation>)", {"*": Rule("<factor>", _FACTOR)}, _einsum,
            "PyTorch, torch.einsum; derivatives.yaml: bmm", fits=_letters),
    )),
    Operation(("linalg_multi_dot",), "product",
              says="the product of several matrices", formulas=(
        _formula(r"A_{1} A_{2} \cdots A_{n}", {"*": Rule("<factor>", _FACTOR)}, _chained, _SOURCE.format("mm")),
    )),
    Operation(("tensordot", "linalg_vecdot"), "product",
              says="the sum of products over the shared dimensions", formulas=(_PAIRED,)),
    Operation(("bilinear",), "product",
              says="a sum of products of <input1> and <input2>, weighted by <weight>", formulas=(
        _formula(r"\sum_{i,k} <input1>_{i} \cdot <weight>_{oik} \cdot <input2>_{k} + <bias>_{o}",
            _rules("input1", "input2", "weight", added="bias"), _trilinear,
            "PyTorch, torch.nn.functional.bilinear; derivatives.yaml: _trilinear"),
    )),
)  # fmt: skip
