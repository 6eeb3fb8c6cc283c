"""Reductions: many elements become one."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.axes import along, axis, reduced, together
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Column, Computed, Formula, Local, Operation, Read, Rule, Worked, WorkOut
from gradwalk.operations.result_shapes import one_of_many
from gradwalk.operations.working import MOST_TERMS, Working, largest, read, total

_SOURCE = "PyTorch, derivatives.yaml: {}"


def _reduction(local: Callable[[Call, Array, int, int], tuple[float, float]], *shown: str) -> Column:
    """Return the columns of a reduction.

    `local` takes a call, the elements of one group, the position of an element among them and the group's number. It
    returns the local derivative and the number in the place `<n>`. `shown` names further places: `self`, `result`.
    """

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        array = call.array(argument)
        groups = reduced(array.shape, along(call, array.shape))
        out = int(groups.reshape(-1)[index])
        members = together(groups, index)
        numbers = array.reshape(-1)[members].astype(np.float64)
        value, n = local(call, numbers, members.index(index), out)
        reads: dict[str, Read | Computed | float] = {"n": n}
        if "self" in shown:
            reads["self"] = Read(argument, call.operands[argument].output, index, float(array.reshape(-1)[index]))
        if "mu" in shown:
            reads["mu"] = Computed(_MEAN, float(numbers.mean()))
        if "result" in shown:
            reads["result"] = Read(None, 0, out, _result(call, out))
        yield Local(out, float(value), reads=reads)

    return column


def _group(call: Call, out: int) -> list[Read]:
    """Return the elements that element `out` of the result is made of."""
    array = call.array("self")
    groups = reduced(array.shape, along(call, array.shape)).reshape(-1)
    return [read(call, "self", int(i)) for i in np.flatnonzero(groups == out)]


def _before(call: Call, out: int) -> list[Read]:
    """Return the elements up to `out` along the dimension of a cumulative operation."""
    array = call.array("self")
    groups = reduced(array.shape, (axis(call.arguments.get("dim", 0), array.ndim),))
    return [read(call, "self", i) for i in together(groups, out) if i <= out]


def _numbers(group: list[Read]) -> Array:
    return np.array([one.value for one in group])


Members = Callable[[Call, int], list[Read]]


def _added(members: Members = _group) -> WorkOut:
    def worked(call: Call, out: int, _output: int) -> Worked:
        group, working = members(call, out), Working()
        if call.op == "nansum":
            group = [one for one in group if not math.isnan(one.value)]
        terms = [[one] for one in group]
        return working.worked(working.sum(terms), total(terms))

    return worked


def _average(call: Call, out: int, _output: int) -> Worked:
    group, working = _group(call, out), Working()
    terms = [[one] for one in group]
    n = float(len(group))
    return working.worked(working.divided(working.sum(terms), n), total(terms) / n)


def _multiplication(members: Members = _group) -> WorkOut:
    def worked(call: Call, out: int, _output: int) -> Worked:
        group, working = members(call, out), Working()
        value = float(np.prod(_numbers(group)))
        if len(group) <= MOST_TERMS:
            return working.worked(working.product(group), value)
        first = working.product(group[: MOST_TERMS - 1])
        rest = working.put(float(np.prod(_numbers(group[MOST_TERMS - 1 :]))))
        return working.worked(
            rf"{first} \cdot \underbrace{{{rest}}}_{{\text{{{len(group) - MOST_TERMS + 1} more}}}}", value
        )

    return worked


def _log_sum(members: Members = _group) -> WorkOut:
    def worked(call: Call, out: int, _output: int) -> Worked:
        group, working = members(call, out), Working()
        numbers = _numbers(group)
        raised = np.exp(numbers)
        shown = largest(list(map(float, raised)))
        rest = float(sum(x for i, x in enumerate(raised) if i not in shown))
        written = working.joined([f"e^{{{working.put(group[i])}}}" for i in shown], len(group) - len(shown), rest)
        top = float(numbers.max())
        value = top + math.log(float(np.exp(numbers - top).sum())) if math.isfinite(top) else top
        return working.worked(rf"\ln({written})", value)

    return worked


def _chosen(call: Call, out: int, output: int) -> Worked:
    """Work out a maximum, minimum or median: the elements that it was chosen of."""
    group, working = _group(call, out), Working()
    numbers = _numbers(group)
    lowest = call.op in ("amin", "min") or (call.op == "aminmax" and output == 0)
    if call.op == "median":
        value = float(np.sort(numbers)[(len(numbers) - 1) // 2])
    else:
        value = float(numbers.min() if lowest else numbers.max())
    name = "median" if call.op == "median" else "min" if lowest else "max"
    if np.isnan(numbers).any():
        value = math.nan
    if len(group) <= 2 * MOST_TERMS:
        written, more = ", ".join(map(working.put, group)), ""
    else:
        near = sorted(sorted(range(len(group)), key=lambda i: abs(numbers[i] - value))[:MOST_TERMS])
        written = ", ".join(working.put(group[i]) for i in near)
        more = rf", \underbrace{{\dots}}_{{\text{{{len(group) - MOST_TERMS} more}}}}"
    return working.worked(rf"\operatorname{{{name}}}({written}{more})", value)


def _spread_out(call: Call, out: int, output: int) -> Worked:
    """Work out a variance or a standard deviation, or the mean beside it."""
    if output == 1:
        return _average(call, out, output)
    group, working = _group(call, out), Working()
    numbers = _numbers(group)
    mean, n = float(numbers.mean()), _freedom(call, numbers)
    squares = [float((x - mean) ** 2) for x in numbers]
    shown = largest(squares)
    written = [rf"({working.put(group[i])} - {working.put(Computed(_MEAN, mean))})^{{2}}" for i in shown]
    rest = sum(x for i, x in enumerate(squares) if i not in shown)
    inside = rf"\frac{{{working.joined(written, len(group) - len(shown), rest)}}}{{{working.put(n)}}}"
    value = math.fsum(squares) / n if n else math.nan
    if call.op.startswith("std"):
        return working.worked(rf"\sqrt{{{inside}}}", math.sqrt(value) if value >= 0 else math.nan)
    return working.worked(inside, value)


def _length(call: Call, out: int, _output: int) -> Worked:
    group, working = _group(call, out), Working()
    p = _order(call) or 2.0
    powers = [abs(one.value) ** p for one in group]
    shown = largest(powers)
    power = latex_of(p)
    raised = "" if p == 1 else f"^{{{power}}}"
    bars = "" if p == 2 else "|"
    written = [f"{bars}{working.put(group[i])}{bars}{raised}" for i in shown]
    rest = sum(x for i, x in enumerate(powers) if i not in shown)
    inside = working.joined(written, len(group) - len(shown), rest)
    value = sum(powers) ** (1 / p)
    if p == 1:
        return working.worked(inside, value)
    if p == 2:
        return working.worked(rf"\sqrt{{{inside}}}", value)
    return working.worked(rf"\left({inside}\right)^{{1/{power}}}", value)


def _difference(call: Call, out: int, _output: int) -> Worked:
    array = call.array("self")
    dim = axis(call.arguments.get("dim", -1), array.ndim)
    numbers = np.arange(array.size).reshape(array.shape)
    after = numbers.take(range(1, array.shape[dim]), dim).reshape(-1)[out]
    before = numbers.take(range(array.shape[dim] - 1), dim).reshape(-1)[out]
    working = Working()
    first, second = read(call, "self", int(after)), read(call, "self", int(before))
    return working.worked(f"{working.put(first)} - {working.put(second)}", first.value - second.value)


def latex_of(number: float) -> str:
    """Return a plain number without a needless fraction."""
    return str(int(number)) if number == int(number) else str(number)


_MEAN = r"\mu"


def _over(call: Call) -> str:
    """Return the index that a reduction adds over: `k`, with the dimension where it is not all of them."""
    try:
        shape = call.operands["self"].shape
        dims = along(call, shape) if call.outputs and call.outputs[0].array is not None else tuple(range(len(shape)))
    except (ValueError, IndexError, KeyError):
        return "k"
    if len(dims) == len(shape):
        return "k"
    return rf"k \, (\text{{dim }} {','.join(map(str, dims))})"


def _sum_over(form: str) -> Callable[[Call], str]:
    """Return the writer of a formula with `OVER` at the place of the index."""
    return lambda call: form.replace("OVER", _over(call))


def _spread_form(form: str) -> Callable[[Call], str]:
    def written(call: Call) -> str:
        unbiased = call.arguments.get("unbiased")
        correction = call.real("correction", 0.0 if unbiased is False else 1.0)
        divisor = "n" if correction == 0 else f"n - {latex_of(correction)}"
        return form.replace("OVER", _over(call)).replace("DIVISOR", divisor)

    return written


def _result(call: Call, out: int) -> float:
    return float(call.result().reshape(-1)[out])


def _share(call: Call, group: Array, position: int, out: int) -> tuple[float, float]:
    chosen = group == _result(call, out)
    count = float(chosen.sum())
    return (1 / count if chosen[position] else 0.0), count


def _others(group: Array, position: int) -> float:
    return float(np.prod(np.delete(group, position)))


def _freedom(call: Call, group: Array) -> float:
    unbiased = call.arguments.get("unbiased")
    correction = call.real("correction", 0.0 if unbiased is False else 1.0)
    return float(group.size - correction)


def _variance(call: Call, group: Array, position: int, _out: int) -> tuple[float, float]:
    n = _freedom(call, group)
    return 2 * (group[position] - group.mean()) / n, n


def _deviation(call: Call, group: Array, position: int, out: int) -> tuple[float, float]:
    n = _freedom(call, group)
    return (group[position] - group.mean()) / (n * _result(call, out)), n


def _spread(call: Call, group: Array, position: int, out: int) -> tuple[float, float]:
    return (_variance if call.op == "var_mean" else _deviation)(call, group, position, out)


def _order(call: Call) -> float | None:
    order = call.arguments.get("p", call.arguments.get("ord", 2.0))
    if order in ("fro", None):
        return 2.0
    return float(order) if isinstance(order, int | float) and 1 <= order < math.inf else None


def _norm(call: Call, group: Array, position: int, out: int) -> tuple[float, float]:
    p, x, length = _order(call) or 2.0, float(group[position]), _result(call, out)
    if length == 0:
        return 0.0, p
    return math.copysign(1, x) * (x != 0) * (abs(x) / length) ** (p - 1), p


def _cumulated(call: Call, argument: str, index: int) -> Iterator[Local]:
    array = call.array(argument)
    groups = reduced(array.shape, (axis(call.arguments.get("dim", 0), array.ndim),))
    for out in together(groups, index):
        if out >= index:
            yield Local(out, 1.0)


def _multiplied(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of cumprod: the product of all other factors up to there."""
    array = call.array(argument)
    groups = reduced(array.shape, (axis(call.arguments.get("dim", 0), array.ndim),))
    members = together(groups, index)
    numbers = array.reshape(-1)[members]
    own = members.index(index)
    for position in range(own, len(members)):
        others = _others(numbers[: position + 1], own)
        yield Local(members[position], others, reads={"n": others}, formula="<n>")


def _log_cumulated(call: Call, argument: str, index: int) -> Iterator[Local]:
    array = call.array(argument)
    x = Read(argument, call.operands[argument].output, index, float(array.reshape(-1)[index]))
    for local in _cumulated(call, argument, index):
        y = _result(call, local.index)
        reads = {"self": x, "result": Read(None, 0, local.index, y)}
        yield Local(local.index, math.exp(x.value - y), reads=reads)


def _two(first: Column, second: Column) -> Column:
    """Return the columns of an operation with two results, each of which is a reduction of its own."""

    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        for output, own in enumerate((first, second)):
            alone = Call(call.node, call.op, call.operands, [call.outputs[output]], call.arguments)
            for local in own(alone, argument, index):
                reads = {n: replace(r, output=output) if isinstance(r, Read) and r.argument is None else r
                         for n, r in local.reads.items()}  # fmt: skip
                yield replace(local, output=output, reads=reads, formula="")

    return column


def _differences(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of diff: each element minus the one before it."""
    array, result = call.array(argument), call.result()
    dim = axis(call.arguments.get("dim", -1), array.ndim)
    numbers = np.arange(array.size).reshape(array.shape)
    if result.size != numbers.take(range(1, array.shape[dim]), dim).size:
        raise ValueError("differences of differences")
    for taken, sign in ((range(1, array.shape[dim]), 1.0), (range(array.shape[dim] - 1), -1.0)):
        for out in np.flatnonzero(numbers.take(taken, dim).reshape(-1) == index):
            yield Local(int(out), sign, reads={"n": sign})


def _whole(call: Call) -> bool:
    """Return whether the call is `x.max()`, not `x.max(dim)`, which gives indices too, nor `torch.max(x, y)`."""
    return len(call.outputs) == 1 and "other" not in call.operands


def _self(latex: str, meaning: str) -> dict[str, Rule]:
    return {"self": Rule(latex, meaning)}


_SUM = Formula(
    r"\sum_{k} <self>_{k}", _self("1", "Every summand counts whole."),
    _reduction(lambda call, g, i, out: (0.0 if call.op == "nansum" and math.isnan(g[i]) else 1.0, g.size)),
    _SOURCE.format("sum") + "; Deisenroth, Faisal, Ong, Mathematics for Machine Learning, 5.1",
    written=_sum_over(r"\sum_{OVER} <self>_{k}"), worked=_added(),
)  # fmt: skip
SELECTED = Formula(
    r"\operatorname{select}_{k} <self>_{k}",
    _self(r"\begin{cases} 1/n & \text{chosen, with } n \text{ equal ones} \\ 0 & \text{else} \end{cases}",
          "Only the element that was chosen counts; equal ones share."),
    _reduction(_share), _SOURCE.format("amax, amin, max, min, median"), fits=_whole,
    written=lambda call: rf"\operatorname{{{call.op.removeprefix('a')}}}_{{{_over(call)}}} <self>_{{k}}",
    worked=_chosen,
)  # fmt: skip
"""The formula of amax, amin, and of max, min and median without a dimension."""

OPERATIONS: tuple[Operation, ...] = (
    Operation(("sum",), "reduction", shape=one_of_many,
              says=phrases.of_lines("sum"), sign="Σ", formulas=(_SUM,)),
    Operation(("nansum",), "reduction",
              says=phrases.of_lines("sum without NaN"), formulas=(_SUM,)),
    Operation(("mean",), "reduction", shape=one_of_many,
              says=phrases.of_lines("mean"), formulas=(
        Formula(r"\frac{1}{n} \sum_{k} <self>_{k}",
            _self(r"\frac{1}{<n>}", "Each of the n elements counts one n-th of the mean."),
            _reduction(lambda call, g, i, out: (1 / g.size, g.size)), _SOURCE.format("mean"),
            written=_sum_over(r"\frac{1}{n} \sum_{OVER} <self>_{k}"), worked=_average),
    )),
    Operation(("prod",), "reduction", shape=one_of_many,
              says=phrases.of_lines("product"), formulas=(
        Formula(r"\prod_{k} <self>_{k}",
            _self(r"<n>", "The slope is the product of all the other factors."),
            _reduction(lambda call, g, i, out: (_others(g, i), _others(g, i))), _SOURCE.format("prod"),
            written=_sum_over(r"\prod_{OVER} <self>_{k}"), worked=_multiplication()),
    )),
    Operation(("amax", "amin"), "reduction", shape=one_of_many,
              says=phrases.by_name(amax="the largest number of <self>", amin="the smallest number of <self>"),
              formulas=(SELECTED,)),
    Operation(("logsumexp",), "reduction", shape=one_of_many,
              says=phrases.of_lines("logarithm of the summed exponentials"), formulas=(
        Formula(r"\ln \sum_{k} e^{<self>_{k}}",
            _self("e^{<self> - <result>}", "Each element's share of the sum: the softmax."),
            _reduction(lambda call, g, i, out: (math.exp(g[i] - _result(call, out)), g.size), "self", "result"),
            _SOURCE.format("logsumexp"), written=_sum_over(r"\ln \sum_{OVER} e^{<self>_{k}}"), worked=_log_sum()),
    )),
    Operation(("var",), "reduction", shape=one_of_many,
              says=phrases.of_lines("variance"), formulas=(
        Formula(r"\frac{1}{n - 1} \sum_{k} (<self>_{k} - \mu)^{2}",
            _self(r"\frac{2 \cdot (<self> - <mu>)}{<n>}", "The farther from the mean, the more it counts."),
            _reduction(_variance, "self", "mu"), _SOURCE.format("var"),
            written=_spread_form(r"\frac{1}{DIVISOR} \sum_{OVER} (<self>_{k} - \mu)^{2}"), worked=_spread_out),
    )),
    Operation(("std",), "reduction", shape=one_of_many,
              says=phrases.of_lines("standard deviation"), formulas=(
        Formula(r"\sqrt{\frac{1}{n - 1} \sum_{k} (<self>_{k} - \mu)^{2}}",
            _self(r"\frac{<self> - <mu>}{<n> \cdot <result>}", "The farther from the mean, the more it counts."),
            _reduction(_deviation, "self", "result", "mu"), _SOURCE.format("std"),
            written=_spread_form(r"\sqrt{\frac{1}{DIVISOR} \sum_{OVER} (<self>_{k} - \mu)^{2}}"),
            worked=_spread_out),
    )),
    Operation(("norm", "linalg_norm", "linalg_vector_norm"), "reduction",
              says=phrases.of_lines("length"), formulas=(
        Formula(r"\left( \sum_{k} |<self>_{k}|^{p} \right)^{1/p}",
            _self(r"\frac{<self>}{<result>}", "For p = 2 an element's share of the length."),
            _reduction(_norm, "self", "result"), _SOURCE.format("linalg_vector_norm"),
            fits=lambda call: _order(call) == 2.0, written=_sum_over(r"\sqrt{\sum_{OVER} <self>_{k}^{2}}"),
            worked=_length),
        Formula(r"\left( \sum_{k} |<self>_{k}|^{p} \right)^{1/p}",
            _self(r"\operatorname{sign}(<self>) \cdot \left( \frac{|<self>|}{<result>} \right)^{<n> - 1}",
                "For p = 1 the sign; otherwise the larger elements count more."),
            _reduction(_norm, "self", "result"), _SOURCE.format("linalg_vector_norm"),
            fits=lambda call: _order(call) is not None, worked=_length),
    )),
    Operation(("cumsum",), "other",
              says="the running sum of <self>", formulas=(
        Formula(r"<result>_{j} = \sum_{k \le j} <self>_{k}",
            _self(r"\begin{cases} 1 & k \le j \\ 0 & k \gt j \end{cases}",
                "An element is part of its own sum and of all later ones."), _cumulated, _SOURCE.format("cumsum"),
            worked=_added(_before)),
    )),
    Operation(("cumprod",), "other",
              says="the running product of <self>", formulas=(
        Formula(r"<result>_{j} = \prod_{k \le j} <self>_{k}", _self(r"\prod_{l \le j, \, l \ne k} <self>_{l}",
                "The slope is the product of all the other factors up to there."), _multiplied,
            _SOURCE.format("cumprod"), worked=_multiplication(_before)),
    )),
    Operation(("logcumsumexp",), "other",
              says="the running logarithm of summed exponentials of <self>", formulas=(
        Formula(r"<result>_{j} = \ln \sum_{k \le j} e^{<self>_{k}}",
            _self("e^{<self> - <result>}", "Each element's share of the sum up to there."), _log_cumulated,
            _SOURCE.format("logcumsumexp"), worked=_log_sum(_before)),
    )),
    Operation(("var_mean", "std_mean"), "other",
              says="the spread and the mean of <self>", formulas=(
        Formula(r"\operatorname{spread}(<self>), \; \operatorname{mean}(<self>)",
            _self(r"\frac{2 (<self> - \mu)}{n}, \; \frac{1}{n}",
                "The slopes of both results, each with its own gradient."),
            _two(_reduction(_spread), _reduction(lambda call, g, i, out: (1 / g.size, g.size))),
            _SOURCE.format("var_mean, std_mean"), worked=_spread_out),
    )),
    Operation(("aminmax",), "other",
              says="the smallest and the largest number of <self>", formulas=(
        Formula(r"\min_{k} <self>_{k}, \; \max_{k} <self>_{k}", _self(
                r"\begin{cases} 1/n & \text{chosen, with } n \text{ equal ones} \\ 0 & \text{else} \end{cases}",
                "Only the two elements that were chosen count; equal ones share."),
            _two(_reduction(_share), _reduction(_share)), _SOURCE.format("aminmax"), worked=_chosen),
    )),
    Operation(("diff",), "other",
              says="the steps between neighbours in <self>", formulas=(
        Formula(r"<self>_{k+1} - <self>_{k}",
            _self("<n>", "It stands in one difference with a plus and in the next with a minus."), _differences,
            "PyTorch, torch.diff", fits=lambda call: call.real("n", 1) == 1 and len(call.operands) == 1,
            worked=_difference),
    )),
)  # fmt: skip
