"""How often a slider that is dragged gets an answer: the neuron again and again, each time with another weight."""

import time

import httpx

from benchmarks.bench_runs import NEURON
from benchmarks.serving import serving

SECONDS = 5.0
WARM_UP = 10


def main() -> None:
    """Starts a real server and prints the figures."""
    with serving() as address, httpx.Client(base_url=address, timeout=30) as client:
        client.get("/")
        for number in range(WARM_UP):
            what_if(client, number)
        show("what-if runs of the neuron, one user", client, read=False)
        show("the same, and the iteration fetched that the page draws", client, read=True)


def show(what: str, client: httpx.Client, read: bool) -> None:
    """Prints how many a second, one after the other."""
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        snapshot = what_if(client, count)
        if read:
            changed(client, snapshot, count)
        count += 1
    rate = count / (time.perf_counter() - began)
    changed(client, snapshot, count - 1)
    print(f"{what}: {rate:.1f} a second  (asked: 15 or more)")


def what_if(client: httpx.Client, number: int) -> str:
    """One run with the weight that this number stands for. The address of its snapshot."""
    overrides = [{"name": "w", "index": [0], "value": weight(number)}]
    answer = client.post("/api/v1/runs", json={"source": NEURON, "overrides": overrides})
    answer.raise_for_status()
    assert answer.json()["outcome"]["status"] == "completed", answer.text
    return answer.headers["Location"]


def changed(client: httpx.Client, snapshot: str, number: int) -> None:
    """The weight must have been changed."""
    values = client.get(f"{snapshot}/iterations/0").json()["values"].values()
    assert [weight(number)] in [value[0]["data"] for value in values]


def weight(number: int) -> float:
    """A quarter further each time, so that it is exact in every dtype."""
    return 0.25 * (number % 40) - 5


if __name__ == "__main__":
    main()
