"""Convolutions: a small weight slides over the input, and each result is a weighted sum of what lies under it."""

from collections.abc import Iterator
from dataclasses import dataclass

from gradwalk.operations import phrases
from gradwalk.operations.call import Call
from gradwalk.operations.entry import Formula, Local, Operation, Read, Rule, Worked
from gradwalk.operations.result_shapes import convolved
from gradwalk.operations.windows import Slide, flat, of_each, place_of, places
from gradwalk.operations.working import Working, read, total

_SOURCE = "PyTorch, torch.nn.functional.{} and derivatives.yaml: convolution; Dumoulin, Visin, A guide to convolution "
_FACTOR = "Input and weight are multiplied wherever the window lies: each one's slope is the other that it meets."
_ADDED = "The bias is added at every position of its channel."


@dataclass(frozen=True)
class _Layout:
    """The shapes of a convolution, with a batch in front.

    `slides` holds one window for each dimension of the image. `inside` and `outside` count the channels of one group of
    the input and of the result. `transposed`: the window lies on the result instead of on the input.
    """

    image: tuple[int, ...]
    weight: tuple[int, ...]
    result: tuple[int, ...]
    slides: list[Slide]
    inside: int
    outside: int
    transposed: bool


def _layout(call: Call) -> _Layout:
    image, weight, result = call.array("self").shape, call.array("weight").shape, call.result().shape
    if len(image) < len(weight):  # a single image without a batch
        image, result = (1, *image), (1, *result)
    kernel = weight[2:]
    dilation = of_each(call.arguments.get("dilation"), len(kernel), 1)
    slides = [
        Slide(*numbers)
        for numbers in zip(
            kernel, of_each(call.arguments.get("stride"), len(kernel), 1), _padding(call, kernel, dilation), dilation,
            strict=True,
        )
    ]  # fmt: skip
    groups = int(call.real("groups", 1))
    return _Layout(image, weight, result, slides, image[1] // groups, result[1] // groups, "transpose" in call.op)


def _padding(call: Call, kernel: tuple[int, ...], dilation: list[int]) -> list[int]:
    """Return the padding in front. With `same` it is the smaller half of the whole padding."""
    given = call.arguments.get("padding")
    if given == "same":
        return [d * (size - 1) // 2 for d, size in zip(dilation, kernel, strict=True)]
    return of_each(None if given == "valid" else given, len(kernel), 0)


def _by_image(layout: _Layout, index: int) -> Iterator[tuple[int, int]]:
    """Yield each result that an element of the input is part of, with the element of the weight that multiplies it."""
    sample, channel, *at = place_of(index, layout.image)
    group, inner = divmod(channel, layout.inside)
    if layout.transposed:
        ways = [
            [(q, tap) for tap in range(s.size) if 0 <= (q := s.at(p, tap)) < extent]
            for s, p, extent in zip(layout.slides, at, layout.result[2:], strict=True)
        ]
    else:
        ways = [
            list(s.windows_over(p, count)) for s, p, count in zip(layout.slides, at, layout.result[2:], strict=True)
        ]
    for outer, *met in places([range(layout.outside), *ways]):
        made, tap = [m[0] for m in met], [m[1] for m in met]
        out = group * layout.outside + outer
        used = (channel, outer, *tap) if layout.transposed else (out, inner, *tap)
        yield flat((sample, out, *made), layout.result), flat(used, layout.weight)


def _by_weight(layout: _Layout, index: int) -> Iterator[tuple[int, int]]:
    """Yield each result that an element of the weight is used for, with the element of the input that it multiplies."""
    first, second, *tap = place_of(index, layout.weight)
    if layout.transposed:
        channel, out = first, first // layout.inside * layout.outside + second
    else:
        channel, out = first // layout.outside * layout.inside + second, first
    # the window lies on one side, and moves with the positions of the other
    still, moving = (layout.result, layout.image) if layout.transposed else (layout.image, layout.result)
    ways = [
        [(window, p) for window in range(count) if 0 <= (p := s.at(window, t)) < extent]
        for s, t, count, extent in zip(layout.slides, tap, moving[2:], still[2:], strict=True)
    ]
    for sample, *met in places([range(layout.image[0]), *ways]):
        window, under = [m[0] for m in met], [m[1] for m in met]
        read, made = (window, under) if layout.transposed else (under, window)
        yield flat((sample, out, *made), layout.result), flat((sample, channel, *read), layout.image)


def _column(call: Call, argument: str, index: int) -> Iterator[Local]:
    layout = _layout(call)
    if argument == "bias":
        spread = [range(extent) for extent in layout.result[2:]]
        for sample, *at in places([range(layout.image[0]), *spread]):
            yield Local(flat((sample, index, *at), layout.result), 1.0)
        return
    image, weight = call.array("self"), call.array("weight")
    met, other = ("weight", weight) if argument == "self" else ("self", image)
    pairs = _by_image(layout, index) if argument == "self" else _by_weight(layout, index)
    numbers, output = other.reshape(-1), call.operands[met].output
    for out, used in pairs:
        value = float(numbers[used])
        yield Local(out, value, reads={"factor": Read(met, output, used, value)})


def _products(layout: _Layout, out: int) -> Iterator[tuple[int, int]]:
    """Yield the elements of the input and of the weight that are multiplied for an element of the result."""
    sample, channel, *at = place_of(out, layout.result)
    group, outer = divmod(channel, layout.outside)
    if layout.transposed:
        ways = [list(s.windows_over(p, count)) for s, p, count in zip(layout.slides, at, layout.image[2:], strict=True)]
    else:
        ways = [
            [(q, tap) for tap in range(s.size) if 0 <= (q := s.at(p, tap)) < extent]
            for s, p, extent in zip(layout.slides, at, layout.image[2:], strict=True)
        ]
    for inner, *met in places([range(layout.inside), *ways]):
        under, tap = [m[0] for m in met], [m[1] for m in met]
        entered = group * layout.inside + inner
        used = (entered, outer, *tap) if layout.transposed else (channel, inner, *tap)
        yield flat((sample, entered, *under), layout.image), flat(used, layout.weight)


def _worked(call: Call, out: int, _output: int) -> Worked:
    layout, working = _layout(call), Working()
    terms = [[read(call, "weight", used), read(call, "self", under)] for under, used in _products(layout, out)]
    formula, value = working.sum(terms), total(terms)
    if "bias" in call.operands:
        bias = read(call, "bias", place_of(out, layout.result)[1])
        formula += f" + {working.put(bias)}"
        value += bias.value
    return working.worked(formula, value)


def _written(call: Call) -> str:
    """Return the formula with the stride, the padding and the groups that the call has."""
    kernel = len(call.operands["weight"].shape) - 2
    letters = "ijl"[:kernel]
    strides = of_each(call.arguments.get("stride"), kernel, 1)
    dilation = of_each(call.arguments.get("dilation"), kernel, 1)
    padding = call.arguments.get("padding")
    pads = of_each(None if padding in ("same", "valid") else padding, kernel, 0)
    taps = "abc"[:kernel]
    bias = " + <bias>_{o}" if "bias" in call.operands else ""
    summed = f"c,{','.join(taps)}"
    if "transpose" in call.op:
        at = ",".join(
            f"{_times(stride, letter)}{'+' + _times(apart, tap)}{_minus(pad)}"
            for stride, letter, apart, tap, pad in zip(strides, letters, dilation, taps, pads, strict=True)
        )
        front = rf"<result>_{{o,{at}}} \mathrel{{+}}= "
        return rf"{front}\sum_{{c}} <weight>_{{c,o,{','.join(taps)}}} \cdot <self>_{{c,{','.join(letters)}}}{bias}"
    same = "p" if padding == "same" else None
    at = ",".join(
        f"{_times(stride, letter)}+{_times(apart, tap)}{'-' + same if same else _minus(pad)}"
        for stride, letter, apart, tap, pad in zip(strides, letters, dilation, taps, pads, strict=True)
    )
    return rf"\sum_{{{summed}}} <weight>_{{o,c,{','.join(taps)}}} \cdot <self>_{{c,{at}}}{bias}"


def _times(factor: int, letter: str) -> str:
    return letter if factor == 1 else f"{factor}{letter}"


def _minus(number: int) -> str:
    return f"-{number}" if number else ""


def _formula(forward: str, section: str, op: str) -> Formula:
    rules = {name: Rule("<factor>", _FACTOR) for name in ("self", "weight")}
    source = _SOURCE.format(op) + f"arithmetic for deep learning, {section}"
    return Formula(forward, {**rules, "bias": Rule("1", _ADDED)}, _column, source, written=_written, worked=_worked)


OPERATIONS: tuple[Operation, ...] = (
    Operation(("conv1d", "conv2d", "conv3d"), "product", shape=convolved,
              says=phrases.convolved, formulas=(
        _formula(r"\sum_{c,k} <weight>_{o,c,k} \cdot <self>_{c,\,i s + k d - p} + <bias>_{o}", "chapter 2",
            "conv1d"),
    )),
    Operation(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), "product",
              says="<self> spread out by the kernels in <weight>", formulas=(
        _formula(
            r"\sum_{c} <weight>_{c,o,k} \cdot <self>_{c,i} + <bias>_{o}",
            "chapter 4", "conv_transpose1d"),
    )),
)  # fmt: skip
