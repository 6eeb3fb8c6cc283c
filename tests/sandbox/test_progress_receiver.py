"""What a child tells is passed on once, and what it forges is bounded."""

import pytest
from pydantic import ValidationError

from gradwalk.sandbox.progress_receiver import ProgressChannel, ProgressReceiver
from gradwalk.sandbox.protocol import IterationOver, ProtocolError


class Heard(ProgressReceiver):
    def __init__(self) -> None:
        self.told: list[object] = []

    def begun(self) -> None:
        self.told.append("begun")

    def over(self, iteration: IterationOver) -> None:
        self.told.append((iteration.index, iteration.loss))


def hearing(seconds: float = 5.0) -> tuple[ProgressChannel, Heard]:
    made, heard = ProgressChannel(seconds), Heard()
    made.hearer = heard
    return made, heard


def test_what_is_told_is_passed_on() -> None:
    made, heard = hearing()
    assert not made.begun
    made.begin()
    made.progress(b'{"index":3,"loss":0.5}')
    made.progress(b'{"index":4,"loss":"NaN"}')
    made.progress(b'{"index":5,"loss":null}')
    assert made.begun
    assert heard.told == ["begun", (3, 0.5), (4, "NaN"), (5, None)]


def test_beginning_twice_is_heard_once() -> None:
    made, heard = hearing()
    made.begin()
    made.begin()
    assert heard.told == ["begun"]


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
    ],
)
def test_what_is_forged_is_refused(body: bytes) -> None:
    made, heard = hearing()
    with pytest.raises(ValidationError):
        made.progress(body)
    assert heard.told == []


def test_a_flood_is_refused() -> None:
    made, heard = hearing(seconds=1.0)

    def flood() -> None:
        for _ in range(10_000):
            made.progress(b'{"index":0,"loss":null}')

    with pytest.raises(ProtocolError):
        flood()
    assert 200 <= len(heard.told) <= 400


def test_without_a_hearer_nothing_is_lost() -> None:
    made = ProgressChannel(1.0)
    made.begin()
    made.progress(b'{"index":0,"loss":null}')
    assert made.begun
