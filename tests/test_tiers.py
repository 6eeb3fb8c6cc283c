"""The tiers of the Makefile: what a push leaves out runs at night, and nothing runs in no tier."""

import re
import tomllib
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests.tiers import NEEDS

CONFIGURATION = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
MAKEFILE = dict(re.findall(r"^(\w+) := -m '(.+)'$", Path("Makefile").read_text("utf-8"), re.M))
QUICK = re.findall(r"-m '(.+)'", CONFIGURATION["addopts"])[0]
PUSH = [MAKEFILE["PUSH"], MAKEFILE["PUSH_CONTAINER"]]
NIGHT = [MAKEFILE["NIGHT"], MAKEFILE["NIGHT_CONTAINER"]]


def chosen(needs: dict[str, frozenset[str]], *expressions: str) -> set[str]:
    """Return the tests that one of these expressions chooses."""
    compiled = [Expression.compile(expression) for expression in expressions]

    def choose(markers: frozenset[str]) -> bool:
        def is_marked(name: str, /, **_: object) -> bool:
            return name in markers

        return any(one.evaluate(is_marked) for one in compiled)

    return {test for test, markers in needs.items() if choose(markers)}


@pytest.fixture
def needs(request: pytest.FixtureRequest) -> dict[str, frozenset[str]]:
    """Every test that was collected, before -m chose, with its markers."""
    return request.config.stash[NEEDS]


def test_what_a_push_leaves_out_runs_at_night(needs: dict[str, frozenset[str]]) -> None:
    assert chosen(needs, *NIGHT) == set(needs)
    assert chosen(needs, *PUSH) <= chosen(needs, *NIGHT)
    assert chosen(needs, QUICK) <= chosen(needs, *PUSH)


def test_a_push_leaves_out_what_is_slow_and_nothing_else(needs: dict[str, frozenset[str]]) -> None:
    assert set(needs) - chosen(needs, *PUSH) == {test for test, markers in needs.items() if "slow" in markers}


def test_the_quick_ones_need_nothing(needs: dict[str, frozenset[str]]) -> None:
    for marker in ("server", "browser", "container", "slow"):
        assert not chosen(needs, QUICK) & chosen(needs, marker)


def test_every_marker_is_explained() -> None:
    assert [line.partition(":")[0] for line in CONFIGURATION["markers"]] == ["server", "browser", "container", "slow"]


STARTERS = [
    ("tests/client/test_clients.py::test_run", True),
    ("tests/faults/test_killed.py::test_a_killed_server", True),
    ("tests/sandbox/test_pool.py::test_nothing_survives", True),
    ("tests/store/test_store.py::", False),
    ("tests/web/test_runs.py::", False),
    ("tests/web/test_served_runs.py::", True),
]
"""Beginnings of tests, and whether they start a process: by a fixture, a helper or themselves."""


@pytest.mark.parametrize(("beginning", "starts"), STARTERS)
def test_whoever_starts_a_process_is_marked(needs: dict[str, frozenset[str]], beginning: str, starts: bool) -> None:
    found = {test: "server" in markers for test, markers in needs.items() if test.startswith(beginning)}
    assert found == {test: starts or "[postgresql" in test for test in found}
