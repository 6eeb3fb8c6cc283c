"""The rows that a snapshot is stored in, and finding a tensor in them. Pure functions."""

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

# In an iteration only tensors have an "id" of this form. A program that puts such a text into a setting of its own
# optimizer only makes one of its own tensors harder to find.
_TENSOR_ID = re.compile(rb'"id":"t(\d{1,9})"')


@dataclass(frozen=True)
class IterationRow:
    """An iteration's body. `first_tensor`: the smallest number in the ids of its tensors that no earlier iteration has
    too; null when there is none.
    """

    index: int
    first_tensor: int | None
    body: CompressedJson


@dataclass(frozen=True)
class TensorRow:
    """A tensor that is too large to be stored inside an iteration. `number`: 3 for the id t3."""

    number: int
    body: CompressedJson


@dataclass(frozen=True)
class TwinRow:
    """A large tensor, `number`, that is equal to another one, `of`: for example the only contribution to a gradient, or
    the value before an update, which is the value after the previous one. Except for the id they have the same body.
    """

    number: int
    of: int


@dataclass(frozen=True)
class Rows:
    """All rows of one snapshot."""

    head: CompressedJson
    iterations: list[IterationRow]
    tensors: list[TensorRow]
    twins: list[TwinRow]

    @property
    def size(self) -> int:
        """The compressed size of all bodies in bytes."""
        bodies = [row.body for row in self.iterations] + [row.body for row in self.tensors]
        return sum(len(body.zstd) for body in (self.head, *bodies))


def encode_snapshot(snapshot: Snapshot) -> Rows:
    """Return the rows of a snapshot."""
    tensors, twins = _tensor_rows(snapshot.tensors.values())
    return Rows(
        head=CompressedJson.of(json_of(snapshot.head())),
        iterations=_iteration_rows(snapshot.iterations),
        tensors=tensors,
        twins=twins,
    )


def _iteration_rows(iterations: Iterable[Iteration]) -> list[IterationRow]:
    """Return the rows of iterations. A tensor that is in several of them, as the value after an update is the one
    before the next, is new in the first.
    """
    rows = []
    highest = -1
    for iteration in iterations:
        json = json_of(iteration)
        new = [number for number in map(int, _TENSOR_ID.findall(json)) if number > highest]
        rows.append(IterationRow(iteration.index, min(new, default=None), CompressedJson.of(json)))
        highest = max(new, default=highest)
    return rows


def _tensor_rows(whole: Iterable[Tensor]) -> tuple[list[TensorRow], list[TwinRow]]:
    """Return the rows of large tensors and of twins. When a network learns, two of five are twins, and finding them is
    faster than compressing them.
    """
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
    """Return the beginning of a tensor's JSON: its id is the first field."""
    return b'{"id":"t%d",' % number


def as_twin(body: CompressedJson, of: int, number: int) -> CompressedJson:
    """Return the body of the tensor `number`, made from the body of the equal tensor `of`."""
    return CompressedJson.of(_opening(number) + body.json().removeprefix(_opening(of)))


def find_tensor(iteration: CompressedJson, tensor_id: str) -> dict[str, Any] | None:
    """Return the JSON of the tensor with this id inside an iteration; null when there is none."""
    document = orjson.loads(iteration.json())
    return next((d for d in _objects(document) if d.get("id") == tensor_id and _is_tensor(d)), None)


def _is_tensor(found: dict[str, Any]) -> bool:
    """Return true for a tensor's JSON. An optimizer's state may hold anything, even JSON that begins like a tensor."""
    try:
        Tensor.model_validate_json(orjson.dumps(found))
    except ValidationError:
        return False
    return True


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object inside a JSON document, including the document itself."""
    waiting = [document]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting.extend(current.values())
        elif isinstance(current, list) and current and isinstance(current[0], (dict, list, type(None))):
            waiting.extend(current)
