"""What tests of several rooms share."""

from collections.abc import Iterator

import pytest

from tests.postgresql import PostgresqlServer, postgresql_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL server. A test that needs one fails, and says what to install, where there is none."""
    with postgresql_server() as server:
        yield server
