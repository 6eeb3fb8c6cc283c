"""The rules by which optimizers change one number, in the order of docs/formulas.md.

The state of an optimizer is always that after the step.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from struct import pack, unpack
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
    return v["lr"] * _scaled_gradient(v)


def _adagrad(v: Values) -> float:
    rate: float = v["lr"] / (1 + (v["step"] - 1) * v.get("lr_decay", 0.0))
    return rate * _gradient(v) / (math.sqrt(v["sum"]) + v["eps"])


_DOWN = "Against the gradient, by the learning rate: downhill, the farther the steeper it is."
_MOMENTUM = "The velocity remembers the gradients before: the leaf rolls on like a ball."
_SCALED = "Each number has a step size of its own: gradients that are always large take smaller steps."


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


def _spread(v: Values) -> float:
    return v["square_avg"] - (v["grad_avg"] ** 2 if v.get("centered") else 0.0)


def _scaled_gradient(v: Values) -> float:
    return _gradient(v) / (math.sqrt(_spread(v)) + v["eps"])


def _grad_avg_before(v: Values) -> float:
    return settled((v["grad_avg"] - (1 - v["alpha"]) * _gradient(v)) / v["alpha"], v["grad_avg"])


def _scaled_velocity_before(v: Values) -> float:
    return settled((v["momentum_buffer"] - _scaled_gradient(v)) / v["momentum"], v["momentum_buffer"])


def _moves(v: Values) -> bool:
    return bool(v.get("momentum")) and "momentum_buffer" in v


_RMSPROP_MEMORY = (
    _DECAYED,
    _UPHILL,
    Memory("square_avg_before", "", _mean_square_before),
    Memory("square_avg", r"<alpha> \cdot <square_avg_before> + (1 - <alpha>) \cdot <seen>^{2}",
           lambda v: v["square_avg"]),
    Memory("grad_avg_before", "", _grad_avg_before, lambda v: bool(v.get("centered"))),
    Memory("grad_avg", r"<alpha> \cdot <grad_avg_before> + (1 - <alpha>) \cdot <seen>",
           lambda v: v["grad_avg"], lambda v: bool(v.get("centered"))),
    Memory("momentum_buffer_before", "", _scaled_velocity_before, _moves),
    Memory("momentum_buffer",
           r"<momentum> \cdot <momentum_buffer_before> + \frac{<seen>}{\sqrt{<square_avg> - <grad_avg>^{2}} + <eps>}",
           lambda v: v["momentum_buffer"], lambda v: _moves(v) and bool(v.get("centered"))),
    Memory("momentum_buffer", r"<momentum> \cdot <momentum_buffer_before> + \frac{<seen>}{\sqrt{<square_avg>} + <eps>}",
           lambda v: v["momentum_buffer"], lambda v: _moves(v) and not v.get("centered")),
)  # fmt: skip
_ADAGRAD_MEMORY = (
    _DECAYED,
    _UPHILL,
    Memory("sum_before", "", lambda v: settled(v["sum"] - _gradient(v) ** 2, v["sum"])),
    Memory("sum", "<sum_before> + <seen>^{2}", lambda v: v["sum"]),
)
_MEAN = _ADAM_MEMORY[:4]
_SQUARES = _ADAM_MEMORY[4:6]
_S_HAT = _ADAM_MEMORY[-1]
_M_HAT = _ADAM_MEMORY[6]


def _adadelta_before(v: Values) -> float:
    """Return the mean square of the steps before this one, from that after it."""
    share = (1 - v["rho"]) * _gradient(v) ** 2 / (v["square_avg"] + v["eps"])
    return max(settled((v["acc_delta"] - share * v["eps"]) / (v["rho"] + share), v["acc_delta"]), 0.0)


def _adadelta_square_before(v: Values) -> float:
    return settled((v["square_avg"] - (1 - v["rho"]) * _gradient(v) ** 2) / v["rho"], v["square_avg"])


def _adadelta_step(v: Values) -> float:
    return math.sqrt(v["acc_delta_before"] + v["eps"]) / math.sqrt(v["square_avg"] + v["eps"]) * _gradient(v)


def _is_larger(v: Values) -> bool:
    """Return whether the largest gradient of Adamax is an earlier one, which has faded a little."""
    return v["exp_inf"] > (abs(_gradient(v)) + v["eps"]) * (1 + 1e-6)


def _nadam_share(v: Values, step: float) -> float:
    share: float = v["beta1"] * (1 - 0.5 * 0.96 ** (step * v["momentum_decay"]))
    return share


def _nadam(v: Values) -> float:
    ahead = v["share_next"] / (1 - v["mu_product"] * v["share_next"]) * v["exp_avg"]
    here = (1 - v["share"]) / (1 - v["mu_product"]) * _seen(v)
    return v["lr"] * (here + ahead) / (math.sqrt(v["s_hat"]) + v["eps"])


def _length(v: Values) -> float:
    """Return how many gradients the mean square of RAdam is worth by now."""
    power: float = v["beta2"] ** v["step"]
    return 2 / (1 - v["beta2"]) - 1 - 2 * v["step"] * power / (1 - power)


def _rectified(v: Values) -> float:
    length, whole = _length(v), 2 / (1 - v["beta2"]) - 1
    return math.sqrt((length - 4) * (length - 2) * whole / ((whole - 4) * (whole - 2) * length))


def _radam(v: Values) -> float:
    adapted = math.sqrt(1 - v["beta2"] ** v["step"]) / (math.sqrt(v["exp_avg_sq"]) + v["eps"])
    return v["lr"] * v["m_hat"] * (v["rectified"] * adapted if v["length"] > 5 else 1.0)


def _sparse_adam(v: Values) -> float:
    adapted = math.sqrt(1 - v["beta2"] ** v["step"]) / (math.sqrt(v["exp_avg_sq"]) + v["eps"])
    return v["w"] - v["lr"] * v["m_hat"] * adapted


def _asgd_rate(v: Values) -> float:
    """Return the rate of this step; the state holds that of the next one."""
    rate = v["lr"] / (1 + v["lambd"] * v["lr"] * (v["step"] - 1)) ** v["alpha"]
    # the state keeps it as a float32
    [kept] = unpack("f", pack("f", rate))
    return float(kept)


def _shrunk(v: Values) -> float:
    """Return the number with the weight decay that does not go through the gradient."""
    return v["w"] * (1 - v["lr"] * v["weight_decay"]) if _decoupled(v) else v["w"]


_ADADELTA_MEMORY = (
    _DECAYED,
    _UPHILL,
    Memory("square_avg_before", "", _adadelta_square_before),
    Memory("square_avg", r"<rho> \cdot <square_avg_before> + (1 - <rho>) \cdot <seen>^{2}", lambda v: v["square_avg"]),
    Memory("acc_delta_before", "", _adadelta_before),
    Memory("delta", r"\frac{\sqrt{<acc_delta_before> + <eps>}}{\sqrt{<square_avg> + <eps>}} \cdot <seen>",
           _adadelta_step),
    Memory("acc_delta", r"<rho> \cdot <acc_delta_before> + (1 - <rho>) \cdot <delta>^{2}", lambda v: v["acc_delta"]),
)  # fmt: skip
_ADAMAX_MEMORY = (
    *_MEAN,
    Memory("exp_inf_before", "", lambda v: v["exp_inf"] / v["beta2"], _is_larger),
    Memory("exp_inf", r"\max(<beta2> \cdot <exp_inf_before>, \left|<seen>\right|)", lambda v: v["exp_inf"], _is_larger),
    Memory("exp_inf", r"\left|<seen>\right|", lambda v: v["exp_inf"], lambda v: not _is_larger(v)),
    _M_HAT,
)
_NADAM_MEMORY = (
    *_MEAN,
    *_SQUARES,
    _S_HAT,
    Memory("share", r"<beta1> \cdot (1 - 0.5 \cdot 0.96^{<step> \cdot <momentum_decay>})",
           lambda v: _nadam_share(v, v["step"])),
    Memory("share_next", r"<beta1> \cdot (1 - 0.5 \cdot 0.96^{(<step> + 1) \cdot <momentum_decay>})",
           lambda v: _nadam_share(v, v["step"] + 1)),
)  # fmt: skip
_RADAM_MEMORY = (
    *_MEAN,
    *_SQUARES,
    _M_HAT,
    Memory("length", r"\frac{2}{1 - <beta2>} - 1 - \frac{2 \cdot <step> \cdot <beta2>^{<step>}}{1 - <beta2>^{<step>}}",
           _length),
    Memory("rectified", r"\sqrt{\frac{(<length> - 4) (<length> - 2) \rho}{(\rho - 4) (\rho - 2) <length>}}", _rectified,
           lambda v: v["length"] > 5),
)  # fmt: skip
_NADAM_STEP = (
    r"<lr> \cdot \frac{\frac{1 - <share>}{1 - <mu_product>} \cdot <seen> + \frac{<share_next>}"
    r"{1 - <mu_product> \cdot <share_next>} \cdot <exp_avg>}{\sqrt{<s_hat>} + <eps>}"
)
_RADAM_STEP = (
    r"<lr> \cdot <m_hat> \cdot <rectified> \cdot \frac{\sqrt{1 - <beta2>^{<step>}}}{\sqrt{<exp_avg_sq>} + <eps>}"
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
    Optimizer(
        ("Adadelta",),
        (
            Form(r"<w> - <lr> \cdot <delta>", lambda v: v["w"] - v["lr"] * v["delta"],
                 "The step is in the units of the number itself: the gradient, times the size of earlier steps over "
                 "that of earlier gradients."),
        ),
        r"s \leftarrow \rho s + (1 - \rho) g^{2}, \quad \delta = \frac{\sqrt{d + \epsilon}}{\sqrt{s + \epsilon}} g,"
        r" \quad d \leftarrow \rho d + (1 - \rho) \delta^{2}",
        "Zeiler, ADADELTA, 2012; PyTorch, torch.optim.Adadelta",
        _ADADELTA_MEMORY,
    ),
    Optimizer(
        ("Adamax",),
        (
            Form(r"<w> - <lr> \cdot \frac{<m_hat>}{<exp_inf>}", lambda v: v["w"] - v["lr"] * v["m_hat"] / v["exp_inf"],
                 "As Adam, but with the largest gradient so far, which fades slowly, instead of the mean square."),
        ),
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g, \quad u \leftarrow \max(\beta_{2} u, |g| + \epsilon),"
        r" \quad \hat{m} = \frac{m}{1 - \beta_{1}^{t}}",
        "Kingma, Ba, Adam, 2015, section 7.1; PyTorch, torch.optim.Adamax",
        _ADAMAX_MEMORY,
    ),
    Optimizer(
        ("NAdam",),
        (
            Form(rf"<w> \cdot (1 - <lr> \cdot <weight_decay>) - {_NADAM_STEP}", lambda v: _shrunk(v) - _nadam(v),
                 "Adam that looks one step of its mean ahead, as Nesterov's momentum does.", _decoupled),
            Form(rf"<w> - {_NADAM_STEP}", lambda v: v["w"] - _nadam(v),
                 "Adam that looks one step of its mean ahead, as Nesterov's momentum does."),
        ),
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g, \quad s \leftarrow \beta_{2} s + (1 - \beta_{2}) g^{2},"
        r" \quad \Pi \leftarrow \Pi \cdot \mu_{t}",
        "Dozat, Incorporating Nesterov Momentum into Adam, 2016; PyTorch, torch.optim.NAdam",
        _NADAM_MEMORY,
    ),
    Optimizer(
        ("RAdam",),
        (
            Form(rf"<w> \cdot (1 - <lr> \cdot <weight_decay>) - {_RADAM_STEP}", lambda v: _shrunk(v) - _radam(v),
                 _SCALED, lambda v: _decoupled(v) and v.get("length", 0.0) > 5),
            Form(rf"<w> - {_RADAM_STEP}", lambda v: v["w"] - _radam(v), _SCALED, lambda v: v.get("length", 0.0) > 5),
            Form(r"<w> \cdot (1 - <lr> \cdot <weight_decay>) - <lr> \cdot <m_hat>", lambda v: _shrunk(v) - _radam(v),
                 "In the first steps the mean square is worth too few gradients to be trusted: only the mean is used.",
                 _decoupled),
            Form(r"<w> - <lr> \cdot <m_hat>", lambda v: v["w"] - _radam(v),
                 "In the first steps the mean square is worth too few gradients to be trusted: only the mean is used."),
        ),
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g, \quad s \leftarrow \beta_{2} s + (1 - \beta_{2}) g^{2},"
        r" \quad \rho_{t} = \rho - \frac{2 t \beta_{2}^{t}}{1 - \beta_{2}^{t}}, \quad"
        r" \rho = \frac{2}{1 - \beta_{2}} - 1",
        "Liu et al., On the Variance of the Adaptive Learning Rate, 2020; PyTorch, torch.optim.RAdam",
        _RADAM_MEMORY,
    ),
    Optimizer(
        ("SparseAdam",),
        (
            Form("<w>", lambda v: v["w"], "Its row was not looked up, so no gradient came: the number stays as it is.",
                 lambda v: v.get("g") == 0),
            Form(r"<w> - <lr> \cdot <m_hat> \cdot \frac{\sqrt{1 - <beta2>^{<step>}}}{\sqrt{<exp_avg_sq>} + <eps>}",
                 _sparse_adam, _SCALED),
        ),
        r"m \leftarrow \beta_{1} m + (1 - \beta_{1}) g, \quad s \leftarrow \beta_{2} s + (1 - \beta_{2}) g^{2}",
        "PyTorch, torch.optim.SparseAdam",
        tuple(replace(one, fits=lambda v: v.get("g") != 0) for one in (*_MEAN[2:], *_SQUARES, _M_HAT)),
    ),
    Optimizer(
        ("Rprop",),
        (
            Form(r"<w> - \operatorname{sign}(<g>) \cdot <step_size>",
                 lambda v: v["w"] - math.copysign(1.0, _gradient(v)) * v["step_size"],
                 "Only the sign of the gradient counts. Each number has a step of its own, which grows as long as the "
                 "sign stays and shrinks when it turns.", lambda v: v.get("prev", 0.0) != 0 and not v.get("maximize")),
            Form(r"<w> + \operatorname{sign}(<g>) \cdot <step_size>",
                 lambda v: v["w"] - math.copysign(1.0, _gradient(v)) * v["step_size"],
                 "With the gradient: uphill. Only its sign counts.", lambda v: v.get("prev", 0.0) != 0),
            Form("<w>", lambda v: v["w"],
                 "The sign of the gradient has just turned, or it is 0: the number waits, and its step has shrunk."),
        ),
        r"\Delta \leftarrow \Delta \cdot \eta^{\pm}",
        "Riedmiller, Braun, 1993; PyTorch, torch.optim.Rprop",
    ),
    Optimizer(
        ("ASGD",),
        (
            Form(r"<w> \cdot (1 - <lambd> \cdot <rate>) - <rate> \cdot <seen>",
                 lambda v: v["w"] * (1 - v["lambd"] * v["rate"]) - v["rate"] * _gradient(v),
                 "Gradient descent with a rate that falls, and a little decay. The mean of all values is kept beside."),
        ),
        r"\eta_{t} = \frac{\eta}{(1 + \lambda \eta t)^{\alpha}}",
        "Polyak, Juditsky, 1992; PyTorch, torch.optim.ASGD",
        (
            _DECAYED,
            _UPHILL,
            Memory("rate", r"\frac{<lr>}{(1 + <lambd> \cdot <lr> \cdot (<step> - 1))^{<alpha>}}", _asgd_rate),
        ),
    ),
)  # fmt: skip
"""The known optimizers. In their LaTeX `\\tilde{g}` is the gradient with weight decay."""

WHOLE: Final = {
    "LBFGS": "LBFGS moves all numbers together, along a direction that it makes of the last gradients and steps: no "
             "rule for one number alone gives the change.",
    "Adafactor": "Adafactor keeps mean squares of rows and of columns instead of one for each number, and scales the "
                 "step of the whole matrix: no rule for one number alone gives the change.",
    "Muon": "Muon makes the directions of the whole matrix orthogonal and equally long before it steps: no rule for "
            "one number alone gives the change.",
}  # fmt: skip
"""What is said of the optimizers whose rule is one of whole tensors."""

SYMBOLS: Final = {
    "w": "w", "g": "g", "lr": r"\eta", "momentum": r"\mu", "weight_decay": r"\lambda", "momentum_buffer": "v",
    "exp_avg": "m", "exp_avg_sq": "s", "max_exp_avg_sq": r"s_{\max}", "beta1": r"\beta_{1}", "beta2": r"\beta_{2}",
    "step": "t", "eps": r"\epsilon", "square_avg": "s", "grad_avg": r"\bar{g}", "sum": "s", "lr_decay": r"\gamma",
    "seen": "g", "alpha": r"\alpha", "dampening": r"\tau", "m_hat": r"\hat{m}", "s_hat": r"\hat{s}",
    "momentum_buffer_before": r"v^{\text{old}}", "exp_avg_before": r"m^{\text{old}}",
    "exp_avg_sq_before": r"s^{\text{old}}", "grad_avg_before": r"\bar{g}^{\text{old}}", "rho": r"\rho",
    "acc_delta": "d", "acc_delta_before": r"d^{\text{old}}", "delta": r"\delta", "exp_inf": "u",
    "exp_inf_before": r"u^{\text{old}}", "share": r"\mu_{t}", "share_next": r"\mu_{t+1}", "mu_product": r"\Pi",
    "momentum_decay": r"\psi", "length": r"\rho_{t}", "rectified": "r", "step_size": r"\Delta", "lambd": r"\lambda",
    "rate": r"\eta_{t}", "square_avg_before": r"s^{\text{old}}", "sum_before": r"s^{\text{old}}",
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
