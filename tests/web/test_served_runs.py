"""Runs on the real server: who has its turn when, what is told meanwhile, what is left of a run given up."""

import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.lesson_data import MakeDataDir, wait_for_lessons
from tests.processes import ServerProcess, server, until
from tests.sandbox.conftest import children
from tests.sandbox.test_pool import is_running
from tests.web.events import STREAM, Event, events

TRAINING = """
import time, torch
w = torch.tensor([2.0], requires_grad=True)
for step in range({steps}):
    loss = (w * 3 - 1).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
    w.grad = None
    time.sleep({pause})
"""
ENDLESS = "while True:\n    pass\n"
DEADLINE_SECONDS = 20


@pytest.fixture(scope="module")
def folder(make_data_dir: MakeDataDir) -> Path:
    return make_data_dir()


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[ServerProcess]:
    """A server that has run its lessons."""
    with server(folder) as started:
        with started.client() as client:
            wait_for_lessons(client)
        yield started


def snapshots(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "gradwalk.sqlite3")) as database:
        return int(database.execute("select count(*) from snapshots").fetchone()[0])


def confined(running: ServerProcess) -> set[int]:
    """The children that run programs or wait for one."""
    [forkserver] = children(running.process.pid)
    return {pid for zygote in children(forkserver) for pid in children(zygote) if is_running(pid)}


def resting(running: ServerProcess) -> set[int]:
    """Those that wait, once the server's own lessons have run and it has its two spares."""
    seen: list[set[int]] = [set()]

    def rests() -> bool:
        time.sleep(0.3)
        seen.append(confined(running))
        return len(seen[-1]) == 2 and seen[-1] == seen[-2]

    assert until(rests, DEADLINE_SECONDS)
    return seen[-1]


def body(source: str, **rest: object) -> dict[str, Any]:
    return {"source": source, **rest}


def named(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def streamed(running: ServerProcess, source: str, token: str) -> list[Event]:
    """All events of one run."""
    with (
        running.client() as client,
        client.stream("POST", "/api/v1/runs", json=body(source), headers={**STREAM, **named(token)}) as answer,
    ):
        assert answer.status_code == 200
        return list(events(answer.iter_lines()))


def test_a_training_is_followed_to_its_last_iteration(running: ServerProcess) -> None:
    started, *iterations, done = streamed(running, TRAINING.format(steps=40, pause=0.02), "training")
    assert (started.name, done.name) == ("started", "done")
    assert {event.name for event in iterations} == {"iteration"}
    told = {event.data["index"]: event.data["loss"] for event in iterations}
    assert 3 <= len(told) <= 40
    assert max(told) == 39
    with running.client() as client:
        head = client.get(f"/api/v1/snapshots/{done.data['snapshot']}").json()
    recorded = {iteration["index"]: iteration["loss"] for iteration in head["iterations"]}
    assert told.items() <= recorded.items()


def test_the_last_of_a_thousand_fast_iterations_is_told_past_the_limit_of_the_recording_too(
    running: ServerProcess,
) -> None:
    source = TRAINING.format(steps=3500, pause=0).replace("    time.sleep(0)\n", "")
    told = streamed(running, source, "fast")
    iterations = [event.data["index"] for event in told if event.name == "iteration"]
    assert iterations == sorted(set(iterations))
    assert told[-1].data["outcome"]["status"] == "completed"
    assert iterations[-1] == 3499


def test_the_second_run_of_a_client_waits_for_its_first(running: ServerProcess) -> None:
    with ThreadPoolExecutor() as threads:
        first = threads.submit(streamed, running, TRAINING.format(steps=10, pause=0.1), "twice")
        time.sleep(0.3)
        second = threads.submit(streamed, running, "print(1)", "twice").result()
        assert [event.name for event in second] == ["queued", "started", "done"]
        assert second[0].data == {"position": 1}
        assert second[1].data["queued_ms"] > 200
        assert second[2].data["timings"]["queued_ms"] > 200
        assert first.result()[-1].name == "done"


def test_a_client_that_floods_does_not_delay_another(running: ServerProcess) -> None:
    """While one client has eight programs of half a second waiting, another is answered before its second has ended."""
    answered: list[str] = []

    def flood() -> None:
        with running.client() as client:
            answer = client.post("/api/v1/runs", json=body("import time\ntime.sleep(0.5)"), headers=named("flood"))
            assert answer.status_code == 201
            answered.append("flood")

    with running.client() as client, ThreadPoolExecutor(9) as threads:
        client.get("/")  # a browser's session
        client.post("/api/v1/runs", json=body("1"))
        flooding = [threads.submit(flood) for _ in range(9)]
        time.sleep(0.2)
        for _ in range(3):
            assert client.post("/api/v1/runs", json=body("print('other')")).status_code == 201
            answered.append("other")
        for flooded in flooding:
            flooded.result()
    # on one processor each of its turns may come after one of the flood's; on more it never has to wait
    assert answered.index("other") <= 1
    assert [name for name in answered[:7] if name == "other"] == ["other"] * 3


def test_too_many_of_one_client_are_told_when_to_come_back(running: ServerProcess) -> None:
    def one(headers: dict[str, str]) -> httpx.Response:
        with running.client() as client:
            answer = client.post("/api/v1/runs", json=body("import time\ntime.sleep(0.4)"), headers=headers)
            answer.read()
            return answer

    with ThreadPoolExecutor(20) as threads:
        wanted = [{**named("many"), **(STREAM if number % 2 else {})} for number in range(20)]
        answers = list(threads.map(one, wanted))
    refused = [answer for answer in answers if answer.status_code == 503]
    assert len(refused) >= 5
    for answer in refused:
        assert (answer.headers["Content-Type"], answer.json()["code"]) == ("application/problem+json", "busy")
        assert int(answer.headers["Retry-After"]) >= 1
    assert {answer.status_code for answer in answers} <= {200, 201, 503}


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["plain", "stream"])
def test_whoever_closes_the_connection_ends_the_run_and_nothing_is_stored(
    running: ServerProcess, folder: Path, headers: dict[str, str]
) -> None:
    idle = resting(running)
    stored = snapshots(folder)
    with connection(running) as gone:
        gone.sendall(request(ENDLESS, {**headers, **named("gone")}))
        time.sleep(0.5)
        assert confined(running) == idle  # one of them runs it
    begun = time.monotonic()
    assert until(lambda: len(idle - confined(running)) == 1, DEADLINE_SECONDS)
    assert time.monotonic() - begun < 2  # the limit of the run is 5 s; benchmarks/bench_load.py measures
    with running.client() as client:
        assert client.post("/api/v1/runs", json=body("1"), headers=named("gone")).status_code == 201
    assert snapshots(folder) == stored + 1


def test_whoever_closes_the_connection_while_waiting_frees_its_place(running: ServerProcess, folder: Path) -> None:
    stored = snapshots(folder)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(streamed, running, "import time\ntime.sleep(1)", "patient")
        time.sleep(0.3)
        waiting = [connection(running) for _ in range(8)]
        for one in waiting:
            one.sendall(request("print(1)", {**STREAM, **named("patient")}))
        time.sleep(0.3)
        with running.client() as client:
            run = client.post("/api/v1/runs", json=body("print(2)"), headers=named("patient"))
            assert run.status_code == 503
            for one in waiting:
                one.close()
            time.sleep(0.1)
            run = client.post("/api/v1/runs", json=body("print(2)"), headers=named("patient"))
            assert run.status_code == 201
        assert first.result()[-1].name == "done"
    assert snapshots(folder) == stored + 2


def test_a_what_if_run_does_not_wait_for_those_that_its_page_has_given_up(running: ServerProcess) -> None:
    """A slider that is dragged: each run of two seconds is given up for the next one."""
    began = time.monotonic()
    for _ in range(5):
        with connection(running) as given_up:
            given_up.sendall(request("import time\ntime.sleep(2)", named("slider")))
            time.sleep(0.05)
    with running.client() as client:
        change = {"name": "w", "index": [0], "value": 2.5}
        source = "import torch\nw = torch.ones(1, requires_grad=True)\nprint((w * 2).item())"
        answer = client.post("/api/v1/runs", json=body(source, overrides=[change]), headers=named("slider"))
        assert time.monotonic() - began < 2
        head = client.get(answer.headers["Location"]).json()
    assert head["console"][0]["text"] == "5.0\n"


def test_clients_that_never_read_hold_nobody_up(running: ServerProcess) -> None:
    deaf = [connection(running) for _ in range(20)]
    try:
        for number, one in enumerate(deaf):
            one.sendall(request("import torch\nfor i in range(500): torch.ones(1)", {**STREAM, **named(f"{number}")}))
        answers = streamed(running, "print(1)", "reader")
        assert answers[-1].name == "done"
    finally:
        for one in deaf:
            one.close()


def test_a_class_presses_run_in_the_same_second(running: ServerProcess) -> None:
    """Thirty browsers for the first time, each with numbers of its own; all are answered, each with its own."""
    barrier = threading.Barrier(30)

    def student(number: int) -> str:
        with running.client() as client:
            client.get("/")
            barrier.wait()
            answer = client.post("/api/v1/runs", json=body(f"import torch\nprint(torch.tensor({number}) * 2)"))
            assert answer.status_code == 201, answer.text
            return str(client.get(answer.headers["Location"]).json()["console"][0]["text"])

    with ThreadPoolExecutor(30) as students:
        assert list(students.map(student, range(30))) == [f"tensor({2 * number})\n" for number in range(30)]


def connection(running: ServerProcess) -> socket.socket:
    url = httpx.URL(running.url)
    return socket.create_connection((url.host, url.port), timeout=30)


def request(source: str, headers: dict[str, str]) -> bytes:
    """The bytes of a POST."""
    content = json.dumps({"source": source}).encode()
    lines = ["POST /api/v1/runs HTTP/1.1", "Host: test", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
