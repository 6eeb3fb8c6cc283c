"""A real sandbox for the tests that need one: its event loop runs beside the tests, as it does under a server."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from gradwalk.config import Settings
from gradwalk.contract.snapshot import Program
from gradwalk.sandbox import Answer, ProgressListener, QueueClient, Sandbox

T = TypeVar("T")

_numbers = itertools.count()


def nobody() -> QueueClient:
    """A client without a name: every one is another."""
    return QueueClient(f"nobody {next(_numbers)}", "anonymous")


class Served:
    """A started sandbox and the loop that it lives in."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.sandbox = Sandbox(settings)

    def wait(self, coroutine: Coroutine[Any, Any, T], timeout: float = 60) -> T:
        """Runs it in the sandbox's loop and gives its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout)

    def run(self, source: str, seed: int = 0) -> Answer:
        """Runs one program."""
        return self.wait(self.sandbox.run(Program(source=source, seed=seed), nobody(), ProgressListener()))

    def close(self) -> None:
        """Ends the sandbox and the loop."""
        self.wait(self.sandbox.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """One sandbox with the limits that the hostile programs are run with: a wall of 4 seconds."""
    served = Served(Settings(wall_seconds=4.0))
    try:
        served.wait(served.sandbox.start())
        yield served
    finally:
        served.close()


def texts(answer: Answer) -> str:
    """Everything that the program printed."""
    return "".join(entry.text for entry in answer.console)


def children(parent: int) -> list[int]:
    """The processes that this process has started and not yet reaped."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found
