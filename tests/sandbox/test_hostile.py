"""Every program of tests/hostile is contained, and the run after it is the same as the one before it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox import Answer
from tests.sandbox.conftest import Served

PROGRAMS = sorted((Path(__file__).parents[1] / "hostile").glob("*.py"))

STATUS_OF_KIND = {
    "ok": "completed",
    "error": "failed",
    "time": "timed_out",
    "memory": "out_of_memory",
    "output": "output_exceeded",
    "crash": "crashed",
    "no-result": "crashed",
    "bad-result": "crashed",
    "result-too-big": "crashed",
}

DIFFERENT = {
    # A program is text before it reaches the sandbox: bytes that are no UTF-8 are refused by the API.
    "115_source_not_utf8": {"completed"},
}

SECONDS_TO_END_AND_TO_WRITE = 6.0
PORT_THAT_PROGRAMS_TRY = 18765

BYSTANDER = """
import random
import numpy as np
import torch
torch.manual_seed(torch.randint(1000, ()).item())
net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(), torch.nn.Linear(2, 1))
optimizer = torch.optim.Adam(net.parameters())
for step in range(2):
    optimizer.zero_grad()
    loss = net(torch.rand(4, 3)).square().mean()
    loss.backward()
    optimizer.step()
    print(step, loss, random.random(), np.random.rand(), set("abc"))
"""


@pytest.fixture(scope="module")
def before(served: Served) -> Answer:
    return served.run(BYSTANDER)


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", PORT_THAT_PROGRAMS_TRY)) as listening:
        listening.setblocking(False)
        yield listening


def allowed(path: Path) -> set[str]:
    kinds = path.read_bytes().split(b"\n")[1].decode().removeprefix("# kinds: ").strip()
    return DIFFERENT.get(path.stem) or {STATUS_OF_KIND[kind] for kind in kinds.split(",")}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_hostile_program_is_contained(path: Path, served: Served, before: Answer, listener: socket.socket) -> None:
    answer = served.run(path.read_bytes().decode("utf-8", "surrogateescape"))
    everything = "".join(entry.text for entry in answer.console) + answer.recorded.model_dump_json()

    assert answer.recorded.outcome.status in allowed(path), answer.recorded.outcome
    assert "ESCAPED" not in everything
    assert "root:x:" not in everything
    assert answer.run_ms < 1e3 * (served.settings.wall_seconds + SECONDS_TO_END_AND_TO_WRITE)
    assert sum(len(entry.text.encode()) for entry in answer.console) <= served.settings.output_kib << 10
    with pytest.raises(BlockingIOError):
        listener.accept()

    after = served.run(BYSTANDER)
    assert after.recorded == before.recorded
    assert after.console == before.console


def test_the_bystander_is_worth_comparing(before: Answer) -> None:
    assert before.recorded.outcome.status == "completed", before.recorded.outcome
    assert len(before.recorded.iterations) == 2
    assert len(before.console) == 2
