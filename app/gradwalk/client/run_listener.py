"""Receiving the events that a server sends while a program waits and runs."""

from collections.abc import Callable
from typing import TypeVar

from httpx_sse import ServerSentEvent
from pydantic import BaseModel

from gradwalk.client.response_parsing import parse_json
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
    """Receives the events of one run. `result`: the result of the run or its refusal, null until then."""

    def __init__(self, on_progress: OnProgress) -> None:
        self._on_progress = on_progress
        self.result: RunCreated | Problem | None = None

    def on_event(self, event: ServerSentEvent) -> bool:
        """Receive an event, and return true when it was the last. An event of an unknown kind is ignored.

        Raises AnswerNotUnderstood, and what `on_progress` raises.
        """
        if event.event == "done":
            self.result = _read(RunCreated, event)
        elif event.event == "problem":
            self.result = _read(Problem, event)
        elif event.event in _KINDS:
            self._on_progress(_read(_KINDS[event.event], event))
        return self.result is not None


def _read(model: type[M], event: ServerSentEvent) -> M:
    return parse_json(model, event.data, f"an event {event.event} that is none")
