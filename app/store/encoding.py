"""A snapshot as the rows that are stored, and a tensor found again inside them. Pure functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from app.models import json_of
from app.snapshot import Iteration, Snapshot, Tensor
from app.store.compression import CompressedJson

# In an iteration only tensors have an "id", and only of this shape. A program that puts such a text into a setting
# of its own optimizer merely makes one of its own tensors harder to find.
_TENSOR_ID = re.compile(rb'"id":"t(\d{1,9})"')


@dataclass(frozen=True)
class IterationRow:
    """An iteration's body. `first_tensor`: the smallest number of its tensors' ids; null when it holds none."""

    index: int
    first_tensor: int | None
    body: CompressedJson


@dataclass(frozen=True)
class TensorRow:
    """A whole tensor that is too large to stand inside an iteration. `number`: 3 for the id t3."""

    number: int
    body: CompressedJson


@dataclass(frozen=True)
class Rows:
    """Everything that is stored of one snapshot."""

    head: CompressedJson
    iterations: list[IterationRow]
    tensors: list[TensorRow]

    @property
    def size(self) -> int:
        """Bytes, compressed."""
        bodies = [row.body for row in self.iterations] + [row.body for row in self.tensors]
        return sum(len(body.zstd) for body in (self.head, *bodies))


def encode(snapshot: Snapshot) -> Rows:
    """The rows of a snapshot."""
    return Rows(
        head=CompressedJson.of(json_of(snapshot.head())),
        iterations=[_iteration_row(iteration) for iteration in snapshot.iterations],
        tensors=[_tensor_row(tensor) for tensor in snapshot.tensors.values()],
    )


def _iteration_row(iteration: Iteration) -> IterationRow:
    json = json_of(iteration)
    first = min((int(number) for number in _TENSOR_ID.findall(json)), default=None)
    return IterationRow(iteration.index, first, CompressedJson.of(json))


def _tensor_row(tensor: Tensor) -> TensorRow:
    return TensorRow(int(tensor.id[1:]), CompressedJson.of(json_of(tensor)))


def find_tensor(iteration: CompressedJson, tensor_id: str) -> dict[str, Any] | None:
    """The JSON of the tensor with this id among those that stand inside an iteration; null when there is none."""
    document = orjson.loads(iteration.json())
    return next((d for d in _objects(document) if d.get("id") == tensor_id and _is_tensor(d)), None)


def _is_tensor(found: dict[str, Any]) -> bool:
    """An optimizer's state may hold anything, also what begins like a tensor."""
    try:
        Tensor.model_validate_json(orjson.dumps(found))
    except ValidationError:
        return False
    return True


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON document, itself included."""
    open_ends = [document]
    while open_ends:
        current = open_ends.pop()
        if isinstance(current, dict):
            yield current
            open_ends.extend(current.values())
        elif isinstance(current, list) and current and isinstance(current[0], (dict, list, type(None))):
            open_ends.extend(current)
