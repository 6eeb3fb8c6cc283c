"""The image, built and run with the restrictions of compose.yaml."""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
SERVICE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["gradwalk"]
IMAGE = "gradwalk"
SECONDS_TO_START = 90


def docker(*arguments: str) -> str:
    """What the command prints; fails the test when it fails."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"docker {' '.join(arguments)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout.strip()


def restrictions() -> list[str]:
    """compose.yaml's restrictions as options of docker run."""
    assert SERVICE["read_only"] is True
    assert SERVICE["init"] is True
    return [
        "--read-only",
        "--init",
        *(f"--tmpfs={mount}" for mount in SERVICE["tmpfs"]),
        f"--memory={SERVICE['mem_limit']}",
        f"--pids-limit={SERVICE['pids_limit']}",
        *(f"--cap-drop={name}" for name in SERVICE["cap_drop"]),
        *(f"--security-opt={option}" for option in SERVICE["security_opt"]),
    ]


def build() -> str:
    """Builds the image; its id, for the name may be another one's a moment later."""
    torch_index = f"TORCH_INDEX_URL={os.environ.get('TORCH_INDEX_URL', '')}"
    docker("build", "--network", "host", "--build-arg", torch_index, "-t", IMAGE, str(ROOT))
    return docker("image", "inspect", "--format", "{{.Id}}", IMAGE)


@contextmanager
def running(image: str, **environment: str) -> Iterator[tuple[str, str]]:
    """A healthy container's name and the address of the page in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = f"gradwalk-test-{secrets.token_hex(4)}"
    variables = {**environment, "GRADWALK_PORT": str(port)}
    options = ["--network", "host", "--volume", f"{name}:/data"]
    options += [option for key, value in variables.items() for option in ("--env", f"{key}={value}")]
    docker("run", "--detach", "--name", name, *options, *restrictions(), image)
    try:
        wait_until_healthy(name, f"http://127.0.0.1:{port}")
        yield name, f"http://127.0.0.1:{port}"
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)
        subprocess.run(["docker", "volume", "rm", name], capture_output=True, check=False)


def wait_until_healthy(name: str, address: str) -> None:
    """Fails the test when the server in the container does not answer in time."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/api/v1/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"the container did not become healthy:\n{docker('logs', name)}")


def call(address: str, body: dict[str, Any] | None = None) -> Any:
    """The JSON that the address answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
