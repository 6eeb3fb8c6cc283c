"""What is told of a run while it waits and runs: the events of a stream, and what is left to tell."""

import asyncio
from typing import Any, Final

from pydantic import BaseModel

from gradwalk.contract.fields import Real
from gradwalk.contract.problem import Problem
from gradwalk.sandbox import ProgressListener
from gradwalk.web.bodies import IterationEnded, Queued, RunCreated, Started

MEDIA_TYPE: Final = "text/event-stream"


EVENTS: Final[dict[str, type[BaseModel]]] = {
    "queued": Queued,
    "started": Started,
    "iteration": IterationEnded,
    "done": RunCreated,
    "problem": Problem,
}
"""The data of each event by the event's name."""

_NAMES: Final = {model: name for name, model in EVENTS.items()}


class Progress(ProgressListener):
    """What of a run has not been told yet: only the newest of each kind, so a reader that does not read costs nothing.

    `news` is set when there is something.
    """

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self._queued: Queued | None = None
        self._started: Started | None = None
        self._iteration: IterationEnded | None = None

    def queued(self, position: int) -> None:
        """See Listener."""
        self._queued = Queued(position=position)
        self.news.set()

    def started(self, queued_ms: float) -> None:
        """See Listener."""
        self._queued, self._started = None, Started(queued_ms=round(queued_ms, 3))
        self.news.set()

    def iteration(self, index: int, loss: Real | None) -> None:
        """See Listener."""
        self._iteration = IterationEnded(index=index, loss=loss)
        self.news.set()

    def take(self) -> list[BaseModel]:
        """What is left to tell, in order; it is told now."""
        waiting: list[BaseModel] = [
            event for event in (self._queued, self._started, self._iteration) if event is not None
        ]
        self._queued = self._started = self._iteration = None
        self.news.clear()
        return waiting


def encode(event: BaseModel) -> bytes:
    """One event of a stream."""
    text = event.model_dump_json(exclude_defaults=isinstance(event, Problem))
    return f"event: {_NAMES[type(event)]}\ndata: {text}\n\n".encode()


def schemas() -> dict[str, Any]:
    """The JSON schemas of the events that no other answer has, for the OpenAPI document."""
    models: tuple[type[BaseModel], ...] = (Queued, Started, IterationEnded)
    return {model.__name__: model.model_json_schema(mode="serialization") for model in models}


def documented() -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may answer with a stream."""
    events = {name: {"$ref": f"#/components/schemas/{model.__name__}"} for name, model in EVENTS.items()}
    told = (
        "Server-sent events: `queued` (again whenever the position changes; left out when the program starts at once), "
        "`started`, `iteration` (the newest, at most 20 a second), then `done` with what the plain answer holds, or "
        "`problem`. Comments keep the connection open. To close it is to cancel the run."
    )
    example = 'event: queued\ndata: {"position":3}\n\nevent: iteration\ndata: {"index":12,"loss":0.31}\n\n'
    content = {MEDIA_TYPE: {"schema": {"type": "string"}, "example": example, "x-events": events}}
    return {200: {"description": told, "content": content}}
