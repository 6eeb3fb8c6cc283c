"""Operations that give the same elements in another shape, order or number of copies."""

import math
from dataclasses import replace
from typing import Any, Final, Literal

import numpy as np

from gradwalk.operations import phrases
from gradwalk.operations.axes import axis, list_of
from gradwalk.operations.call import Array, Call
from gradwalk.operations.entry import Operation
from gradwalk.operations.result_shapes import permuted, same_numbers, swapped
from gradwalk.operations.selection import NONE, copied, copying, selecting, single


def _reshaped(call: Call, numbers: Array) -> Array:
    return numbers.reshape(call.result().shape)


def _spread(call: Call, numbers: Array) -> Array:
    return np.broadcast_to(numbers, call.result().shape)


def _listed(call: Call, *names: str) -> list[int]:
    """Return numbers that were given one by one or as a list: `permute(1, 0)`, `permute((1, 0))`."""
    name = next(name for name in names if name in call.arguments)
    rest = (call.arguments[f"{name}[{i}]"] for i in range(1, 65) if f"{name}[{i}]" in call.arguments)
    return [*list_of(call.arguments[name]), *(int(value) for value in rest)]


def _argument(call: Call, *names: str) -> Any:
    return next(call.arguments[name] for name in names if name in call.arguments)


def _swapped(call: Call, numbers: Array) -> Array:
    first, second = _argument(call, "dim0", "axis0"), _argument(call, "dim1", "axis1")
    return np.swapaxes(numbers, axis(first, numbers.ndim), axis(second, numbers.ndim))


def _moved(call: Call, numbers: Array) -> Array:
    return np.moveaxis(numbers, list_of(call.arguments["source"]), list_of(call.arguments["destination"]))


def _repeated(call: Call, numbers: Array) -> Array:
    shape = call.result().shape
    sizes = (1,) * (len(shape) - numbers.ndim) + numbers.shape
    places = np.indices(shape)
    own = tuple(places[i] % size for i, size in enumerate(sizes))
    return np.asarray(numbers.reshape(sizes)[own])


def _flipped(call: Call, numbers: Array) -> Array:
    fixed = {"flipud": [0], "fliplr": [1]}.get(call.op)
    return np.flip(numbers, tuple(axis(i, numbers.ndim) for i in fixed or _listed(call, "dims")))


def _rolled(call: Call, numbers: Array) -> Array:
    shifts = list_of(call.arguments["shifts"])
    dims = list_of(call.arguments["dims"]) if "dims" in call.arguments else None
    if dims is None:
        return np.roll(numbers, shifts[0])
    return np.roll(numbers, tuple(shifts), tuple(axis(i, numbers.ndim) for i in dims))


def _narrowed(call: Call, numbers: Array) -> Array:
    dim, start = axis(call.arguments["dim"], numbers.ndim), int(call.arguments["start"])
    start += numbers.shape[dim] if start < 0 else 0
    length = int(call.arguments["length"])
    return numbers[(slice(None),) * dim + (slice(start, start + length),)]


def _selected(call: Call, numbers: Array) -> Array:
    return np.asarray(np.take(numbers, int(call.arguments["index"]), axis(call.arguments["dim"], numbers.ndim)))


def _triangle(call: Call, numbers: Array) -> Array:
    cut = np.tril if call.op == "tril" else np.triu
    kept: Array = cut(numbers + 1, int(call.arguments.get("diagonal", 0))) - 1
    return kept


def _diagonal(call: Call, numbers: Array) -> Array:
    offset = int(call.arguments.get("diagonal", call.arguments.get("offset", 0)))
    if call.op == "diag" and numbers.ndim == 1:
        rows, columns = np.indices(call.result().shape)
        return np.where(columns - rows == offset, numbers[np.minimum(rows, columns) % max(numbers.size, 1)], NONE)
    dims = (call.arguments.get("dim1", 0), call.arguments.get("dim2", 1))
    return np.diagonal(numbers, offset, *(axis(i, numbers.ndim) for i in dims))


def _embedded(call: Call, numbers: Array) -> Array:
    """Return the places of diag_embed: each last row is the diagonal of a matrix of its own."""
    if any(call.arguments.get(name, usual) != usual for name, usual in (("dim1", -2), ("dim2", -1))):
        raise ValueError("other dimensions")
    rows, columns = np.indices(call.result().shape[-2:])
    on = columns - rows == int(call.arguments.get("offset", 0))
    return np.where(on, np.take(numbers, np.minimum(rows, columns) % max(numbers.shape[-1], 1), -1), NONE)


_Mode = Literal["constant", "reflect", "edge", "wrap"]
_PADDING: Final[dict[str, _Mode]] = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
"""The names that numpy has for PyTorch's modes of padding."""


def _padded(call: Call, numbers: Array) -> Array:
    given = list_of(call.arguments["pad"])
    widths = [(0, 0)] * (numbers.ndim - len(given) // 2) + list(zip(given[::2], given[1::2], strict=True))[::-1]
    cut = tuple(slice(max(-a, 0), size - max(-b, 0)) for size, (a, b) in zip(numbers.shape, widths, strict=True))
    added = [(max(a, 0), max(b, 0)) for a, b in widths]
    if math.prod(size + a + b for size, (a, b) in zip(numbers.shape, widths, strict=True)) != call.result().size:
        raise ValueError("another shape")
    mode = _PADDING[call.arguments.get("mode", "constant")]
    if mode == "constant":
        return np.pad(numbers[cut], added, constant_values=NONE)
    padded: Array = np.pad(numbers[cut], added, mode=mode)
    return padded


def _written_swap(call: Call) -> str:
    """Return a transpose of a matrix as one, and of more dimensions with the two that it swaps."""
    first, second = _argument(call, "dim0", "axis0"), _argument(call, "dim1", "axis1")
    if len(call.operands["self"].shape) == 2:
        return "<self>^{T}"
    return rf"\operatorname{{swap}}(<self>; \, {first}, {second})"


_SAME_ELEMENTS = selecting("<self>", copied(), copying(single(_reshaped)), "PyTorch, derivatives.yaml: view, clone")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        ("view", "reshape", "flatten", "squeeze", "unsqueeze", "unflatten", "view_as", "reshape_as", "ravel",
         "atleast_1d", "atleast_2d", "atleast_3d"),
        "structural", shape=same_numbers, says=phrases.rearranged, formulas=(_SAME_ELEMENTS,),
    ),
    Operation(("clone", "contiguous"), "structural",
              says="a copy of <self>", attention="passes", formulas=(_SAME_ELEMENTS,)),
    Operation(("double", "float", "half", "bfloat16", "to", "type", "type_as"), "structural",
              says=phrases.cast, attention="passes",
        formulas=(
        selecting("<self>", copied(meaning="The number is only written in another dtype."),
            copying(single(_reshaped), exact=False), "PyTorch, derivatives.yaml: _to_copy"),
    )),
    Operation(("T", "t"), "structural", shape=swapped,
              says="<self> turned over, its rows as columns", sign="Xᵀ", word="transpose", formulas=(
        selecting("<self>^{T}", copied(), copying(single(lambda call, numbers: numbers.T)), "PyTorch, torch.T"),
    )),
    Operation(("mT", "adjoint"), "structural", shape=swapped,
              says="<self> turned over, its rows as columns", sign="Xᵀ", word="transpose", formulas=(
        selecting("<self>^{T}", copied(), copying(single(lambda call, numbers: np.swapaxes(numbers, -1, -2))),
            "PyTorch, torch.mT"),
    )),
    Operation(("transpose", "swapaxes", "swapdims"), "structural", shape=swapped,
              says=phrases.swapped, sign="Xᵀ", formulas=(
        replace(
            selecting("<self>^{T}", copied(), copying(single(_swapped)), "PyTorch, torch.transpose"),
            written=_written_swap,
        ),
    )),
    Operation(("permute",), "structural", shape=permuted,
              says="<self> with its dimensions in another order", formulas=(
        replace(
            selecting(r"\operatorname{permute}(<self>)", copied(),
                copying(single(lambda call, numbers: np.transpose(numbers, _listed(call, "dims")))),
                "PyTorch, torch.permute"),
            written=lambda call: rf"\operatorname{{permute}}(<self>; \, {', '.join(map(str, _listed(call, 'dims')))})",
        ),
    )),
    Operation(("movedim", "moveaxis"), "structural",
              says="<self> with its dimensions in another order", formulas=(
        selecting(r"\operatorname{permute}(<self>)", copied(), copying(single(_moved)), "PyTorch, torch.movedim"),
    )),
    Operation(("expand", "expand_as", "broadcast_to"), "structural",
              says="<self> repeated without a copy", formulas=(
        selecting(r"\operatorname{expand}(<self>)", copied(), copying(single(_spread)), "PyTorch, torch.expand"),
    )),
    Operation(("repeat", "tile"), "structural",
              says="<self> repeated", formulas=(
        selecting(r"\operatorname{repeat}(<self>)", copied(), copying(single(_repeated)), "PyTorch, torch.repeat"),
    )),
    Operation(("flip", "flipud", "fliplr"), "structural",
              says="<self> in reverse order", formulas=(
        selecting(r"\operatorname{flip}(<self>)", copied(), copying(single(_flipped)), "PyTorch, torch.flip"),
    )),
    Operation(("roll",), "structural",
              says="<self> shifted around", formulas=(
        selecting(r"\operatorname{roll}(<self>)", copied(), copying(single(_rolled)), "PyTorch, torch.roll"),
    )),
    Operation(("narrow",), "structural",
              says="a part of <self>", formulas=(
        selecting(r"<self>_{start:start+length}", copied(), copying(single(_narrowed)), "PyTorch, torch.narrow"),
    )),
    Operation(("select",), "structural",
              says="one slice of <self>", formulas=(
        selecting("<self>_{index}", copied(), copying(single(_selected)), "PyTorch, torch.select"),
    )),
    Operation(("tril", "triu"), "writes_constants",
              says=phrases.by_name(tril="<self> with 0 above the diagonal", triu="<self> with 0 below the diagonal"),
              formulas=(
        selecting(r"\operatorname{triangle}(<self>)",
            copied(meaning="The elements of the triangle are copied, the others become 0."),
            copying(single(_triangle)), "PyTorch, torch.tril"),
    )),
    Operation(("diag", "diagonal"), "structural",
              says="the diagonal of <self>", formulas=(
        selecting(r"\operatorname{diag}(<self>)", copied(), copying(single(_diagonal)), "PyTorch, torch.diag"),
    )),
    Operation(("diag_embed",), "structural",
              says="a matrix with <self> on its diagonal", formulas=(
        selecting(r"\operatorname{diag}(<self>)", copied(), copying(single(_embedded)), "PyTorch, torch.diag_embed"),
    )),
    Operation(("rot90",), "structural",
              says="<self> turned by a right angle", formulas=(
        selecting(r"\operatorname{turn}(<self>)", copied(), copying(single(
                lambda call, numbers: np.rot90(numbers, int(call.arguments.get("k", 1)),
                                              call.arguments.get("dims", (0, 1))))),
            "PyTorch, torch.rot90"),
    )),
    Operation(("pad", "constant_pad_nd"), "structural",
              says="<self> with a border around it", formulas=(
        selecting(r"\operatorname{pad}(<self>)", copied(), copying(single(_padded)), "PyTorch, torch.pad",
            fits=lambda call: call.arguments.get("mode", "constant") in _PADDING),
    )),
)  # fmt: skip
