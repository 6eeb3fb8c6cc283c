"""The snapshot Tensors that are written for captured tensors."""

from collections.abc import Callable
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel

from gradwalk.contract.models import build
from gradwalk.contract.snapshot import Stats, Tensor
from gradwalk.recorder.limits import Limits
from gradwalk.recorder.tensor_capture import Captured, Copied, TensorSummary, dtype_name
from gradwalk.recorder.tensor_numbers import numbers
from gradwalk.recorder.tensor_statistics import statistics


class Contents:
    """The contents of a captured tensor, which all that is written of it shares."""

    __slots__ = ("_stats", "captured")

    def __init__(self, captured: Copied) -> None:
        self.captured = captured
        self._stats: Stats | None = None

    @property
    def stats(self) -> Stats:
        """The statistics, computed when they are first read."""
        if self._stats is None:
            _, dtype, memory = self.captured
            self._stats = statistics(memory, dtype)
        return self._stats


class RecordedTensor(Tensor):
    """A Tensor whose numbers are made when they are first read.

    As Python objects they take ten times the memory of the tensor, and longer to make than the program took to compute
    them. It equals a Tensor that holds them, and is written as one. It shows its numbers, its statistics or both.
    """

    __slots__ = ("_contents", "_shows")

    @property
    def __dict__(self) -> dict[str, Any]:
        """All fields, as pydantic looks for them."""
        fields = _stored_fields(self)
        if "data" not in fields:
            contents, shows = self._contents, self._shows
            data = orjson.loads(numbers(contents.captured)) if shows != "stats" else None
            fields |= {"data": data, "stats": contents.stats if shows != "data" else None}
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
        contents, shows = self._contents, self._shows
        data = orjson.Fragment(numbers(contents.captured)) if shows != "stats" else None
        return {**fields, "data": data, "stats": contents.stats if shows != "data" else None}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tensor) and vars(self) == vars(other)

    __hash__ = Tensor.__hash__


_stored_fields: Final[Callable[[BaseModel], dict[str, Any]]] = BaseModel.__dict__["__dict__"].__get__
_store_fields: Final[Callable[[BaseModel, dict[str, Any]], None]] = BaseModel.__dict__["__dict__"].__set__
_set_contents: Final[Callable[[RecordedTensor, Contents], None]] = vars(RecordedTensor)["_contents"].__set__
_set_shows: Final[Callable[[RecordedTensor, str], None]] = vars(RecordedTensor)["_shows"].__set__

Shown = Literal["data", "stats", "both"]


def _recorded(contents: Contents, fields: dict[str, Any], shows: Shown) -> RecordedTensor:
    tensor = build(RecordedTensor, fields)
    _set_contents(tensor, contents)
    _set_shows(tensor, shows)
    return tensor


class TensorWriter:
    """A writer that gives captured tensors their ids, in order. What is captured once has one id wherever it is
    written. `large`: the large ones since it was last emptied, each only once.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._written: dict[int, tuple[Captured, Tensor]] = {}
        self.large: dict[str, Tensor] = {}

    def write(self, captured: Captured) -> Tensor:
        """Return a snapshot Tensor. Above the inline limit its numbers go to `large`."""
        written = self._written.get(id(captured))
        if written is not None:
            return written[1]
        tensor = self._new(captured, f"t{len(self._written)}")
        # the captured tensor is kept alive, so that no other one gets its identity
        self._written[id(captured)] = captured, tensor
        return tensor

    def _new(self, captured: Captured, identifier: str) -> Tensor:
        if isinstance(captured, TensorSummary):
            return build(Tensor, {"id": identifier, "data": None, **captured.fields()})
        shape, dtype, memory = captured
        contents = Contents(captured)
        fields = {"id": identifier, "shape": list(shape), "dtype": dtype_name(dtype), "device": "cpu"}
        if len(memory) <= self._limits.inline_elements * dtype.itemsize:
            return _recorded(contents, fields, "data")
        self.large[identifier] = _recorded(contents, fields.copy(), "both")
        return _recorded(contents, fields, "stats")
