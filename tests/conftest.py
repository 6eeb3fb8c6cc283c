"""What tests of several rooms share."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from _pytest.terminal import TerminalReporter

from tests import tiers
from tests.lesson_data import MakeDataDir, folder_with_lessons
from tests.postgresql import PostgresqlServer, postgresql_server
from tests.processes import ServerProcess, server

# several processes run tests at once: threads of PyTorch that wait for each other would take most of the processors'
# time. The sandbox has one thread as well. The variable is for the processes that tests start
torch.set_num_threads(1)
os.environ["OMP_NUM_THREADS"] = "1"

_TOLD = "told"
_ADDED = "added"
Tell = Callable[[str], None]
AddUp = Callable[[str, int], None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test by what it needs, before -m chooses."""
    for item in items:
        tiers.mark(item)
    config.stash[tiers.NEEDS] = {item.nodeid: frozenset(one.name for one in item.iter_markers()) for item in items}


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Has a figure stand at the end of the run, whichever process measured it."""
    return lambda figure: record_property(_TOLD, figure)


@pytest.fixture
def add_up(record_property: Callable[[str, object], None]) -> AddUp:
    """Have the sum of a count, over all tests and processes, stand at the end of the run."""
    return lambda what, count: record_property(_ADDED, (what, count))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the figures that tests told, and the sums of what they counted."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    sums: Counter[str] = Counter()
    for report in reports:
        for name, figure in report.user_properties if report.when == "call" else ():
            if name == _TOLD:
                terminalreporter.write_line(str(figure))
            elif name == _ADDED:
                sums[figure[0]] += figure[1]
    for what, total in sums.items():
        terminalreporter.write_line(f"{total} {what}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL server. A test that needs one fails, and says what to install, where there is none."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def make_data_dir(tmp_path_factory: pytest.TempPathFactory) -> MakeDataDir:
    """Make a data folder for a server of a test: it holds the runs of the lessons."""
    made = folder_with_lessons(tmp_path_factory)
    return lambda: shutil.copytree(made, tmp_path_factory.mktemp("server") / "data")


@pytest.fixture
def data_dir(make_data_dir: MakeDataDir) -> Path:
    """Make a data folder for the servers of this test."""
    return make_data_dir()


@pytest.fixture(scope="session")
def gradwalk_server(make_data_dir: MakeDataDir) -> Iterator[ServerProcess]:
    """One real server for all tests that need one as it is without settings, and that leave it as it was."""
    with server(make_data_dir()) as running:
        yield running
