"""Pooling: each window of an image becomes one number, its largest or its mean."""

import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from gradwalk.operations.axes import list_of
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Formula, Local, Operation, Read, Rule, Worked
from gradwalk.operations.result_shapes import pooled
from gradwalk.operations.windows import Slide, flat, of_each, place_of, places
from gradwalk.operations.working import MOST_TERMS, Working, read, total

_SOURCE = "PyTorch, torch.nn.functional.{} and derivatives.yaml: {}; Goodfellow, Bengio, Courville, Deep Learning, 9.3"
_LARGEST = "Only the largest element of a window counts, the first of equal ones; all others get nothing back."
_MEAN = "Each of the n elements of a window counts one n-th of the mean."

Windows = list[list[list[int]]]
"""The positions that each window holds, by dimension of the image and by window along it."""


def _dimensions(call: Call) -> int:
    return int(call.op.partition("pool")[2][0])


def _sliding(call: Call) -> tuple[list[Slide], Windows]:
    count = _dimensions(call)
    sizes = of_each(call.arguments["kernel_size"], count, 1)
    strides = of_each(call.arguments.get("stride"), count, 0)
    padding = of_each(call.arguments.get("padding"), count, 0)
    dilation = of_each(call.arguments.get("dilation"), count, 1)
    slides = [
        Slide(size, stride or size, before, apart)
        for size, stride, before, apart in zip(sizes, strides, padding, dilation, strict=True)
    ]
    extents, made = call.array("self").shape[-count:], call.result().shape[-count:]
    return slides, [
        [slide.positions(window, extent) for window in range(windows)]
        for slide, extent, windows in zip(slides, extents, made, strict=True)
    ]


def _adaptive(call: Call) -> Windows:
    count = _dimensions(call)
    extents, made = call.array("self").shape[-count:], call.result().shape[-count:]
    return [
        [list(range(i * extent // windows, -(-(i + 1) * extent // windows))) for i in range(windows)]
        for extent, windows in zip(extents, made, strict=True)
    ]


def _windows(call: Call) -> Windows:
    return _adaptive(call) if call.op.startswith("adaptive") else _sliding(call)[1]


def _over(windows: Windows, at: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Return the windows that hold a position."""
    return places([[i for i, held in enumerate(along) if p in held] for along, p in zip(windows, at, strict=True)])


def _largest(call: Call, argument: str, index: int) -> Iterator[Local]:
    array, result, windows = call.array(argument), call.result(), _windows(call)
    count = len(windows)
    place = place_of(index, array.shape)
    front, at = place[:-count], place[-count:]
    image = array[front]
    for window in _over(windows, at):
        held = list(product(*(along[i] for along, i in zip(windows, window, strict=True))))
        numbers = np.array([image[p] for p in held])
        chosen = held[int(np.argmax(numbers))]  # a NaN is chosen too, as in PyTorch
        if chosen == at:
            yield Local(flat((*front, *window), result.shape), 1.0)


def _mean(call: Call, argument: str, index: int) -> Iterator[Local]:
    array, result, windows = call.array(argument), call.result(), _windows(call)
    count = len(windows)
    place = place_of(index, array.shape)
    front, at = place[:-count], place[-count:]
    for window in _over(windows, at):
        n = _divisor(call, array, windows, window)
        yield Local(flat((*front, *window), result.shape), 1 / n, reads={"n": n})


def _divisor(call: Call, array: Array, windows: Windows, window: tuple[int, ...]) -> float:
    """Return the number of elements that a window is the mean of. By default those of the padding count too."""
    if (given := call.arguments.get("divisor_override")) is not None:
        return float(given)
    held = math.prod(len(along[i]) for along, i in zip(windows, window, strict=True))
    if call.op.startswith("adaptive") or call.arguments.get("count_include_pad") is False:
        return float(held)
    slides = _sliding(call)[0]
    extents = array.shape[-len(slides) :]
    return float(math.prod(_within(s, i, extent) for s, i, extent in zip(slides, window, extents, strict=True)))


def _within(slide: Slide, window: int, extent: int) -> int:
    """Return the number of a window's positions in image and padding.

    With `ceil_mode` the last one may reach beyond.
    """
    start = slide.at(window, 0)
    return min(start + slide.size, extent + slide.padding) - start


def _held(call: Call, out: int) -> tuple[list[Read], Windows, tuple[int, ...]]:
    """Return the elements of the image that the window of a result holds, all windows, and the place of that one."""
    windows = _windows(call)
    count, shape = len(windows), call.array("self").shape
    place = place_of(out, call.result().shape)
    front, window = place[:-count], place[-count:]
    held = product(*(along[i] for along, i in zip(windows, window, strict=True)))
    return [read(call, "self", flat((*front, *position), shape)) for position in held], windows, window


def _maximum(call: Call, out: int, output: int) -> Worked | None:
    if output:
        return None
    group, working = _held(call, out)[0], Working()
    numbers = [one.value for one in group]
    top = math.nan if any(map(math.isnan, numbers)) else max(numbers)
    if len(group) <= _MOST_WRITTEN:
        return working.worked(rf"\max({', '.join(map(working.put, group))})", top)
    near = sorted(sorted(range(len(group)), key=lambda i: -numbers[i])[:MOST_TERMS])
    more = rf"\underbrace{{\dots}}_{{\text{{{len(group) - MOST_TERMS} more}}}}"
    return working.worked(rf"\max({', '.join(working.put(group[i]) for i in near)}, {more})", top)


def _average(call: Call, out: int, _output: int) -> Worked:
    (group, windows, window), working = _held(call, out), Working()
    terms = [[one] for one in group]
    n = _divisor(call, call.array("self"), windows, window)
    return working.worked(working.divided(working.sum(terms), n), total(terms) / n)


_MOST_WRITTEN = 9
"""The largest window whose numbers are all written."""


def _fits(call: Call) -> bool:
    return all(isinstance(number, int) for number in list_of(call.arguments.get("kernel_size", 1)))


_MAXIMUM = tuple(f"{kind}max_pool{n}d{end}" for kind in ("", "adaptive_") for n in (1, 2, 3)
                 for end in ("", "_with_indices"))  # fmt: skip
_AVERAGE = tuple(f"{kind}avg_pool{n}d" for kind in ("", "adaptive_") for n in (1, 2, 3))

OPERATIONS: tuple[Operation, ...] = (
    Operation(_MAXIMUM, "other", shape=pooled,
              says="the largest number in each window of <self>",
        zero_slope="Only the largest number of each window goes on, so only it gets the gradient.", formulas=(
        Formula(r"\max_{k \in \text{window}} <self>_{k}",
            {"self": Rule(r"\begin{cases} 1 & \text{largest of its window} \\ 0 & \text{else} \end{cases}", _LARGEST)},
            _largest, _SOURCE.format("max_pool2d", "max_pool2d_with_indices"), fits=_fits, worked=_maximum),
    )),
    Operation(_AVERAGE, "other", shape=pooled,
              says="the mean of each window of <self>", formulas=(
        Formula(r"\frac{1}{n} \sum_{k \in \text{window}} <self>_{k}", {"self": Rule(r"\frac{1}{<n>}", _MEAN)},
            _mean, _SOURCE.format("avg_pool2d", "avg_pool2d"), fits=_fits, worked=_average),
    )),
)  # fmt: skip
