"""A snapshot as the rows that are stored, and a tensor found again inside them. Pure functions."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError

from gradwalk.contract.models import json_of
from gradwalk.contract.snapshot import Iteration, Snapshot, Tensor
from gradwalk.store.compressed_json import CompressedJson

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
class TwinRow:
    """A whole tensor, `number`, that holds the same as another one, `of`: a contribution that is all of a gradient, the
    value before an update that is the one after the last. Its body is that of the other but for the id.
    """

    number: int
    of: int


@dataclass(frozen=True)
class Rows:
    """Everything that is stored of one snapshot."""

    head: CompressedJson
    iterations: list[IterationRow]
    tensors: list[TensorRow]
    twins: list[TwinRow]

    @property
    def size(self) -> int:
        """Bytes, compressed."""
        bodies = [row.body for row in self.iterations] + [row.body for row in self.tensors]
        return sum(len(body.zstd) for body in (self.head, *bodies))


def encode(snapshot: Snapshot) -> Rows:
    """The rows of a snapshot."""
    tensors, twins = _tensor_rows(snapshot.tensors.values())
    return Rows(
        head=CompressedJson.of(json_of(snapshot.head())),
        iterations=[_iteration_row(iteration) for iteration in snapshot.iterations],
        tensors=tensors,
        twins=twins,
    )


def _iteration_row(iteration: Iteration) -> IterationRow:
    json = json_of(iteration)
    first = min((int(number) for number in _TENSOR_ID.findall(json)), default=None)
    return IterationRow(iteration.index, first, CompressedJson.of(json))


def _tensor_rows(whole: Iterable[Tensor]) -> tuple[list[TensorRow], list[TwinRow]]:
    """Two of five are twins when a network learns; to find them is quicker than to compress them."""
    first: dict[bytes, int] = {}
    tensors, twins = [], []
    for tensor in whole:
        number, json = int(tensor.id[1:]), json_of(tensor)
        content = hashlib.blake2b(memoryview(json)[len(_opening(number)) :], digest_size=32).digest()
        of = first.setdefault(content, number)
        if of == number:
            tensors.append(TensorRow(number, CompressedJson.of(json)))
        else:
            twins.append(TwinRow(number, of))
    return tensors, twins


def _opening(number: int) -> bytes:
    """How the JSON of a tensor begins: its id is the first field."""
    return b'{"id":"t%d",' % number


def as_twin(body: CompressedJson, of: int, number: int) -> CompressedJson:
    """The body of the tensor `number`, made of the body of `of`, which holds the same."""
    return CompressedJson.of(_opening(number) + body.json().removeprefix(_opening(of)))


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
