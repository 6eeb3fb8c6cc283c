"""Operations that split images into patches, put patches together, and resize images."""

import math
from collections.abc import Iterator

import numpy as np

from gradwalk.operations.axes import axis, list_of
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Formula, Local, Operation, Rule, Worked
from gradwalk.operations.selection import NONE, copied, copying, selecting, single
from gradwalk.operations.windows import Slide, flat, of_each, place_of, places
from gradwalk.operations.working import Factors, Working, read, total

_SOURCE = "PyTorch, torch.nn.functional.{} and derivatives.yaml: {}"
_ADDED = "Patches that overlap are added: each element counts whole in its one place."
_MIXED = "Each new pixel is a mean of the old ones near it: an old one counts with its share in it."


def _slides(call: Call) -> list[Slide]:
    numbers = [of_each(call.arguments.get(name), 2, default)
               for name, default in (("kernel_size", 1), ("stride", 1), ("padding", 0), ("dilation", 1))]  # fmt: skip
    return [Slide(*one) for one in zip(*numbers, strict=True)]


def _blocks(slides: list[Slide], image: tuple[int, ...]) -> tuple[Array, Array]:
    """Return the rows and the columns of the pixels in each window, by place and window; NONE outside of the image."""
    along = []
    for slide, extent in zip(slides, image, strict=True):
        count = (extent + 2 * slide.padding - slide.dilation * (slide.size - 1) - 1) // slide.stride + 1
        taps, windows = np.indices((slide.size, count))
        at = windows * slide.stride + taps * slide.dilation - slide.padding
        along.append(np.where((at >= 0) & (at < extent), at, NONE))
    return along[0], along[1]


def _columns(slides: list[Slide], image: Array) -> Array:
    """Return the result of `unfold` (C·taps, windows) for an image of numbers (C, H, W); NONE outside of the image."""
    rows, columns = _blocks(slides, image.shape[-2:])
    y, x = rows[:, None, :, None], columns[None, :, None, :]
    taken = np.where((y >= 0) & (x >= 0), image[:, np.maximum(y, 0), np.maximum(x, 0)], NONE)
    channels, *_ = image.shape
    return taken.reshape(channels * rows.shape[0] * columns.shape[0], -1)


def _unfolded(call: Call, numbers: Array) -> Array:
    slides = _slides(call)
    if numbers.ndim == 3:
        return _columns(slides, numbers)
    return np.stack([_columns(slides, image) for image in numbers])


def _folded(call: Call, argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of fold, which puts the columns back to where `unfold` would take them from."""
    columns, result = call.array(argument), call.result()
    shape = result.shape if result.ndim == 4 else (1, *result.shape)
    taken = _columns(_slides(call), np.arange(math.prod(shape[1:])).reshape(shape[1:]))
    sample, place = divmod(index, taken.size)
    pixel = int(taken.reshape(-1)[place])
    if pixel >= 0 and columns.size == shape[0] * taken.size:
        yield Local(sample * math.prod(shape[1:]) + pixel, 1.0)


def _worked_pixel(call: Call, out: int, _output: int) -> Worked | None:
    """Work out one pixel of fold: the sum of the elements of all patches that lie on it."""
    result, working, columns = call.result(), Working(), call.array("self")
    shape = result.shape if result.ndim == 4 else (1, *result.shape)
    image = math.prod(shape[1:])
    sample, pixel = divmod(out, image)
    taken = _columns(_slides(call), np.arange(image).reshape(shape[1:])).reshape(-1)
    if columns.size != shape[0] * taken.size:
        return None
    terms: list[Factors] = [[read(call, "self", sample * taken.size + int(i))] for i in np.flatnonzero(taken == pixel)]
    return working.worked(working.sum(terms), total(terms))


def _windowed(call: Call, numbers: Array) -> Array:
    """Return the places of `Tensor.unfold`: windows along one dimension, with their elements in a new last one."""
    dim = axis(call.arguments["dimension"], numbers.ndim)
    windows = np.lib.stride_tricks.sliding_window_view(numbers, int(call.arguments["size"]), dim)
    return np.asarray(np.take(windows, range(0, windows.shape[dim], int(call.arguments["step"])), dim))


def _shuffled(call: Call, numbers: Array) -> Array:
    *front, c, h, w = numbers.shape
    if call.op == "pixel_shuffle":
        r = int(call.arguments["upscale_factor"])
        split = numbers.reshape(-1, c // r**2, r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
        return split.reshape(*front, c // r**2, h * r, w * r)
    r = int(call.arguments["downscale_factor"])
    split = numbers.reshape(-1, c, h // r, r, w // r, r).transpose(0, 1, 3, 5, 2, 4)
    return split.reshape(*front, c * r**2, h // r, w // r)


def _scales(call: Call, extents: tuple[int, ...], made: tuple[int, ...]) -> list[float]:
    """Return the width of a new pixel in old pixels, by dimension: from `scale_factor`, else from the sizes."""
    factor = call.arguments.get("scale_factor")
    if factor is None or call.arguments.get("recompute_scale_factor"):
        return [old / new for old, new in zip(extents, made, strict=True)]
    factors = factor if isinstance(factor, list) else [factor] * len(extents)
    return [1 / float(number) for number in factors]


def _nearest(call: Call, numbers: Array) -> Array:
    made, extents = call.result().shape[2:], numbers.shape[2:]
    half = 0.5 if call.arguments.get("mode") == "nearest-exact" else 0.0
    for dim, (scale, old, new) in enumerate(zip(_scales(call, extents, made), extents, made, strict=True), start=2):
        at = np.minimum(np.floor((np.arange(new) + half) * scale).astype(int), old - 1)
        numbers = np.take(numbers, at, dim)
    return numbers


def _shares(call: Call, scale: float, old: int, new: int) -> Array:
    """Return the share of each old pixel in each new one along one dimension, as new × old."""
    if call.arguments.get("align_corners"):
        at = np.arange(new) * ((old - 1) / (new - 1) if new > 1 else 0.0)
    else:
        at = np.maximum((np.arange(new) + 0.5) * scale - 0.5, 0)
    lower = np.minimum(np.floor(at).astype(int), old - 1)
    upper, part = np.minimum(lower + 1, old - 1), at - lower
    shares = np.zeros((new, old))
    np.add.at(shares, (np.arange(new), lower), 1 - part)
    np.add.at(shares, (np.arange(new), upper), part)
    return shares


def _interpolated(call: Call, argument: str, index: int) -> Iterator[Local]:
    shape, made = call.array(argument).shape, call.result().shape
    sample, channel, *at = place_of(index, shape)
    scales = _scales(call, shape[2:], made[2:])
    along = [_shares(call, *one)[:, p] for *one, p in zip(scales, shape[2:], made[2:], at, strict=True)]
    for place in places([[int(i) for i in np.flatnonzero(shares)] for shares in along]):
        share = math.prod(float(shares[i]) for shares, i in zip(along, place, strict=True))
        yield Local(flat((sample, channel, *place), made), share, reads={"share": share})


def _bag(call: Call, _argument: str, index: int) -> Iterator[Local]:
    """Yield the derivatives of embedding_bag, which looks up rows and reduces those of a bag to one."""
    weight, rows = call.array("weight"), call.array("self")
    row, column = divmod(index, weight.shape[1])
    bags = _bags(call, rows)
    padding = call.arguments.get("padding_idx")
    factors = call.array("per_sample_weights").reshape(-1) if "per_sample_weights" in call.operands else None
    for bag, members in enumerate(bags):
        held = [i for i in members if padding is None or rows.reshape(-1)[i] != int(padding) % len(weight)]
        mine = [i for i in held if rows.reshape(-1)[i] == row]
        share = _share(call, weight[:, column], [int(rows.reshape(-1)[i]) for i in held], row)
        if factors is not None:
            share = sum(float(factors[i]) for i in mine)
        if mine and share:
            yield Local(bag * weight.shape[1] + column, share, reads={"share": share})


def _worked_bag(call: Call, out: int, _output: int) -> Worked:
    """Work out one number of embedding_bag: the sum, the mean or the largest of the rows of a bag."""
    weight, rows, working = call.array("weight"), call.array("self").reshape(-1), Working()
    bag, column = divmod(out, weight.shape[1])
    padding, mode = call.arguments.get("padding_idx"), call.arguments.get("mode", "mean")
    members = _bags(call, call.array("self"))[bag]
    held = [i for i in members if padding is None or rows[i] != int(padding) % len(weight)]
    numbers = [read(call, "weight", int(rows[i]) * weight.shape[1] + column) for i in held]
    if mode == "max":
        top = max((one.value for one in numbers), default=0.0)
        return working.worked(rf"\max({', '.join(map(working.put, numbers))})" if numbers else "0", top)
    if "per_sample_weights" in call.operands:
        terms: list[Factors] = [
            [read(call, "per_sample_weights", i), one] for i, one in zip(held, numbers, strict=True)
        ]
    else:
        terms = [[one] for one in numbers]
    added = working.sum(terms)
    if mode == "mean" and len(held) > 1:
        return working.worked(working.divided(added, float(len(held))), total(terms) / len(held))
    return working.worked(added, total(terms))


def _bags(call: Call, rows: Array) -> list[list[int]]:
    if rows.ndim == 2:
        return [list(range(i * rows.shape[1], (i + 1) * rows.shape[1])) for i in range(rows.shape[0])]
    starts = [int(i) for i in call.array("offsets")]
    ends = [*starts[1:], rows.size]
    if call.arguments.get("include_last_offset"):
        starts, ends = starts[:-1], starts[1:]
    return [list(range(a, b)) for a, b in zip(starts, ends, strict=True)]


def _share(call: Call, column: Array, held: list[int], row: int) -> float:
    mode = call.arguments.get("mode", "mean")
    if mode == "max":
        return float(bool(held) and held[int(np.argmax(column[held]))] == row)
    return held.count(row) / (len(held) if mode == "mean" else 1) if held else 0.0


def _even(call: Call) -> bool:
    """Return whether these formulas know the padding of this `unfold` or `fold`."""
    return "kernel_size" in call.arguments and all(
        len(list_of(call.arguments.get(name, 1))) in (1, 2) for name in ("kernel_size", "stride", "padding", "dilation")
    )


_LINEAR = ("linear", "bilinear", "trilinear")

OPERATIONS: tuple[Operation, ...] = (
    Operation(("unfold",), "structural",
              says="the windows of <self> laid side by side", formulas=(
        selecting(r"\operatorname{patches}(<self>)", copied(), copying(single(_unfolded)),
            _SOURCE.format("unfold", "im2col"), fits=_even),
        selecting(r"\operatorname{windows}(<self>)", copied(), copying(single(_windowed)),
            "PyTorch, Tensor.unfold; derivatives.yaml: unfold", fits=lambda call: "dimension" in call.arguments),
    )),
    Operation(("fold",), "other",
              says="windows put back and added up where they overlap", formulas=(
        Formula(r"\sum_{\text{patches}} <self>", {"self": Rule("1", _ADDED)}, _folded,
            _SOURCE.format("fold", "col2im"), fits=_even, worked=_worked_pixel),
    )),
    Operation(("pixel_shuffle", "pixel_unshuffle"), "structural",
              says="the numbers of <self> moved between channels and pixels", formulas=(
        selecting(r"\operatorname{shuffle}(<self>)", copied(), copying(single(_shuffled)),
            "Shi et al., Real-Time Single Image and Video Super-Resolution, 3.2; torch.nn.PixelShuffle"),
    )),
    Operation(("interpolate",), "structural",
              says="<self> resized", formulas=(
        selecting(r"\operatorname{nearest}(<self>)", copied(), copying(single(_nearest)),
            _SOURCE.format("interpolate", "upsample_nearest2d"),
            fits=lambda call: call.arguments.get("mode", "nearest") in ("nearest", "nearest-exact")),
        Formula(r"\sum_{k} \text{share}_{k} \cdot <self>_{k}", {"self": Rule("<share>", _MIXED)}, _interpolated,
            _SOURCE.format("interpolate", "upsample_bilinear2d"),
            fits=lambda call: call.arguments.get("mode") in _LINEAR and not call.arguments.get("antialias")),
    )),
    Operation(("embedding_bag",), "other",
              says="rows of <weight> looked up and put together", formulas=(
        Formula(r"\operatorname{pool}_{k \in \text{bag}} <weight>_{k}",
            {"weight": Rule("<share>", "A row counts with its share in each bag that holds it.")}, _bag,
            _SOURCE.format("embedding_bag", "_embedding_bag"), worked=_worked_bag,
            fits=lambda call: not call.arguments.get("scale_grad_by_freq") and "max_norm" not in call.arguments),
    )),
)  # fmt: skip
