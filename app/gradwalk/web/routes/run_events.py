"""The server-sent events that report how a run gets on, and their documentation in the OpenAPI document."""

from typing import Any, Final

from pydantic import BaseModel

from gradwalk.contract.problem import Problem
from gradwalk.web.bodies import IterationEnded, Queued, RunCreated, Started

MEDIA_TYPE: Final = "text/event-stream"

EVENTS: Final[dict[str, type[BaseModel]]] = {
    "queued": Queued,
    "started": Started,
    "iteration": IterationEnded,
    "done": RunCreated,
    "problem": Problem,
}
"""The model of each event's data by the event's name."""

_NAMES: Final = {model: name for name, model in EVENTS.items()}


def encode(event: BaseModel) -> bytes:
    """Return one event as it stands in a stream."""
    text = event.model_dump_json(exclude_defaults=isinstance(event, Problem))
    return f"event: {_NAMES[type(event)]}\ndata: {text}\n\n".encode()


def schemas() -> dict[str, Any]:
    """Return the JSON schemas of the events that no other response uses, for the OpenAPI document. What they refer to
    is a part of other responses too.
    """
    models: tuple[type[BaseModel], ...] = (Queued, Started, IterationEnded)
    template = "#/components/schemas/{model}"
    made = {model.__name__: model.model_json_schema(mode="serialization", ref_template=template) for model in models}
    return {name: {key: value for key, value in schema.items() if key != "$defs"} for name, schema in made.items()}


def documented() -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may answer with a stream."""
    events = {name: {"$ref": f"#/components/schemas/{model.__name__}"} for name, model in EVENTS.items()}
    description = (
        "Server-sent events: `queued` (again whenever the position changes; left out when the program starts at once), "
        "`started`, `iteration` (the newest, at most 20 a second), then `done` with what the plain answer holds, or "
        "`problem`. Comments keep the connection open. To close it is to cancel the run."
    )
    example = 'event: queued\ndata: {"position":3}\n\nevent: iteration\ndata: {"index":12,"loss":0.31}\n\n'
    content = {MEDIA_TYPE: {"schema": {"type": "string"}, "example": example, "x-events": events}}
    return {200: {"description": description, "content": content}}
