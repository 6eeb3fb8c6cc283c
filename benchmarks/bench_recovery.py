"""How soon everything works again after a fault, while two clients keep running the neuron."""

import os
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.serving import serving_process

NEURON = (Path(__file__).parent.parent / "app" / "gradwalk" / "lessons" / "programs" / "neuron.py").read_text()
ROUNDS = 5
CLIENTS = 2
PACE_SECONDS = 0.2
"""Between two runs of one client."""


def main() -> None:
    """Kills what can be killed, again and again, and prints the times in seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving_process(folder) as (address, server), load(address):
            time.sleep(2)
            show("spares killed, to the next answer", times(lambda: kill_spares(server.pid), address))
            show("zygote killed, to the next answer", times(lambda: kill_zygote(server.pid), address))
            show("zygote killed, to a good health", times(lambda: kill_zygote(server.pid), address, healthy))
            show("forkserver and zygote killed", times(lambda: kill_forkserver_and_zygote(server.pid), address))
        show("server killed, to a good health of the next", [restart(folder) for _ in range(ROUNDS)])
    print("the sandbox prototype, for comparison: zygote ready in 3.3 s; asked: healthy within 5 s")


def times(fault: Callable[[], None], address: str, recovered: Callable[[str], bool] | None = None) -> list[float]:
    """Seconds from the fault until `recovered` holds, or until a program is answered."""
    taken = []
    for _ in range(ROUNDS):
        fault()
        began = time.perf_counter()
        time.sleep(0.05)  # until the server has seen it
        while not (recovered or answered)(address):
            time.sleep(0.02)
        taken.append(time.perf_counter() - began)
        time.sleep(1.5)
    return taken


def restart(folder: Path) -> float:
    """Seconds that a server takes from its start to a good health, when the last one was killed in the middle."""
    began = time.perf_counter()
    with serving_process(folder) as (address, server):
        taken = time.perf_counter() - began
        with load(address):
            time.sleep(0.5)
            server.kill()
    return taken


def answered(address: str) -> bool:
    """Whether a program runs now."""
    answer = httpx.post(f"{address}/api/v1/runs", json={"source": NEURON}, timeout=60)
    return answer.status_code == 201 and answer.json()["outcome"]["status"] == "completed"


def healthy(address: str) -> bool:
    """Whether the server says so."""
    return httpx.get(f"{address}/api/v1/health", timeout=60).status_code == 200


@contextmanager
def load(address: str) -> Iterator[None]:
    """Some clients that run the neuron all the time."""
    enough = threading.Event()

    def run() -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while not enough.wait(PACE_SECONDS):
                try:
                    client.post("/api/v1/runs", json={"source": NEURON})
                except httpx.TransportError:
                    return

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def children(parent: int) -> list[int]:
    """The processes that this process has started."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found]


def zygotes(server: int) -> list[int]:
    """The forkserver's one, as a rule."""
    return [zygote for forkserver in children(server) for zygote in children(forkserver)]


def kill_zygote(server: int) -> None:
    """As the machine does when its memory runs out."""
    for zygote in zygotes(server):
        os.kill(zygote, signal.SIGKILL)


def kill_forkserver_and_zygote(server: int) -> None:
    """The worst case: everything is imported again."""
    for process in (*children(server), *zygotes(server)):
        os.kill(process, signal.SIGKILL)


def kill_spares(server: int) -> None:
    """All of them at once, those that run a program too."""
    for spare in [spare for zygote in zygotes(server) for spare in children(zygote)]:
        os.kill(spare, signal.SIGKILL)


def show(what: str, taken: list[float]) -> None:
    """Prints one line."""
    print(f"{what}: median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s, {len(taken)} times")


if __name__ == "__main__":
    main()
