"""The image, built and run with the restrictions of compose.yaml, runs the neuron."""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
SERVICE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["gradwalk"]
IMAGE = "gradwalk"
SECONDS_TO_START = 90


def docker(*arguments: str) -> str:
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


@pytest.fixture(scope="module")
def container() -> Iterator[tuple[str, str]]:
    """The container's name and the address of the page in it."""
    torch_index = f"TORCH_INDEX_URL={os.environ.get('TORCH_INDEX_URL', '')}"
    docker("build", "--network", "host", "--build-arg", torch_index, "-t", IMAGE, str(ROOT))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = f"gradwalk-test-{secrets.token_hex(4)}"
    options = ["--network", "host", "--volume", f"{name}:/data", "--env", f"GRADWALK_PORT={port}"]
    docker("run", "--detach", "--name", name, *options, *restrictions(), IMAGE)
    try:
        wait_until_healthy(name, f"http://127.0.0.1:{port}")
        yield name, f"http://127.0.0.1:{port}"
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)
        subprocess.run(["docker", "volume", "rm", name], capture_output=True, check=False)


def wait_until_healthy(name: str, address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/api/v1/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"the container did not become healthy:\n{docker('logs', name)}")


def call(address: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_the_neuron_runs_in_the_container(container: tuple[str, str]) -> None:
    _, address = container
    source = call(f"{address}/api/v1/lessons/neuron")["source"]
    run = call(f"{address}/api/v1/runs", {"source": source})
    assert run["outcome"]["status"] == "completed"
    head = call(f"{address}/api/v1/snapshots/{run['snapshot']}")
    assert "-0.0898" in "".join(entry["text"] for entry in head["console"])
    iteration = call(f"{address}/api/v1/snapshots/{run['snapshot']}/iterations/0")
    names = {node["name"]: node["id"] for node in head["graphs"][0]["nodes"]}
    accumulated = iteration["backward"][0]["accumulated"]
    assert round(accumulated[names["w"]]["data"][0], 4) == -0.0898
    assert round(accumulated[names["b"]]["data"][0], 4) == -0.0817


def test_the_container_serves_the_page(container: tuple[str, str]) -> None:
    _, address = container
    with urllib.request.urlopen(f"{address}/", timeout=10) as page:
        assert b"<gradwalk-app" in page.read()


def test_a_hostile_program_is_contained(container: tuple[str, str]) -> None:
    _, address = container
    run = call(f"{address}/api/v1/runs", {"source": "print(open('/etc/passwd').read())"})
    assert run["outcome"]["status"] == "failed"
    head = call(f"{address}/api/v1/snapshots/{run['snapshot']}")
    assert "root:" not in json.dumps(head["console"])


def test_the_server_is_not_root_and_has_no_capability(container: tuple[str, str]) -> None:
    name, _ = container
    status = docker("exec", name, "cat", "/proc/1/status")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Uid"].split()[0] == "10001"
    assert int(fields["CapEff"], 16) == 0
    assert int(fields["CapBnd"], 16) == 0
    assert fields["NoNewPrivs"].strip() == "1"
    written = subprocess.run(["docker", "exec", name, "touch", "/opt/x"], capture_output=True, check=False)
    assert written.returncode != 0
