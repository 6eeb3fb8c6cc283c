"""What autograd has saved for backward, from records to the models of a snapshot."""

import math
from typing import Final

import torch

from app.models import build
from app.snapshot import AutogradNode, SavedTensor
from app.tracing.records import NodeRecord, Port, SavedPart, SavedRecord, SavedTensorRecord
from app.tracing.tensors import Summary, dtype_name

_NAMES: Final[dict[type, list[str]]] = {}


def write_autograd(node: NodeRecord) -> list[AutogradNode]:
    """The autograd nodes of an operation, in the order in which backward runs them."""
    first = 0
    written = []
    for number, kind in enumerate(node.autograd):
        saved = node.saved[number] if number < len(node.saved) else None
        tensors = None if saved is None or saved.unread is not None else _tensors(saved, first)
        fields = {
            "name": kind.__name__,
            "saved": _names(kind),
            "tensors": tensors,
            "values": {} if saved is None or saved.values is None else saved.values,
            "unread": None if saved is None else saved.unread,
        }
        written.append(build(AutogradNode, fields))
        first += len(tensors or ())
    return written


def _names(kind: type) -> list[str]:
    """The names of what this kind of autograd node may save, by PyTorch's derivatives.yaml."""
    names = _NAMES.get(kind)
    if names is None:
        names = [name.removeprefix("_saved_") for name in dir(kind) if name.startswith("_saved_")]
        # a custom Function's class is the program's own: it must not outlive the program
        if kind.__module__ != "__main__":
            _NAMES[kind] = names
    return names


def _tensors(saved: SavedRecord, first: int) -> list[SavedTensor]:
    """`first`: the number of the first one among those of the operation."""
    storages = saved.storages or range(first, first + len(saved.tensors))
    return [_tensor(name, kept, storage) for (name, kept), storage in zip(saved.tensors, storages, strict=True)]


def _tensor(name: str, kept: SavedTensorRecord, storage: int) -> SavedTensor:
    port: Port | None
    if type(kept) is tuple:
        port, view = kept, False
        captured = kept[0].values[kept[1]]
        if type(captured) is tuple:
            shape, dtype, size = list(captured[0]), dtype_name(captured[1]), len(captured[2])
        else:
            assert isinstance(captured, Summary)
            shape, dtype = captured.shape, captured.dtype
            size = math.prod(shape) * getattr(torch, dtype).itemsize
    else:
        assert isinstance(kept, SavedPart)
        port, view = kept.port, kept.view
        shape, dtype, size = list(kept.shape), dtype_name(kept.dtype), kept.bytes
    # a leaf that only another iteration of the same structure has is in no graph
    node, output = port if port is not None and port[0].id else (None, 0)
    return build(
        SavedTensor,
        {
            "name": name,
            "shape": shape,
            "dtype": dtype,
            "bytes": size,
            "storage": storage,
            "node": None if node is None else node.id,
            "output": output,
            "view": view and node is not None,
        },
    )
