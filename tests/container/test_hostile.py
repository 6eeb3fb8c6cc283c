"""Programs of tests/hostile are contained in the container as compose.yaml starts it; at night every one is run."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.container.docker import docker, running
from tests.containment import remains
from tests.containment.confinements import NAME, SOME, examined
from tests.containment.examination import CANARY_OF_THE_SERVER, SETTINGS, Examination

FOLDERS = ["/", "/data", "/tmp", "/var/tmp", "/dev/shm", "/opt"]
REMAINS = Path(remains.__file__).read_text()


class Container:
    """A running container, as its operator sees it."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url

    def remains(self) -> dict[str, Any]:
        """See Target: everything below the container's init, and every name in the folders that can be written."""
        found: dict[str, Any] = json.loads(self.python(REMAINS, "1", *FOLDERS))
        return found

    def python(self, source: str, *arguments: str) -> str:
        """What a program prints that the operator runs in the container."""
        return docker("exec", self.name, "/opt/gradwalk/bin/python3", "-B", "-c", source, *arguments)

    def log(self) -> str:
        """What the server has written to either of its streams."""
        done = subprocess.run(["docker", "logs", self.name], capture_output=True, text=True, check=True)
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def server(image: str) -> Iterator[Container]:
    with running(image, **SETTINGS, DATABASE_PASSWORD=CANARY_OF_THE_SERVER) as (name, url):
        yield Container(name, url)


@pytest.fixture(scope="module")
def examination(server: Container, request: pytest.FixtureRequest) -> Examination:
    return examined(server, request)


@pytest.mark.parametrize(NAME, SOME)
def test_a_hostile_program_is_contained(attack: str, examination: Examination) -> None:
    assert examination.findings[attack] == []


def test_the_operator_sees_a_server_a_forkserver_a_zygote_and_its_spares(
    examination: Examination, server: Container
) -> None:
    assert examination.findings
    left = server.remains()
    assert left["processes"] == 1 + 1 + 1 + 1 + int(SETTINGS["GRADWALK_SPARES"])  # the container's init comes first
    assert left["zombies"] == []
    assert not [path for path in left["files"] if "ESCAPE" in path]


LOOK = """
import json, os
from pathlib import Path
seen = []
for process in Path("/proc").glob("[0-9]*"):
    if process.name in ("1", str(os.getpid())): continue
    try: seen.append(b"canary" in (process / "environ").read_bytes())
    except PermissionError: seen.append(None)
print(json.dumps(seen))
"""


def test_only_the_server_knows_its_secret(examination: Examination, server: Container) -> None:
    """Not even the server's own user may look into the zygote and its children: they are not dumpable. The forkserver
    never sees a program and may be looked into: it holds no secret.
    """
    assert examination.findings
    seen = json.loads(server.python(LOOK))
    assert seen.count(None) == 1 + int(SETTINGS["GRADWALK_SPARES"])
    assert sorted(secret for secret in seen if secret is not None) == [False, True]
