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
class Optimizer:
    """An optimizer. `state` is LaTeX for its state; the first of the `forms` that fits counts."""

    names: tuple[str, ...]
    forms: tuple[Form, ...]
    state: str
    source: str


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
_SCALED = "Each leaf has a step size of its own: gradients that are always large take smaller steps."
_DECAY = r"g + <weight_decay> \cdot <w>"


def _decays(v: Values) -> bool:
    return bool(v.get("weight_decay")) or bool(v.get("maximize"))


def _decoupled(v: Values) -> bool:
    return bool(v.get("decoupled_weight_decay") or v.get("adamw")) and bool(v.get("weight_decay"))


_ADAM_STEP = (r"<lr> \cdot \frac{<exp_avg> / (1 - <beta1>^{<step>})}"
              r"{\sqrt{<exp_avg_sq> / (1 - <beta2>^{<step>})} + <eps>}")  # fmt: skip
_AMSGRAD_STEP = _ADAM_STEP.replace("<exp_avg_sq>", "<max_exp_avg_sq>")

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
    ),
    Optimizer(
        ("Adam", "AdamW"),
        (
            Form(rf"<w> \cdot (1 - <lr> \cdot <weight_decay>) - {_AMSGRAD_STEP}",
                 lambda v: v["w"] * (1 - v["lr"] * v["weight_decay"]) - _adam(v), _SCALED,
                 lambda v: _decoupled(v) and bool(v.get("amsgrad"))),
            Form(rf"<w> \cdot (1 - <lr> \cdot <weight_decay>) - {_ADAM_STEP}",
                 lambda v: v["w"] * (1 - v["lr"] * v["weight_decay"]) - _adam(v), _SCALED, _decoupled),
            Form(rf"<w> - {_AMSGRAD_STEP}", lambda v: v["w"] - _adam(v), _SCALED, lambda v: bool(v.get("amsgrad"))),
            Form(rf"<w> - {_ADAM_STEP}", lambda v: v["w"] - _adam(v), _SCALED),
        ),
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g, \quad s \leftarrow \beta_{2} s + (1 - \beta_{2}) g^{2}",
        "Kingma, Ba, Adam, 2015; Loshchilov, Hutter, Decoupled Weight Decay, 2019; PyTorch, torch.optim.Adam, AdamW",
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
    ),
)  # fmt: skip
"""The known optimizers. In their LaTeX `\\tilde{g}` is the gradient with weight decay."""

SYMBOLS: Final = {
    "w": "w", "g": "g", "lr": r"\eta", "momentum": r"\mu", "weight_decay": r"\lambda", "momentum_buffer": "v",
    "exp_avg": "m", "exp_avg_sq": "s", "max_exp_avg_sq": r"s_{\max}", "beta1": r"\beta_{1}", "beta2": r"\beta_{2}",
    "step": "t", "eps": r"\epsilon", "square_avg": "s", "grad_avg": r"\bar{g}", "sum": "s", "lr_decay": r"\gamma",
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
