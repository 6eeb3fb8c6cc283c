"""The server's side of an answer: its parts are checked strictly, one by one, and other requests run in between."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from app.snapshot import Iteration, Recorded, Tensor

_LONGEST_HOLD_SECONDS: Final = 0.005


@dataclass
class Answered:
    """The bodies of the frames of one answer, unread. `head`: a Recorded whose iterations and tensors are apart."""

    head: bytes
    iterations: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)


async def read_answer(answered: Answered) -> Recorded | None:
    """The recording, or null when it is not of the agreed shape in any part. Never raises."""
    breath = _Breath()
    try:
        head = Recorded.model_validate_json(answered.head)
        await breath.take()
        iterations = []
        for body in answered.iterations:
            iterations.append(Iteration.model_validate_json(body))
            await breath.take()
        tensors = {}
        for body in answered.tensors:
            tensor = Tensor.model_validate_json(body)
            tensors[tensor.id] = tensor
            await breath.take()
    except ValidationError:
        return None
    return head.model_copy(update={"iterations": iterations, "tensors": tensors})


class _Breath:
    """Lets other tasks run when this one has held the event loop for a while."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    async def take(self) -> None:
        if time.perf_counter() - self._since > _LONGEST_HOLD_SECONDS:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
