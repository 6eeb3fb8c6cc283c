"""What a server tells of a run while it runs."""

from collections.abc import Callable
from typing import TypeVar

from httpx_sse import ServerSentEvent
from pydantic import BaseModel, ConfigDict, ValidationError

from app.api.models import RunCreated
from app.client.answers import not_understood
from app.fields import Real
from app.problem import Problem

M = TypeVar("M", bound=BaseModel)


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Queued(_Told):
    """The run waits. `position`: how many come before it."""

    position: int


class Started(_Told):
    """The program runs. `queued_ms`: milliseconds that it waited."""

    queued_ms: float


class IterationRecorded(_Told):
    """Iteration number `index` is over. `loss`: its loss, where the program computed one."""

    index: int
    loss: Real | None


Progress = Queued | Started | IterationRecorded
OnProgress = Callable[[Progress], None]

_KINDS: dict[str, type[Queued | Started | IterationRecorded]] = {
    "queued": Queued,
    "started": Started,
    "iteration": IterationRecorded,
}


class RunListener:
    """Hears the events of one run. `end`: how it ended; null while it has not. `hear` may raise what `on_progress`
    raises.
    """

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self.end: RunCreated | Problem | None = None

    def hear(self, event: ServerSentEvent) -> bool:
        """One event. Whether it was the last. An event of a kind that this client does not know is passed over.

        Raises AnswerNotUnderstood.
        """
        if event.event == "done":
            self.end = _read(RunCreated, event)
        elif event.event == "problem":
            self.end = _read(Problem, event)
        elif event.event in _KINDS:
            self._on_progress(_read(_KINDS[event.event], event))
        return self.end is not None


def _read(model: type[M], event: ServerSentEvent) -> M:
    try:
        return model.model_validate_json(event.data, extra="ignore")
    except ValidationError as error:
        raise not_understood(f"an event {event.event} that is none") from error
