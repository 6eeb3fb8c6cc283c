"""Poolings that are rarer: the power mean of a window, the largest of a random window, the way back from a maximum."""

import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from gradwalk.operations.axes import list_of
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Formula, Local, Operation, Read, Rule, Worked
from gradwalk.operations.selection import NONE, copied, copying, selecting
from gradwalk.operations.windows import Slide, flat, of_each, place_of, places
from gradwalk.operations.working import Working, read

_SOURCE = "PyTorch, torch.nn.functional.{}"


def _slides(call: Call) -> list[Slide]:
    sizes = of_each(call.arguments["kernel_size"], 2, 1)
    strides = of_each(call.arguments.get("stride"), 2, 0)
    return [Slide(size, stride or size) for size, stride in zip(sizes, strides, strict=True)]


def _power_column(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of lp_pool2d: an element counts the more, the larger its share of the result is."""
    array, result, p = call.array(argument), call.result(), call.real("norm_type", 2.0)
    *front, y, x = place_of(index, array.shape)
    counts, number = result.shape[-2:], float(array.reshape(-1)[index])
    windows = [
        [window for window, _ in slide.windows_over(position, count)]
        for slide, position, count in zip(_slides(call), (y, x), counts, strict=True)
    ]
    for window in places(windows):
        out = flat((*front, *window), result.shape)
        made = Read(None, 0, out, float(result.reshape(-1)[out]))
        own = Read(argument, call.operands[argument].output, index, number)
        value = (number / made.value) ** (p - 1) if made.value > 0 else 0.0
        power = "" if p == 2 else f"^{{{p - 1:g}}}"
        yield Local(out, value, reads={"x": own, "y": made}, formula=rf"\left(\frac{{<x>}}{{<y>}}\right){power}")


def _power_mean(call: Call, out: int, _output: int) -> Worked:
    shape, p, working = call.array("self").shape, call.real("norm_type", 2.0), Working()
    *front, y, x = place_of(out, call.result().shape)
    along = [slide.positions(i, extent) for slide, i, extent in zip(_slides(call), (y, x), shape[-2:], strict=True)]
    group = [read(call, "self", flat((*front, *place), shape)) for place in product(*along)]
    powers = [one.value**p for one in group]
    inside = working.added(powers, lambda i: f"{working.put(group[i])}^{{{p:g}}}")
    value = max(sum(powers), 0.0) ** (1 / p)
    return working.worked(rf"\sqrt{{{inside}}}" if p == 2 else rf"\left({inside}\right)^{{1/{p:g}}}", value)


def _even(call: Call) -> bool:
    return (
        bool(call.real("norm_type", 2.0))
        and not call.arguments.get("ceil_mode")
        and all(isinstance(number, int) for number in list_of(call.arguments.get("kernel_size", 1)))
    )


def _unpooled(call: Call, argument: str, numbers: Array) -> list[Array]:
    """Return the places of max_unpool2d: each number at its index in the image, which is counted row by row."""
    shape, indices = call.result().shape, call.array("indices")
    image = math.prod(shape[-2:])
    target = np.full((math.prod(shape[:-2]), image), NONE)
    rows = numbers.reshape(len(target), -1)
    np.put_along_axis(target, indices.reshape(rows.shape), rows, 1)
    return [target.reshape(shape)]


def _drawn(call: Call, argument: str, numbers: Array) -> list[Array]:
    """Return the places of a pooling over random windows: the element of the image that has the result's value.

    Raises ValueError where two of them have it.
    """
    array, result = call.array(argument), call.result()
    chosen = np.full(result.shape, NONE)
    for front in np.ndindex(*array.shape[:-2]):
        values, owners = array[front].reshape(-1), numbers[front].reshape(-1)
        for place in np.ndindex(*result.shape[-2:]):
            found = np.flatnonzero(values == result[(*front, *place)])
            if len(found) != 1:
                raise ValueError("several have this value")
            chosen[(*front, *place)] = owners[found[0]]
    return [chosen]


OPERATIONS: tuple[Operation, ...] = (
    Operation(("lp_pool2d",), "other",
              says="the power mean of each window of <self>", formulas=(
        Formula(r"\left(\sum_{k \in \text{window}} <self>_{k}^{p}\right)^{1/p}",
            {"self": Rule(r"\left(\frac{<self>}{<result>}\right)^{p - 1}",
                          "The larger an element is in its window, the more of the gradient it gets.")},
            _power_column, _SOURCE.format("lp_pool2d"), fits=_even, worked=_power_mean),
    )),
    Operation(("max_unpool2d",), "other",
              says="the numbers of <self> at the places that they came from, and 0 elsewhere", formulas=(
        selecting(r"\text{0, and } <self> \text{ at } <indices>", copied(), copying(_unpooled),
            _SOURCE.format("max_unpool2d") + " and derivatives.yaml: max_unpool2d"),
    )),
    Operation(("fractional_max_pool2d",), "other",
              says="the largest number of each random window of <self>", formulas=(
        selecting(r"\max_{k \in \text{random window}} <self>_{k}",
            copied(meaning="Only the largest element of a window counts; where the windows lie is drawn."),
            copying(_drawn), _SOURCE.format("fractional_max_pool2d") + "; Graham, Fractional Max-Pooling, 2014"),
    )),
)  # fmt: skip
