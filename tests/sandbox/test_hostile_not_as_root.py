"""Programs of tests/hostile are contained where the server is not root."""

from collections.abc import Iterator

import pytest

from tests.containment.confinements import (
    NAME,
    SOME,
    check_bystander,
    check_secret,
    check_users,
    examined,
    layers,
    possible,
)
from tests.containment.examination import Examination
from tests.containment.local import NOT_ROOT, LocalServer, serving


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with serving(possible(NOT_ROOT)) as running:
        yield running


@pytest.fixture(scope="module")
def examination(server: LocalServer, request: pytest.FixtureRequest) -> Examination:
    return examined(server, request)


def test_without_root_there_is_no_user_of_its_own() -> None:
    held = layers(NOT_ROOT)
    assert held["seccomp"]
    assert not held["own_user"]


@pytest.mark.parametrize(NAME, SOME)
def test_a_hostile_program_is_contained(attack: str, examination: Examination) -> None:
    assert examination.findings[attack] == []


def test_the_bystander_is_worth_comparing(examination: Examination) -> None:
    check_bystander(examination)


def test_only_the_server_knows_its_secret(examination: Examination, server: LocalServer) -> None:
    check_secret(examination, server)


def test_programs_run_as_nobody_else(server: LocalServer) -> None:
    check_users(NOT_ROOT, server)
