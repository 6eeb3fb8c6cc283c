"""Waiting for a turn: positions are told, giving up frees the place at once."""

import asyncio
from collections.abc import Callable

import pytest

from gradwalk.errors import Busy
from gradwalk.sandbox.fair_queue import FairQueue, QueueClient
from gradwalk.sandbox.waiting_line import WaitingLine
from tests.sandbox.conftest import nobody


def ignore(_position: int) -> None:
    """Not listening."""


async def hold(
    turns: WaitingLine, client: QueueClient, until: asyncio.Event, tell: Callable[[int], None] = ignore
) -> None:
    async with turns.turn(client, tell):
        await until.wait()


def test_positions_are_told_when_they_change_and_not_to_who_starts_at_once() -> None:
    async def scene() -> list[list[int]]:
        turns, ends = WaitingLine(FairQueue(1, 10, 10)), [asyncio.Event() for _ in range(4)]
        told: list[list[int]] = [[] for _ in ends]
        runs = [asyncio.create_task(hold(turns, nobody(), e, t.append)) for e, t in zip(ends, told, strict=True)]
        for end in ends:
            await asyncio.sleep(0.12)
            end.set()
        await asyncio.gather(*runs)
        return told

    assert asyncio.run(scene()) == [[], [1], [2, 1], [3, 2, 1]]


def test_who_gives_up_while_waiting_lets_the_others_move_up() -> None:
    async def scene() -> None:
        turns, end, told = WaitingLine(FairQueue(1, 10, 10)), asyncio.Event(), list[int]()
        first = asyncio.create_task(hold(turns, nobody(), end))
        await asyncio.sleep(0)
        second = asyncio.create_task(hold(turns, nobody(), end))
        third = asyncio.create_task(hold(turns, nobody(), end, told.append))
        await asyncio.sleep(0.1)
        second.cancel()
        await asyncio.sleep(0.1)
        assert told == [2, 1]
        end.set()
        await asyncio.gather(first, third)

    asyncio.run(scene())


def test_who_gives_up_while_running_frees_the_place_at_once() -> None:
    async def scene() -> None:
        turns, end = WaitingLine(FairQueue(1, 10, 10)), asyncio.Event()
        first = asyncio.create_task(hold(turns, nobody(), end))
        second = asyncio.create_task(hold(turns, nobody(), end))
        await asyncio.sleep(0)
        assert not second.done()
        first.cancel()
        end.set()
        await asyncio.wait_for(second, 5)
        assert first.cancelled()

    asyncio.run(scene())


def test_giving_up_in_the_very_moment_of_the_turn_loses_no_place() -> None:
    async def scene() -> None:
        turns, end, never = WaitingLine(FairQueue(1, 10, 10)), asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(hold(turns, nobody(), end))
        second = asyncio.create_task(hold(turns, nobody(), never))
        third = asyncio.create_task(hold(turns, nobody(), end))
        await asyncio.sleep(0)
        end.set()
        await first
        second.cancel()
        await asyncio.wait_for(third, 5)
        with pytest.raises(asyncio.CancelledError):
            await second

    asyncio.run(scene())


def test_a_refusal_leaves_nothing_behind() -> None:
    async def scene() -> None:
        queue = FairQueue(1, 1, 10)
        turns, end = WaitingLine(queue), asyncio.Event()
        runs = [asyncio.create_task(hold(turns, nobody(), end)) for _ in range(5)]
        await asyncio.sleep(0)
        end.set()
        results = await asyncio.gather(*runs, return_exceptions=True)
        assert [type(r) for r in results] == [type(None), type(None), Busy, Busy, Busy]
        assert len(queue) == 0
        await hold(turns, nobody(), end)

    asyncio.run(scene())
