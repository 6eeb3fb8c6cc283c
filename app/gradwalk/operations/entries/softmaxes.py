"""Softmaxes: every element of a row depends on every other."""

import math
from collections.abc import Iterator

from gradwalk.operations.axes import axis, reduced, together
from gradwalk.operations.call import Call
from gradwalk.operations.entry import Column, Formula, Local, Operation, Read, Rule

_SOURCE = "PyTorch, derivatives.yaml: {}; Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.3"
_COMPETE = "The elements of a row share one whole: what one gains, the others lose."


def _dimension(call: Call, ndim: int) -> int:
    # without `dim` PyTorch takes the first dimension of a scalar, a vector and a batch of matrices
    return axis(call.arguments.get("dim", 0 if ndim in (0, 1, 3) else 1), ndim)


def _softmax(sign: float) -> Column:
    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        result = call.result()
        flat = result.reshape(-1)
        own = float(flat[index])
        for out in together(reduced(result.shape, (_dimension(call, result.ndim),)), index):
            p = float(flat[out])
            reads = {"p": Read(None, 0, out, p), "q": Read(None, 0, index, own)}
            formula = r"<p> \cdot (1 - <p>)" if out == index else r"-<p> \cdot <q>"
            if sign < 0:
                formula = rf"-\left({formula}\right)"
            yield Local(out, sign * (p * (1 - p) if out == index else -p * own), reads=reads, formula=formula)

    return column


def _log_softmax(call: Call, argument: str, index: int) -> Iterator[Local]:
    result = call.result()
    own = float(result.reshape(-1)[index])
    for out in together(reduced(result.shape, (_dimension(call, result.ndim),)), index):
        formula = "1 - e^{<q>}" if out == index else "-e^{<q>}"
        value = (out == index) - math.exp(own)
        yield Local(out, value, reads={"q": Read(None, 0, index, own)}, formula=formula)


OPERATIONS: tuple[Operation, ...] = (
    Operation(("softmax",), "other", formulas=(
        Formula(r"\frac{e^{<self>_{j}}}{\sum_{k} e^{<self>_{k}}}",
            {"self": Rule(r"<result>_{j} \cdot (\delta_{ij} - <result>_{i})", _COMPETE)}, _softmax(1.0),
            _SOURCE.format("_softmax")),
    )),
    Operation(("softmin",), "other", formulas=(
        Formula(r"\frac{e^{-<self>_{j}}}{\sum_{k} e^{-<self>_{k}}}",
            {"self": Rule(r"-<result>_{j} \cdot (\delta_{ij} - <result>_{i})", _COMPETE)}, _softmax(-1.0),
            _SOURCE.format("_softmax, neg")),
    )),
    Operation(("log_softmax",), "other", formulas=(
        Formula(r"<self>_{j} - \ln \sum_{k} e^{<self>_{k}}",
            {"self": Rule(r"\delta_{ij} - e^{<result>_{i}}", _COMPETE)}, _log_softmax,
            _SOURCE.format("_log_softmax")),
    )),
)  # fmt: skip
