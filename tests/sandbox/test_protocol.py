import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gradwalk.sandbox.protocol import (
    Decoder,
    Forked,
    FrameKind,
    PipeFrame,
    ProtocolError,
    encode,
    zygote_message_adapter,
)

LONGEST = {FrameKind.CONSOLE: 100, FrameKind.ANSWER: 1000, FrameKind.READY: 0}
frames = st.builds(PipeFrame, st.sampled_from([FrameKind.CONSOLE, FrameKind.ANSWER]), st.binary(max_size=100))


@settings(deadline=None)
@given(st.lists(frames, max_size=8), st.lists(st.integers(1, 40), max_size=20))
def test_frames_survive_any_cutting_of_the_stream(sent: list[PipeFrame], cuts: list[int]) -> None:
    stream = b"".join(encode(frame.kind, frame.body) for frame in sent)
    decoder = Decoder(LONGEST)
    received: list[PipeFrame] = []
    for cut in cuts:
        received += decoder.feed(stream[:cut])
        stream = stream[cut:]
    received += decoder.feed(stream)
    assert received == sent


def test_an_unfinished_frame_gives_nothing() -> None:
    assert list(Decoder(LONGEST).feed(encode(FrameKind.ANSWER, b"abc")[:-1])) == []


@pytest.mark.parametrize(
    "data",
    [
        b"Z\x00\x00\x00\x00",
        encode(FrameKind.CONSOLE, b"x" * 101),
        encode(FrameKind.READY, b"x"),
        encode(FrameKind.JOB),
        b"A\xff\xff\xff\xff",
        b"RES1\x00",
    ],
    ids=["unknown kind", "too long", "body where none belongs", "kind that is not expected", "huge", "other protocol"],
)
def test_what_is_no_frame_is_refused_by_its_header(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        list(Decoder(LONGEST).feed(data))


def test_news_is_told_apart_by_its_kind() -> None:
    assert zygote_message_adapter.validate_json(Forked(number=3, pid=4).model_dump_json()) == Forked(number=3, pid=4)


@pytest.mark.parametrize("packet", [b"", b"{}", b'{"kind":"born"}', b'{"kind":"born","number":"1","pid":2}', b"\xff"])
def test_news_of_another_shape_is_refused(packet: bytes) -> None:
    with pytest.raises(ValidationError):
        zygote_message_adapter.validate_json(packet)
