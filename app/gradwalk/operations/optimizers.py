"""The rules by which optimizers change one number, in the order of docs/formulas.md.

The state of an optimizer is always that after the step.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Values = dict[str, float]
"""The numbers of one element by name: `w`, `g`, the settings and the state. A missing setting counts as 0."""


@dataclass(frozen=True)
class Form:
    """One form of a rule, for the settings that it `fits`. In the LaTeX `<lr>` stands for the setting `lr`."""

    latex: str
    value: Callable[[Values], float]
    meaning: str
    fits: Callable[[Values], bool] = lambda v: True


@dataclass(frozen=True)
class Memory:
    """One number that an optimizer computes before it changes the leaf: what it remembers, or what it makes of that.

    `key`: the number's name. `value` computes it, or says what the recorded state holds.
    """

    key: str
    latex: str
    value: Callable[[Values], float]
    fits: Callable[[Values], bool] = lambda v: True


@dataclass(frozen=True)
class Optimizer:
    """An optimizer. `state` is LaTeX for its state; the first of the `forms` that fits counts. `memory`: the numbers
    that are computed before it, in their order.
    """

    names: tuple[str, ...]
    forms: tuple[Form, ...]
    state: str
    source: str
    memory: tuple[Memory, ...] = ()


def _gradient(v: Values) -> float:
    """Return the gradient that the rule uses: with weight decay, and with the opposite sign to maximize."""
    return (-v["g"] if v.get("maximize") else v["g"]) + v.get("weight_decay", 0.0) * v["w"]


def _adam(v: Values) -> float:
    t, seconds = v["step"], v["max_exp_avg_sq" if v.get("amsgrad") else "exp_avg_sq"]
    m, s = v["exp_avg"] / (1 - v["beta1"] ** t), seconds / (1 - v["beta2"] ** t)
    change: float = v["lr"] * m / (math.sqrt(s) + v["eps"])
    return change


def _rmsprop(v: Values) -> float:
    spread = v["square_avg"] - (v["grad_avg"] ** 2 if v.get("centered") else 0.0)
    return v["lr"] * _gradient(v) / (math.sqrt(spread) + v["eps"])


def _adagrad(v: Values) -> float:
    rate: float = v["lr"] / (1 + (v["step"] - 1) * v.get("lr_decay", 0.0))
    return rate * _gradient(v) / (math.sqrt(v["sum"]) + v["eps"])


_DOWN = "Against the gradient, by the learning rate: downhill, the farther the steeper it is."
_MOMENTUM = "The velocity remembers the gradients before: the leaf rolls on like a ball."
_SCALED = "Each number has a step size of its own: gradients that are always large take smaller steps."
_DECAY = r"g + <weight_decay> \cdot <w>"


def _decays(v: Values) -> bool:
    return bool(v.get("weight_decay")) or bool(v.get("maximize"))


def _decoupled(v: Values) -> bool:
    return bool(v.get("decoupled_weight_decay") or v.get("adamw")) and bool(v.get("weight_decay"))


def _before(key: str, rate: str) -> Callable[[Values], float]:
    """Return what computes a running mean as it was before the step: the state that is recorded is that after it."""

    def before(v: Values) -> float:
        share = 1 - v[rate]
        seen = _seen(v) if key == "exp_avg" else _seen(v) ** 2
        return 0.0 if v.get("step") == 1 else settled((v[key] - share * seen) / v[rate], v[key])

    return before


def _velocity_before(v: Values) -> float:
    return settled((v["momentum_buffer"] - (1 - v.get("dampening", 0.0)) * _gradient(v)) / v["momentum"],
                   v["momentum_buffer"])  # fmt: skip


def settled(number: float, beside: float) -> float:
    """Return 0 for a number that is only the rounding of the one beside it."""
    return 0.0 if abs(number) <= 1e-6 * abs(beside) else number


def _seen(v: Values) -> float:
    """Return the gradient as Adam takes it: AdamW leaves the decay out of it."""
    own = v.get("decoupled_weight_decay") or v.get("adamw")
    return (-v["g"] if v.get("maximize") else v["g"]) if own else _gradient(v)


def _starts(v: Values) -> bool:
    """Return whether the velocity is that of the first step: the gradient itself."""
    return "momentum_buffer" in v and math.isclose(v["momentum_buffer"], _gradient(v), rel_tol=1e-6)


def _rolls(v: Values) -> bool:
    return "momentum_buffer" in v and bool(v.get("momentum")) and not _starts(v)


def _mean_square_before(v: Values) -> float:
    return settled((v["square_avg"] - (1 - v["alpha"]) * _gradient(v) ** 2) / v["alpha"], v["square_avg"])


_DECAYED = Memory("seen", r"<g> + <weight_decay> \cdot <w>", _gradient,
                  lambda v: bool(v.get("weight_decay")) and not v.get("maximize"))  # fmt: skip
_UPHILL = Memory("seen", r"-<g> + <weight_decay> \cdot <w>", _gradient, lambda v: bool(v.get("maximize")))
_SGD_MEMORY = (
    _DECAYED,
    _UPHILL,
    Memory("momentum_buffer", "<seen>", lambda v: v["momentum_buffer"], _starts),
    Memory("momentum_buffer_before", "", _velocity_before, _rolls),
    Memory("momentum_buffer", r"<momentum> \cdot <momentum_buffer_before> + (1 - <dampening>) \cdot <seen>",
           lambda v: v["momentum_buffer"], lambda v: _rolls(v) and bool(v.get("dampening"))),
    Memory("momentum_buffer", r"<momentum> \cdot <momentum_buffer_before> + <seen>", lambda v: v["momentum_buffer"],
           lambda v: _rolls(v) and not v.get("dampening")),
)  # fmt: skip


def _joined(v: Values) -> bool:
    return not (v.get("decoupled_weight_decay") or v.get("adamw"))


_ADAM_MEMORY = (
    Memory("seen", _DECAYED.latex, _gradient, lambda v: _DECAYED.fits(v) and _joined(v)),
    Memory("seen", "-<g>", _seen, lambda v: bool(v.get("maximize"))),
    Memory("exp_avg_before", "", _before("exp_avg", "beta1")),
    Memory("exp_avg", r"<beta1> \cdot <exp_avg_before> + (1 - <beta1>) \cdot <seen>", lambda v: v["exp_avg"]),
    Memory("exp_avg_sq_before", "", _before("exp_avg_sq", "beta2")),
    Memory("exp_avg_sq", r"<beta2> \cdot <exp_avg_sq_before> + (1 - <beta2>) \cdot <seen>^{2}",
           lambda v: v["exp_avg_sq"]),
    Memory("m_hat", r"\frac{<exp_avg>}{1 - <beta1>^{<step>}}", lambda v: v["exp_avg"] / (1 - v["beta1"] ** v["step"])),
    Memory("s_hat", r"\frac{<max_exp_avg_sq>}{1 - <beta2>^{<step>}}",
           lambda v: v["max_exp_avg_sq"] / (1 - v["beta2"] ** v["step"]), lambda v: bool(v.get("amsgrad"))),
    Memory("s_hat", r"\frac{<exp_avg_sq>}{1 - <beta2>^{<step>}}",
           lambda v: v["exp_avg_sq"] / (1 - v["beta2"] ** v["step"]), lambda v: not v.get("amsgrad")),
)  # fmt: skip
_RMSPROP_MEMORY = (
    _DECAYED,
    _UPHILL,
    Memory("square_avg_before", "", _mean_square_before),
    Memory("square_avg", r"<alpha> \cdot <square_avg_before> + (1 - <alpha>) \cdot <seen>^{2}",
           lambda v: v["square_avg"]),
)  # fmt: skip
_ADAGRAD_MEMORY = (
    _DECAYED,
    _UPHILL,
    Memory("sum_before", "", lambda v: settled(v["sum"] - _gradient(v) ** 2, v["sum"])),
    Memory("sum", "<sum_before> + <seen>^{2}", lambda v: v["sum"]),
)
_ADAM_STEP = r"<lr> \cdot \frac{<m_hat>}{\sqrt{<s_hat>} + <eps>}"

OPTIMIZERS: Final = (
    Optimizer(
        ("SGD",),
        (
            Form(r"<w> - <lr> \cdot (\tilde{g} + <momentum> \cdot <momentum_buffer>)",
                 lambda v: v["w"] - v["lr"] * (_gradient(v) + v["momentum"] * v["momentum_buffer"]),
                 "Nesterov: the gradient and one more step of the velocity.",
                 lambda v: bool(v.get("nesterov")) and "momentum_buffer" in v),
            Form(r"<w> - <lr> \cdot <momentum_buffer>", lambda v: v["w"] - v["lr"] * v["momentum_buffer"], _MOMENTUM,
                 lambda v: "momentum_buffer" in v),
            Form(r"<w> - <lr> \cdot (<g> + <weight_decay> \cdot <w>)", lambda v: v["w"] - v["lr"] * _gradient(v),
                 "Against the gradient, and a little towards zero: weight decay.",
                 lambda v: bool(v.get("weight_decay")) and not v.get("maximize")),
            Form(r"<w> - <lr> \cdot (-<g> + <weight_decay> \cdot <w>)", lambda v: v["w"] - v["lr"] * _gradient(v),
                 "With the gradient: uphill.", _decays),
            Form(r"<w> - <lr> \cdot <g>", lambda v: v["w"] - v["lr"] * _gradient(v), _DOWN),
        ),
        r"v \leftarrow \mu \cdot v + (1 - \tau) \cdot \tilde{g}, \quad \tilde{g} = g + \lambda \cdot w",
        "PyTorch, torch.optim.SGD; Sutskever, Martens, Dahl, Hinton, 2013",
        _SGD_MEMORY,
    ),
    Optimizer(
        ("Adam", "AdamW"),
        (
            Form(rf"<w> \cdot (1 - <lr> \cdot <weight_decay>) - {_ADAM_STEP}",
                 lambda v: v["w"] * (1 - v["lr"] * v["weight_decay"]) - _adam(v), _SCALED, _decoupled),
            Form(rf"<w> - {_ADAM_STEP}", lambda v: v["w"] - _adam(v), _SCALED),
        ),
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g, \quad s \leftarrow \beta_{2} s + (1 - \beta_{2}) g^{2},"
        r" \quad \hat{m} = \frac{m}{1 - \beta_{1}^{t}}, \quad \hat{s} = \frac{s}{1 - \beta_{2}^{t}}",
        "Kingma, Ba, Adam, 2015; Loshchilov, Hutter, Decoupled Weight Decay, 2019; PyTorch, torch.optim.Adam, AdamW",
        _ADAM_MEMORY,
    ),
    Optimizer(
        ("RMSprop",),
        (
            Form(r"<w> - <lr> \cdot <momentum_buffer>", lambda v: v["w"] - v["lr"] * v["momentum_buffer"], _MOMENTUM,
                 lambda v: bool(v.get("momentum"))),
            Form(r"<w> - <lr> \cdot \frac{\tilde{g}}{\sqrt{<square_avg> - <grad_avg>^{2}} + <eps>}",
                 lambda v: v["w"] - _rmsprop(v), _SCALED, lambda v: bool(v.get("centered"))),
            Form(r"<w> - <lr> \cdot \frac{\tilde{g}}{\sqrt{<square_avg>} + <eps>}", lambda v: v["w"] - _rmsprop(v),
                 _SCALED, _decays),
            Form(r"<w> - <lr> \cdot \frac{<g>}{\sqrt{<square_avg>} + <eps>}", lambda v: v["w"] - _rmsprop(v), _SCALED),
        ),
        r"s \leftarrow \alpha \cdot s + (1 - \alpha) \cdot \tilde{g}^{2}, \quad \tilde{g} = g + \lambda \cdot w",
        "Tieleman, Hinton, Lecture 6.5, 2012; PyTorch, torch.optim.RMSprop",
        _RMSPROP_MEMORY,
    ),
    Optimizer(
        ("Adagrad",),
        (
            Form(r"<w> - \frac{<lr>}{1 + (<step> - 1) \cdot <lr_decay>} \cdot \frac{\tilde{g}}{\sqrt{<sum>} + <eps>}",
                 lambda v: v["w"] - _adagrad(v), _SCALED, lambda v: _decays(v) or bool(v.get("lr_decay"))),
            Form(r"<w> - <lr> \cdot \frac{<g>}{\sqrt{<sum>} + <eps>}", lambda v: v["w"] - _adagrad(v), _SCALED),
        ),
        r"s \leftarrow s + \tilde{g}^{2}, \quad \tilde{g} = g + \lambda \cdot w",
        "Duchi, Hazan, Singer, 2011; PyTorch, torch.optim.Adagrad",
        _ADAGRAD_MEMORY,
    ),
)  # fmt: skip
"""The known optimizers. In their LaTeX `\\tilde{g}` is the gradient with weight decay."""

SYMBOLS: Final = {
    "w": "w", "g": "g", "lr": r"\eta", "momentum": r"\mu", "weight_decay": r"\lambda", "momentum_buffer": "v",
    "exp_avg": "m", "exp_avg_sq": "s", "max_exp_avg_sq": r"s_{\max}", "beta1": r"\beta_{1}", "beta2": r"\beta_{2}",
    "step": "t", "eps": r"\epsilon", "square_avg": "s", "grad_avg": r"\bar{g}", "sum": "s", "lr_decay": r"\gamma",
    "seen": "g", "alpha": r"\alpha", "dampening": r"\tau", "m_hat": r"\hat{m}", "s_hat": r"\hat{s}",
    "momentum_buffer_before": r"v^{\text{old}}", "exp_avg_before": r"m^{\text{old}}",
    "exp_avg_sq_before": r"s^{\text{old}}", "square_avg_before": r"s^{\text{old}}", "sum_before": r"s^{\text{old}}",
}  # fmt: skip
"""The symbols for settings and state in a formula."""


def gradient_seen(values: Values) -> float:
    """Return the gradient with weight decay, as the rules use it."""
    return _gradient(values)


def form_of(optimizer: str, values: Values) -> tuple[Optimizer, Form] | None:
    """Return the rule of an optimizer and its form for these settings, or None for an optimizer that is not known."""
    for known in OPTIMIZERS:
        if optimizer in known.names:
            return known, next(form for form in known.forms if form.fits(values))
    return None
