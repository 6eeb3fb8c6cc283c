from gradwalk.contract.snapshot import ConsoleEntry
from gradwalk.sandbox.console_stream import Stream
from gradwalk.sandbox.transcript import Transcript


def entry(text: str, line: int | None = 1, stream: Stream = "stdout") -> ConsoleEntry:
    return ConsoleEntry(stream=stream, text=text, line=line)


def test_the_parts_of_one_printed_line_are_one_entry() -> None:
    transcript = Transcript(100)
    for text in ("a", " ", "b", "\n", "c\n"):
        transcript.add(entry(text))
    assert transcript.entries == [entry("a b\n"), entry("c\n")]


def test_another_line_or_stream_begins_an_entry() -> None:
    transcript = Transcript(100)
    sent = [entry("a", 1), entry("b", 2), entry("c", 2, "stderr")]
    for one in sent:
        transcript.add(one)
    assert transcript.entries == sent


def test_text_beyond_the_limit_is_cut_between_characters() -> None:
    transcript = Transcript(4)
    transcript.add(entry("aéé"))
    assert transcript.exceeded
    assert transcript.entries == [entry("aé")]
    transcript.add(entry("more"))
    assert transcript.entries == [entry("aé")]


def test_text_that_fits_exactly_is_not_too_much() -> None:
    transcript = Transcript(3)
    transcript.add(entry("abc"))
    assert not transcript.exceeded


def test_raw_bytes_are_decoded_over_the_borders_of_reads() -> None:
    transcript = Transcript(100)
    data = "é\n".encode()
    transcript.add_raw("stderr", data[:1])
    transcript.add_raw("stderr", data[1:])
    transcript.add_raw("stderr", b"\xff")
    assert transcript.entries == [entry("é\n", None, "stderr"), entry("�", None, "stderr")]


def test_both_kinds_of_output_share_the_limit() -> None:
    transcript = Transcript(4)
    transcript.add(entry("abc"))
    transcript.add_raw("stdout", b"de")
    assert transcript.exceeded
    assert "".join(one.text for one in transcript.entries) == "abcd"
