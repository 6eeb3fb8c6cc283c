"""A call as a conversation that knows nothing of sockets: a generator that yields what to ask and is sent the answer.

So every call is written once; `gradwalk.client.http_clients` has the two ways to hold the conversation.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import httpx
from httpx_sse import ServerSentEvent

from gradwalk.client.answers import refusal_of, retry_after

T = TypeVar("T")

Hear = Callable[[ServerSentEvent], bool]

EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Ask:
    """One request. `after`: seconds to wait before it. `hear`: is given the events where the answer is a stream of
    them, until it returns true; other answers are read whole.
    """

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    after: float = 0.0
    hear: Hear | None = None

    def hears(self, response: httpx.Response) -> bool:
        """Whether the answer is a stream that was asked for."""
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return self.hear is not None and response.is_success and media_type == EVENTS


Steps = Generator[Ask, httpx.Response, T]


@dataclass(frozen=True)
class Patience:
    """`retries`: how often a request is asked again that the server wants to be asked again; `longest`: seconds that
    it may name.
    """

    retries: int
    longest: float

    def answered(self, ask: Ask) -> Steps[httpx.Response]:
        """A successful answer. Raises the error that the server tells."""
        for left in range(self.retries, -1, -1):
            response = yield ask
            if response.is_success:
                return response
            wait = retry_after(response) if response.status_code in (429, 503) else None
            if wait is None or wait > self.longest or not left:
                break
            ask = replace(ask, after=wait)
        raise refusal_of(response)
