"""The protocol between server, zygote and child.

The control socket carries one JSON message per packet: orders to the zygote, reports from it. The pipes of a child
carry frames: one byte that names the kind, four bytes of length (little endian), the body.
"""

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from gradwalk.contract.fields import Real
from gradwalk.contract.measurement import Wanted
from gradwalk.contract.perturbation import Perturbation
from gradwalk.contract.snapshot import Environment, LoopTurn, Program

_HEADER: Final = struct.Struct("<cI")


class Message(BaseModel):
    """The base of all messages: frozen and strict."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Confinement(Message):
    """The settings for how the zygote confines its children.

    `memory_bytes`: above what the zygote itself uses. `reserve_bytes`: kept for writing the answer. `trusted`: limits
    only, no walls.
    """

    memory_bytes: int
    reserve_bytes: int
    cpu_seconds: int
    trusted: bool


class Layers(Message):
    """The layers of the sandbox that hold on this machine."""

    limits: bool = False
    seccomp: bool = False
    landlock: bool = False
    namespaces: bool = False
    empty_root: bool = False
    own_user: bool = False


class Welcome(Message):
    """The zygote's report that it can fork. `program_filename`: the file name that frames of a program carry."""

    kind: Literal["welcome"] = "welcome"
    environment: Environment
    program_filename: str
    layers: Layers


class Unsafe(Message):
    """The zygote's report that it cannot confine anything and ends. `reason`: a sentence for the person who starts the
    server.
    """

    kind: Literal["unsafe"] = "unsafe"
    reason: str


class Forked(Message):
    """The zygote's report that child `number` was forked. Its descriptors and its pidfd travel with this message."""

    kind: Literal["born"] = "born"
    number: int
    pid: int


class Ended(Message):
    """The zygote's report that child `number` has ended and was reaped.

    `status`: as waitpid returns it. `memory_bytes`: the most it had in memory beyond the zygote's own.
    """

    kind: Literal["ended"] = "ended"
    number: int
    status: int
    cpu_seconds: float
    memory_bytes: int


class Order(Message):
    """The server's request for child `number`."""

    number: int


ZygoteMessage = Annotated[Welcome | Unsafe | Forked | Ended, Field(discriminator="kind")]
zygote_message_adapter: Final[TypeAdapter[Welcome | Unsafe | Forked | Ended]] = TypeAdapter(ZygoteMessage)
LONGEST_MESSAGE: Final = 65_536

PART_OVERHEAD: Final = 100
"""The cost of one part of an answer in addition to its bytes, so that many empty parts are bounded too."""


class Job(Message):
    """One program to run, and how much of it is recorded, printed and answered (bytes of UTF-8).

    `recorded_seconds`: the time that the program has, a share of which is used for recording; null: all of it.
    `move`: the perturbation of one of its numbers. `wanted`: a local derivative to measure; then no recording is asked
    for.
    """

    program: Program
    move: Perturbation | None = None
    wanted: Wanted | None = None
    recorded_steps: int
    recorded_bytes: int
    inline_elements: int
    stored_elements: int
    recorded_seconds: float | None = None
    output_bytes: int
    answer_bytes: int


class IterationReport(Message):
    """A report that an iteration of the program has ended. `loss`: null where it has none. `turns`: those of the loops
    around it, outermost first.
    """

    index: Annotated[int, Field(ge=0)]
    loss: Real | None
    turns: list[LoopTurn] = Field(default_factory=list)


PROGRESS_SECONDS: Final = 0.005
"""The shortest time between two reports of ended iterations. The last iteration is always reported."""
LONGEST_PROGRESS: Final = 1000


class FrameKind(Enum):
    """The kinds of frames; the letters are on the wire."""

    JOB = b"J"  # server to child: a Job
    PROBE = b"P"  # server to child, no body: try to break out; child to server: what worked, a JSON list
    READY = b"R"  # child to server, no body: confined and warm
    STARTED = b"S"  # child to server, no body: it has the job, the program starts now
    PROGRESS = b"G"  # child to server: an IterationReport, now and then
    CONSOLE = b"C"  # child to server: a ConsoleEntry, as it happens
    WRITING = b"W"  # child to server, no body: the program has ended, its answer is being written
    HEAD = b"H"  # child to server: a Recorded without iterations and tensors, as far as it is known before they follow
    TENSOR = b"T"  # child to server: a large Tensor of the iteration that comes next
    ITERATION = b"I"  # child to server: an Iteration, in order
    ANSWER = b"A"  # child to server: a Recorded without iterations and tensors, the last frame


SendFrame = Callable[[FrameKind, bytes], None]
"""A function that sends one frame, given its kind and its body."""

_dumps: Final = json.dumps
"""A reference of our own, because a program may put another function into the module."""


def as_json(body: Any) -> bytes:
    """Return the body of a frame that is sent while a program runs.

    Raises MemoryError where orjson would crash Python: a program may have taken all memory, and print what it caught.
    """
    return _dumps(body, ensure_ascii=False).encode()


class ProtocolError(ValueError):
    """The bytes are no frames, or a frame is too long."""


@dataclass(frozen=True)
class PipeFrame:
    """One whole frame."""

    kind: FrameKind
    body: bytes


def encode(kind: FrameKind, body: bytes = b"") -> bytes:
    """Return the bytes of one frame."""
    return _HEADER.pack(kind.value, len(body)) + body


class Decoder:
    """A decoder that cuts a stream of bytes into frames.

    `longest`: bytes of body that a kind may have; other kinds are refused.
    """

    def __init__(self, longest: dict[FrameKind, int]) -> None:
        self._longest = longest
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[PipeFrame]:
        """Yield the frames that are complete now. Raises ProtocolError; feed nothing more after that."""
        self._buffer += data
        while len(self._buffer) >= _HEADER.size:
            kind, length = self._header()
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            body = bytes(memoryview(self._buffer)[_HEADER.size : end])
            del self._buffer[:end]
            yield PipeFrame(kind, body)

    def _header(self) -> tuple[FrameKind, int]:
        letter, length = _HEADER.unpack_from(self._buffer)
        try:
            kind = FrameKind(letter)
        except ValueError:
            raise ProtocolError(f"unknown kind of frame {letter!r}") from None
        if length > self._longest.get(kind, -1):
            raise ProtocolError(f"a frame {kind.name} of {length} bytes is not accepted")
        return kind, length
