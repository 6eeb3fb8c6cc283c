"""A real server in a process of its own."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

_ADDRESS = re.compile(r"Gradwalk is at (http://\S+)")
_STOP_SECONDS = 20


class ServerProcess:
    """A server that answers. `url`: where; `process`: its process."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(_STOP_SECONDS)

    def terminate(self) -> int:
        """As an operator would. The exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_STOP_SECONDS)


def gradwalk(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Starts the command line; nothing of this process's own settings reaches it."""
    return _start(arguments, environment, subprocess.PIPE)


def _start(arguments: Sequence[str], environment: Mapping[str, str], stderr: int | IO[str]) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GRADWALK_")}
    return subprocess.Popen(
        [sys.executable, "-m", "gradwalk", *arguments],
        env={**inherited, **environment},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


@contextmanager
def server(data_dir: Path, *arguments: str, **environment: str) -> Iterator[ServerProcess]:
    """A server on a free port, gone at the end whatever happens."""
    # a server logs its faults: nobody reads them while it runs, and a pipe that is full would hold it up
    with tempfile.TemporaryFile("w+") as log:
        command = ("serve", "--port", "0", "--data-dir", str(data_dir), *arguments)
        process = _start(command, environment, log)
        try:
            yield ServerProcess(process, announced(process, lambda: _complaint(process, log)))
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=_STOP_SECONDS)


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether it holds within these seconds; asked again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def _complaint(process: subprocess.Popen[str], log: IO[str]) -> str:
    process.wait(_STOP_SECONDS)
    log.seek(0)
    return log.read()


def announced(process: subprocess.Popen[str], complaint: Callable[[], str]) -> str:
    """The address that a starting server prints. `complaint`: what it wrote to stderr when it does not start."""
    output: IO[str] | None = process.stdout
    assert output is not None
    line = output.readline()
    found = _ADDRESS.fullmatch(line.strip())
    assert found, f"the server did not start: {line}{complaint()}"
    return found[1]
