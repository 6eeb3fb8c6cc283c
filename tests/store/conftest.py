"""A store of its own for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.store import Store, sqlite_url


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(sqlite_url(tmp_path), patience=0.2)
    await opened.start()
    yield opened
    await opened.close()
