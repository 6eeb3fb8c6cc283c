"""Several clients that run programs on a real server all the time, and remember what they were answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx

from tests.processes import ServerProcess, until

RECOVERY_SECONDS = 5
"""In which a server has to be healthy again, as the project promises."""

PAUSE = 0.05
"""Seconds in which a student looks at an answer: without it they would only fight for the processor."""

PROGRAM = "import torch\nw = torch.tensor(2.0, requires_grad=True)\n((w * 3 - 1) ** 2).backward()\nprint('kept')\n"


class Classroom:
    """Some students. Whatever they are answered is either kept or refused in a sentence."""

    def __init__(self, url: str, students: int) -> None:
        self._url = url
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._study) for _ in range(students)]
        self.kept: list[str] = []
        self.refused: list[dict[str, object]] = []
        self.strange: list[str] = []

    def _study(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._over.wait(PAUSE):
                with suppress(httpx.TransportError):
                    self._note(client.post("/api/v1/runs", json={"source": PROGRAM}))

    def _note(self, answer: httpx.Response) -> None:
        if answer.status_code == 201:
            self.kept.append(answer.headers["Location"])
        elif answer.status_code == 503 and answer.headers["Content-Type"] == "application/problem+json":
            self.refused.append(answer.json())
            self._over.wait(0.1)
        else:
            self.strange.append(f"{answer.status_code} {answer.text}")

    def begin(self) -> None:
        """They sit down; returns when each has had some answers."""
        for thread in self._threads:
            thread.start()
        self.go_on()

    def go_on(self, answers: int = 10) -> None:
        """Waits until this many more programs were run."""
        enough = len(self.kept) + answers
        assert until(lambda: len(self.kept) >= enough, 30), self.refused[-1:]

    def end(self) -> None:
        """The bell rings. Nothing but snapshots and sentences was ever answered."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        assert self.strange == []

    def check(self, client: httpx.Client) -> None:
        """Everything that was answered 201 is there."""
        assert self.kept
        for address in self.kept:
            assert client.get(address).json()["outcome"] is not None


@contextmanager
def classroom(server: ServerProcess, students: int = 3) -> Iterator[Classroom]:
    """Students at work, until the end of the block."""
    people = Classroom(server.url, students)
    people.begin()
    try:
        yield people
    finally:
        people.end()


def is_healthy(client: httpx.Client) -> bool:
    """Whether the server says that it can run and store programs."""
    return client.get("/api/v1/health").status_code == 200


def becomes_healthy(client: httpx.Client) -> bool:
    """Whether it says so soon enough."""
    return until(lambda: is_healthy(client), RECOVERY_SECONDS)


def says(client: httpx.Client, part: str) -> bool:
    """Whether health tells of this fault, in a sentence that holds `part`."""
    answer = client.get("/api/v1/health")
    return answer.status_code == 503 and part in answer.json()["detail"]
