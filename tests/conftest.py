"""What tests of several rooms share."""

from collections.abc import Callable, Iterator

import pytest
from _pytest.terminal import TerminalReporter

from tests import tiers
from tests.postgresql import PostgresqlServer, postgresql_server

_TOLD = "told"
Tell = Callable[[str], None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by what it needs, before -m chooses."""
    for item in items:
        tiers.mark(item)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Has a figure stand at the end of the run, whichever process measured it."""
    return lambda figure: record_property(_TOLD, figure)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The figures that tests told."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        for name, figure in report.user_properties:
            if name == _TOLD and report.when == "call":
                terminalreporter.write_line(str(figure))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL server. A test that needs one fails, and says what to install, where there is none."""
    with postgresql_server() as server:
        yield server
