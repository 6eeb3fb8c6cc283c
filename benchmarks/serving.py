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
    with serving_process() as (address, _):
        yield address


@contextmanager
def serving_process() -> Iterator[tuple[str, int]]:
    """The same, and the id of the server's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gradwalk = Path(sys.executable).with_name("gradwalk")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GRADWALK_DATA_DIR": folder}
        server = subprocess.Popen([gradwalk, "serve", "--port", str(port)], env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address)
            yield address, server.pid
        finally:
            server.terminate()
            server.wait(20)


def wait_until_healthy(address: str) -> None:
    """Waits for the server; raises SystemExit when it does not come up."""
    for _ in range(300):
        try:
            if httpx.get(f"{address}/api/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become healthy")
