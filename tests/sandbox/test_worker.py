"""The server's side of one child, against children that misbehave: the test holds the child's ends of the pipes."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import pytest

from gradwalk.contract.snapshot import ConsoleEntry
from gradwalk.sandbox import worker as worker_module
from gradwalk.sandbox.answer_reader import RawAnswer
from gradwalk.sandbox.child_channels import ChildChannels, Descriptors
from gradwalk.sandbox.protocol import LONGEST_PROGRESS, FrameKind, encode
from gradwalk.sandbox.verdict import Ending, Exit
from gradwalk.sandbox.worker import ChildBounds, Worker

BOUNDS = ChildBounds(wall_seconds=1.0, output_bytes=1000, answer_bytes=10_000)
SHORT = ChildBounds(wall_seconds=0.2, output_bytes=1000, answer_bytes=10_000)
"""For what happens when the time is up."""


class Fake:
    """A child whose pipes the test writes to. Its process only sleeps."""

    def __init__(self, bounds: ChildBounds) -> None:
        self.jobs, jobs = os.pipe()
        results, self.results = os.pipe()
        diagnostics, self.diagnostics = os.pipe()
        stdout, self.stdout = os.pipe()
        stderr, self.stderr = os.pipe()
        self._open = {self.jobs, self.results, self.diagnostics, self.stdout, self.stderr}
        self._process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        descriptors = Descriptors(jobs, results, diagnostics, stdout, stderr, os.pidfd_open(self._process.pid))
        self.changes = 0
        self.worker = Worker(1, descriptors, bounds, "program.py", self._on_change)

    def _on_change(self, _: Worker) -> None:
        self.changes += 1

    def send(self, kind: FrameKind, body: bytes = b"") -> None:
        os.write(self.results, encode(kind, body))

    def hang_up(self) -> None:
        os.close(self.results)
        self._open.remove(self.results)

    def received(self, count: int) -> bytes:
        return os.read(self.jobs, count)

    async def reaped(self) -> int:
        """Waits for the process to end and tells the worker, as the zygote would."""
        code = await asyncio.to_thread(self._process.wait, 5)
        if self.results in self._open:
            self.hang_up()
        self.worker.ended(Exit(-code, 0.0, 0))
        return code

    def close(self) -> None:
        self.worker.close()
        self._process.kill()
        self._process.wait()
        for descriptor in self._open:
            os.close(descriptor)


@asynccontextmanager
async def fake(bounds: ChildBounds = BOUNDS) -> AsyncIterator[Fake]:
    child = Fake(bounds)
    try:
        yield child
    finally:
        child.close()


def after(act: Callable[[Fake], None], bounds: ChildBounds = BOUNDS) -> tuple[Ending, list[ConsoleEntry]]:
    """How a run ends in which the child does this."""

    async def scene() -> tuple[Ending, list[ConsoleEntry]]:
        async with fake(bounds) as child:
            run = asyncio.ensure_future(child.worker.run(b"job"))
            reaped = asyncio.ensure_future(child.reaped())
            await asyncio.sleep(0)
            act(child)
            ending = await asyncio.wait_for(run, 10)
            child.worker.kill()
            await reaped
            return ending, child.worker.transcript.entries

    return asyncio.run(scene())


def run(scene: Coroutine[None, None, None]) -> None:
    asyncio.run(scene)


def test_a_job_arrives_and_its_answer_comes_back() -> None:
    def act(child: Fake) -> None:
        assert child.received(100) == encode(FrameKind.JOB, b"job")
        child.send(FrameKind.CONSOLE, b'{"stream":"stdout","text":"hi","line":2}')
        child.send(FrameKind.ANSWER, b"answer")

    ending, console = after(act)
    assert ending == Ending(RawAnswer(b"answer"), None, None, None)
    assert console == [ConsoleEntry(stream="stdout", text="hi", line=2)]


def test_the_parts_of_an_answer_are_gathered_in_order() -> None:
    def act(child: Fake) -> None:
        for kind, body in [
            (FrameKind.ITERATION, b"1"),
            (FrameKind.ITERATION, b"2"),
            (FrameKind.TENSOR, b"t"),
            (FrameKind.ANSWER, b"a"),
        ]:
            child.send(kind, body)

    ending, _ = after(act)
    assert ending.answer == RawAnswer(b"a", [b"1", b"2"], [b"t"])


def test_raw_output_that_was_written_before_the_answer_is_kept() -> None:
    def act(child: Fake) -> None:
        os.write(child.stderr, b"warning")
        child.send(FrameKind.ANSWER, b"answer")

    _, console = after(act)
    assert console == [ConsoleEntry(stream="stderr", text="warning", line=None)]


TAMPERING: dict[str, bytes] = {
    "unknown frame": b"?\x00\x00\x00\x00",
    "frame for a child": encode(FrameKind.JOB, b"x"),
    "entry that is no JSON": encode(FrameKind.CONSOLE, b"{"),
    "entry of another shape": encode(FrameKind.CONSOLE, b'{"stream":"stdin","text":"x","line":1}'),
    "entry with a surrogate": encode(FrameKind.CONSOLE, b'{"stream":"stdout","text":"\\ud800","line":1}'),
    "answer that is too long": encode(FrameKind.ANSWER, b"x" * 10_001),
    "parts beyond the bound": encode(FrameKind.TENSOR, b"x" * 5_000) * 2,
    "many empty parts": encode(FrameKind.ITERATION) * 101,
    "progress that is no JSON": encode(FrameKind.PROGRESS, b"{"),
    "progress that is too long": encode(FrameKind.PROGRESS, b'{"index":0,"loss":null}' + b" " * LONGEST_PROGRESS),
    "a flood of progress": encode(FrameKind.PROGRESS, b'{"index":0,"loss":null}') * 2000,
    "three heads": encode(FrameKind.HEAD, b"h") * 3,
    "two answers": encode(FrameKind.ANSWER, b"a") * 2,
}


@pytest.mark.parametrize("name", TAMPERING)
def test_a_damaged_channel_ends_the_child_at_once(name: str) -> None:
    def act(child: Fake) -> None:
        os.write(child.results, TAMPERING[name])

    ending, _ = after(act)
    assert ending.stopped == "tampered"


def test_console_frames_are_bounded_even_when_they_say_nothing() -> None:
    frame = encode(FrameKind.CONSOLE, b'{"stream":"stdout","text":"","line":1}' + b" " * 50_000)

    async def scene() -> None:
        async with fake() as child:
            os.set_blocking(child.results, False)
            running = asyncio.ensure_future(child.worker.run(b"job"))
            reaped = asyncio.ensure_future(child.reaped())
            rest = frame * 100
            while not running.done():
                with suppress(OSError):
                    rest = rest[os.write(child.results, rest) :]
                await asyncio.sleep(0.001)
            assert running.result().stopped == "tampered"
            assert len(rest) > 0
            await reaped

    run(scene())


def test_too_much_output_is_stopped_softly_and_then_hard() -> None:
    def act(child: Fake) -> None:
        os.write(child.stdout, b"x" * 1001)

    ending, console = after(act)
    assert ending.stopped == "output"
    assert ending.exit is not None
    assert len(console[0].text) == 1000


def test_a_silent_child_is_stopped_and_its_line_is_known_from_the_crash_reporter() -> None:
    def act(child: Fake) -> None:
        os.write(child.diagnostics, b'  File "torch.py", line 7 in f\n  File "program.py", line 12 in <module>\n')

    # The fake has no handler: the soft stop, SIGALRM, ends it.
    ending, _ = after(act, SHORT)
    assert ending == Ending(None, "time", 12, Exit(signal.SIGALRM, 0.0, 0))


def test_an_answer_that_is_being_written_has_time_beyond_the_wall() -> None:
    async def scene() -> None:
        async with fake(SHORT) as child:
            running = asyncio.ensure_future(child.worker.run(b"job"))
            await asyncio.sleep(0)
            child.send(FrameKind.WRITING)
            await asyncio.sleep(2 * SHORT.wall_seconds)
            child.send(FrameKind.ANSWER, b"late")
            assert await running == Ending(RawAnswer(b"late"), None, None, None)

    run(scene())


def test_a_child_that_gets_on_has_time_for_each_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_WRITING_SECONDS", 0.4)

    async def scene() -> None:
        async with fake(SHORT) as child:
            running = asyncio.ensure_future(child.worker.run(b"job"))
            await asyncio.sleep(0)
            child.send(FrameKind.WRITING)
            for kind in (FrameKind.HEAD, FrameKind.TENSOR, FrameKind.ITERATION, FrameKind.ANSWER):
                await asyncio.sleep(0.25)
                child.send(kind, b"late")
            assert await running == Ending(RawAnswer(b"late", [b"late"], [b"late"]), None, None, None)

    run(scene())


WRITTEN: dict[str, tuple[list[tuple[FrameKind, bytes]], RawAnswer | None]] = {
    "nothing": ([], None),
    "a head": ([(FrameKind.HEAD, b"h")], RawAnswer(b"h")),
    "two heads": ([(FrameKind.HEAD, b"h"), (FrameKind.HEAD, b"i")], RawAnswer(b"i")),
    "an iteration": (
        [(FrameKind.HEAD, b"h"), (FrameKind.TENSOR, b"t"), (FrameKind.ITERATION, b"1"), (FrameKind.TENSOR, b"u")],
        RawAnswer(b"h", [b"1"], [b"t", b"u"]),
    ),
    "no head": ([(FrameKind.ITERATION, b"1")], None),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_has_arrived_of_an_answer_that_is_too_slow_is_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_WRITING_SECONDS", 0.1)
    frames, expected = WRITTEN[name]

    def act(child: Fake) -> None:
        child.send(FrameKind.WRITING)
        for kind, body in frames:
            child.send(kind, body)

    ending, _ = after(act)
    assert (ending.answer, ending.stopped, ending.unwritten) == (expected, None, True)


def test_one_frame_after_the_other_does_not_last_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_WRITING_SECONDS", 0.3)
    monkeypatch.setattr(worker_module, "_LONGEST_WRITING_SECONDS", 0.5)

    async def scene() -> None:
        async with fake() as child:
            running = asyncio.ensure_future(child.worker.run(b"job"))
            reaped = asyncio.ensure_future(child.reaped())
            await asyncio.sleep(0)
            child.send(FrameKind.WRITING)
            count = 0
            while not running.done() and count < 50:
                with suppress(OSError):
                    child.send(FrameKind.ITERATION, b"1")
                count += 1
                await asyncio.sleep(0.1)
            assert running.result().unwritten
            assert count < 20
            await reaped

    run(scene())


def test_a_child_that_closes_its_channel_and_lives_on_is_ended() -> None:
    ending, _ = after(Fake.hang_up, ChildBounds(wall_seconds=30.0, output_bytes=1000, answer_bytes=1000))
    assert ending.stopped == "tampered"
    assert ending.exit is not None


def test_a_child_whose_zygote_is_gone_has_no_exit() -> None:
    def act(child: Fake) -> None:
        child.worker.ended(None)
        child.hang_up()

    async def scene() -> None:
        async with fake() as child:
            running = asyncio.ensure_future(child.worker.run(b"job"))
            await asyncio.sleep(0)
            act(child)
            assert await running == Ending(None, None, None, None)

    run(scene())


def test_a_long_job_is_sent_while_the_child_reads_it() -> None:
    async def scene() -> None:
        async with fake() as child:
            job = bytes(1 << 20)
            running = asyncio.ensure_future(child.worker.run(job))
            await asyncio.sleep(0)
            received = b""
            while len(received) < len(job) + 5:
                received += await asyncio.to_thread(child.received, 1 << 16)
            assert received == encode(FrameKind.JOB, job)
            child.send(FrameKind.ANSWER, b"read")
            assert (await running).answer == RawAnswer(b"read")

    run(scene())


def test_a_child_that_cannot_be_killed_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_REAP_SECONDS", 0.1)
    monkeypatch.setattr(Worker, "kill", lambda _: None)
    monkeypatch.setattr(ChildChannels, "signal", lambda *_: None)

    async def scene() -> None:
        async with fake(SHORT) as child:
            ending = await asyncio.wait_for(child.worker.run(b"job"), 30)
            assert ending == Ending(None, "time", None, None)

    run(scene())


def test_a_job_that_was_begun_is_told_from_one_that_was_not() -> None:
    async def scene() -> None:
        async with fake() as child:
            running = asyncio.ensure_future(child.worker.run(b"job"))
            await asyncio.sleep(0)
            assert not child.worker.started
            child.send(FrameKind.STARTED)
            child.send(FrameKind.ANSWER, b"")
            await running
            assert child.worker.started

    run(scene())


def test_closing_twice_and_signalling_the_dead_are_harmless() -> None:
    async def scene() -> None:
        async with fake() as child:
            child.worker.kill()
            await child.reaped()
            child.worker.kill()
            child.worker.close()
            child.worker.close()
            assert child.worker.gone

    run(scene())
