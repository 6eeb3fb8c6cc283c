"""Answers that are made once: by whoever asks first, for all who ask meanwhile."""

import asyncio

import pytest

from gradwalk.web.services.single_flight import SingleFlightCache

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Maker:
    """Makes answers, slowly, and counts them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    async def make(self, key: str) -> str:
        self.made.append(key)
        await asyncio.sleep(0)
        return key.upper()

    async def ask(self, latest: SingleFlightCache[str, str], key: str) -> str:
        return await latest.of(key, lambda: self.make(key))


async def test_who_asks_meanwhile_waits_for_the_first() -> None:
    maker, latest = Maker(), SingleFlightCache[str, str](8)
    assert await asyncio.gather(*(maker.ask(latest, "a") for _ in range(30))) == ["A"] * 30
    assert maker.made == ["a"]


async def test_the_oldest_is_made_anew() -> None:
    maker, latest = Maker(), SingleFlightCache[str, str](2)
    for key in ("a", "b", "c", "c", "b", "a"):
        await maker.ask(latest, key)
    assert maker.made == ["a", "b", "c", "a"]


async def test_what_could_not_be_made_is_tried_again() -> None:
    maker, latest = Maker(), SingleFlightCache[str, str](2)

    async def fail() -> str:
        raise ValueError("not yet")

    with pytest.raises(ValueError, match="not yet"):
        await latest.of("a", fail)
    assert await maker.ask(latest, "a") == "A"
