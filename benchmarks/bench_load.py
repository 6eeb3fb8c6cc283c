"""A class presses Run in the same second: 30 users, then 300, each with a program whose numbers are its own; and how
soon a run ends whose client goes away. One line each, beside the figure that was asked.
"""

import asyncio
import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from benchmarks.serving import serving_and_pid

PROGRAM = """
import torch
w = torch.tensor([{number}.0], requires_grad=True)
loss = (w * 2).sum()
loss.backward()
print(loss.item())
"""
ASKED = {30: "asked: all within 1 s", 300: "asked: all answered, or told when to come back and answered then"}
SAMPLE_SECONDS = 0.02
ENDLESS = "while True:\n    pass\n"
CANCELS = 20


@dataclass
class User:
    """One browser. `waited`: seconds until the answer, or until the first refusal; `refused`: how often."""

    number: int
    cookie: str
    waited: float = 0.0
    refused: int = 0
    snapshot: str = ""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Server:
    """A light client: it shares the processors with what it measures."""

    def __init__(self, address: str) -> None:
        url = urlsplit(address)
        assert url.hostname is not None
        assert url.port is not None
        self.host, self.port = url.hostname, url.port

    async def ask(self, method: str, path: str, cookie: str = "", content: bytes = b"") -> Answer:
        """One request on a connection of its own."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {cookie}\r\n"
        head += "Accept: application/json, text/html\r\nAccept-Encoding: identity\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        whole = await reader.read()
        writer.close()
        top, _, body = whole.partition(b"\r\n\r\n")
        first, *lines = top.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return Answer(int(first.split()[1]), headers, body)


@dataclass
class Memory:
    """Resident memory of the server's process, in MiB."""

    pid: int
    seen: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Measured now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Looks again and again meanwhile."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(SAMPLE_SECONDS):
                self.seen.append(self.now())

        watching = threading.Thread(target=watch)
        watching.start()
        yield
        over.set()
        watching.join()


def main() -> None:
    """Starts a real server and prints the figures."""
    for count in ASKED:
        with serving_and_pid() as (address, pid):
            wait_for_the_lessons(address)
            asyncio.run(press_run(Server(address), Memory(pid), count))
    with serving_and_pid() as (address, pid):
        wait_for_the_lessons(address)
        asyncio.run(cancel(Server(address), pid))


def wait_for_the_lessons(address: str) -> None:
    """Waits until the server has run its own programs."""
    lessons = httpx.get(f"{address}/api/v1/lessons").json()["lessons"]
    while any(httpx.get(f"{address}/api/v1/lessons/{one['slug']}").json()["snapshot"] is None for one in lessons):
        time.sleep(0.1)


async def press_run(server: Server, memory: Memory, count: int) -> None:
    """All at once; each result is read back and must be its own."""
    users = []
    for number in range(count):
        page = await server.ask("GET", "/")
        users.append(User(number, page.headers["set-cookie"].partition(";")[0]))
    before = memory.now()
    with memory.watched():
        began = time.perf_counter()
        await asyncio.gather(*[run(server, user) for user in users])
        took = time.perf_counter() - began
    await asyncio.sleep(1)
    for user in users:
        await check(server, user)
    waits = sorted(user.waited for user in users)
    refused = [user for user in users if user.refused]
    print(
        f"{count} users press Run at once: answer or refusal p50 {statistics.median(waits):.2f} s, "
        f"p95 {waits[int(0.95 * count)]:.2f} s, longest {waits[-1]:.2f} s ({ASKED[count]}); "
        f"{len(refused)} told when to come back, all answered after {took:.1f} s, each with its own numbers; "
        f"server's memory {before:.0f} MiB before, {max(memory.seen):.0f} at most, {memory.now():.0f} after  "
        "(the sandbox prototype alone: 30 at once within 1 s)"
    )


async def run(server: Server, user: User) -> None:
    """Runs the user's own program; comes back when told to."""
    content = json.dumps({"source": PROGRAM.format(number=user.number)}).encode()
    began = time.perf_counter()
    while True:
        answer = await server.ask("POST", "/api/v1/runs", user.cookie, content)
        user.waited = user.waited or time.perf_counter() - began
        if answer.status == 201:
            user.snapshot = answer.headers["location"]
            return
        assert answer.status == 503, answer.body
        user.refused += 1
        await asyncio.sleep(int(answer.headers["retry-after"]))


async def check(server: Server, user: User) -> None:
    """What is stored must be what this user's program computes."""
    head = json.loads((await server.ask("GET", user.snapshot)).body)
    iteration = json.loads((await server.ask("GET", f"{user.snapshot}/iterations/0")).body)
    assert head["console"][0]["text"] == f"{2.0 * user.number}\n", (user, head["console"])
    assert iteration["loss"] == 2.0 * user.number, (user, iteration["loss"])


async def cancel(server: Server, pid: int) -> None:
    """How long a program runs on after its client has closed the connection."""
    times = []
    for _ in range(CANCELS):
        await asyncio.sleep(0.3)
        idle = programs(pid)
        content = json.dumps({"source": ENDLESS}).encode()
        _, writer = await asyncio.open_connection(server.host, server.port)
        head = "POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        writer.write(head.encode() + f"Content-Length: {len(content)}\r\n\r\n".encode() + content)
        await asyncio.sleep(0.3)
        began = time.perf_counter()
        writer.close()
        while all(map(lives, idle)):
            await asyncio.sleep(0.001)
        times.append(1000 * (time.perf_counter() - began))
    print(
        f"connection closed to program killed: p50 {statistics.median(times):.0f} ms, longest {max(times):.0f} ms, "
        f"{CANCELS} runs  (asked: 100 ms; the sandbox prototype, kill to reaped: 20 ms)"
    )


def programs(server: int) -> set[int]:
    """The confined processes that live."""
    running = processes()
    nurseries = {pid for pid, (parent, _) in running.items() if parent == server}
    zygotes = {pid for pid, (parent, _) in running.items() if parent in nurseries}
    return {pid for pid, (parent, state) in running.items() if parent in zygotes and state != "Z"}


def lives(pid: int) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes() -> dict[int, tuple[int, str]]:
    """Parent and state of every process."""
    found: dict[int, tuple[int, str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields: list[Any] = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[int(stat.parent.name)] = int(fields[1]), fields[0]
    return found


if __name__ == "__main__":
    main()
