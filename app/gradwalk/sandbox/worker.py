"""One confined child, seen from the server: its pipes are read within bounds, its program is never examined."""

import asyncio
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from gradwalk.contract.snapshot import ConsoleEntry
from gradwalk.sandbox.answer_reader import RawAnswer
from gradwalk.sandbox.child_channels import CHUNK, ChildChannels, Descriptors
from gradwalk.sandbox.console_stream import Stream
from gradwalk.sandbox.progress_receiver import ProgressChannel, ProgressReceiver
from gradwalk.sandbox.protocol import (
    LONGEST_PROGRESS,
    PART_OVERHEAD,
    Decoder,
    FrameKind,
    PipeFrame,
    ProtocolError,
    encode,
)
from gradwalk.sandbox.soft_stop import OUTPUT_SIGNAL, WALL_SIGNAL
from gradwalk.sandbox.transcript import Transcript
from gradwalk.sandbox.verdict import Cause, Ending, Exit

_GRACE_SECONDS: Final = 0.5
_WRITING_SECONDS: Final = 5.0
_LONGEST_WRITING_SECONDS: Final = 20.0
"""The seconds in which a child that writes its answer must get on, and those that it has for all of it: a program may
write frames itself, one at a time.
"""
_MOST_HEADS: Final = 2
_EXIT_SECONDS: Final = 0.3
_REAP_SECONDS: Final = 2.0
_LONGEST_DIAGNOSTICS: Final = 1 << 16
_FRAME_OVERHEAD: Final = 64
"""Bytes on the wire for one printed byte, at worst: each print is a frame of JSON."""


@dataclass(frozen=True)
class ChildBounds:
    """The most that is accepted from one child: seconds, bytes of printed text, bytes of answer."""

    wall_seconds: float
    output_bytes: int
    answer_bytes: int


class Worker:
    """A child, from its fork to its end. `on_change(worker)` is called when it becomes ready and when it is gone.

    `ready`: it waits for a job.
    """

    def __init__(
        self,
        number: int,
        descriptors: Descriptors,
        bounds: ChildBounds,
        program_filename: str,
        on_change: Callable[["Worker"], None],
    ) -> None:
        self.number = number
        self.ready = False
        self._loop = asyncio.get_running_loop()
        self._channels = ChildChannels(descriptors)
        self._descriptors = descriptors
        self._bounds = bounds
        self._line_pattern = re.compile(rf'File "{re.escape(program_filename)}", line (\d{{1,7}})')
        self._on_change = on_change
        self._console_bytes = 0
        self._progress = ProgressChannel(bounds.wall_seconds + _GRACE_SECONDS)
        self._diagnostics = b""
        self._stopped: Cause | None = None
        self._parts: dict[FrameKind, list[bytes]] = {FrameKind.ITERATION: [], FrameKind.TENSOR: []}
        self._part_bytes = 0
        self._heads: list[bytes] = []
        self._answer: RawAnswer | None = None
        self._probe: bytes | None = None
        self._changed = asyncio.Event()
        self._writing_ends: float | None = None
        self._unwritten = False
        self._exit: asyncio.Future[Exit | None] = self._loop.create_future()
        self._deadline: asyncio.TimerHandle | None = None
        self.transcript = Transcript(bounds.output_bytes)
        longest_entry = _FRAME_OVERHEAD * bounds.output_bytes + CHUNK
        self._decoder = Decoder(
            {
                FrameKind.READY: 0,
                FrameKind.STARTED: 0,
                FrameKind.PROBE: CHUNK,
                FrameKind.PROGRESS: LONGEST_PROGRESS,
                FrameKind.CONSOLE: longest_entry,
                FrameKind.WRITING: 0,
                FrameKind.HEAD: bounds.answer_bytes,
                FrameKind.ITERATION: bounds.answer_bytes,
                FrameKind.TENSOR: bounds.answer_bytes,
                FrameKind.ANSWER: bounds.answer_bytes,
            }
        )
        for descriptor, callback in (
            (descriptors.results, self._read_results),
            (descriptors.diagnostics, self._read_diagnostics),
            (descriptors.stdout, lambda: self._read_raw("stdout", descriptors.stdout)),
            (descriptors.stderr, lambda: self._read_raw("stderr", descriptors.stderr)),
        ):
            self._channels.watch(descriptor, callback)

    @property
    def started(self) -> bool:
        """True once it has begun to run a job."""
        return self._progress.started

    @property
    def gone(self) -> bool:
        """True when nothing more can come from this child."""
        return not self._channels.is_open(self._descriptors.results)

    @property
    def diagnostics(self) -> str:
        """The complaints of the child or of Python's crash reporter."""
        return self._diagnostics.decode("utf-8", "replace")

    async def run(self, job: bytes, receiver: ProgressReceiver | None = None) -> Ending:
        """Send the child its one job and wait for the end, at most for the wall limit and a grace."""
        self._progress.receiver = receiver
        self._channels.send(encode(FrameKind.JOB, job))
        self._set_deadline(self._bounds.wall_seconds, lambda: self._stop("time"))
        await self._wait_for_end()
        self._drain()
        line = self._line_pattern.search(self.diagnostics)
        exit = await self._wait_for_exit() if self._answer is None else None
        return Ending(self._answer, self._stopped, int(line[1]) if line else None, exit, self._unwritten)

    async def probe(self) -> bytes | None:
        """Return the holes that the child found in its own confinement, as JSON; null when it died of looking."""
        self._channels.send(encode(FrameKind.PROBE))
        while self._probe is None and not self.gone:
            await self._changed.wait()
            self._changed.clear()
        return self._probe

    def kill(self) -> None:
        """End the child now, whatever it does."""
        self._channels.signal(signal.SIGKILL)

    def ended(self, exit: Exit | None) -> None:
        """Note how the child ended, once the zygote has reaped it; null when the zygote itself is gone."""
        if not self._exit.done():
            self._exit.set_result(exit)

    def close(self) -> None:
        """Kill the child and close every descriptor. May be called again."""
        if self._deadline is not None:
            self._deadline.cancel()
        self.kill()
        self._channels.close_all()

    async def _wait_for_end(self) -> None:
        while self._answer is None and not self.gone:
            await self._changed.wait()
            self._changed.clear()

    async def _wait_for_exit(self) -> Exit | None:
        """Return how the child ended. A child that has only closed its channel is ended here."""
        done, _ = await asyncio.wait([self._exit], timeout=_EXIT_SECONDS)
        if not done:
            self._stop_hard("tampered")
            done, _ = await asyncio.wait([self._exit], timeout=_REAP_SECONDS)
        return self._exit.result() if done else None

    def _stop(self, cause: Cause) -> None:
        """Stop softly, and hard after a grace. Only the first cause counts."""
        if self._stopped is not None:
            return
        self._stopped = cause
        self._channels.signal(OUTPUT_SIGNAL if cause == "output" else WALL_SIGNAL)
        self._set_deadline(_GRACE_SECONDS, self._kill_and_stop_reading)

    def _stop_hard(self, cause: Cause) -> None:
        """Stop hard at once."""
        self._stopped = self._stopped or cause
        self._kill_and_stop_reading()

    def _kill_and_stop_reading(self) -> None:
        """Kill the child, and stop waiting for the end of its results when even that does not help."""
        self.kill()
        self._set_deadline(_REAP_SECONDS, self._close_results)

    def _set_deadline(self, seconds: float, action: Callable[[], None]) -> None:
        """Set what happens unless the child gets further in time. There is one deadline at a time."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self._loop.call_later(seconds, action)

    def _read_results(self) -> None:
        data = self._channels.read(self._descriptors.results)
        if data is None:
            return
        if not data:
            self._close_results()
            return
        try:
            for frame in self._decoder.feed(data):
                self._accept(frame)
        except (ProtocolError, ValidationError):
            self._stop_hard("tampered")
            self._close_results()

    def _close_results(self) -> None:
        self._channels.close(self._descriptors.results)
        self._announce()

    def _accept(self, frame: PipeFrame) -> None:
        if self._answer is not None:
            raise ProtocolError("a frame after the answer")
        if frame.kind is FrameKind.CONSOLE:
            self._accept_console(frame.body)
        elif frame.kind is FrameKind.ANSWER:
            self._answer = self._answer_with(frame.body)
            self._announce()
        elif frame.kind in self._parts:
            self._accept_part(frame)
        elif frame.kind is FrameKind.HEAD:
            self._accept_head(frame.body)
        elif frame.kind is FrameKind.STARTED:
            self._progress.begin()
        elif frame.kind is FrameKind.PROGRESS:
            self._progress.progress(frame.body)
        elif frame.kind is FrameKind.WRITING:
            self._start_writing()
        elif frame.kind is FrameKind.PROBE:
            self._probe = frame.body
            self._announce()
        else:
            self.ready = True
            self._announce()

    def _accept_part(self, frame: PipeFrame) -> None:
        self._part_bytes += len(frame.body) + PART_OVERHEAD
        if self._part_bytes > self._bounds.answer_bytes:
            raise ProtocolError("more than an answer may hold")
        self._parts[frame.kind].append(frame.body)
        self._give_time_to_write()

    def _accept_head(self, body: bytes) -> None:
        if len(self._heads) == _MOST_HEADS:
            raise ProtocolError("too many heads")
        self._heads.append(body)
        self._give_time_to_write()

    def _answer_with(self, head: bytes) -> RawAnswer:
        return RawAnswer(head, self._parts[FrameKind.ITERATION], self._parts[FrameKind.TENSOR])

    def _start_writing(self) -> None:
        """Give the child time to write its answer, once. The limits are for the program, and writing a long recording
        takes longer.
        """
        if self._writing_ends is None:
            self._writing_ends = self._loop.time() + _LONGEST_WRITING_SECONDS
            self._give_time_to_write()

    def _give_time_to_write(self) -> None:
        """Let the deadline begin anew: the child that writes has got on."""
        if self._writing_ends is not None and not self._unwritten:
            left = self._writing_ends - self._loop.time()
            self._set_deadline(max(0.0, min(_WRITING_SECONDS, left)), self._keep_what_was_written)

    def _keep_what_was_written(self) -> None:
        """End a child that is too slow to write its answer. What has arrived of it is the answer."""
        self._unwritten = True
        if self._heads:
            self._answer = self._answer_with(self._heads[-1])
        self._kill_and_stop_reading()
        self._close_results()

    def _accept_console(self, body: bytes) -> None:
        self._console_bytes += len(body)
        if self._console_bytes > _FRAME_OVERHEAD * self._bounds.output_bytes + CHUNK:
            raise ProtocolError("more console frames than the allowance can fill")
        self.transcript.add(ConsoleEntry.model_validate_json(body))
        if self.transcript.exceeded:
            self._stop("output")

    def _announce(self) -> None:
        self._changed.set()
        self._on_change(self)

    def _read_diagnostics(self) -> None:
        data = self._channels.read(self._descriptors.diagnostics)
        if data == b"":
            self._channels.close(self._descriptors.diagnostics)
        elif data:
            self._diagnostics += data[: _LONGEST_DIAGNOSTICS - len(self._diagnostics)]

    def _read_raw(self, stream: Stream, descriptor: int) -> None:
        data = self._channels.read(descriptor)
        if data == b"":
            self._channels.close(descriptor)
        elif data:
            self.transcript.add_raw(stream, data)
            if self.transcript.exceeded:
                self._stop("output")

    def _drain(self) -> None:
        """Read what was written before the end: a pipe still holds it."""
        for descriptor, callback in (
            (self._descriptors.diagnostics, self._read_diagnostics),
            (self._descriptors.stdout, lambda: self._read_raw("stdout", self._descriptors.stdout)),
            (self._descriptors.stderr, lambda: self._read_raw("stderr", self._descriptors.stderr)),
        ):
            if self._channels.is_open(descriptor):
                callback()
