"""A store of its own for every test, on each of the databases."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import URL

from gradwalk.store import Store, sqlite_url


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """Where an empty database is."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    new: Callable[[], URL] = request.getfixturevalue("postgresql").create_database
    return new()


@pytest.fixture
async def store(url: URL) -> AsyncIterator[Store]:
    """A started store on each database."""
    opened = Store(url, patience=0.2)
    await opened.start()
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[Store]:
    """A started store in a file of `tmp_path`."""
    opened = Store(sqlite_url(tmp_path), patience=0.2)
    await opened.start()
    yield opened
    await opened.close()
