"""Makes the folder of a release that later versions must open: a small data folder, exported files and links.

    python tests/released/make.py 0.1.0 gradwalk

The first argument names the folder beside this file, the rest is the command line that starts that release. It needs
only httpx, so that it works with an old release's environment, too. A folder that exists is never written again.
"""

import gzip
import json
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

HERE: Final = Path(__file__).parent
DATABASE: Final = "gradwalk.sqlite3"
SECONDS_FOR_THE_FIRST_LESSON: Final = 60

TRAINING: Final = """import torch
from torch import nn

torch.manual_seed(3)
x = torch.randn(40, 30)
y = torch.randn(40, 1)
net = nn.Sequential(nn.Linear(30, 3), nn.Tanh(), nn.Linear(3, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for step in range(12):
    optimizer.zero_grad()
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
    print(step, round(loss.item(), 4))
"""
FORGOTTEN: Final = """import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
for step in range(3):
    loss = ((w * 3 - 1) ** 2).sum()
    loss.backward()
    optimizer.step()
"""
FAILING: Final = """import torch

a = torch.ones(2, 3, requires_grad=True)
print("so far so good")
b = torch.ones(4, 5)
c = a @ b
"""

LINKS: Final[list[dict[str, str | None]]] = [
    {"address": "/s/{neuron}", "step": "Step 1 of 14", "shows": "gw-inspector"},
    {"address": "/s/{neuron}?lesson=neuron&step=7&iteration=0", "step": "Step 7 of 14", "shows": "gw-editor"},
    {"address": "/s/{neuron}?step=10&iteration=0&node=n4", "step": "Step 10 of 14", "shows": "g.node.selected"},
    {
        "address": "/s/{neuron}?lesson=neuron&stop=5&step=10&iteration=0&node=n6",
        "step": "Step 10 of 14",
        "shows": "section.current",
    },
    {"address": "/s/{neuron}?step=3&iteration=0&break=l10,n6", "step": "Step 3 of 14", "shows": "g.node"},
    {"address": "/s/{neuron}?step=4&iteration=0&predict=1", "step": None, "shows": "gw-predict"},
    {"address": "/s/{what_if}?step=8&iteration=0", "step": "Step 8 of 14", "shows": "g.node"},
    {"address": "/s/{neuron}?step=8&iteration=0&compare={what_if}", "step": "Step 8 of 14", "shows": "gw-compare"},
    {"address": "/s/{training}?step=2&iteration=5", "step": "Step 2 of", "shows": "gw-timeline"},
    {"address": "/s/{training}?step=3&iteration=11&open=", "step": "Step 3 of", "shows": "g.closed-room"},
    {"address": "/s/{training}?step=4&iteration=2&training=1", "step": "Step 4 of", "shows": "gw-loss-chart"},
    {"address": "/s/{forgotten}?step=6&iteration=2", "step": "Step 6 of", "shows": "g.node"},
    {"address": "/s/{failing}?step=1", "step": "Step 1 of", "shows": "gw-outcome"},
    {"address": "/lessons/neuron?step=10&iteration=0", "step": "Step 10 of 14", "shows": "gw-editor"},
    {"address": "/lessons/neuron?stop=5", "step": "Step 10 of 14", "shows": "section.current"},
    {"address": "/embed/s/{neuron}?step=10&iteration=0", "step": "Step 10 of 14", "shows": "gradwalk-player"},
    {"address": "/embed/lessons/neuron?step=10&iteration=0", "step": "Step 10 of 14", "shows": "gradwalk-player"},
    {"address": "/print/s/{training}", "step": None, "shows": "gradwalk-handout"},
]
"""Addresses as the page writes them, where each opens, and an element that stands there."""


@contextmanager
def serving(command: list[str], data_dir: Path) -> Iterator[httpx.Client]:
    """A client of a server of the release."""
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", "--data-dir", str(data_dir)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the server did not start"
        with httpx.Client(base_url=found[0], timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.communicate(timeout=60)


def run(client: httpx.Client, source: str, **options: Any) -> str:
    """Run a program and return the id of its snapshot."""
    answer = client.post("/api/v1/runs", json={"source": source, **options})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["snapshot"])


def first_lesson(client: httpx.Client) -> dict[str, Any]:
    """Wait until the server has run the lesson of the neuron, and return that lesson."""
    end = time.monotonic() + SECONDS_FOR_THE_FIRST_LESSON
    while time.monotonic() < end:
        lesson: dict[str, Any] = client.get("/api/v1/lessons/neuron").json()
        if lesson["snapshot"] is not None:
            return lesson
        time.sleep(0.1)
    raise AssertionError("the first lesson was not run")


def keep_only(database: Path, kept: list[str]) -> None:
    """Delete the snapshots of the other lessons, which would make the folder large."""
    with closing(sqlite3.connect(database)) as connection:
        marks = ",".join("?" * len(kept))
        for table in ("names", "twins", "tensors", "iterations"):
            connection.execute(f"DELETE FROM {table} WHERE snapshot_id NOT IN ({marks})", kept)
        connection.execute(f"DELETE FROM snapshots WHERE id NOT IN ({marks})", kept)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")


def main() -> None:
    """Write the folder of a release."""
    version, *command = sys.argv[1:]
    folder = HERE / version
    data = folder / "data"
    data.mkdir(parents=True)
    with serving(command, data) as client:
        lesson = first_lesson(client)
        change = {"name": "w", "index": [0], "value": -1.5}
        snapshots = {
            "neuron": lesson["snapshot"],
            "what_if": run(client, lesson["source"], overrides=[change]),
            "training": run(client, TRAINING, seed=11),
            "forgotten": run(client, FORGOTTEN),
            "failing": run(client, FAILING),
        }
        exports = {
            name: client.get(f"/api/v1/snapshots/{snapshot}/export/json").raise_for_status().json()
            for name, snapshot in snapshots.items()
        }
        page = client.get(f"/api/v1/snapshots/{snapshots['neuron']}/export/html").raise_for_status().content
    keep_only(data / DATABASE, list(snapshots.values()))
    links = [dict(link, address=str(link["address"]).format(**snapshots)) for link in LINKS]
    (folder / "snapshots.json").write_text(json.dumps(snapshots, indent=2) + "\n", "utf-8")
    (folder / "links.json").write_text(json.dumps(links, indent=2) + "\n", "utf-8")
    (folder / "exports.json.gz").write_bytes(gzip.compress(json.dumps(exports).encode(), mtime=0))
    (folder / "neuron.html.gz").write_bytes(gzip.compress(page, mtime=0))


if __name__ == "__main__":
    main()
