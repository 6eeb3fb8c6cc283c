"""The capture of tensors: the numbers that a tensor holds at the moment of a call."""

from typing import Any, Final
from weakref import ref

import torch

from gradwalk.contract.snapshot import Stats
from gradwalk.recorder.element_types import NUMPY, READABLE, fingerprint
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.tensor_memory import ARRAYS, copy_unless_same, holds, view
from gradwalk.recorder.tensor_statistics import statistics
from gradwalk.recorder.transforms import has_dispatch_mode, unobserved, wrapped_by

LARGEST_MEASURED: Final = 1 << 24
"""Elements above which not even statistics are computed: a view may have 10**12 elements and one number."""

_PLAIN_TYPES: Final = frozenset({torch.Tensor, torch.nn.Parameter})


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

LargeCopyKey = tuple[tuple[int, ...], torch.dtype, int]
"""Shape, dtype and identity of a large memory, which there is once."""

Captured = Copied | TensorSummary
"""The contents of a tensor at the moment when it was captured."""

_SHAPES: Final[dict[torch.Size, tuple[int, ...]]] = {}
_MOST_SHAPES: Final = 10_000

_END: Final = 64
"""Bytes at each end of a memory by which it is looked up: to hash all of it takes longer than to compare all of it."""
_QUICKLY_COPIED: Final = 2048
"""Bytes up to which memory is looked up as a whole."""
_SLOWLY_COMPARED: Final = 1 << 18
"""Elements above which the version of a tensor is asked before its memory is looked at."""
_MOST_ADDRESSES: Final = 20_000

_empty, _from_buffer = torch.empty, torch.frombuffer
_TensorBase = torch._C.TensorBase
_is_neg, _is_contiguous, _numel, _data_ptr, _detach, _contiguous = (
    _TensorBase.is_neg,
    _TensorBase.is_contiguous,
    _TensorBase.numel,
    _TensorBase.data_ptr,
    _TensorBase.detach,
    _TensorBase.contiguous,
)
"""References of our own, because a program may put other functions into torch and into its tensors."""

_OVERHEAD: Final = 160
_SUMMARY: Final = 400
"""The approximate number of bytes that a captured tensor takes in addition to its numbers, and that one without numbers
takes.
"""
_SHARE_OF_LARGE: Final = 0.75
"""The share of the limits up to which the numbers of large tensors are kept."""
_TEXT_PER_BYTE: Final = 3
"""A float32 takes about 12 bytes of JSON."""


class CaptureCache:
    """A cache of captures: what holds the same numbers as something captured before is that very capture.

    One tensor has many roles. A gradient is the contribution that arrived, what a leaf accumulated, and what an update
    used; the value after an update is the one before the next. The numbers themselves are compared and not versions,
    which a write through `.data` or through NumPy does not change.

    `bytes`: the approximate memory of all captures so far, each counted once. `text_bytes`: the approximate length of
    their JSON, in which the numbers of a tensor of at most `inline_elements` are written again for each of its roles.
    `stored_elements`: the largest tensor whose numbers are kept from now on. When the limit of bytes is near, those of
    small ones alone are, so that the later iterations are recorded too; then `is_nearly_full` is true.
    """

    def __init__(self, limits: Limits) -> None:
        self._inline_elements = limits.inline_elements
        self.stored_elements = limits.stored_elements
        self._roomy = _SHARE_OF_LARGE * limits.bytes
        self._roomy_text = _SHARE_OF_LARGE * limits.text_bytes
        self._memories: dict[bytes, bytes] = {}
        self._small_copies: dict[Copied, Copied] = {}
        self._large_copies: dict[LargeCopyKey, Copied] = {}
        self._last_at: dict[int, bytes] = {}
        self._unchanged: dict[int, tuple[ref[torch.Tensor], tuple[int, int], Captured]] = {}
        self._stats: dict[tuple[int, torch.dtype], Stats] = {}
        self._summaries: dict[tuple[int, torch.dtype, torch.Size], TensorSummary] = {}
        self._quickly_copied = min(_QUICKLY_COPIED, limits.stored_elements)
        self.bytes = self.text_bytes = 0
        self.is_nearly_full = False

    def capture(self, tensor: torch.Tensor) -> Captured:
        """Return what `tensor` holds now. Later writes never alter it."""
        captured: Captured | None = None
        if type(tensor) in _PLAIN_TYPES:
            try:
                dtype = tensor.dtype
                if dtype in NUMPY and tensor.is_cpu and not _is_neg(tensor) and not tensor._is_zerotensor():
                    size = tensor.nbytes
                    if size <= self._quickly_copied and _is_contiguous(tensor):
                        address, shape = _data_ptr(tensor), tensor.shape
                        memory = ARRAYS[size](address).raw if address else bytes(size)
                        captured = self._small((_SHAPES.get(shape) or _shape(shape), dtype, memory))
                    else:
                        captured = self._read(tensor)
            except RuntimeError:
                # a sparse tensor, or one that inside torch.func stands for a batch of others, has no memory of its own
                pass
        if captured is None:
            captured = _capture_other(tensor, self)
        if self.bytes > self._roomy or self.text_bytes > self._roomy_text:
            self.save_room()
        return captured

    def _read(self, tensor: torch.Tensor) -> Captured | None:
        """Return what a tensor that is large or not contiguous holds; null where only `_capture_other` can tell."""
        count = _numel(tensor)
        if count > LARGEST_MEASURED:
            return None
        shape = tensor.shape
        if not _is_contiguous(tensor):
            if has_dispatch_mode():
                return None
            # the memory of a non-contiguous tensor is not its numbers in order; that of a copy is
            tensor = _contiguous(_detach(tensor))
        if count > self.stored_elements:
            return self.unchanged(tensor) if count > _SLOWLY_COMPARED else self.summary(tensor)
        return self.copied(tensor, tensor.dtype, _SHAPES.get(shape) or _shape(shape))

    def copied(self, tensor: torch.Tensor, dtype: torch.dtype, shape: tuple[int, ...]) -> Copied:
        """Return the capture of a tensor whose numbers lie in order."""
        size = tensor.nbytes
        address = _data_ptr(tensor)
        if size <= _QUICKLY_COPIED or not address:
            # autograd has tensors of zeros that have no memory
            return self._small((shape, dtype, ARRAYS[size](address).raw if address else bytes(size)))
        memory = self._memory(address, size)
        captured = shape, dtype, memory
        known = self._large_copies.setdefault((shape, dtype, id(memory)), captured)
        if known is captured:
            self.bytes += _OVERHEAD
        # the numbers of a large tensor are written once
        is_written = known is captured or size <= self._inline_elements * dtype.itemsize
        self.text_bytes += _OVERHEAD + (_TEXT_PER_BYTE * size if is_written else 0)
        return known

    def _small(self, captured: Copied) -> Copied:
        """Return the first capture of the same numbers, which may be this one."""
        known = self._small_copies.setdefault(captured, captured)
        size = len(captured[2])
        if known is captured:
            self.bytes += _OVERHEAD + size
        is_written = known is captured or size <= self._inline_elements * captured[1].itemsize
        self.text_bytes += _OVERHEAD + (_TEXT_PER_BYTE * size if is_written else 0)
        return known

    def filled(self, limits: Limits) -> float:
        """Return the share of the limits that is used up."""
        return max(self.bytes / limits.bytes, self.text_bytes / limits.text_bytes)

    def save_room(self) -> None:
        """Keep no more numbers of large tensors from now on."""
        self.is_nearly_full = True
        self.stored_elements = min(self.stored_elements, self._inline_elements)
        self._quickly_copied = min(self._quickly_copied, self.stored_elements)

    def _memory(self, address: int, size: int) -> bytes:
        """Return a copy of the memory at an address: the same object for the same content."""
        last = self._last_at.get(address)
        memory = copy_unless_same(address, size, last)
        if memory is last:
            return memory
        ends = memory[:_END] + memory[-_END:]
        known = self._memories.get(ends)
        if known is None or known != memory:
            self.bytes += size
            known = self._memories[ends] = memory
        if len(self._last_at) > _MOST_ADDRESSES:
            self._last_at.clear()
        self._last_at[address] = known
        return known

    def unchanged(self, tensor: torch.Tensor) -> Captured:
        """Return the statistics of a very large tensor.

        Whole data sets are used again and again. Where no gradient flows to a tensor, its version is enough to tell
        that it has not changed: comparing it each time would take longer than the program.
        """
        known = self._unchanged.get(id(tensor))
        version = -1 if tensor.requires_grad or tensor.is_inference() else tensor._version
        if known is not None and known[0]() is tensor and known[1] == (version, _data_ptr(tensor)) and version >= 0:
            return known[2]
        captured = self.summary(tensor)
        self._unchanged[id(tensor)] = ref(tensor), (version, _data_ptr(tensor)), captured
        return captured

    def summary(self, tensor: torch.Tensor) -> Captured:
        """Return the statistics of a tensor whose numbers lie in order, or its numbers where they are known already."""
        address, size, dtype = _data_ptr(tensor), tensor.nbytes, tensor.dtype
        last = self._last_at.get(address)
        if last is not None and address and holds(address, size, last):
            captured = self._large_copies.get((_SHAPES.get(tensor.shape) or _shape(tensor.shape), dtype, id(last)))
            if captured is not None:
                return captured
        memory = view(address, size) if address else bytes(size)
        content = fingerprint(memory)
        known = self._summaries.get((content, dtype, tensor.shape))
        if known is not None:
            self.text_bytes += _SUMMARY
            return known
        stats = self._stats.get((content, dtype))
        if stats is None:
            stats = self._stats[content, dtype] = statistics(memory, dtype)
        self.bytes += _SUMMARY
        self.text_bytes += _SUMMARY
        summary = self._summaries[content, dtype, tensor.shape] = TensorSummary(tensor, stats)
        return summary


def capture(tensor: torch.Tensor, limits: Limits) -> Captured:
    """Return what `tensor` holds now, apart from all other captures."""
    return CaptureCache(limits).capture(tensor)


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


def _capture_other(tensor: torch.Tensor, cache: CaptureCache) -> Captured:
    """Capture a tensor that is too large, or whose memory is not simply its numbers: a view, a sparse one, one inside
    torch.func.
    """
    # active transforms of torch.func would take part in what is computed here, and subclasses would see it
    with unobserved():
        if computes_by_itself(type(tensor)) and not tensor.is_nested:
            return TensorSummary(tensor, None)
        if tensor.device.type == "meta" or _numel(tensor) > LARGEST_MEASURED:
            return TensorSummary(tensor, None)
        try:
            if tensor.is_nested:
                tensor = _elements_of_nested(tensor)
            plain = _plain(tensor)
            if plain.dtype not in READABLE:
                return TensorSummary(tensor, None)
            flat = _contiguous(plain)
            if _numel(plain) > cache.stored_elements:
                return cache.summary(flat)
            return cache.copied(flat, plain.dtype, _shape(plain.shape))
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
    dense = _detach(tensor)
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


def shape_of(captured: Captured) -> tuple[int, ...]:
    """Return the shape of a captured tensor."""
    return tuple(captured.shape) if isinstance(captured, TensorSummary) else captured[0]


def as_tensor(captured: Captured) -> torch.Tensor | None:
    """Return a captured tensor as a tensor again; null when it was too large to keep."""
    if isinstance(captured, TensorSummary):
        return None
    shape, dtype, memory = captured
    if not memory:
        return _empty(shape, dtype=dtype, device="cpu")
    return _from_buffer(bytearray(memory), dtype=dtype).reshape(shape)
