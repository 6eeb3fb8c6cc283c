"""Softmaxes: every element of a row depends on every other."""

import math
from collections.abc import Callable, Iterator

from gradwalk.operations import phrases
from gradwalk.operations.axes import axis, reduced, together
from gradwalk.operations.call import Call
from gradwalk.operations.entry import Column, Formula, Local, Operation, Read, Rule, Worked, WorkOut
from gradwalk.operations.gradients_at_once import AT_ONCE, of_all
from gradwalk.operations.working import Working, largest, read

_SOURCE = "PyTorch, derivatives.yaml: {}; Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.3"
_COMPETE = (
    "The elements of a row share one whole: what one gains, the others lose. The sum is one row of the Jacobian of "
    "softmax times the gradient that arrived: the Jacobian itself is never built."
)


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


def _shares(sign: float) -> WorkOut:
    minus = "-" if sign < 0 else ""

    def worked(call: Call, out: int, _output: int) -> Worked:
        row, own, working = *_row(call, out), Working()
        raised = [math.exp(min(sign * (one.value - row[own].value), 700.0)) for one in row]
        above = f"e^{{{minus}{working.put(row[own])}}}"
        return working.worked(f"{above} / ({_written_sum(working, row, sign)})", 1 / sum(raised))

    return worked


def _logarithm(call: Call, out: int, _output: int) -> Worked:
    row, own, working = *_row(call, out), Working()
    top = max(one.value for one in row)
    value = row[own].value - top - math.log(sum(math.exp(one.value - top) for one in row))
    above = working.put(row[own])
    return working.worked(rf"{above} - \ln({_written_sum(working, row, 1.0)})", value)


def _row(call: Call, out: int) -> tuple[list[Read], int]:
    """Return the scores that share one whole, and the place of the asked one among them."""
    shape = call.array("self").shape
    members = together(reduced(shape, (_dimension(call, len(shape)),)), out)
    return [read(call, "self", i) for i in members], members.index(out)


def _written_sum(working: Working, row: list[Read], sign: float) -> str:
    numbers = [sign * one.value for one in row]
    raised = [math.exp(min(x, 700.0)) for x in numbers]
    shown = largest(raised)
    rest = sum(x for i, x in enumerate(raised) if i not in shown)
    minus = "-" if sign < 0 else ""
    written = [f"e^{{{minus}{working.put(row[i])}}}" for i in shown]
    return working.joined(written, len(row) - len(shown), rest)


def _over(form: str) -> Callable[[Call], str]:
    """Return the writer of a formula that says along which dimension a row lies."""

    def written(call: Call) -> str:
        dimensions = len(call.operands["self"].shape)
        if dimensions < 2:
            return form
        return rf"{form}, \; \text{{dim }} {_dimension(call, dimensions)}"

    return written


OPERATIONS: tuple[Operation, ...] = (
    Operation(("softmax",), "other",
              says=phrases.in_lines("<self> turned into shares that add up to 1"), formulas=(
        Formula(r"\frac{e^{<self>_{j}}}{\sum_{k} e^{<self>_{k}}}",
            {"self": Rule(r"<result>_{j} \cdot (\delta_{ij} - <result>_{i})", _COMPETE + AT_ONCE)}, _softmax(1.0),
            _SOURCE.format("_softmax"), whole=of_all(r"<result> \odot (g - \sum_{k} g_{k} <result>_{k})"),
            worked=_shares(1.0),
            written=_over(r"\frac{e^{<self>_{j}}}{\sum_{k} e^{<self>_{k}}}")),
    )),
    Operation(("softmin",), "other",
              says=phrases.in_lines("<self> turned into shares that add up to 1, the smallest number getting the most"),
              formulas=(
        Formula(r"\frac{e^{-<self>_{j}}}{\sum_{k} e^{-<self>_{k}}}",
            {"self": Rule(r"-<result>_{j} \cdot (\delta_{ij} - <result>_{i})", _COMPETE + AT_ONCE)}, _softmax(-1.0),
            _SOURCE.format("_softmax, neg"), whole=of_all(r"-<result> \odot (g - \sum_{k} g_{k} <result>_{k})"),
            worked=_shares(-1.0),
            written=_over(r"\frac{e^{-<self>_{j}}}{\sum_{k} e^{-<self>_{k}}}")),
    )),
    Operation(("log_softmax",), "other",
              says=phrases.in_lines("the logarithms of the shares that <self> stands for"), formulas=(
        Formula(r"<self>_{j} - \ln \sum_{k} e^{<self>_{k}}",
            {"self": Rule(r"\delta_{ij} - e^{<result>_{i}}", _COMPETE + AT_ONCE)}, _log_softmax,
            _SOURCE.format("_log_softmax"), whole=of_all(r"g - e^{<result>} \odot \sum_{k} g_{k}"),
            worked=_logarithm,
            written=_over(r"<self>_{j} - \ln \sum_{k} e^{<self>_{k}}")),
    )),
)  # fmt: skip
