"""A call of the REST API as a generator that does no input or output: it yields requests and is sent their responses.

So every call is written once, and `gradwalk.client.http_clients` runs it in two ways: blocking and asynchronous.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import TypeVar

import httpx
from httpx_sse import ServerSentEvent

from gradwalk.client.response_parsing import error_of_response, retry_after

T = TypeVar("T")

OnEvent = Callable[[ServerSentEvent], bool]
"""A callback for the events of a stream. It returns true after the last one."""

EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True)
class ApiRequest:
    """One request. `delay`: seconds to wait before it. `on_event` is called with each event when the response is a
    stream, until it returns true; other responses are read completely.
    """

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    on_event: OnEvent | None = None

    def accepts_stream(self, response: httpx.Response) -> bool:
        """Return true when the response is a stream of events and the request has a callback for them."""
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return self.on_event is not None and response.is_success and media_type == EVENT_STREAM


Exchange = Generator[ApiRequest, httpx.Response, T]
"""The requests of one call, which returns a T."""


@dataclass(frozen=True)
class RetryPolicy:
    """The retries of a request when the server is busy and names a delay. `retries`: how many at most; `longest_delay`:
    the longest delay in seconds for which to wait.
    """

    retries: int
    longest_delay: float

    def send(self, request: ApiRequest) -> Exchange[httpx.Response]:
        """Send a request until it succeeds. Raises the error that the server reports."""
        for left in range(self.retries, -1, -1):
            response = yield request
            if response.is_success:
                return response
            delay = retry_after(response) if response.status_code in (429, 503) else None
            if delay is None or delay > self.longest_delay or not left:
                break
            request = replace(request, delay=delay)
        raise error_of_response(response)
