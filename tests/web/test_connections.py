"""Slow, greedy and deaf clients, over raw sockets against the real server."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.lesson_data import MakeDataDir
from tests.processes import ServerProcess, server

PATIENCE = 30
LIMITS = {
    "GRADWALK_HEADER_SECONDS": "1",
    "GRADWALK_BODY_SECONDS": "1.5",
    "GRADWALK_IDLE_SECONDS": "1",
    "GRADWALK_CONNECTIONS": "260",
    "GRADWALK_HEADER_KIB": "16",
    "GRADWALK_SPARES": "1",
}


@pytest.fixture(scope="module")
def running(make_data_dir: MakeDataDir) -> Iterator[ServerProcess]:
    with server(make_data_dir(), **LIMITS) as running:
        yield running


@contextmanager
def connected(running: ServerProcess, receive_buffer: int | None = None) -> Iterator[socket.socket]:
    """A raw connection; `receive_buffer`: bytes that the kernel keeps for a client that does not read."""
    address = urlsplit(running.url)
    with socket.socket() as raw:
        raw.settimeout(PATIENCE)
        if receive_buffer is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.connect((address.hostname, address.port))
        yield raw


def everything(raw: socket.socket) -> bytes:
    """All that comes until the server closes; that it does close is part of each test."""
    received = b""
    while part := raw.recv(65536):
        received += part
    return received


def whole_answer(raw: socket.socket) -> bytes:
    """One answer of a connection that stays open, of as many bytes as its head says."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += raw.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    assert length is not None
    while len(body) < int(length[1]):
        body += raw.recv(65536)
    return head + body


def problem(answer: bytes) -> tuple[int, str]:
    """The status and the code of a refusal as it came over the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["connection"] == "close"
    assert int(headers["content-length"]) == len(body)
    told = json.loads(body)
    assert str(told["status"]) == lines[0].split()[1]
    return told["status"], told["code"]


def is_alive(running: ServerProcess) -> None:
    with running.client() as client:
        assert client.get("/api/v1/lessons").status_code == 200


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n", b"\r\n"])
def test_headers_that_never_end(running: ServerProcess, sent: bytes) -> None:
    with connected(running) as raw:
        raw.sendall(sent)
        answer = everything(raw)
    if sent.strip():
        assert problem(answer) == (408, "request_timeout")
    else:  # nothing was asked
        assert answer == b""


def test_the_second_request_has_a_deadline_too(running: ServerProcess) -> None:
    with connected(running) as raw:
        raw.sendall(b"GET /api/v1/lessons HTTP/1.1\r\nHost: x\r\n\r\n")
        assert raw.recv(65536).startswith(b"HTTP/1.1 200")
        raw.sendall(b"GET /api/v1/le")
        answer = everything(raw)
        assert problem(answer[answer.index(b"HTTP/1.1 408") :]) == (408, "request_timeout")


def test_an_empty_line_does_not_hold_an_idle_connection(running: ServerProcess) -> None:
    with connected(running) as raw:
        raw.sendall(b"GET /api/v1/lessons HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n")
        assert whole_answer(raw).startswith(b"HTTP/1.1 200")
        raw.sendall(b"\r\n")
        # nothing was asked: the connection is closed without a word
        assert everything(raw) == b""


def post(headers: str, body: bytes) -> bytes:
    head = f"POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n"
    return head.encode() + body


@pytest.mark.parametrize(
    "sent",
    [
        post("Content-Length: 100\r\n", b'{"source'),
        post("Transfer-Encoding: chunked\r\n", b'5\r\n{"sou\r\n'),
        post("Content-Length: 100\r\nExpect: 100-continue\r\n", b""),
    ],
    ids=["length", "chunked", "continue"],
)
def test_a_body_that_never_ends(running: ServerProcess, sent: bytes) -> None:
    with connected(running) as raw:
        raw.sendall(sent)
        answer = everything(raw).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert problem(answer) == (408, "request_timeout")


def drip(raw: socket.socket, count: int) -> None:
    """Send a byte every tenth of a second."""
    for _ in range(count):
        raw.sendall(b" ")
        time.sleep(0.1)


def test_a_body_that_nobody_reads_does_not_hold_its_connection(running: ServerProcess) -> None:
    with connected(running) as raw:
        raw.sendall(b"POST /api/v1/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{")
        with pytest.raises(OSError, match=r"reset|[Bb]roken pipe"):
            drip(raw, PATIENCE * 10)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5000,
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000,
        b"GET /" + b"y" * 20_000,
        b"GET /?" + b"y" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        post("Transfer-Encoding: chunked\r\n", b"1\r\n{\r\n0\r\n" + b"X: y\r\n" * 5000),
        post("Transfer-Encoding: chunked\r\n", b"1;" + b"y" * 600_000),
    ],
    ids=["many", "one", "address", "query", "trailers", "chunk extension"],
)
def test_headers_that_are_too_large(running: ServerProcess, sent: bytes) -> None:
    with connected(running) as raw:
        raw.sendall(sent)
        assert problem(everything(raw)) == (431, "headers_too_large")
    is_alive(running)


def test_headers_just_within_the_limit(running: ServerProcess) -> None:
    request = b"GET /api/v1/lessons HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"y" * 15_000 + b"\r\n\r\n"
    with connected(running) as raw:
        raw.sendall(request)
        assert everything(raw).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"HELO example.org\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nX\x00Y: z\r\n\r\n",
        post("Transfer-Encoding: chunked\r\n", b"zz\r\n"),
    ],
    ids=["tls", "smtp", "length", "smuggling", "name", "chunk"],
)
def test_what_is_not_http(running: ServerProcess, sent: bytes) -> None:
    with connected(running) as raw:
        raw.sendall(sent)
        assert problem(everything(raw)) == (400, "malformed_request")
    is_alive(running)


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_an_upgrade_is_answered_as_if_none_was_asked_for(running: ServerProcess, upgrade: str) -> None:
    request = f"GET /api/v1/lessons HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: {upgrade}\r\n"
    request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with connected(running) as raw:
        raw.sendall(request.encode())
        assert everything(raw).startswith(b"HTTP/1.1 200 OK")


LARGE = "import torch\nx = torch.rand(65000)\ny = x * 2\n" + "z = y + 1\n" * 60


def test_an_answer_that_is_never_read_is_dropped(running: ServerProcess) -> None:
    with running.client() as client:
        address = client.post("/api/v1/runs", json={"source": LARGE}).headers["Location"]
        largest = client.get(f"{address}/iterations/0").json()["values"]
        tensor = next(value[0]["id"] for value in largest.values() if value[0]["shape"] == [65000])
        size = len(client.get(f"{address}/tensors/{tensor}", headers={"Accept-Encoding": "identity"}).content)
    request = f"GET {address}/tensors/{tensor} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with connected(running, receive_buffer=4096) as raw:
        raw.sendall(request * 40)  # more than the kernel keeps for us
        time.sleep(4)
        received = everything_or_reset(raw)
    assert len(received) < 40 * size
    is_alive(running)


def test_an_answer_that_is_read_slowly_arrives(running: ServerProcess) -> None:
    with running.client() as client:
        address = client.post("/api/v1/runs", json={"source": LARGE}).headers["Location"]
    request = f"GET {address}/tensors/t0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    with connected(running, receive_buffer=4096) as raw:
        raw.sendall(request)
        received = b""
        while part := raw.recv(40_000):
            received += part
            time.sleep(0.01)
    head, _, body = received.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head


def test_two_hundred_slow_clients_do_not_keep_others_from_being_served(running: ServerProcess) -> None:
    dribbling = threading.Event()
    dribbling.set()
    with ExitStack() as open_connections:
        slow = [open_connections.enter_context(connected(running)) for _ in range(200)]
        for number, raw in enumerate(slow):
            raw.sendall(post("Content-Length: 1000\r\n", b"{") if number % 2 else b"GET / HTTP/1.1\r\n")

        def dribble() -> None:
            while dribbling.is_set():
                for raw in slow:
                    try:
                        raw.send(b"X")
                    except OSError:
                        continue
                time.sleep(0.2)

        thread = threading.Thread(target=dribble)
        thread.start()
        try:
            with running.client() as client:
                for _ in range(5):
                    answer = client.post("/api/v1/runs", json={"source": "print(1)"})
                    assert answer.json()["outcome"]["status"] == "completed"
        finally:
            dribbling.clear()
            thread.join()
        ends = [everything_or_reset(raw) for raw in slow]
    assert all(b" 408 " in end or b" 400 " in end or end == b"" for end in ends)
    is_alive(running)


def everything_or_reset(raw: socket.socket) -> bytes:
    try:
        return everything(raw)
    except ConnectionError:
        return b""


def test_connections_beyond_the_bound_are_told_so(running: ServerProcess) -> None:
    with ExitStack() as open_connections:
        many = [open_connections.enter_context(connected(running)) for _ in range(300)]
        answers = [everything_or_reset(raw) for raw in many]
    refused = [answer for answer in answers if answer]
    assert {problem(answer) for answer in refused} == {(503, "too_many_connections")}
    assert len(refused) >= 40
    assert all(b"retry-after: " in answer.lower() for answer in refused)
    is_alive(running)
