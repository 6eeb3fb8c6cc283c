"""Tensors: a copy at the moment of the call, and the JSON of a snapshot Tensor from it."""

import math
from typing import Any

import numpy as np
import orjson
import torch

from app.tracing.limits import Limits

LARGEST_MEASURED = 1 << 24
"""Elements above which not even statistics are computed: a view may be of 10**12 elements and one number."""

Number = float | str | bool
_NONFINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


class Captured:
    """What a tensor held when it was captured. `data` is an own copy, flat; null when it was too large to keep."""

    __slots__ = ("data", "device", "dtype", "nbytes", "shape", "stats")

    def __init__(self, tensor: torch.Tensor, limits: Limits) -> None:
        self.shape = list(tensor.shape)
        self.dtype = str(tensor.dtype).removeprefix("torch.")
        self.device = str(tensor.device)
        self.data: torch.Tensor | None = None
        self.stats: dict[str, Any] | None = None
        self.nbytes = 0
        count = tensor.numel()
        if tensor.device.type == "meta" or count > LARGEST_MEASURED:
            return
        plain = _plain(tensor)
        if count <= limits.stored_elements:
            # reshape may return a view of the program's own memory: clone always, for it may be written later
            self.data = plain.clone(memory_format=torch.contiguous_format).reshape(-1)
            self.nbytes = self.data.nbytes
        else:
            self.stats = statistics(plain)

    def item(self) -> Number | None:
        """The number of a one-element real tensor, as JSON has it."""
        if self.data is None or self.data.numel() != 1 or self.data.is_complex():
            return None
        value: Number = orjson.loads(numbers(self.data))[0]
        return value


def _plain(tensor: torch.Tensor) -> torch.Tensor:
    """A dense, detached tensor with the same numbers, without any subclass behaviour."""
    dense = tensor.as_subclass(torch.Tensor).detach()
    if dense.layout is not torch.strided:
        dense = dense.to_dense()
    if dense.is_quantized:
        dense = dense.dequantize()
    return dense.resolve_conj().resolve_neg()


def numbers(flat: torch.Tensor) -> bytes:
    """A flat tensor as a JSON array. Floats are the shortest decimal that round-trips in their own dtype."""
    if flat.is_complex():
        pairs = orjson.loads(numbers(torch.view_as_real(flat).reshape(-1)))
        return orjson.dumps([pairs[i : i + 2] for i in range(0, len(pairs), 2)])
    if flat.dtype is torch.bfloat16 or (flat.element_size() == 1 and flat.is_floating_point()):
        return orjson.dumps([_shortest(x, flat.dtype) for x in flat.to(torch.float64).tolist()])
    array = flat.numpy()
    encoded = orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY)
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return encoded
    # orjson writes null for what JSON has no number for
    return orjson.dumps([_nonfinite(array[i]) if x is None else x for i, x in enumerate(orjson.loads(encoded))])


def _nonfinite(x: Any) -> str:
    return _NONFINITE[str(float(x))]


def _shortest(x: float, dtype: torch.dtype) -> Number:
    """The shortest decimal that reads back as x in a dtype that numpy does not have."""
    if not math.isfinite(x):
        return _nonfinite(x)
    candidates = (float(f"{x:.{digits}g}") for digits in range(1, 10))
    return next(c for c in candidates if torch.tensor(c, dtype=dtype).item() == x)


def statistics(tensor: torch.Tensor) -> dict[str, Any]:
    """Stats of app.snapshot: over the finite elements, in float64."""
    real = tensor.abs() if tensor.is_complex() else tensor
    wide = real.reshape(-1).to(torch.float64)
    finite = wide[torch.isfinite(wide)]
    some = finite.numel() > 0
    return {
        "min": finite.min().item() if some else None,
        "max": finite.max().item() if some else None,
        "mean": finite.mean().item() if some else None,
        "std": finite.std(correction=0).item() if some else None,
        "norm": finite.norm().item() if some else None,
        "zeros": int((wide == 0).sum()),
        "nans": int(torch.isnan(wide).sum()),
        "infs": int(torch.isinf(wide).sum()),
    }


class TensorWriter:
    """Gives captured tensors their ids, in order, and collects the large ones apart in `whole`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self.whole: dict[str, dict[str, Any]] = {}

    def write(self, captured: Captured) -> dict[str, Any]:
        """A snapshot Tensor, ready for orjson. Above the inline limit its numbers go to `whole`."""
        identifier = f"t{self._count}"
        self._count += 1
        written: dict[str, Any] = {
            "id": identifier,
            "shape": captured.shape,
            "dtype": captured.dtype,
            "device": captured.device,
            "data": None,
            "stats": captured.stats,
        }
        if captured.data is None:
            return written
        if captured.data.numel() <= self._limits.inline_elements:
            written["data"] = orjson.Fragment(numbers(captured.data))
        else:
            written["stats"] = statistics(captured.data)
            self.whole[identifier] = {**written, "data": orjson.Fragment(numbers(captured.data))}
        return written
