"""The writer of what autograd has saved for backward: from records to the models of a snapshot."""

import math
from itertools import count
from typing import Any, Final

import torch

from gradwalk.contract.autograd_node import AutogradNode, SavedTensor
from gradwalk.contract.models import build
from gradwalk.recorder.calls import as_data
from gradwalk.recorder.records import NodeRecord, Port, SavedPart, SavedRecord
from gradwalk.recorder.saved_tensors import saved_names
from gradwalk.recorder.tensor_capture import TensorSummary, dtype_name

_NAMES: Final[dict[type, list[str]]] = {}
_WRAPPED: Final = 2**64
"""Torch reports sizes and indices as unsigned 64-bit numbers: a `dim` of -1 as this number less 1."""


def write_autograd(node: NodeRecord) -> list[AutogradNode]:
    """Return the autograd nodes of an operation, in the order in which backward runs them."""
    saved = node.saved
    if saved is None or isinstance(saved, str):
        return [_node(kind, None, {}, saved) for kind in node.autograd]
    entries = iter(saved.entries)
    storages = _Storages(saved)
    written = []
    for kind in node.autograd:
        tensors: list[SavedTensor] = []
        values: dict[str, Any] = {}
        for name in saved_names(kind):
            _write(name, next(entries, None), storages, tensors, values)
        written.append(_node(kind, tensors, values, None))
    return written


class _Storages:
    """Storage numbers for the tensors of an operation; tensors that share memory have the same one."""

    def __init__(self, saved: SavedRecord) -> None:
        self._numbers = iter(saved.storages) if saved.storages is not None else count()

    def next(self) -> int:
        """Return the number of the tensor after the last one."""
        return next(self._numbers)


def _node(kind: type, tensors: list[SavedTensor] | None, values: dict[str, Any], unread: str | None) -> AutogradNode:
    fields = {"name": kind.__name__, "saved": _all_names(kind), "tensors": tensors, "values": values, "unread": unread}
    return build(AutogradNode, fields)


def _all_names(kind: type) -> list[str]:
    """Return the names of all that this type of autograd node may save, by PyTorch's derivatives.yaml."""
    names = _NAMES.get(kind)
    if names is None:
        names = [name.removeprefix("_saved_") for name in dir(kind) if name.startswith("_saved_")]
        # a custom Function's class is the program's own: it must not outlive the program
        if kind.__module__ != "__main__":
            _NAMES[kind] = names
    return names


def _write(name: str, entry: Any, storages: _Storages, tensors: list[SavedTensor], values: dict[str, Any]) -> None:
    """Add one entry to the tensors or to the values, wherever it belongs."""
    if entry is None:
        return
    if type(entry) is SavedPart or (type(entry) is tuple and entry and type(entry[0]) is NodeRecord):
        tensors.append(_tensor(name, entry, storages.next()))
    elif type(entry) is list:
        for number, part in enumerate(entry):
            if part is not None:
                tensors.append(_tensor(f"{name}[{number}]", part, storages.next()))
    elif type(entry) is dict:
        values.update(entry)
    # a Function that saved nothing has an empty tuple
    elif entry != () or name != "saved_tensors":
        values[name] = _plain(entry)


def _plain(value: Any) -> Any:
    if type(value) is int and value >= _WRAPPED >> 1:
        return value - _WRAPPED
    if type(value) is tuple:
        return [_plain(one) for one in value]
    return as_data(value)


def _tensor(name: str, kept: Port | SavedPart, storage: int) -> SavedTensor:
    port: Port | None
    if type(kept) is tuple:
        port, view = kept, False
        captured = kept[0].values[kept[1]]
        if type(captured) is tuple:
            shape, dtype, size = list(captured[0]), dtype_name(captured[1]), len(captured[2])
        else:
            assert isinstance(captured, TensorSummary)
            shape, dtype = captured.shape, captured.dtype
            size = math.prod(shape) * getattr(torch, dtype).itemsize
    else:
        assert isinstance(kept, SavedPart)
        port, view = kept.port, kept.view
        shape, dtype, size = list(kept.shape), dtype_name(kept.dtype), kept.bytes
    # a leaf that only another iteration of this structure has is not in the graph
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
