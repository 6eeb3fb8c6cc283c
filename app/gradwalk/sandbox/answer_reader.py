"""The reader of answers, on the server's side: parts are checked strictly, one by one, and other requests run in
between.
"""

import asyncio
import gc
import time
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pydantic import ValidationError

from gradwalk.contract.models import Model
from gradwalk.contract.snapshot import Iteration, Recorded, Tensor
from gradwalk.sandbox.soundness import (
    GraphIds,
    graph_is_sound,
    iteration_is_sound,
    tensor_is_sound,
    training_history_is_sound,
)

PartModel = TypeVar("PartModel", bound=Model)
Head = TypeVar("Head", bound=Recorded)

_LONGEST_HOLD_SECONDS: Final = 0.005
_OBJECTS_PER_STEP, _LISTS_PER_STEP, _VALUES_PER_STEP, _BEYOND = 48, 64, 256, 50_000
"""More than the steps of real programs take; a step deep in a recursion has a frame for each call that is kept."""
_BYTES_PER_COMPLEX_NUMBER: Final = 8
"""Each complex number is a list of its own."""
_VALUES_BESIDE_ELEMENTS: Final = 100
"""The JSON values of a tensor other than its elements: its shape, its statistics, the names of its fields."""


@dataclass
class RawAnswer:
    """The bodies of the frames of one answer, unread. `head`: a Recorded whose iterations and tensors are apart."""

    head: bytes
    iterations: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class JsonBudget:
    """The number of JSON values that a recording may have: in all, in its head, and in one whole tensor.

    Three bytes of JSON, `[],`, become a hundred once they are read, and a part is read in one go while all other
    requests wait. A limit on the bytes of an answer limits neither.
    """

    objects: int
    lists: int
    values: int
    head_values: int
    tensor_values: int

    @classmethod
    def for_limits(cls, steps: int, recorded_bytes: int, stored_elements: int) -> "JsonBudget":
        """Return the budget of a recording with so many steps, bytes of tensor data, and elements in its largest
        tensor.
        """
        structure = _BEYOND + _VALUES_PER_STEP * steps
        return cls(
            objects=_BEYOND + _OBJECTS_PER_STEP * steps,
            lists=_BEYOND + _LISTS_PER_STEP * steps + recorded_bytes // _BYTES_PER_COMPLEX_NUMBER,
            values=structure + recorded_bytes,
            head_values=structure,
            tensor_values=_VALUES_BESIDE_ELEMENTS + 2 * stored_elements,
        )

    def admits(self, raw: RawAnswer) -> bool:
        """Return whether the answer keeps to the budget. Commas and brackets inside text count too: there are few."""
        bodies = (raw.head, *raw.iterations, *raw.tensors)
        return (
            raw.head.count(b",") <= self.head_values
            and all(body.count(b",") <= self.tensor_values for body in raw.tensors)
            and sum(body.count(b"{") for body in bodies) <= self.objects
            and sum(body.count(b"[") for body in bodies) <= self.lists
            and sum(body.count(b",") for body in bodies) <= self.values
        )


async def read_answer(raw: RawAnswer, budget: JsonBudget, kind: type[Head]) -> Head | None:
    """Return the recording as the `kind` that was asked for; null when its shape is wrong or it is not sound. Never
    raises.
    """
    if not budget.admits(raw):
        return None
    sharer = _EventLoopSharer()
    await sharer.yield_if_due()
    try:
        return await _read(raw, sharer, kind)
    except ValidationError:
        return None


async def _read(raw: RawAnswer, sharer: "_EventLoopSharer", kind: type[Head]) -> Head | None:
    head = _parsed(kind, raw.head)
    if head.iterations or head.tensors:
        return None
    names = []
    for position, graph in enumerate(head.graphs):
        if not graph_is_sound(graph, position):
            return None
        names.append(GraphIds.of(graph))
        await sharer.yield_if_due()
    if not training_history_is_sound(head.course, names, len(raw.iterations)):
        return None
    iterations = []
    for position, body in enumerate(raw.iterations):
        iteration = _parsed(Iteration, body)
        if not iteration_is_sound(iteration, position, names):
            return None
        iterations.append(iteration)
        await sharer.yield_if_due()
    tensors = {}
    for body in raw.tensors:
        tensor = _parsed(Tensor, body)
        if not tensor_is_sound(tensor) or int(tensor.id[1:]) in tensors:
            return None
        tensors[int(tensor.id[1:])] = tensor
        await sharer.yield_if_due()
    whole = {tensor.id: tensor for tensor in tensors.values()}
    return head.model_copy(update={"iterations": iterations, "tensors": whole})


def _parsed(kind: type[PartModel], body: bytes) -> PartModel:
    """Return one part as a model. The garbage collector is off while it is read: it would look again and again at a
    million new objects, none of which is garbage yet.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return kind.model_validate_json(body)
    finally:
        if collecting:
            gc.enable()


class _EventLoopSharer:
    """A timer that lets other tasks run when this one has held the event loop for a while."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    async def yield_if_due(self) -> None:
        if time.perf_counter() - self._since > _LONGEST_HOLD_SECONDS:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
