"""Normalizations: each element becomes its distance from the mean of its group, in units of the group's spread."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.axes import reduced, together
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Column, Computed, Formula, Local, Operation, Rule, Worked, WorkOut
from gradwalk.operations.gradients_at_once import AT_ONCE, of_norm
from gradwalk.operations.windows import flat, place_of
from gradwalk.operations.working import Working, read

_EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}


class _Layout(NamedTuple):
    """The groups of a normalization.

    `groups` holds for each element its group's number, `affine` its element of the weight.
    """

    groups: Array
    affine: Array
    eps: float
    centred: bool = True


def _channels(shape: tuple[int, ...]) -> Array:
    places = np.arange(shape[1]).reshape(1, -1, *(1,) * (len(shape) - 2))
    return np.broadcast_to(places, shape)


def _layer(call: Call) -> _Layout:
    shape = call.array("self").shape
    size = call.arguments["normalized_shape"]
    last = len(size) if isinstance(size, list) else 1
    dims = tuple(range(len(shape) - last, len(shape)))
    inner = shape[len(shape) - last :]
    affine = np.broadcast_to(np.arange(math.prod(inner)).reshape(inner), shape)
    if call.op != "rms_norm":
        return _Layout(reduced(shape, dims), affine, call.real("eps", 1e-5))
    tensor = call.operands["self"].tensor
    return _Layout(reduced(shape, dims), affine, call.real("eps", _EPSILON[tensor.dtype if tensor else ""]), False)


def _batch(call: Call) -> _Layout:
    shape = call.array("self").shape
    return _Layout(_channels(shape), _channels(shape), call.real("eps", 1e-5))


def _instance(call: Call) -> _Layout:
    shape = call.array("self").shape
    return _Layout(reduced(shape, tuple(range(2, len(shape)))), _channels(shape), call.real("eps", 1e-5))


def _group(call: Call) -> _Layout:
    shape = call.array("self").shape
    count = int(call.arguments["num_groups"])
    samples = np.arange(shape[0]).reshape(-1, *(1,) * (len(shape) - 1))
    return _Layout(samples * count + _channels(shape) // (shape[1] // count), _channels(shape), call.real("eps", 1e-5))


def _normalized(layout_of: Callable[[Call], _Layout]) -> Column:
    def column(call: Call, argument: str, index: int) -> Iterator[Local]:
        layout = layout_of(call)
        numbers, affine = call.array("self").reshape(-1), layout.affine.reshape(-1)
        if argument != "self":
            for place in map(int, np.flatnonzero(affine == index)):
                members = together(layout.groups, place)
                unit = float(_unit(numbers[members], layout)[0][members.index(place)])
                yield Local(place, 1.0) if argument == "bias" else Local(place, unit, reads={"x": unit})
            return
        weight = call.array("weight").reshape(-1) if "weight" in call.operands else np.ones(affine.max() + 1)
        members = together(layout.groups, index)
        units, root = _unit(numbers[members], layout)
        own = float(units[members.index(index)])
        for unit, out in zip(units, members, strict=True):
            inner = (out == index) - float(unit) * own / len(members) - (1 / len(members) if layout.centred else 0)
            w = float(weight[affine[out]])
            reads = {"w": w, "root": root, "n": float(len(members)), "a": float(unit), "b": own}
            yield Local(out, w / root * inner, reads=reads, formula=_formula(out == index, layout.centred))

    return column


def _unit(group: Array, layout: _Layout) -> tuple[Array, float]:
    mean = float(group.mean()) if layout.centred else 0.0
    root = math.sqrt(float(((group - mean) ** 2).mean()) + layout.eps)
    return (group - mean) / root, root


def _formula(same: bool, centred: bool) -> str:
    own, mean, spread = (
        ("1", "own") if same else ("0", "own"),
        (r"\frac{1}{<n>}", "mean"),
        (r"\frac{<a> \cdot <b>}{<n>}", "spread"),
    )
    terms = [own, mean, spread] if centred else [own, spread]
    inner = " - ".join(rf"\underbrace{{{number}}}_{{\text{{{name}}}}}" for number, name in terms)
    return rf"\frac{{<w>}}{{<root>}} \cdot ({inner})"


def _fixed(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of batch norm in evaluation: running statistics make it an elementwise operation."""
    array = call.array("self")
    channels = _channels(array.shape).reshape(-1)
    mean, variance = call.array("running_mean"), call.array("running_var")
    weight = call.array("weight") if "weight" in call.operands else np.ones(mean.shape)
    for out in [index] if argument == "self" else map(int, np.flatnonzero(channels == index)):
        c = int(channels[out])
        root = math.sqrt(float(variance[c]) + call.real("eps", 1e-5))
        if argument == "bias":
            yield Local(out, 1.0)
        elif argument == "weight":
            unit = (float(array.reshape(-1)[out]) - float(mean[c])) / root
            yield Local(out, unit, reads={"x": unit})
        else:
            w = float(weight[c])
            yield Local(out, w / root, reads={"w": w, "root": root}, formula=r"\frac{<w>}{<root>}")


def _normal(layout_of: Callable[[Call], _Layout]) -> WorkOut:
    def worked(call: Call, out: int, _output: int) -> Worked:
        layout = layout_of(call)
        group = call.array("self").reshape(-1)[together(layout.groups, out)]
        mean = float(group.mean()) if layout.centred else 0.0
        spread = float(((group - mean) ** 2).mean())
        return _one(
            call, out, (mean if layout.centred else None, spread, layout.eps), int(layout.affine.reshape(-1)[out])
        )

    return worked


def _evaluated(call: Call, out: int, _output: int) -> Worked:
    channel = int(_channels(call.array("self").shape).reshape(-1)[out])
    mean, variance = float(call.array("running_mean")[channel]), float(call.array("running_var")[channel])
    return _one(call, out, (mean, variance, call.real("eps", 1e-5)), channel)


def _one(call: Call, out: int, moments: tuple[float | None, float, float], affine: int) -> Worked:
    """Work out one number. `moments`: the group's mean (none where it is not taken away), its spread, and epsilon."""
    mean, spread, eps = moments
    working, number = Working(), read(call, "self", out)
    above = working.put(number)
    if mean is not None:
        above += f" - {working.put(Computed(_MU, mean))}"
    under = rf"\sqrt{{{working.put(Computed(_SIGMA, spread))} + {working.put(eps)}}}"
    formula = rf"\frac{{{above}}}{{{under}}}"
    value = (number.value - (mean or 0.0)) / math.sqrt(spread + eps)
    if "weight" in call.operands:
        weight = read(call, "weight", affine)
        formula += rf" \cdot {working.put(weight)}"
        value *= weight.value
    if "bias" in call.operands:
        bias = read(call, "bias", affine)
        formula += f" + {working.put(bias)}"
        value += bias.value
    return working.worked(formula, value)


def _written(form: str) -> Callable[[Call], str]:
    """Return the writer of a normalization: with weight and bias where it has them."""

    def written(call: Call) -> str:
        weight = r" \cdot <weight>" if "weight" in call.operands else ""
        return form + weight + (" + <bias>" if "bias" in call.operands else "")

    return written


def _across(call: Call, channel: int) -> range:
    """Return the channels whose squares a local response normalization adds up for one channel."""
    size, count = int(call.arguments["size"]), call.array("self").shape[1]
    return range(max(channel - size // 2, 0), min(channel + (size - 1) // 2 + 1, count))


def _response(call: Call, place: tuple[int, ...]) -> float:
    """Return what an element is divided by, without the power."""
    array, size = call.array("self"), int(call.arguments["size"])
    squares = sum(float(array[(place[0], c, *place[2:])]) ** 2 for c in _across(call, place[1]))
    return call.real("k", 1.0) + call.real("alpha", 1e-4) / size * squares


def _local_response(call: Call, argument: str, index: int) -> Iterator[Local]:
    array, size = call.array(argument), int(call.arguments["size"])
    place = place_of(index, array.shape)
    alpha, beta = call.real("alpha", 1e-4), call.real("beta", 0.75)
    for channel in range(array.shape[1]):
        if place[1] not in _across(call, channel) and channel != place[1]:
            continue
        at = (place[0], channel, *place[2:])
        below, number = _response(call, at), float(array[at])
        own = below**-beta if channel == place[1] else 0.0
        shared = 2 * alpha / size * float(array[place]) if place[1] in _across(call, channel) else 0.0
        yield Local(flat(at, array.shape), own - beta * number * below ** (-beta - 1) * shared, formula="")


def _worked_response(call: Call, out: int, _output: int) -> Worked:
    array, working = call.array("self"), Working()
    place, size = place_of(out, array.shape), float(call.arguments["size"])
    k, alpha, beta = call.real("k", 1.0), call.real("alpha", 1e-4), call.real("beta", 0.75)
    near = [read(call, "self", flat((place[0], c, *place[2:]), array.shape)) for c in _across(call, place[1])]
    own = read(call, "self", out)
    above = working.put(own)
    front = rf"{working.put(k)} + \frac{{{working.put(alpha)}}}{{{working.put(size)}}} \cdot "
    added = working.added([one.value**2 for one in near], lambda i: f"{working.put(near[i])}^{{2}}")
    below = rf"\left({front}({added})\right)^{{{working.put(beta)}}}"
    return working.worked(rf"\frac{{{above}}}{{{below}}}", own.value / _response(call, place) ** beta)


def _rules(inner: str, meaning: str) -> dict[str, Rule]:
    return {
        "self": Rule(rf"\frac{{w_{{j}}}}{{\sigma}} \cdot {inner}", meaning),
        "weight": Rule(r"<x>", "The weight's slope is the normalized number."),
        "bias": Rule("1", "What is added counts whole."),
    }


def _training(call: Call) -> bool:
    return bool(call.arguments.get("training")) or "running_mean" not in call.operands


_CENTRED = r"\left(\delta_{ij} - \frac{1}{n} - \frac{\hat{x}_{i} \hat{x}_{j}}{n}\right)"
_SHARED = (
    "Moving one element moves the mean and the spread of its whole group, and so every other element: of its "
    "own change the part that moves the mean and the part that moves the spread are taken away."
)
_MU, _SIGMA = r"\mu", r"\sigma^{2}"
_PLAIN = r"\frac{<self> - \mu}{\sqrt{\sigma^{2} + \epsilon}}"
_FORWARD = _PLAIN + r" \cdot <weight> + <bias>"
_PLAIN_ROOT = r"\frac{<self>}{\sqrt{\operatorname{mean}(<self>^{2}) + \epsilon}}"
_ROOT = _PLAIN_ROOT + r" \cdot <weight>"

OPERATIONS: tuple[Operation, ...] = (
    Operation(("layer_norm",), "other",
              says=phrases.normalised("within each example"), formulas=(
        Formula(_FORWARD, _rules(_CENTRED, _SHARED + AT_ONCE), _normalized(_layer),
            "Ba, Kiros, Hinton, Layer Normalization, 2016; PyTorch, torch.nn.LayerNorm",
            written=_written(_PLAIN), worked=_normal(_layer), whole=of_norm(centred=True)),
    )),
    Operation(("batch_norm",), "other",
              says=phrases.normalised("within each feature, over the batch"), formulas=(
        Formula(_FORWARD, _rules(_CENTRED, _SHARED + AT_ONCE), _normalized(_batch),
            "Ioffe, Szegedy, Batch Normalization, 2015, section 3; PyTorch, torch.nn.BatchNorm1d", fits=_training,
            written=_written(_PLAIN), worked=_normal(_batch), whole=of_norm(centred=True)),
        Formula(_FORWARD, _rules("1", "In evaluation mean and spread are fixed: each element is alone."), _fixed,
            "Ioffe, Szegedy, Batch Normalization, 2015, section 3.1; PyTorch, torch.nn.BatchNorm1d",
            written=_written(_PLAIN), worked=_evaluated),
    )),
    Operation(("group_norm",), "other",
              says=phrases.normalised("within each group of channels"), formulas=(
        Formula(_FORWARD, _rules(_CENTRED, _SHARED + AT_ONCE), _normalized(_group),
            "Wu, He, Group Normalization, 2018; PyTorch, torch.nn.GroupNorm",
            written=_written(_PLAIN), worked=_normal(_group), whole=of_norm(centred=True)),
    )),
    Operation(("instance_norm",), "other",
              says=phrases.normalised("within each channel of each example"), formulas=(
        Formula(_FORWARD, _rules(_CENTRED, _SHARED + AT_ONCE), _normalized(_instance),
            "PyTorch, torch.nn.InstanceNorm1d",
            written=_written(_PLAIN), worked=_normal(_instance), whole=of_norm(centred=True),
            fits=lambda call: bool(call.arguments.get("use_input_stats", True))),
    )),
    Operation(("rms_norm",), "other",
              says="<self> divided by the root of its mean square", formulas=(
        Formula(_ROOT, _rules(r"\left(\delta_{ij} - \frac{\hat{x}_{i} \hat{x}_{j}}{n}\right)", _SHARED + AT_ONCE),
            _normalized(_layer), written=_written(_PLAIN_ROOT), worked=_normal(_layer),
            whole=of_norm(centred=False),
            source="Zhang, Sennrich, Root Mean Square Layer Normalization, 2019; torch.nn.RMSNorm"),
    )),
    Operation(("local_response_norm",), "other",
              says="<self> divided by the size of the channels near it", formulas=(
        Formula(r"\frac{<self>}{\left(<k> + \frac{<alpha>}{<size>} \sum_{\text{near}} <self>^{2}\right)^{<beta>}}",
            {"self": Rule(r"\frac{\delta_{ij}}{d_{i}^{<beta>}} - \frac{2 \cdot <alpha> \cdot <beta>}{<size>} \cdot"
                          r" \frac{<self>_{i} <self>_{j}}{d_{i}^{<beta> + 1}}",
                          "An element answers less where the channels near it are large, and makes them answer less.")},
            _local_response, "Krizhevsky, Sutskever, Hinton, ImageNet Classification, 2012, 3.3; "
            "PyTorch, torch.nn.LocalResponseNorm", worked=_worked_response,
            defaults={"k": 1.0, "alpha": 1e-4, "beta": 0.75},
            fits=lambda call: len(call.operands["self"].shape) > 2),
    )),
)  # fmt: skip
