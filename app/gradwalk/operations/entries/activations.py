"""Activations: functions of each element that bend a straight line."""

import math

from gradwalk.operations import phrases
from gradwalk.operations.call import Call
from gradwalk.operations.elementwise import Slope, Values, elementwise
from gradwalk.operations.entry import Operation

_SOURCE = "PyTorch, torch.nn.functional.{0} and derivatives.yaml: {0}"

_GATE = "A gate lets the gradient through where it is open, and nothing where it is shut."
_BEND = "Each side has a slope of its own."
_SELU = (1.6732632423543772848170429916717, 1.0507009873554804934193349852946)

_SIXTH = 0.1666666716337204
"""The number 1/6 as PyTorch's kernel has it: a float32, whatever the tensor's dtype is."""


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _cases(*cases: str) -> str:
    return r"\begin{cases} " + r" \\ ".join(cases) + r" \end{cases}"


def _elu(v: Values) -> float:
    return 1.0 if v["self"] > 0 else v["alpha"] * math.exp(v["self"])


def _silu(v: Values) -> float:
    s = _sigmoid(v["self"])
    return s * (1 + v["self"] * (1 - s))


def _mish(v: Values) -> float:
    t = math.tanh(math.log1p(math.exp(-abs(v["self"]))) + max(v["self"], 0))
    return t + v["self"] * (1 - t * t) * _sigmoid(v["self"])


def _gelu(v: Values) -> float:
    x = v["self"]
    return 0.5 * (1 + math.erf(x / math.sqrt(2))) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _gelu_tanh(v: Values) -> float:
    x, scale = v["self"], math.sqrt(2 / math.pi)
    t = math.tanh(scale * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * scale * (1 + 3 * 0.044715 * x * x)


def _by_tanh(call: Call) -> bool:
    return call.arguments.get("approximate") == "tanh"


OPERATIONS: tuple[Operation, ...] = (
    Operation(("sigmoid", "special_expit"), "elementwise",
              says="<self> squashed between 0 and 1 by the sigmoid", adds=phrases.saturated, sign="σ", formulas=(
        elementwise(forward=r"\sigma(<self>) = \frac{1}{1 + e^{-<self>}}",
            source=_SOURCE.format("sigmoid") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.2.2",
            self=Slope(r"<result> \cdot (1 - <result>)",
                "The slope is at most 1/4, in the middle, and almost 0 where the sigmoid is saturated.",
                lambda v: v["result"] * (1 - v["result"]))),
    )),
    Operation(("tanh",), "elementwise",
              says="<self> squashed between −1 and 1 by tanh", formulas=(
        elementwise(forward=r"\tanh <self>",
            source=_SOURCE.format("tanh") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.3.2",
            self=Slope("1 - <result>^{2}", "The slope is 1 in the middle and almost 0 where tanh is saturated.",
                lambda v: 1 - v["result"] ** 2)),
    )),
    Operation(("relu",), "elementwise",
              says="<self> with every negative number set to 0", adds=phrases.kept_positive, sign="ReLU", word="ReLU",
        zero_slope="ReLU has the slope 0 where its input is 0 or less, and 1 elsewhere.", formulas=(
        elementwise(forward=r"\max(0, <self>)",
            source=_SOURCE.format("relu") + "; Goodfellow, Bengio, Courville, Deep Learning, 6.3.1",
            self=Slope(_cases(r"1 & <self> \gt 0", r"0 & <self> \le 0"), _GATE, lambda v: float(v["self"] > 0))),
    )),
    Operation(("relu6",), "elementwise",
              says="<self> cut off below 0 and above 6", formulas=(
        elementwise(forward=r"\min(6, \max(0, <self>))", source=_SOURCE.format("relu6"),
            self=Slope(_cases(r"1 & 0 \lt <self> \lt 6", r"0 & \text{else}"), _GATE,
                lambda v: float(0 < v["self"] < 6))),
    )),
    Operation(("leaky_relu",), "elementwise",
              says="<self> with every negative number made much smaller", sign="LReLU", formulas=(
        elementwise(forward=_cases(r"<self> & <self> \gt 0", r"<negative_slope> \cdot <self> & <self> \le 0"),
            source=_SOURCE.format("leaky_relu"), defaults={"negative_slope": 0.01},
            self=Slope(_cases(r"1 & <self> \gt 0", r"<negative_slope> & <self> \le 0"), _BEND,
                lambda v: 1.0 if v["self"] > 0 else v["negative_slope"])),
    )),
    Operation(("elu", "celu"), "elementwise",
              says="<self> with the negative numbers bent towards a floor", formulas=(
        elementwise(forward=_cases(r"<self> & <self> \gt 0", r"<alpha> (e^{<self>} - 1) & <self> \le 0"),
            source=_SOURCE.format("elu"), defaults={"alpha": 1.0},
            fits=lambda call: call.op == "elu" or call.real("alpha", 1.0) == 1.0,
            self=Slope(_cases(r"1 & <self> \gt 0", r"<alpha> e^{<self>} & <self> \le 0"), _BEND, _elu)),
    )),
    Operation(("selu",), "elementwise",
              says="<self> with the negative numbers bent towards a floor, scaled so that the spread stays", formulas=(
        elementwise(
            forward=r"1.0507 \cdot " + _cases(r"<self> & <self> \gt 0", r"1.6733 (e^{<self>} - 1) & <self> \le 0"),
            source=_SOURCE.format("selu"),
            self=Slope(r"1.0507 \cdot " + _cases(r"1 & <self> \gt 0", r"1.6733 e^{<self>} & <self> \le 0"), _BEND,
                lambda v: _SELU[1] * (1.0 if v["self"] > 0 else _SELU[0] * math.exp(v["self"])))),
    )),
    Operation(("softplus",), "elementwise",
              says="a smooth ReLU of <self>", formulas=(
        elementwise(forward=r"\frac{1}{<beta>} \ln(1 + e^{<beta> \cdot <self>})", source=_SOURCE.format("softplus"),
            defaults={"beta": 1.0, "threshold": 20.0},
            self=Slope(r"\sigma(<beta> \cdot <self>)", "The slope of softplus is the sigmoid.",
                lambda v: 1.0 if v["beta"] * v["self"] > v["threshold"] else _sigmoid(v["beta"] * v["self"]))),
    )),
    Operation(("log_sigmoid",), "elementwise",
              says="the logarithm of the sigmoid of <self>", formulas=(
        elementwise(forward=r"\ln \sigma(<self>)", source=_SOURCE.format("logsigmoid"),
            self=Slope(r"1 - \sigma(<self>)", "What the sigmoid still lacks to 1.", lambda v: _sigmoid(-v["self"]))),
    )),
    Operation(("silu",), "elementwise",
              says="<self> times its own sigmoid", formulas=(
        elementwise(forward=r"<self> \cdot \sigma(<self>)", source=_SOURCE.format("silu"),
            self=Slope(r"\sigma(<self>) \cdot (1 + <self> \cdot (1 - \sigma(<self>)))",
                "The product rule on x and its own gate.", _silu)),
    )),
    Operation(("mish",), "elementwise",
              says="<self> times the tanh of its softplus", formulas=(
        elementwise(forward=r"<self> \cdot \tanh(\ln(1 + e^{<self>}))", source=_SOURCE.format("mish"),
            self=Slope(r"t + <self> \cdot (1 - t^{2}) \cdot \sigma(<self>), \quad t = \tanh(\ln(1 + e^{<self>}))",
                "The product rule on x and its own gate.", _mish)),
    )),
    Operation(("gelu",), "elementwise",
              says="<self> with negative numbers nearly shut off, smoothly", sign="GELU", word="GELU", formulas=(
        elementwise(forward=r"<self> \cdot \Phi(<self>)", source=_SOURCE.format("gelu"),
            fits=lambda call: not _by_tanh(call), self=Slope(r"\Phi(<self>) + <self> \cdot \varphi(<self>)",
                "The product rule on x and the normal distribution's share below it.", _gelu)),
        elementwise(
            forward=r"\frac{<self>}{2} \left(1 + \tanh(\sqrt{2 / \pi} (<self> + 0.044715 \cdot <self>^{3}))\right)",
            source=_SOURCE.format("gelu"), fits=_by_tanh, self=Slope(
                r"\frac{1 + t}{2} + \frac{<self> (1 - t^{2})}{2} \sqrt{2 / \pi} (1 + 0.134145 \cdot <self>^{2})",
                "The product rule on x and its gate, where t is the tanh.", _gelu_tanh)),
    )),
    Operation(("hardtanh",), "elementwise",
              says="<self> cut off below and above", formulas=(
        elementwise(forward=r"\min(<max_val>, \max(<min_val>, <self>))", source=_SOURCE.format("hardtanh"),
            defaults={"min_val": -1.0, "max_val": 1.0},
            self=Slope(_cases(r"1 & <min_val> \lt <self> \lt <max_val>", r"0 & \text{else}"), _GATE,
                lambda v: float(v["min_val"] < v["self"] < v["max_val"]))),
    )),
    Operation(("hardsigmoid",), "elementwise",
              says="a sigmoid of <self> made of straight lines", formulas=(
        elementwise(forward=r"\min(1, \max(0, <self> / 6 + 1/2))", source=_SOURCE.format("hardsigmoid"),
            self=Slope(_cases(r"1/6 & -3 \lt <self> \lt 3", r"0 & \text{else}"), _GATE,
                lambda v: _SIXTH if -3 < v["self"] < 3 else 0.0)),
    )),
    Operation(("hardswish",), "elementwise",
              says="<self> times a sigmoid made of straight lines", formulas=(
        elementwise(forward=r"<self> \cdot \min(1, \max(0, <self> / 6 + 1/2))", source=_SOURCE.format("hardswish"),
            self=Slope(_cases(r"0 & <self> \le -3", r"<self> / 3 + 1/2 & -3 \lt <self> \lt 3", r"1 & <self> \ge 3"),
                _BEND,
                lambda v: 0.0 if v["self"] <= -3 else 1.0 if v["self"] >= 3 else v["self"] / 3 + 0.5)),
    )),
    Operation(("softsign",), "elementwise",
              says="<self> squashed between −1 and 1", formulas=(
        elementwise(forward=r"\frac{<self>}{1 + |<self>|}", source="PyTorch, torch.nn.functional.softsign",
            self=Slope(r"\frac{1}{(1 + |<self>|)^{2}}", "It flattens far from zero.",
                lambda v: 1 / (1 + abs(v["self"])) ** 2)),
    )),
    Operation(("tanhshrink",), "elementwise",
              says="<self> minus its tanh", formulas=(
        elementwise(forward=r"<self> - \tanh <self>", source="PyTorch, torch.nn.functional.tanhshrink",
            self=Slope(r"\tanh^{2} <self>", "It is flat in the middle.", lambda v: math.tanh(v["self"]) ** 2)),
    )),
    Operation(("_threshold",), "elementwise",
              says="<self> with every number below a threshold replaced", formulas=(
        elementwise(forward=_cases(r"<self> & <self> \gt <threshold>", r"<value> & \text{else}"),
            source=_SOURCE.format("threshold"),
            self=Slope(_cases(r"1 & <self> \gt <threshold>", r"0 & \text{else}"), _GATE,
                lambda v: float(v["self"] > v["threshold"]))),
    )),
)  # fmt: skip
