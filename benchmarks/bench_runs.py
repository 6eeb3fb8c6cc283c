"""How fast POST /api/v1/runs answers with the neuron: one client after the other, and two at once."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from benchmarks.serving import serving

NEURON = (Path(__file__).parent.parent / "app" / "gradwalk" / "lessons" / "programs" / "neuron.py").read_text()
ROUNDS = 200
PAUSE_SECONDS = 0.03
"""Between two runs of one client: the pace of a person is slower still."""


def main() -> None:
    """Starts a real server and prints the figures."""
    with serving() as address, httpx.Client(base_url=address, timeout=30) as client:
        measure(client)


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
