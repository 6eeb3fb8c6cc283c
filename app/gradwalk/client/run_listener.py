"""What a server tells of a run while it runs."""

from collections.abc import Callable
from typing import TypeVar

from httpx_sse import ServerSentEvent
from pydantic import BaseModel

from gradwalk.client.answers import parsed
from gradwalk.contract.problem import Problem
from gradwalk.web.bodies import IterationEnded, Queued, RunCreated, Started

M = TypeVar("M", bound=BaseModel)

Progress = Queued | Started | IterationEnded
OnProgress = Callable[[Progress], None]

_KINDS: dict[str, type[Queued | Started | IterationEnded]] = {
    "queued": Queued,
    "started": Started,
    "iteration": IterationEnded,
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
    return parsed(model, event.data, f"an event {event.event} that is none")
