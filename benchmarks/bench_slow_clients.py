"""How fast POST /api/v1/runs answers a client while 200 others send a byte of headers or body a second."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx

from benchmarks.bench_runs import NEURON, paced, show
from benchmarks.serving import serving

SLOW_CLIENTS = 200
ROUNDS = 100
BEGUN = (
    b"GET /api/v1/lessons HTTP/1.1\r\nX: ",
    b"POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
)


def main() -> None:
    """Starts a real server and prints the figures."""
    with serving() as address, httpx.Client(base_url=address, timeout=30) as client:
        measure(client, "alone")
        with slow_clients(address):
            measure(client, f"beside {SLOW_CLIENTS} slow clients")


def measure(client: httpx.Client, beside: str) -> None:
    """Runs the neuron and prints p50 and p95 in milliseconds."""

    def run() -> float:
        began = time.perf_counter()
        client.post("/api/v1/runs", json={"source": NEURON}).raise_for_status()
        return (time.perf_counter() - began) * 1000

    run()
    show(f"POST /runs, the neuron, {beside}", [paced(run) for _ in range(ROUNDS)])


@contextmanager
def slow_clients(address: str) -> Iterator[None]:
    """Clients that send a byte a second, and come again when the server has had enough of them."""
    stop = threading.Event()

    def connect(number: int) -> socket.socket:
        where = urlsplit(address)
        raw = socket.create_connection((where.hostname, where.port))
        raw.sendall(BEGUN[number % 2])
        return raw

    def dribble() -> None:
        with ExitStack() as at_the_end:
            slow = [connect(number) for number in range(SLOW_CLIENTS)]
            at_the_end.callback(lambda: close(slow))
            while not stop.wait(1.0):
                for number, raw in enumerate(slow):
                    try:
                        raw.sendall(b"x")
                    except OSError:
                        raw.close()
                        slow[number] = connect(number)

    thread = threading.Thread(target=dribble)
    thread.start()
    time.sleep(2)
    try:
        yield
    finally:
        stop.set()
        thread.join()


def close(connections: list[socket.socket]) -> None:
    """Closes them all."""
    for raw in connections:
        raw.close()


if __name__ == "__main__":
    main()
