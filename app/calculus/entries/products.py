"""Products of vectors and matrices."""

import string
from collections.abc import Iterator

from app.calculus.call import Call
from app.calculus.contraction import Factor, contraction_column
from app.calculus.elementwise import touched
from app.calculus.entry import Column, Entry, Local, Rule

_SOURCE = "PyTorch, derivatives.yaml: {}; Petersen, Pedersen, The Matrix Cookbook, 2.4"
_FACTOR = "Each element of one factor is multiplied by elements of the other, and these are its slopes."
_BATCH = string.ascii_uppercase


def _pair(call: Call, first: str, second: str, labels: tuple[str, str, str], asked: str, index: int) -> Iterator[Local]:
    factors = [
        Factor(name, label, call.array(name), call.operands[name].output)
        for name, label in zip((first, second), labels, strict=False)
    ]
    scale = call.real("alpha", 1.0)
    return contraction_column(factors, labels[2], (first, second).index(asked), index, scale)


def _product(first: str, second: str, labels: tuple[str, str, str]) -> Column:
    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        if argument in (first, second):
            yield from _pair(call, first, second, labels, argument, index)
        else:  # what the product is added to
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
    return _pair(call, "self", "other", (a, b, out), argument, index)


def _linear(call: Call, argument: str, index: int) -> Iterator[Local]:
    if argument == "bias":
        return (Local(out, 1.0) for out in touched(call, argument, index))
    batch = _BATCH[: call.array("self").ndim - 1]
    weight, out = ("jk", batch + "j") if call.array("weight").ndim == 2 else ("k", batch)
    return _pair(call, "self", "weight", (batch + "k", weight, out), argument, index)


def _einsum(call: Call, argument: str, index: int) -> Iterator[Local]:
    equation = str(call.arguments["equation"]).replace(" ", "")
    inputs, arrow, result = equation.partition("->")
    if not arrow:
        result = "".join(sorted(c for c in set(inputs) - {","} if inputs.count(c) == 1))
    factors = [
        Factor(name, labels, call.array(name), call.operands[name].output)
        for name, labels in zip(call.operands, inputs.split(","), strict=True)
    ]
    return contraction_column(factors, result, list(call.operands).index(argument), index)


def _letters(call: Call) -> bool:
    equation = call.arguments.get("equation")
    return isinstance(equation, str) and "." not in equation and len(equation) <= 60


def _rules(*arguments: str, added: str | None = None) -> dict[str, Rule]:
    rules = {argument: Rule("<factor>", _FACTOR) for argument in arguments}
    return rules if added is None else {**rules, added: Rule("1", "What is added counts whole.")}


def _scaled(*arguments: str, added: str) -> dict[str, Rule]:
    rules = {argument: Rule(r"<scale> \cdot <factor>", _FACTOR) for argument in arguments}
    return {**rules, added: Rule("1", "What is added counts whole.")}


_ADDED = r"<beta> \cdot <self> + <alpha> \cdot <{}> <{}>"
_MATRIX = r"<result>_{ij} = \sum_{k} <self>_{ik} \cdot <other>_{kj}"

ENTRIES: tuple[Entry, ...] = (
    Entry(("matmul",), _MATRIX.partition("= ")[2], _rules("self", "other"), _matmul,
          _SOURCE.format("mm, mv, dot, bmm")),
    Entry(("mm",), r"\sum_{k} <self>_{ik} \cdot <other>_{kj}", _rules("self", "other"),
          _product("self", "other", ("ik", "kj", "ij")), _SOURCE.format("mm")),
    Entry(("bmm",), r"\sum_{k} <self>_{bik} \cdot <other>_{bkj}", _rules("self", "other"),
          _product("self", "other", ("bik", "bkj", "bij")), _SOURCE.format("bmm")),
    Entry(("mv",), r"\sum_{k} <self>_{ik} \cdot <other>_{k}", _rules("self", "other"),
          _product("self", "other", ("ik", "k", "i")), _SOURCE.format("mv")),
    Entry(("dot",), r"\sum_{k} <self>_{k} \cdot <tensor>_{k}", _rules("self", "tensor"),
          _product("self", "tensor", ("k", "k", "")), _SOURCE.format("dot")),
    Entry(("inner", "vdot"), r"\sum_{k} <self>_{k} \cdot <other>_{k}", _rules("self", "other"),
          _product("self", "other", ("k", "k", "")), _SOURCE.format("dot"),
          fits=lambda call: all(len(operand.shape) == 1 for operand in call.operands.values())),
    Entry(("outer", "ger"), r"<self>_{i} \cdot <other>_{j}", _rules("self", "other"),
          _product("self", "other", ("i", "j", "ij")), _SOURCE.format("mul")),
    Entry(("linear",), r"\sum_{k} <self>_{ik} \cdot <weight>_{jk} + b_{j}", _rules("self", "weight", added="bias"),
          _linear, _SOURCE.format("linear, addmm") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.5"),
    Entry(("addmm",), _ADDED.format("mat1", "other"), _scaled("mat1", "other", added="self"),
          _product("mat1", "other", ("ik", "kj", "ij")), _SOURCE.format("addmm"), defaults={"alpha": 1, "beta": 1}),
    Entry(("addmv",), _ADDED.format("mat", "other"), _scaled("mat", "other", added="self"),
          _product("mat", "other", ("ik", "k", "i")), _SOURCE.format("addmv"), defaults={"alpha": 1, "beta": 1}),
    Entry(("baddbmm",), _ADDED.format("batch1", "batch2"), _scaled("batch1", "batch2", added="self"),
          _product("batch1", "batch2", ("bik", "bkj", "bij")), _SOURCE.format("baddbmm"),
          defaults={"alpha": 1, "beta": 1}),
    Entry(("einsum",), r"\operatorname{einsum}", {"*": Rule("<factor>", _FACTOR)}, _einsum,
          "PyTorch, torch.einsum; derivatives.yaml: bmm", fits=_letters),
)  # fmt: skip
