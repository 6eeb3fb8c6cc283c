"""Choosing: the gradient goes to what was chosen."""

import numpy as np

from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import Slope, Values, elementwise
from gradwalk.operations.entry import Entry
from gradwalk.operations.selection import NONE, selection

_CHOSEN = "Only what was chosen counts."


def _where(call: Call, argument: str, numbers: Array) -> list[Array]:
    shape = call.result().shape
    condition = np.broadcast_to(call.array("condition").astype(bool), shape)
    taken = condition if argument == "self" else ~condition
    return [np.where(taken, np.broadcast_to(numbers, shape), NONE)]


def _filled(call: Call, argument: str, numbers: Array) -> list[Array]:
    shape = call.result().shape
    mask = np.broadcast_to(call.array("mask").astype(bool), shape)
    return [np.where(mask if argument == "value" else ~mask, np.broadcast_to(numbers, shape), NONE)]


def _at_indices(call: Call, _argument: str, numbers: Array) -> list[Array]:
    """By the second result: where the elements of the first came from."""
    last = -1 if call.op in ("sort", "topk", "kthvalue", "mode") else 0
    dim = axis(call.arguments.get("dim", last), numbers.ndim)
    indices = call.result(1)
    if not numbers.ndim:
        return [numbers]
    kept = indices if indices.ndim == numbers.ndim else np.expand_dims(indices, dim)
    return [np.take_along_axis(numbers, kept, dim).reshape(indices.shape)]


def _larger(own: str, other: str) -> Slope:
    latex = rf"\begin{{cases}} 1 & <{own}> \gt <{other}> \\ 1/2 & \text{{equal}} \\ 0 & \text{{else}} \end{{cases}}"
    return Slope(latex, _CHOSEN, lambda v: 0.5 * (1 + (v[own] > v[other]) - (v[own] < v[other])))


def _smaller(own: str, other: str) -> Slope:
    latex = rf"\begin{{cases}} 1 & <{own}> \lt <{other}> \\ 1/2 & \text{{equal}} \\ 0 & \text{{else}} \end{{cases}}"
    return Slope(latex, _CHOSEN, lambda v: 0.5 * (1 + (v[own] < v[other]) - (v[own] > v[other])))


def _inside(v: Values) -> float:
    return float(v.get("min", -np.inf) <= v["self"] <= v.get("max", np.inf))


def _plain_bounds(call: Call) -> bool:
    return "min" not in call.operands and "max" not in call.operands


def _dropped(v: Values) -> float:
    if v["self"] == 0:
        raise ValueError("what was dropped cannot be told from what was 0 before")
    return v["result"] / v["self"]


ENTRIES: tuple[Entry, ...] = (
    selection("where", forward=r"\begin{cases} <self> & \text{condition} \\ <other> & \text{else} \end{cases}",
              places=_where, by=("self", "other"), source="PyTorch, derivatives.yaml: where", meaning=_CHOSEN),
    selection("masked_fill", forward=r"\begin{cases} <value> & \text{mask} \\ <self> & \text{else} \end{cases}",
              places=_filled, by=("self", "value"), source="PyTorch, derivatives.yaml: masked_fill",
              meaning="What the mask covers is replaced and counts no more."),
    selection("max", "min", "sort", "topk", "kthvalue", "mode", "median", "nanmedian", "cummax", "cummin",
              forward=r"\operatorname{choose}(<self>)", places=_at_indices, meaning=_CHOSEN,
              source="PyTorch, derivatives.yaml: max.dim, sort, topk, kthvalue",
              fits=lambda call: len(call.outputs) == 2),
    elementwise("maximum", "max", "fmax", forward=r"\max(<self>, <other>)",
                source="PyTorch, derivatives.yaml: maximum", self=_larger("self", "other"),
                other=_larger("other", "self"), fits=lambda call: "other" in call.operands),
    elementwise("minimum", "min", "fmin", forward=r"\min(<self>, <other>)",
                source="PyTorch, derivatives.yaml: minimum", self=_smaller("self", "other"),
                other=_smaller("other", "self"), fits=lambda call: "other" in call.operands),
    elementwise("clamp", "clip", "clamp_min", "clamp_max", forward=r"\min(<max>, \max(<min>, <self>))",
                source="PyTorch, derivatives.yaml: clamp", fits=_plain_bounds,
                self=Slope(r"\begin{cases} 1 & <min> \le <self> \le <max> \\ 0 & \text{else} \end{cases}",
                           "Beyond its bounds a clamp is flat: nothing comes back.", _inside)),
    elementwise("dropout", "dropout1d", "dropout2d", "dropout3d", forward=r"\frac{m}{1 - <p>} <self>",
                source="PyTorch, torch.nn.functional.dropout; Goodfellow, Bengio, Courville, Deep Learning, 7.12",
                self=Slope(r"\begin{cases} 1 / (1 - <p>) & \text{kept} \\ 0 & \text{dropped} \end{cases}",
                           "What was dropped learns nothing in this pass; what was kept counts as much more.",
                           _dropped)),
)  # fmt: skip
