"""Activations with a weight, a gate or a band of their own."""

import math
from collections.abc import Iterator

import numpy as np

from gradwalk.operations.axes import axis
from gradwalk.operations.call import Call
from gradwalk.operations.elementwise import Slope, Values, elementwise
from gradwalk.operations.entry import Formula, Local, Operation, Read, Reads, Rule, Worked
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Working, read

_GLU = "Dauphin et al., Language Modeling with Gated Convolutional Networks, 2.1; PyTorch, derivatives.yaml: glu"
_BAND = "Inside the band around zero the result is 0 and nothing comes back."


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _prelu(call: Call, argument: str, index: int) -> Iterator[Local]:
    numbers, weight = call.array("self"), call.array("weight")
    channels = np.zeros(numbers.shape, dtype=int)
    if weight.size > 1:  # one for each channel, which is dimension 1
        channels += np.arange(weight.size).reshape(-1, *(1,) * (numbers.ndim - 2))
    owners = channels.reshape(-1)
    for out in [index] if argument == "self" else map(int, np.flatnonzero(owners == index)):
        x, own = float(numbers.reshape(-1)[out]), int(owners[out])
        read_x = Read("self", call.operands["self"].output, out, x)
        if argument == "weight":
            yield Local(out, min(x, 0.0), reads={"self": read_x}, formula="<self>" if x < 0 else "0")
        elif x > 0:
            yield Local(out, 1.0, formula="1")
        else:
            slope = float(weight.reshape(-1)[own])
            read = Read("weight", call.operands["weight"].output, own, slope)
            yield Local(out, slope, reads={"w": read}, formula="<w>")


def _bent(call: Call, out: int, _output: int) -> Worked:
    working, number, weight = Working(), read(call, "self", out), call.array("weight")
    if number.value > 0:
        return working.worked(working.put(number), number.value)
    shape = call.array("self").shape
    own = place_of(out, shape)[1] if weight.size > 1 else 0
    slope = read(call, "weight", own)
    return working.worked(rf"{working.put(slope)} \cdot {working.put(number)}", slope.value * number.value)


def _gated(call: Call, out: int, _output: int) -> Worked:
    shape, working = call.array("self").shape, Working()
    dim = axis(call.arguments.get("dim", -1), len(shape))
    place = list(place_of(out, call.result().shape))
    first = read(call, "self", flat(place, shape))
    place[dim] += shape[dim] // 2
    gate = read(call, "self", flat(place, shape))
    formula = rf"{working.put(first)} \cdot \sigma({working.put(gate)})"
    return working.worked(formula, first.value * _sigmoid(gate.value))


def _glu(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of glu, which multiplies the first half with the sigmoid of the second half."""
    numbers = call.array(argument)
    dim = axis(call.arguments.get("dim", -1), numbers.ndim)
    half = numbers.shape[dim] // 2
    place = list(place_of(index, numbers.shape))
    first = place[dim] < half
    place[dim] %= half
    out = flat(place, call.result().shape)
    a_place, b_place = (
        flat(place, numbers.shape),
        flat([*place[:dim], place[dim] + half, *place[dim + 1 :]], numbers.shape),
    )
    a, b = float(numbers.reshape(-1)[a_place]), float(numbers.reshape(-1)[b_place])
    output = call.operands[argument].output
    reads: Reads = {
        "a": Read(argument, output, a_place, a), "b": Read(argument, output, b_place, b),
    }  # fmt: skip
    gate = _sigmoid(b)
    if first:
        yield Local(out, gate, reads=reads, formula=r"\sigma(<b>)")
    else:
        yield Local(out, a * gate * (1 - gate), reads=reads, formula=r"<a> \cdot \sigma(<b>) \cdot (1 - \sigma(<b>))")


def _logit(v: Values) -> float:
    x, eps = v["self"], v.get("eps")
    if eps is not None and not eps <= x <= 1 - eps:
        return 0.0
    return 1 / (x * (1 - x))


def _outside(v: Values) -> float:
    return float(abs(v["self"]) > v["lambd"])


def _cases(*cases: str) -> str:
    return r"\begin{cases} " + r" \\ ".join(cases) + r" \end{cases}"


_BEYOND = Slope(_cases(r"1 & |<self>| \gt <lambd>", r"0 & \text{else}"), _BAND, _outside)

OPERATIONS: tuple[Operation, ...] = (
    Operation(("prelu",), "elementwise",
              says="<self> with every negative number multiplied by <weight>", formulas=(
        Formula(_cases(r"<self> & <self> \gt 0", r"<weight> \cdot <self> & <self> \le 0"),
            {"self": Rule(_cases(r"1 & <self> \gt 0", r"<weight> & <self> \le 0"), "Each side has a slope of its own."),
             "weight": Rule(r"\min(0, <self>)", "The slope is learned from the elements below zero.")}, _prelu,
            worked=_bent, source=
            "He et al., Delving Deep into Rectifiers, 2.1; PyTorch, derivatives.yaml: _prelu_kernel"),
    )),
    Operation(("glu",), "other",
              says="one half of <self> gated by the sigmoid of the other half", formulas=(
        Formula(r"a \cdot \sigma(b), \quad <self> = [a, b]",
            {"self": Rule(_cases(r"\sigma(b) & \text{first half}",
                                 r"a \cdot \sigma(b) (1 - \sigma(b)) & \text{second}"),
                          "The product rule on the first half and the gate that the second half opens.")}, _glu, _GLU,
            worked=_gated),
    )),
    Operation(("hardshrink",), "elementwise",
              says="<self> with the small numbers set to 0", formulas=(
        elementwise(forward=_cases(r"<self> & |<self>| \gt <lambd>", r"0 & \text{else}"),
            source="PyTorch, torch.nn.functional.hardshrink and derivatives.yaml: hardshrink",
            defaults={"lambd": 0.5}, self=_BEYOND),
    )),
    Operation(("softshrink",), "elementwise",
              says="<self> drawn towards 0", formulas=(
        elementwise(forward=r"\operatorname{sign}(<self>) \cdot \max(0, |<self>| - <lambd>)",
            source="PyTorch, torch.nn.functional.softshrink and derivatives.yaml: softshrink",
            defaults={"lambd": 0.5}, self=_BEYOND),
    )),
    Operation(("rrelu",), "elementwise",
              says="<self> with every negative number made smaller by a random factor", formulas=(
        elementwise(
            forward=_cases(r"<self> & <self> \gt 0", r"(<lower> + <upper>) / 2 \cdot <self> & <self> \le 0"),
            source="PyTorch, torch.nn.functional.rrelu", defaults={"lower": 1 / 8, "upper": 1 / 3},
            fits=lambda call: not call.arguments.get("training"),
            self=Slope(_cases(r"1 & <self> \gt 0", r"(<lower> + <upper>) / 2 & <self> \le 0"),
                "In evaluation the slope below zero is the middle of its range.",
                lambda v: 1.0 if v["self"] > 0 else (v["lower"] + v["upper"]) / 2)),
    )),
    Operation(("logit", "special_logit"), "elementwise",
              says="the log-odds of <self>", formulas=(
        elementwise(forward=r"\ln \frac{<self>}{1 - <self>}", source="PyTorch, derivatives.yaml: logit",
            self=Slope(r"\frac{1}{<self> \cdot (1 - <self>)}",
                "The inverse of the sigmoid: steep where the probability is near 0 or 1.", _logit)),
    )),
)  # fmt: skip
