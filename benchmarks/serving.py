"""A real server for a benchmark."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def serving() -> Iterator[str]:
    """Where a `gradwalk serve` with an empty data folder answers."""
    with serving_and_pid() as (address, _):
        yield address


@contextmanager
def serving_and_pid() -> Iterator[tuple[str, int]]:
    """The same, and the id of the server's process."""
    with tempfile.TemporaryDirectory() as folder, serving_process(Path(folder)) as (address, server):
        yield address, server.pid


@contextmanager
def serving_process(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Where a `gradwalk serve` with this data folder answers, and its process, which may be killed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gradwalk = Path(sys.executable).with_name("gradwalk")
    environment = {**os.environ, "GRADWALK_DATA_DIR": str(folder)}
    command = [str(gradwalk), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(address)
        yield address, server
    finally:
        if server.poll() is None:
            server.terminate()
        server.wait(20)


def wait_until_healthy(address: str) -> None:
    """Waits for the server; raises SystemExit when it does not come up."""
    for _ in range(3000):
        try:
            if httpx.get(f"{address}/api/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise SystemExit("the server did not become healthy")
