"""The image, built and run with the restrictions of compose.yaml, runs the neuron."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest

from tests.container.docker import call, docker, running


@pytest.fixture(scope="module")
def container(image: str) -> Iterator[tuple[str, str]]:
    """The container's name and the address of the page in it."""
    with running(image) as started:
        yield started


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
