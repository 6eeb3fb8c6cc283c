"""What a child tells is passed on once, and what it forges is bounded."""

import pytest
from pydantic import ValidationError

from gradwalk.sandbox.progress_receiver import ProgressChannel, ProgressReceiver
from gradwalk.sandbox.protocol import IterationReport, ProtocolError


class Received(ProgressReceiver):
    def __init__(self) -> None:
        self.told: list[object] = []

    def program_started(self) -> None:
        self.told.append("started")

    def iteration_ended(self, iteration: IterationReport) -> None:
        self.told.append((iteration.index, iteration.loss, *(turn.number for turn in iteration.turns)))


def channel(seconds: float = 5.0) -> tuple[ProgressChannel, Received]:
    made, relay = ProgressChannel(seconds), Received()
    made.receiver = relay
    return made, relay


def test_what_is_told_is_passed_on() -> None:
    made, relay = channel()
    assert not made.started
    made.begin()
    made.progress(b'{"index":3,"loss":0.5}')
    made.progress(b'{"index":4,"loss":"NaN"}')
    made.progress(b'{"index":5,"loss":null}')
    made.progress(b'{"index":6,"loss":1,"turns":[{"line":3,"number":6,"variable":null,"value":null}]}')
    assert made.started
    assert relay.told == ["started", (3, 0.5), (4, "NaN"), (5, None), (6, 1, 6)]


def test_beginning_twice_is_heard_once() -> None:
    made, relay = channel()
    made.begin()
    made.begin()
    assert relay.told == ["started"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"index":-1,"loss":1}',
        b'{"index":0}',
        b'{"index":0,"loss":"x"}',
        b'{"index":0,"loss":1,"x":1}',
        b'{"index":0,"loss":1,"turns":[{"line":1,"number":-1,"variable":null,"value":null}]}',
        b'{"index":0,"loss":1,"turns":[1]}',
    ],
)
def test_what_is_forged_is_refused(body: bytes) -> None:
    made, relay = channel()
    with pytest.raises(ValidationError):
        made.progress(body)
    assert relay.told == []


def test_a_flood_is_refused() -> None:
    made, relay = channel(seconds=1.0)

    def flood() -> None:
        for _ in range(10_000):
            made.progress(b'{"index":0,"loss":null}')

    with pytest.raises(ProtocolError):
        flood()
    assert 200 <= len(relay.told) <= 400


def test_without_a_hearer_nothing_is_lost() -> None:
    made = ProgressChannel(1.0)
    made.begin()
    made.progress(b'{"index":0,"loss":null}')
    assert made.started
