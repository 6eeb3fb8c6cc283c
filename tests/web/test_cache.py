"""Answers that are made once: by whoever asks first, for all who ask meanwhile."""

import asyncio

import pytest

from gradwalk.web.services.cache import SingleFlightCache

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Computation:
    """A slow computation that records its keys."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def run(self, key: str) -> str:
        self.keys.append(key)
        await asyncio.sleep(0)
        return key.upper()

    async def ask(self, cache: SingleFlightCache[str, str], key: str) -> str:
        return await cache.get(key, lambda: self.run(key))


async def test_concurrent_requests_share_one_computation() -> None:
    computation, cache = Computation(), SingleFlightCache[str, str](8)
    assert await asyncio.gather(*(computation.ask(cache, "a") for _ in range(30))) == ["A"] * 30
    assert computation.keys == ["a"]


async def test_the_oldest_value_is_computed_again() -> None:
    computation, cache = Computation(), SingleFlightCache[str, str](2)
    for key in ("a", "b", "c", "c", "b", "a"):
        await computation.ask(cache, key)
    assert computation.keys == ["a", "b", "c", "a"]


async def test_a_failed_computation_is_tried_again() -> None:
    computation, cache = Computation(), SingleFlightCache[str, str](2)

    async def fail() -> str:
        raise ValueError("not yet")

    with pytest.raises(ValueError, match="not yet"):
        await cache.get("a", fail)
    assert await computation.ask(cache, "a") == "A"
