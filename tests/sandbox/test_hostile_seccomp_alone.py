"""Programs of tests/hostile are contained where seccomp is all that the kernel gives, the weakest confinement: on a
push all but those that take long, at night every one.

The other confinements on this machine are in test_hostile_as_root and test_hostile_not_as_root, the container is in
tests/container.
"""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.containment.confinements import (
    LAYERS,
    MOST,
    NAME,
    check_bystander,
    check_secret,
    check_users,
    examined,
    layers,
    possible,
)
from tests.containment.corpus import ATTACKS
from tests.containment.examination import Examination
from tests.containment.local import NOTHING, SECCOMP_ALONE, LocalServer, serving


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with serving(possible(SECCOMP_ALONE)) as running:
        yield running


@pytest.fixture(scope="module")
def examination(server: LocalServer, request: pytest.FixtureRequest) -> Examination:
    return examined(server, request)


def test_the_corpus_is_large() -> None:
    assert len(ATTACKS) >= 100


def test_programs_that_attack_gradwalk_itself_find_its_modules() -> None:
    """A program whose import fails attacks nothing."""
    lines = [line.split() for attack in ATTACKS for line in attack.source.splitlines()]
    modules = {words[1] for words in lines if len(words) > 1 and words[0] in ("import", "from")}
    ours = {module for module in modules if module.split(".")[0] == "gradwalk"}
    assert {"gradwalk.errors", "gradwalk.recorder.recording", "gradwalk.contract.snapshot"} <= ours
    assert [module for module in ours if importlib.util.find_spec(module) is None] == []


def test_seccomp_alone_is_alone() -> None:
    held = layers(SECCOMP_ALONE)
    assert {name for name, holds in held.items() if holds} == {"limits", "seccomp"}


def test_without_seccomp_no_server_starts() -> None:
    command = NOTHING.command(sys.executable, "-B", "-c", LAYERS)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "SandboxUnsafe: This system cannot confine programs (no seccomp)" in done.stderr
    with pytest.raises(AssertionError, match="no seccomp"), serving(NOTHING):
        pass


@pytest.mark.parametrize(NAME, MOST)
def test_a_hostile_program_is_contained(attack: str, examination: Examination) -> None:
    assert examination.findings[attack] == []


def test_the_bystander_is_worth_comparing(examination: Examination) -> None:
    check_bystander(examination)


def test_only_the_server_knows_its_secret(examination: Examination, server: LocalServer) -> None:
    check_secret(examination, server)


def test_programs_run_as_nobody_else(server: LocalServer) -> None:
    check_users(SECCOMP_ALONE, server)
