"""A small real HTTP server that says what a test tells it to, for what Gradwalk's own does not do on demand."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CREATED = {
    "snapshot": "abc",
    "outcome": {"status": "completed", "error": None},
    "timings": {"queued_ms": 1.0, "run_ms": 2.0, "total_ms": 3.5},
}


@dataclass
class Heard:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Speaker:
    """`url`: where it is; `heard`: what came in; `left`: is set when a client went before it had heard everything."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)


class Reply:
    """How one request is answered."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler

    def whole(self, status: int, body: Any, media_type: str = "application/json", **headers: str) -> None:
        """An answer at once. `body`: bytes, or what is written as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._start(status, media_type, {"Content-Length": str(len(content)), **headers})
        self._handler.wfile.write(content)

    def problem(self, status: int, code: str, detail: str = "Do this.", **headers: str) -> None:
        """A refusal."""
        body = {"type": f"urn:gradwalk:problem:{code}", "title": "T", "status": status, "detail": detail, "code": code}
        self.whole(status, body, "application/problem+json", **headers)

    def stream(self) -> None:
        """The beginning of a stream of events."""
        self._start(200, "text/event-stream; charset=utf-8", {"Connection": "close", "Cache-Control": "no-store"})

    def event(self, name: str, data: Any) -> None:
        """One event."""
        self.raw(f"event: {name}\ndata: {json.dumps(data)}\n\n")

    def raw(self, text: str) -> None:
        """Anything. Raises OSError when the client has gone."""
        self._handler.wfile.write(text.encode())
        self._handler.wfile.flush()

    def _start(self, status: int, media_type: str, headers: dict[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in {"Content-Type": media_type, **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()


@contextmanager
def speaking(*answers: Callable[[Reply], None]) -> Iterator[Speaker]:
    """A server that answers the first request with the first of these, and so on; the last one again and again."""
    speaker = Speaker()
    waiting = list(answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            speaker.heard.append(Heard(self.command, self.path, headers, body))
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            try:
                answer(Reply(self))
            except OSError:
                speaker.left.set()
                self.close_connection = True

        do_GET = do_POST = _answer  # noqa: N815, their names

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    speaker.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield speaker
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
