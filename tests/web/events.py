"""Reading a stream of events, for the tests."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

STREAM = {"Accept": "text/event-stream"}


class Event(NamedTuple):
    name: str
    data: Any


def events(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream by its lines; comments are left out."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield Event(name, json.loads(line.removeprefix("data: ")))
        else:
            assert line == "" or line.startswith(":"), line
