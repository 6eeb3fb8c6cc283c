import pytest

from gradwalk.contract.snapshot import ConsoleEntry
from gradwalk.errors import OutputLimitReached
from gradwalk.sandbox.console_stream import EXCESS, Allowance, ConsoleStream

PROGRAM = "printing.py"


class Console:
    """A stream whose entries are kept."""

    def __init__(self, limit: int = 1000) -> None:
        self.entries: list[ConsoleEntry] = []
        self.exceeded = 0
        self.allowance = Allowance(limit, self._exceed)
        self.stdout = ConsoleStream("stdout", self.allowance, self.entries.append, PROGRAM)
        self.stderr = ConsoleStream("stderr", self.allowance, self.entries.append, PROGRAM)

    def _exceed(self) -> None:
        self.exceeded += 1

    def run(self, source: str) -> None:
        exec(compile(source, PROGRAM, "exec"), {"out": self.stdout, "err": self.stderr})


def test_each_write_is_an_entry_with_the_line_of_the_program() -> None:
    console = Console()
    console.run("print('a', file=out)\n\nprint('b', file=err, end='')")
    assert console.entries == [
        ConsoleEntry(stream="stdout", text="a", line=1),
        ConsoleEntry(stream="stdout", text="\n", line=1),
        ConsoleEntry(stream="stderr", text="b", line=3),
    ]


def test_the_line_is_the_programs_also_inside_a_library() -> None:
    console = Console()
    console.run("import pprint\npprint.pprint({1: 2}, stream=out)")
    assert {entry.line for entry in console.entries} == {2}


def test_text_that_no_program_prints_has_no_line() -> None:
    console = Console()
    console.stdout.write("x")
    assert console.entries[0].line is None


def test_lone_surrogates_become_escapes() -> None:
    console = Console()
    console.stdout.write("\ud800 é")
    assert console.entries[0].text == "\\ud800 é"


def test_past_the_allowance_each_write_raises_and_the_reader_can_tell() -> None:
    console = Console(limit=10)
    console.stdout.write("12345678")
    with pytest.raises(OutputLimitReached):
        console.stderr.write("9" * 100)
    with pytest.raises(OutputLimitReached):
        console.stdout.write("more")
    sent = "".join(entry.text for entry in console.entries)
    assert len(sent) == 10 + EXCESS
    assert console.exceeded == 1


def test_a_huge_text_is_cut_before_it_is_encoded() -> None:
    console = Console(limit=10)
    with pytest.raises(OutputLimitReached):
        console.stdout.write("é" * 10_000_000)
    assert len(console.entries[0].text.encode()) <= 10 + EXCESS


def test_exactly_the_allowance_is_allowed() -> None:
    console = Console(limit=3)
    assert console.stdout.write("abc") == 3
    assert console.exceeded == 0


class Evil(str):
    """A str that lies about itself."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"forged"

    def __getitem__(self, _: object) -> "Evil":
        raise KeyError

    def __len__(self) -> int:
        return 10**9


def test_a_subclass_of_str_gets_no_say() -> None:
    console = Console()
    assert console.stdout.write(Evil("ab")) == 2
    assert console.entries[0].text == "ab"


def test_only_text_is_written() -> None:
    with pytest.raises(TypeError, match="must be str, not bytes"):
        Console().stdout.write(b"x")
