"""The capture of tensors: the numbers that a tensor holds at the moment of a call, and the snapshot Tensor made from
them.
"""

import math
from collections.abc import Callable
from ctypes import PYFUNCTYPE, c_ssize_t, c_void_p, py_object, pythonapi
from typing import Any, Final, Literal

import numpy as np
import orjson
import torch
from pydantic import BaseModel

from gradwalk.contract.models import build
from gradwalk.contract.snapshot import Stats, Tensor
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.transforms import has_dispatch_mode, unobserved, wrapped_by

LARGEST_MEASURED: Final = 1 << 24
"""Elements above which not even statistics are computed: a view may have 10**12 elements and one number."""

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})
_NUMPY: Final[dict[torch.dtype, Any]] = {
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

JsonNumber = float | str
_LONGEST_WHOLE: Final = 2**24
_NONFINITE: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def dtype_name(dtype: torch.dtype) -> str:
    """Return the name of a dtype: `float32`."""
    name = _DTYPE_NAMES.get(dtype)
    if name is None:
        name = _DTYPE_NAMES[dtype] = str(dtype).removeprefix("torch.")
    return name


_DTYPE_NAMES: Final[dict[torch.dtype, str]] = {}


class TensorSummary:
    """A tensor that was too large to keep: only its statistics, and not even those when it was larger still."""

    __slots__ = ("device", "dtype", "shape", "stats")

    def __init__(self, tensor: torch.Tensor, stats: Stats | None) -> None:
        self.shape = _sizes(tensor)
        self.dtype = dtype_name(tensor.dtype)
        self.device = str(tensor.device)
        self.stats = stats

    def fields(self) -> dict[str, Any]:
        """Return the fields of a snapshot Tensor."""
        return {"shape": self.shape, "dtype": self.dtype, "device": self.device, "stats": self.stats}


Copied = tuple[tuple[int, ...], torch.dtype, bytes]
"""Shape, dtype and memory, row-major. No copy of a tensor is quicker to make, and the garbage collector does not look
into bytes, which counts with as many objects as a recording has.
"""

Captured = Copied | TensorSummary
"""The contents of a tensor at the moment when it was captured."""

_bytes_at: Final = PYFUNCTYPE(py_object, c_void_p, c_ssize_t)(("PyBytes_FromStringAndSize", pythonapi))
"""The same as `ctypes.string_at`, without a Python function around it."""

_SHAPES: Final[dict[torch.Size, tuple[int, ...]]] = {}
_MOST_SHAPES: Final = 10_000


def capture(tensor: torch.Tensor, limits: Limits) -> Captured:
    """Return what `tensor` holds now. Later writes never alter it."""
    if type(tensor) in _PLAIN_TYPES:
        try:
            dtype, size = tensor.dtype, tensor.shape
            plain = dtype in _NUMPY and tensor.is_cpu and not tensor.is_neg() and not tensor._is_zerotensor()
            if plain and tensor.numel() <= limits.stored_elements:
                if not tensor.is_contiguous():
                    if has_dispatch_mode():
                        return _capture_other(tensor, limits)
                    # the memory of a non-contiguous tensor is not its numbers in order; that of a copy is
                    tensor = tensor.detach().contiguous()
                return _SHAPES.get(size) or _shape(size), dtype, _bytes_at(tensor.data_ptr(), tensor.nbytes)
        except RuntimeError:
            # a sparse tensor, or one that inside torch.func stands for a batch of others, has no memory of its own
            pass
    return _capture_other(tensor, limits)


def _sizes(tensor: torch.Tensor) -> list[int]:
    """Return the shape. A nested tensor has none and shows all its elements in one row; a size that is a symbol shows
    the number that it stands for, or 0 where it stands for none.
    """
    if tensor.is_nested:
        return [tensor.numel()]
    sizes: list[Any] = list(tensor.shape)
    return [size if type(size) is int else (size.node.maybe_as_int() or size.node.hint or 0) for size in sizes]


def computes_by_itself(kind: type) -> bool:
    """Return whether a class of tensors takes every computation into its own hands, those of the recorder included. Its
    numbers cannot be read without being noticed, or it has none: a fake tensor.
    """
    return getattr(kind, "__torch_dispatch__", _NO_DISPATCH) is not _NO_DISPATCH


_NO_DISPATCH: Final = torch._C._disabled_torch_dispatch_impl


def _elements_of_nested(tensor: torch.Tensor) -> torch.Tensor:
    """Return all elements of a nested tensor in one row."""
    if tensor.layout is torch.jagged:
        jagged: Any = tensor
        values: torch.Tensor = jagged._values.detach()
        return values.reshape(-1)
    return torch.cat([part.reshape(-1) for part in tensor.detach().unbind()])


def _capture_other(tensor: torch.Tensor, limits: Limits) -> Captured:
    """Capture a tensor whose memory is not simply its numbers: a view, a sparse one, one inside torch.func."""
    # active transforms of torch.func would take part in what is computed here, and subclasses would see it
    with unobserved():
        if computes_by_itself(type(tensor)) and not tensor.is_nested:
            return TensorSummary(tensor, None)
        if tensor.device.type == "meta" or tensor.numel() > LARGEST_MEASURED:
            return TensorSummary(tensor, None)
        try:
            if tensor.is_nested:
                tensor = _elements_of_nested(tensor)
            plain = _plain(tensor)
            if plain.numel() > limits.stored_elements:
                return TensorSummary(plain, statistics(plain))
            flat = plain.contiguous()
            return tuple(plain.shape), plain.dtype, _bytes_at(flat.data_ptr(), flat.nbytes)
        except RuntimeError:
            # this kind of tensor cannot be read, and the program must not fail because of that
            return TensorSummary(tensor, None)


def _shape(size: torch.Size) -> tuple[int, ...]:
    """Return the shape as a tuple that the next tensor of this shape shares."""
    if len(_SHAPES) > _MOST_SHAPES:
        _SHAPES.clear()
    shape = _SHAPES[size] = tuple(size)
    return shape


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """Return a dense, detached tensor with the same numbers."""
    for wrapped in wrapped_by(tensor):
        tensor = wrapped
    dense = tensor.detach()
    if dense.layout is not torch.strided:
        dense = dense.to_dense()
    if dense.is_quantized:
        dense = dense.dequantize()
    if dense._is_zerotensor():
        # torch's own stand-in for zeros, such as the gradient of sgn: nobody has written its memory
        return torch.zeros(dense.shape, dtype=dense.dtype)
    return dense.resolve_conj().resolve_neg()


def sum_captured(first: Captured, second: Captured) -> Captured:
    """Return the sum of two captured tensors of one shape, in their own dtype; the second one where there are no
    numbers.
    """
    with unobserved():
        a, b = as_tensor(first), as_tensor(second)
        return second if a is None or b is None else capture(a + b, Limits())


def as_tensor(captured: Captured) -> torch.Tensor | None:
    """Return a captured tensor as a tensor again; null when it was too large to keep."""
    if isinstance(captured, TensorSummary):
        return None
    shape, dtype, memory = captured
    if not memory:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(bytearray(memory), dtype=dtype).reshape(shape)


def as_array(captured: Copied) -> np.ndarray[Any, np.dtype[Any]]:
    """Return the elements, flat, in a type that numpy can compute with. The array may share the memory."""
    _, dtype, memory = captured
    kind = _NUMPY.get(dtype)
    if kind is not None:
        return np.frombuffer(memory, kind)
    tensor = as_tensor(captured)
    assert tensor is not None
    wider = torch.complex128 if tensor.is_complex() else torch.float64
    flat: np.ndarray[Any, np.dtype[Any]] = tensor.reshape(-1).to(wider).numpy()
    return flat


def item(captured: Captured) -> JsonNumber | None:
    """Return the number of a one-element real tensor, as JSON has it.

    This is called while a program runs, which may have taken all memory: orjson would crash Python where none is left.
    """
    if isinstance(captured, TensorSummary) or captured[1].is_complex or len(captured[2]) != captured[1].itemsize:
        return None
    dtype = captured[1]
    [element] = as_array(captured)
    if not dtype.is_floating_point:
        large: int = element.item()
        return large
    if dtype not in _NUMPY:
        return _shortest(float(element), dtype)
    return _shortest_of(element)


def numbers(captured: Copied) -> bytes:
    """Return the numbers as a flat JSON array. Floats are the shortest decimal that round-trips in their own dtype."""
    _, dtype, memory = captured
    kind = _NUMPY.get(dtype)
    if kind is None:
        return _numbers_without_numpy(captured)
    array = np.frombuffer(memory, kind)
    if dtype == torch.float16:
        # orjson would write float16 numbers with the digits of float32
        return orjson.dumps([_shortest_of(x) for x in array])
    text = orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
    if b"null" not in text:
        return text
    # orjson writes null for what JSON has no number for
    written = orjson.loads(text)
    for i in np.flatnonzero(~np.isfinite(array)).tolist():
        written[i] = _NONFINITE[str(float(array[i]))]
    return orjson.dumps(written)


def _numbers_without_numpy(captured: Copied) -> bytes:
    """Return the JSON array for complex numbers and for the small floats of machine learning."""
    tensor = as_tensor(captured)
    assert tensor is not None
    if tensor.is_complex():
        parts = torch.view_as_real(tensor.reshape(-1)).contiguous()
        flat = orjson.loads(numbers((tuple(parts.shape), parts.dtype, _bytes_at(parts.data_ptr(), parts.nbytes))))
        return orjson.dumps([flat[i : i + 2] for i in range(0, len(flat), 2)])
    return orjson.dumps([_shortest(x, tensor.dtype) for x in tensor.reshape(-1).to(torch.float64).tolist()])


def _shortest_of(x: np.floating[Any]) -> JsonNumber:
    """Return the shortest decimal that reads back as x in its own type, as numpy finds it."""
    exact = float(x)
    if not math.isfinite(exact):
        return _NONFINITE[str(exact)]
    return exact if _is_short(exact) else float(str(x))


def _is_short(x: float) -> bool:
    """Return whether x itself is as short as any decimal that reads back as it: 65504 in float16, where 65500 would do
    too.
    """
    return x.is_integer() and abs(x) < _LONGEST_WHOLE


def _shortest(x: float, dtype: torch.dtype) -> JsonNumber:
    """Return the shortest decimal that reads back as x in a dtype that numpy does not have."""
    if not math.isfinite(x):
        return _NONFINITE[str(x)]
    if _is_short(x):
        return x
    candidates = (float(f"{x:.{digits}g}") for digits in range(1, 10))
    return next(c for c in candidates if torch.tensor(c, dtype=dtype).item() == x)


def statistics(tensor: torch.Tensor) -> Stats:
    """Return the Stats of gradwalk.contract.snapshot: over the finite elements, in float64."""
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


class RecordedTensor(Tensor):
    """A Tensor whose numbers are made when they are first read.

    As Python objects they take ten times the memory of the tensor, and longer to make than the program took to compute
    them. It equals a Tensor that holds them, and is written as one. It shows its numbers, its statistics or both.
    """

    __slots__ = ("_captured", "_shows")

    @property
    def __dict__(self) -> dict[str, Any]:
        """All fields, as pydantic looks for them."""
        fields = _stored_fields(self)
        if "data" not in fields:
            captured, shows = self._captured, self._shows
            data = orjson.loads(numbers(captured)) if shows != "stats" else None
            fields |= {"data": data, "stats": _statistics_of(captured) if shows != "data" else None}
        return fields

    @__dict__.setter
    def __dict__(self, fields: dict[str, Any]) -> None:
        _store_fields(self, fields)

    def __getattr__(self, name: str) -> Any:
        if name in ("data", "stats"):
            return vars(self)[name]
        raise AttributeError(name)

    def json_fields(self) -> dict[str, Any]:
        """Return the fields with the numbers as JSON text, without a Python object for each."""
        fields = _stored_fields(self)
        if "data" in fields:
            return fields
        captured, shows = self._captured, self._shows
        data = orjson.Fragment(numbers(captured)) if shows != "stats" else None
        return {**fields, "data": data, "stats": _statistics_of(captured) if shows != "data" else None}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tensor) and vars(self) == vars(other)

    __hash__ = Tensor.__hash__


_stored_fields: Final[Callable[[BaseModel], dict[str, Any]]] = BaseModel.__dict__["__dict__"].__get__
_store_fields: Final[Callable[[BaseModel, dict[str, Any]], None]] = BaseModel.__dict__["__dict__"].__set__
_set_captured: Final[Callable[[RecordedTensor, Copied], None]] = vars(RecordedTensor)["_captured"].__set__
_set_shows: Final[Callable[[RecordedTensor, str], None]] = vars(RecordedTensor)["_shows"].__set__

Shown = Literal["data", "stats", "both"]


def _recorded(captured: Copied, fields: dict[str, Any], shows: Shown) -> RecordedTensor:
    tensor = build(RecordedTensor, fields)
    _set_captured(tensor, captured)
    _set_shows(tensor, shows)
    return tensor


def _statistics_of(captured: Copied) -> Stats:
    tensor = as_tensor(captured)
    assert tensor is not None
    return statistics(tensor)


class TensorWriter:
    """A writer that gives captured tensors their ids, in order. `large`: the large ones since it was last emptied."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self.large: dict[str, Tensor] = {}

    def write(self, captured: Captured) -> Tensor:
        """Return a snapshot Tensor. Above the inline limit its numbers go to `large`."""
        identifier = f"t{self._count}"
        self._count += 1
        if isinstance(captured, TensorSummary):
            return build(Tensor, {"id": identifier, "data": None, **captured.fields()})
        shape, dtype, memory = captured
        fields = {"id": identifier, "shape": list(shape), "dtype": dtype_name(dtype), "device": "cpu"}
        if len(memory) <= self._limits.inline_elements * dtype.itemsize:
            return _recorded(captured, fields, "data")
        self.large[identifier] = _recorded(captured, fields.copy(), "both")
        return _recorded(captured, fields, "stats")
