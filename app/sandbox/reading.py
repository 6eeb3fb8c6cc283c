"""The server's side of an answer: its parts are checked strictly, one by one, and other requests run in between."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from app.sandbox.soundness import Names, graph_is_sound, iteration_is_sound, tensor_is_sound
from app.snapshot import Iteration, Recorded, Tensor

_LONGEST_HOLD_SECONDS: Final = 0.005
_OBJECTS_PER_STEP, _LISTS_PER_STEP, _OBJECTS_BEYOND = 32, 64, 50_000
_BYTES_PER_COMPLEX_NUMBER: Final = 4
"""Twice as much as the steps of real programs take, and one list for each of the smallest complex numbers."""


@dataclass
class Answered:
    """The bodies of the frames of one answer, unread. `head`: a Recorded whose iterations and tensors are apart."""

    head: bytes
    iterations: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Bulk:
    """How many JSON values a recording may have. Three bytes of JSON, `[],`, are a hundred once they are read: what
    limits the bytes of an answer does not limit the memory that reading it takes.
    """

    objects: int
    lists: int
    values: int

    @classmethod
    def of(cls, steps: int, recorded_bytes: int) -> "Bulk":
        """Of a recording of so many steps with so many bytes of tensor data."""
        objects = _OBJECTS_BEYOND + _OBJECTS_PER_STEP * steps
        lists = _OBJECTS_BEYOND + _LISTS_PER_STEP * steps + recorded_bytes // _BYTES_PER_COMPLEX_NUMBER
        return cls(objects, lists, recorded_bytes + 4 * objects + 2 * lists)

    def less(self, body: bytes) -> "Bulk":
        """What is left of it after a body. Brackets inside text count too, which is harmless."""
        return Bulk(self.objects - body.count(b"{"), self.lists - body.count(b"["), self.values - body.count(b","))

    @property
    def exceeded(self) -> bool:
        """Whether there was more."""
        return min(self.objects, self.lists, self.values) < 0


async def read_answer(answered: Answered, bulk: Bulk) -> Recorded | None:
    """The recording, or null when it has another shape than agreed, or does not hold together. Never raises."""
    breath = _Breath()
    for body in (answered.head, *answered.iterations, *answered.tensors):
        bulk = bulk.less(body)
        if bulk.exceeded:
            return None
        await breath.take()
    try:
        return await _read(answered, breath)
    except ValidationError:
        return None


async def _read(answered: Answered, breath: "_Breath") -> Recorded | None:
    head = Recorded.model_validate_json(answered.head)
    if head.iterations or head.tensors:
        return None
    names = []
    for position, graph in enumerate(head.graphs):
        if not graph_is_sound(graph, position):
            return None
        names.append(Names.of(graph))
        await breath.take()
    iterations = []
    for position, body in enumerate(answered.iterations):
        iteration = Iteration.model_validate_json(body)
        if not iteration_is_sound(iteration, position, names):
            return None
        iterations.append(iteration)
        await breath.take()
    tensors = {}
    for body in answered.tensors:
        tensor = Tensor.model_validate_json(body)
        if not tensor_is_sound(tensor) or int(tensor.id[1:]) in tensors:
            return None
        tensors[int(tensor.id[1:])] = tensor
        await breath.take()
    whole = {tensor.id: tensor for tensor in tensors.values()}
    return head.model_copy(update={"iterations": iterations, "tensors": whole})


class _Breath:
    """Lets other tasks run when this one has held the event loop for a while."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    async def take(self) -> None:
        if time.perf_counter() - self._since > _LONGEST_HOLD_SECONDS:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
