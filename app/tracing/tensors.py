"""Tensors: what one held at the moment of a call, and the snapshot Tensor made from it."""

import math
from ctypes import string_at
from typing import Any, Final

import numpy as np
import orjson
import torch

from app.models import build
from app.snapshot import Stats, Tensor
from app.tracing.limits import Limits
from app.tracing.transforms import outside_transforms, wrapped_by

LARGEST_MEASURED: Final = 1 << 24
"""Elements above which not even statistics are computed: a view may be of 10**12 elements and one number."""

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_NUMPY: Final = {
    torch.bool: np.bool_,
    torch.uint8: np.uint8,
    torch.uint16: np.uint16,
    torch.uint32: np.uint32,
    torch.uint64: np.uint64,
    torch.int8: np.int8,
    torch.int16: np.int16,
    torch.int32: np.int32,
    torch.int64: np.int64,
    torch.float16: np.float16,
    torch.float32: np.float32,
    torch.float64: np.float64,
}
"""The element types that numpy has too."""

Number = float | str
_NONFINITE: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def dtype_name(dtype: torch.dtype) -> str:
    """`float32`."""
    name = _DTYPE_NAMES.get(dtype)
    if name is None:
        name = _DTYPE_NAMES[dtype] = str(dtype).removeprefix("torch.")
    return name


_DTYPE_NAMES: Final[dict[torch.dtype, str]] = {}


class Summary:
    """A tensor that was too large to keep: only its statistics; not even those when it was larger still."""

    __slots__ = ("device", "dtype", "shape", "stats")

    def __init__(self, tensor: torch.Tensor, stats: Stats | None) -> None:
        self.shape = list(tensor.shape)
        self.dtype = dtype_name(tensor.dtype)
        self.device = str(tensor.device)
        self.stats = stats

    def fields(self) -> dict[str, Any]:
        """Of a snapshot Tensor."""
        return {"shape": self.shape, "dtype": self.dtype, "device": self.device, "stats": self.stats}


Copied = tuple[tuple[int, ...], torch.dtype, bytes]
"""Shape, dtype and memory, row-major. No copy of a tensor is as quick to make, and the garbage collector does not have
to look at bytes: with as many objects as a recording has, that counts.
"""

Captured = Copied | Summary
"""What a tensor held when it was captured."""

_SHAPES: Final[dict[torch.Size, tuple[int, ...]]] = {}
_MOST_SHAPES: Final = 10_000


def capture(tensor: torch.Tensor, limits: Limits) -> Captured:
    """What `tensor` holds now. Later writes never alter it."""
    if type(tensor) in _PLAIN_TYPES:
        try:
            dtype = tensor.dtype
            if (
                tensor.is_contiguous()
                and dtype in _NUMPY
                and tensor.is_cpu
                and not tensor.is_neg()
                and tensor.numel() <= limits.stored_elements
            ):
                # its memory is its numbers, in order
                size = tensor.shape
                return _SHAPES.get(size) or _shape(size), dtype, string_at(tensor.data_ptr(), tensor.nbytes)
        except RuntimeError:
            # a sparse one does not say whether it is contiguous; inside torch.func a tensor may stand for a batch of
            # others and have no memory of its own
            pass
    return _capture_other(tensor, limits)


def _capture_other(tensor: torch.Tensor, limits: Limits) -> Captured:
    """A tensor whose memory is not simply its numbers: a view, a sparse one, one inside of torch.func."""
    # transforms of torch.func that are under way would take part in what is computed here, subclasses would hear of it
    with outside_transforms(), torch._C.DisableTorchFunctionSubclass():
        if tensor.device.type == "meta" or tensor.numel() > LARGEST_MEASURED:
            return Summary(tensor, None)
        try:
            plain = _plain(tensor)
            if plain.numel() > limits.stored_elements:
                return Summary(plain, statistics(plain))
            flat = plain.contiguous()
            return tuple(plain.shape), plain.dtype, string_at(flat.data_ptr(), flat.nbytes)
        except RuntimeError:
            # a kind of tensor that cannot be read: the program must not fail for that
            return Summary(tensor, None)


def _shape(size: torch.Size) -> tuple[int, ...]:
    """The shape as a tuple that the next tensor of this shape shares."""
    if len(_SHAPES) > _MOST_SHAPES:
        _SHAPES.clear()
    shape = _SHAPES[size] = tuple(size)
    return shape


def memory_of(captured: Captured) -> int:
    """Bytes, about, that a captured tensor takes."""
    return 160 + len(captured[2]) if type(captured) is tuple else 400


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """A dense, detached tensor with the same numbers."""
    for wrapped in wrapped_by(tensor):
        tensor = wrapped
    dense = tensor.detach()
    if dense.layout is not torch.strided:
        dense = dense.to_dense()
    if dense.is_quantized:
        dense = dense.dequantize()
    return dense.resolve_conj().resolve_neg()


def added(first: Captured, second: Captured) -> Captured:
    """The sum of two captured tensors of one shape, in their own dtype; the second one where there are no numbers."""
    a, b = restored(first), restored(second)
    return second if a is None or b is None else capture(a + b, Limits())


def restored(captured: Captured) -> torch.Tensor | None:
    """A captured tensor as a tensor again; null when it was too large to keep."""
    if isinstance(captured, Summary):
        return None
    shape, dtype, memory = captured
    if not memory:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(bytearray(memory), dtype=dtype).reshape(shape)


def item(captured: Captured) -> Number | None:
    """The number of a one-element real tensor, as JSON has it."""
    tensor = restored(captured)
    if tensor is None or tensor.numel() != 1 or tensor.is_complex():
        return None
    number: Number = orjson.loads(numbers(tensor.reshape(-1)))[0]
    return number


def numbers(flat: torch.Tensor) -> bytes:
    """A flat tensor as a JSON array. Floats are the shortest decimal that round-trips in their own dtype."""
    if flat.is_complex():
        pairs = orjson.loads(numbers(torch.view_as_real(flat).reshape(-1)))
        return orjson.dumps([pairs[i : i + 2] for i in range(0, len(pairs), 2)])
    if flat.dtype not in _NUMPY:
        return orjson.dumps([_shortest(x, flat.dtype) for x in flat.to(torch.float64).tolist()])
    array = flat.numpy()
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return orjson.dumps(_floats(array))
    return orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)


def _floats(array: Any) -> list[Any]:
    """The numbers of a float array as the contract writes them: shortest decimals, words for the non-finite ones."""
    written: list[Any] = orjson.loads(orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY))
    # orjson writes null for what JSON has no number for
    for i in np.flatnonzero(~np.isfinite(array)).tolist():
        written[i] = _NONFINITE[str(float(array[i]))]
    return written


def _shortest(x: float, dtype: torch.dtype) -> Number:
    """The shortest decimal that reads back as x in a dtype that numpy does not have."""
    if not math.isfinite(x):
        return _NONFINITE[str(x)]
    candidates = (float(f"{x:.{digits}g}") for digits in range(1, 10))
    return next(c for c in candidates if torch.tensor(c, dtype=dtype).item() == x)


def statistics(tensor: torch.Tensor) -> Stats:
    """Stats of app.snapshot: over the finite elements, in float64."""
    real = tensor.abs() if tensor.is_complex() else tensor
    wide = real.reshape(-1).to(torch.float64)
    finite = wide[torch.isfinite(wide)]
    some = finite.numel() > 0
    return Stats(
        min=finite.min().item() if some else None,
        max=finite.max().item() if some else None,
        mean=finite.mean().item() if some else None,
        std=finite.std(correction=0).item() if some else None,
        norm=finite.norm().item() if some else None,
        zeros=int((wide == 0).sum()),
        nans=int(torch.isnan(wide).sum()),
        infs=int(torch.isinf(wide).sum()),
    )


class TensorWriter:
    """Gives captured tensors their ids, in order. `whole`: the large ones since it was last emptied.

    Tensors inside an iteration get their numbers only in `settle`, all at once: one by one, the conversion would take
    longer than the program. `as_json`: large ones hold JSON text instead of a list of numbers, which takes ten times
    the memory.
    """

    def __init__(self, limits: Limits, as_json: bool) -> None:
        self._limits = limits
        self._as_json = as_json
        self._count = 0
        self._waiting: dict[torch.dtype, list[tuple[dict[str, Any], bytes]]] = {}
        self.whole: dict[str, Tensor] = {}

    def write(self, captured: Captured) -> Tensor:
        """A snapshot Tensor. Above the inline limit its numbers go to `whole`."""
        identifier = f"t{self._count}"
        self._count += 1
        if isinstance(captured, Summary):
            return build(Tensor, {"id": identifier, "data": None, **captured.fields()})
        shape, dtype, memory = captured
        fields: dict[str, Any] = {
            "id": identifier,
            "shape": list(shape),
            "dtype": dtype_name(dtype),
            "device": "cpu",
            "data": None,
            "stats": None,
        }
        if len(memory) <= self._limits.inline_elements * dtype.itemsize:
            waiting = self._waiting.get(dtype)
            if waiting is None:
                waiting = self._waiting[dtype] = []
            waiting.append((fields, memory))
        else:
            tensor = restored(captured)
            assert tensor is not None
            fields["stats"] = statistics(tensor)
            text = numbers(tensor.reshape(-1))
            data = orjson.Fragment(text) if self._as_json else orjson.loads(text)
            self.whole[identifier] = build(Tensor, {**fields, "data": data})
        return build(Tensor, fields)

    def settle(self) -> None:
        """Gives all tensors inside the iterations written so far their numbers."""
        for dtype, rows in self._waiting.items():
            elements = _elements(dtype, b"".join([memory for _, memory in rows]))
            start = 0
            for fields, memory in rows:
                stop = start + len(memory) // dtype.itemsize
                fields["data"] = elements[start:stop]
                start = stop
        self._waiting = {}


def _elements(dtype: torch.dtype, memory: bytes) -> list[Any]:
    """The numbers in a piece of memory, as the contract writes them."""
    if dtype.is_floating_point and dtype in _NUMPY:
        return _floats(np.frombuffer(memory, _NUMPY[dtype]))
    if dtype in _NUMPY:
        integers: list[Any] = np.frombuffer(memory, _NUMPY[dtype]).tolist()
        return integers
    others: list[Any] = orjson.loads(numbers(torch.frombuffer(bytearray(memory), dtype=dtype))) if memory else []
    return others
