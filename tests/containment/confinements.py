"""What the tests of the three confinements share: each has a module of its own, so that they run side by side."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.containment.corpus import ATTACKS, QUICK, SAMPLE
from tests.containment.examination import CANARY_OF_A_RUN, CANARY_OF_THE_SERVER, Examination, Target
from tests.containment.local import USERS_OF_RUNS, Configuration, LocalServer
from tests.containment.remains import processes
from tests.tiers import rest_at_night

LAYERS = """
from gradwalk.sandbox.lockdown import Lockdown
from gradwalk.sandbox.protocol import Confinement
lockdown = Lockdown(Confinement(memory_bytes=1 << 28, reserve_bytes=0, cpu_seconds=9, trusted=False))
print(lockdown.layers.model_dump_json())
"""

NAME = "attack"
"""The parameter of the tests that have an attack's name."""

_EVERY: list[str] = [attack.name for attack in ATTACKS]
MOST: list[Any] = rest_at_night(_EVERY, {attack.name for attack in QUICK})
"""On a push all but most of those that run until a limit ends them; at night every one."""
SOME: list[Any] = rest_at_night(_EVERY, {attack.name for attack in SAMPLE})
"""On a push the programs that touch what differs from seccomp alone; at night every one."""


def possible(configuration: Configuration) -> Configuration:
    """Skip where the tests do not run as root and the configuration needs it."""
    if configuration.needs_root and os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    return configuration


def layers(configuration: Configuration) -> dict[str, bool]:
    """Return which layers a sandbox finds under these circumstances."""
    command = configuration.command(sys.executable, "-B", "-c", LAYERS)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, bool] = json.loads(done.stdout)
    return found


def examined(target: Target, request: pytest.FixtureRequest) -> Examination:
    """Run the attacks that were chosen of the module's tests."""
    examination = Examination(target, [attack for attack in ATTACKS if attack.name in _chosen(request)])
    examination.examine()
    return examination


def _chosen(request: pytest.FixtureRequest) -> Sequence[str]:
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    of_module = [item for item in tests if item.module is request.module and hasattr(item, "callspec")]
    return [str(item.callspec.params[NAME]) for item in of_module if NAME in item.callspec.params]


def check_bystander(examination: Examination) -> None:
    """The bystander is worth comparing."""
    bystander = examination.bystander
    assert bystander["outcome"]["status"] == "completed", bystander["outcome"]
    assert len(bystander["bodies"]) == 2
    assert len(bystander["console"]) == 2
    assert CANARY_OF_A_RUN in bystander["program"]["source"]


def check_secret(examination: Examination, server: LocalServer) -> None:
    """Only the server knows its secret. The zygote is asked by /proc, as root may: it has nothing to give away."""
    assert examination.findings
    if os.geteuid() != 0:
        pytest.skip("only root may look into the environment of the zygote")
    secret = CANARY_OF_THE_SERVER.encode()
    environments = {pid: Path(f"/proc/{pid}/environ").read_bytes() for pid in processes(server.process.pid)}
    assert secret in environments.pop(server.process.pid)
    assert len(environments) >= 2
    assert not [pid for pid, environment in environments.items() if secret in environment]


def check_users(configuration: Configuration, server: LocalServer) -> None:
    """Programs run as nobody else."""
    below = [pid for pid, (parent, _, _) in processes(server.process.pid).items() if parent != os.getpid()]
    users = {pid: Path(f"/proc/{pid}/status").read_text().split("\nUid:\t")[1].split()[0] for pid in below}
    if configuration.user is None and os.geteuid() == 0:
        spares = [int(user) for user in users.values() if int(user) != 0]
        assert len(spares) >= 2
        assert set(spares) <= set(USERS_OF_RUNS)
        assert len(set(spares)) == len(spares)
    else:
        assert set(users.values()) == {str(configuration.user or os.geteuid())}
