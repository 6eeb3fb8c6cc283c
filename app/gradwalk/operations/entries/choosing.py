"""Operations that choose among elements: the gradient goes to the chosen ones."""

from dataclasses import replace

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.axes import axis
from gradwalk.operations.call import Array, Call
from gradwalk.operations.elementwise import Slope, Values, elementwise
from gradwalk.operations.entries.reductions import SELECTED
from gradwalk.operations.entry import Local, Operation, Worked
from gradwalk.operations.selection import NONE, copied, copying, selecting
from gradwalk.operations.working import Working, read

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
    """Return the places that the second result gives: those of the elements that the first result holds."""
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


def _kept(call: Call, index: int, factor: float) -> list[Local]:
    """Return the derivative of a number of 0, of which the values do not tell whether it was kept."""
    grown = 1 / (1 - call.real("p", 0.5))
    return [Local(index, grown if abs(factor - grown) < abs(factor) else 0.0, reads={"p": call.real("p", 0.5)},
                  formula=r"\frac{1}{1 - <p>}" if abs(factor - grown) < abs(factor) else "0")]  # fmt: skip


def _thinned(call: Call, out: int, _output: int) -> Worked:
    working, number = Working(), read(call, "self", out)
    p, result = call.real("p", 0.5), float(call.result().reshape(-1)[out])
    if result == number.value:
        return working.worked(working.put(number), number.value)
    if result == 0 and number.value != 0:
        return working.worked(rf"0 \cdot {working.put(number)}", 0.0)
    return working.worked(rf"\frac{{1}}{{1 - {working.put(p)}}} \cdot {working.put(number)}", number.value / (1 - p))


def _written_dropout(call: Call) -> str:
    if call.arguments.get("training") is False or call.real("p", 0.5) == 0:
        return "<self>"
    return r"\frac{m}{1 - <p>} \cdot <self>, \; m \in \{0, 1\}"


def _dropped(v: Values) -> float:
    if v["self"] == 0:
        raise ValueError("what was dropped cannot be told from what was 0 before")
    return v["result"] / v["self"]


_CHOOSE = selecting(
    r"\operatorname{choose}(<self>)", copied(meaning=_CHOSEN), copying(_at_indices),
    "PyTorch, derivatives.yaml: max.dim, sort, topk, kthvalue", fits=lambda call: len(call.outputs) == 2,
)  # fmt: skip
_LARGER = elementwise(
    forward=r"\max(<self>, <other>)", source="PyTorch, derivatives.yaml: maximum", self=_larger("self", "other"),
    other=_larger("other", "self"), fits=lambda call: "other" in call.operands,
)  # fmt: skip
_SMALLER = elementwise(
    forward=r"\min(<self>, <other>)", source="PyTorch, derivatives.yaml: minimum", self=_smaller("self", "other"),
    other=_smaller("other", "self"), fits=lambda call: "other" in call.operands,
)  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (
    Operation(("where",), "writes_constants",
              says="<self> where <condition> is true, else <other>",
        zero_slope="where takes each number from one side, and the gradient goes to that side only.", formulas=(
        selecting(r"\begin{cases} <self> & \text{condition} \\ <other> & \text{else} \end{cases}",
            copied("self", "other", meaning=_CHOSEN), copying(_where), "PyTorch, derivatives.yaml: where"),
    )),
    Operation(("masked_fill",), "writes_constants",
              says="<self> with <value> wherever <mask> is true", adds=phrases.masked_places,
        zero_slope="What was filled in does not depend on the input: no gradient goes back there.", formulas=(
        selecting(r"\begin{cases} <value> & \text{mask} \\ <self> & \text{else} \end{cases}",
            copied("self", "value", meaning="What the mask covers is replaced and counts no more."),
            copying(_filled), "PyTorch, derivatives.yaml: masked_fill"),
    )),
    Operation(("max",), "reduction",
              says=phrases.of_lines("largest number"), formulas=(SELECTED, _CHOOSE, _LARGER),
        zero_slope="Only the largest number goes on, so only it gets the gradient."),
    Operation(("min",), "reduction",
              says=phrases.of_lines("smallest number"), formulas=(SELECTED, _CHOOSE, _SMALLER)),
    Operation(("median",), "reduction",
              says=phrases.of_lines("median"), formulas=(SELECTED, _CHOOSE)),
    Operation(("sort", "topk", "kthvalue", "mode", "nanmedian", "cummax", "cummin"), "structural",
              says=phrases.by_name(
                  sort="<self> in order of size", topk="the largest numbers of <self>",
                  kthvalue="one number of <self> by its rank", mode="the most frequent number of <self>",
                  nanmedian="the median of <self>", cummax="the largest number of <self> so far",
                  cummin="the smallest number of <self> so far",
              ),
        formulas=(_CHOOSE,)),
    Operation(("maximum", "fmax"), "elementwise",
              says="the larger one of <self> and <other>", formulas=(_LARGER,),
        zero_slope="Only the larger number goes on, so only it gets the gradient."),
    Operation(("minimum", "fmin"), "elementwise",
              says="the smaller one of <self> and <other>", formulas=(_SMALLER,)),
    Operation(("clamp", "clip", "clamp_min", "clamp_max"), "elementwise",
              says="<self> kept within bounds",
        zero_slope="Outside of its limits clamp is flat: its slope there is 0.", formulas=(
        elementwise(forward=r"\min(<max>, \max(<min>, <self>))", source="PyTorch, derivatives.yaml: clamp",
            fits=_plain_bounds,
            self=Slope(r"\begin{cases} 1 & <min> \le <self> \le <max> \\ 0 & \text{else} \end{cases}",
                "Beyond its bounds a clamp is flat: nothing comes back.", _inside)),
    )),
    Operation(("dropout", "dropout1d", "dropout2d", "dropout3d"), "elementwise",
              says="<self> with some numbers dropped at random", adds=phrases.dropped, attention="passes",
        zero_slope="Dropout lets no gradient through where it has set a number to 0.", formulas=(
        replace(elementwise(forward=r"\frac{m}{1 - <p>} \cdot <self>",
            source="PyTorch, torch.nn.functional.dropout; Goodfellow, Bengio, Courville, Deep Learning, 7.12",
            self=Slope(r"\begin{cases} 1 / (1 - <p>) & \text{kept} \\ 0 & \text{dropped} \end{cases}",
                "What was dropped learns nothing in this pass; what was kept counts as much more.",
                _dropped)), inferred=_kept, worked=_thinned, written=_written_dropout),
    )),
    Operation(("feature_dropout",), "elementwise",
              says="<self> with some channels dropped at random", attention="passes"),
)  # fmt: skip
