"""Both clients behind one face, so that every test is of both."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gradwalk.client import AsyncClient, Client

Call = Callable[..., Any]


def _blocking(url: str, name: str, *arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> Any:
    with Client(url, **(options or {})) as client:
        return getattr(client, name)(*arguments, **keywords)


def _awaited(url: str, name: str, *arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> Any:
    async def held() -> Any:
        async with AsyncClient(url, **(options or {})) as client:
            return await getattr(client, name)(*arguments, **keywords)

    return asyncio.run(held())


@pytest.fixture(params=[_blocking, _awaited], ids=["sync", "async"])
def ask(request: pytest.FixtureRequest) -> Call:
    """One call of a client of its own: `ask(url, "snapshot", id)`."""
    asked: Call = request.param
    return asked
