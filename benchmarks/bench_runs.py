"""How fast POST /api/v1/runs answers with the neuron: one client after the other, and two at once."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

NEURON = (Path(__file__).parent.parent / "app" / "lessons" / "programs" / "neuron.py").read_text()
ROUNDS = 200
PAUSE_SECONDS = 0.03
"""Between two runs of one client: the pace of a person is slower still."""


def main() -> None:
    """Starts a real server and prints the figures."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gradwalk = Path(sys.executable).with_name("gradwalk")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GRADWALK_DATA_DIR": folder}
        server = subprocess.Popen([gradwalk, "serve", "--port", str(port)], env=environment)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                wait_until_healthy(client)
                measure(client)
        finally:
            server.terminate()
            server.wait(20)


def wait_until_healthy(client: httpx.Client) -> None:
    """Waits for the server; raises when it does not come up."""
    for _ in range(300):
        try:
            if client.get("/api/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become healthy")


def measure(client: httpx.Client) -> None:
    """Runs the neuron and prints p50 and p95 in milliseconds."""

    def run() -> float:
        began = time.perf_counter()
        answer = client.post("/api/v1/runs", json={"source": NEURON})
        took = (time.perf_counter() - began) * 1000
        answer.raise_for_status()
        assert answer.json()["outcome"]["status"] == "completed"
        return took

    def series(_: int) -> list[float]:
        return [paced(run) for _ in range(ROUNDS)]

    for _ in range(10):
        run()
    show("POST /runs, the neuron, one client  (asked: p50 25, p95 60)", series(0))
    with ThreadPoolExecutor(2) as clients:
        both = [took for times in clients.map(series, range(2)) for took in times]
    show("POST /runs, the neuron, two clients", both)
    print("the sandbox prototype alone, for comparison: p50 3.6 ms, p95 6.7 ms")


def paced(run: Callable[[], float]) -> float:
    """One run and the pause after it."""
    took = run()
    time.sleep(PAUSE_SECONDS)
    return took


def show(what: str, times: list[float]) -> None:
    """Prints one line."""
    cuts = statistics.quantiles(times, n=20)
    print(f"{what}: p50 {statistics.median(times):.1f} ms, p95 {cuts[18]:.1f} ms, {len(times)} runs")


if __name__ == "__main__":
    main()
