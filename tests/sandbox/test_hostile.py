"""Every program of tests/hostile is contained: as root, not as root, and where seccomp is all that the kernel gives.

The fourth configuration, the container, is in tests/container.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containment.corpus import ATTACKS
from tests.containment.examination import CANARY_OF_A_RUN, CANARY_OF_THE_SERVER, Examination
from tests.containment.local import CONFIGURATIONS, NOTHING, USERS_OF_RUNS, Configuration, LocalServer, serving
from tests.containment.remains import processes

LAYERS = """
from gradwalk.sandbox.lockdown import Lockdown
from gradwalk.sandbox.protocol import Confinement
lockdown = Lockdown(Confinement(memory_bytes=1 << 28, reserve_bytes=0, cpu_seconds=9, trusted=False))
print(lockdown.layers.model_dump_json())
"""


def possible(configuration: Configuration) -> Configuration:
    if configuration.needs_root and os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    return configuration


@pytest.fixture(scope="module", params=list(CONFIGURATIONS))
def configuration(request: pytest.FixtureRequest) -> Configuration:
    return possible(CONFIGURATIONS[request.param])


@pytest.fixture(scope="module")
def server(configuration: Configuration) -> Iterator[LocalServer]:
    with serving(configuration) as running:
        yield running


@pytest.fixture(scope="module")
def examination(server: LocalServer) -> Examination:
    examination = Examination(server)
    examination.examine()
    return examination


def layers(configuration: Configuration) -> dict[str, bool]:
    """Which layers a sandbox finds under these circumstances."""
    command = configuration.command(sys.executable, "-B", "-c", LAYERS)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, bool] = json.loads(done.stdout)
    return found


def test_the_corpus_is_large() -> None:
    assert len(ATTACKS) >= 100


def test_programs_that_attack_gradwalk_itself_find_its_modules() -> None:
    """A program whose import fails attacks nothing."""
    lines = [line.split() for attack in ATTACKS for line in attack.source.splitlines()]
    modules = {words[1] for words in lines if len(words) > 1 and words[0] in ("import", "from")}
    ours = {module for module in modules if module.split(".")[0] == "gradwalk"}
    assert {"gradwalk.errors", "gradwalk.recorder.recording", "gradwalk.contract.snapshot"} <= ours
    assert [module for module in ours if importlib.util.find_spec(module) is None] == []


def test_root_gives_each_run_a_user_of_its_own() -> None:
    held = layers(possible(CONFIGURATIONS["root"]))
    assert held["seccomp"]
    assert held["own_user"]


def test_without_root_there_is_no_user_of_its_own() -> None:
    held = layers(CONFIGURATIONS["not root"])
    assert held["seccomp"]
    assert not held["own_user"]


def test_seccomp_alone_is_alone() -> None:
    held = layers(CONFIGURATIONS["seccomp alone"])
    assert {name for name, holds in held.items() if holds} == {"limits", "seccomp"}


def test_without_seccomp_no_server_starts() -> None:
    command = NOTHING.command(sys.executable, "-B", "-c", LAYERS)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "SandboxUnsafe: This system cannot confine programs (no seccomp)" in done.stderr
    with pytest.raises(AssertionError, match="no seccomp"), serving(NOTHING):
        pass


@pytest.mark.parametrize("name", [attack.name for attack in ATTACKS])
def test_a_hostile_program_is_contained(name: str, examination: Examination) -> None:
    assert examination.findings[name] == []


def test_the_bystander_is_worth_comparing(examination: Examination) -> None:
    bystander = examination.bystander
    assert bystander["outcome"]["status"] == "completed", bystander["outcome"]
    assert len(bystander["bodies"]) == 2
    assert len(bystander["console"]) == 2
    assert CANARY_OF_A_RUN in bystander["program"]["source"]


def test_only_the_server_knows_its_secret(examination: Examination, server: LocalServer) -> None:
    """The zygote is asked by /proc, as root may: it has nothing to give away to a program."""
    assert examination.findings
    if os.geteuid() != 0:
        pytest.skip("only root may look into the environment of the zygote")
    secret = CANARY_OF_THE_SERVER.encode()
    environments = {pid: Path(f"/proc/{pid}/environ").read_bytes() for pid in processes(server.process.pid)}
    assert secret in environments.pop(server.process.pid)
    assert len(environments) >= 2
    assert not [pid for pid, environment in environments.items() if secret in environment]


def test_programs_run_as_nobody_else(configuration: Configuration, server: LocalServer) -> None:
    below = [pid for pid, (parent, _, _) in processes(server.process.pid).items() if parent != os.getpid()]
    users = {pid: Path(f"/proc/{pid}/status").read_text().split("\nUid:\t")[1].split()[0] for pid in below}
    if configuration.user is None and os.geteuid() == 0:
        spares = [int(user) for user in users.values() if int(user) != 0]
        assert len(spares) >= 2
        assert set(spares) <= set(USERS_OF_RUNS)
        assert len(set(spares)) == len(spares)
    else:
        assert set(users.values()) == {str(configuration.user or os.geteuid())}
