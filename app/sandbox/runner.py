"""Runs one untrusted program after the other, some at once, and gives back what each left. The room's public face."""

import asyncio
import json
import math
import os
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Protocol

from app.config import Settings
from app.errors import Busy, SandboxUnavailable, SandboxUnsafe
from app.sandbox.pool import Pool
from app.sandbox.protocol import Confinement, Job, Layers
from app.sandbox.reading import Bulk, read_answer
from app.sandbox.verdict import Allowed, Ending, judge
from app.sandbox.worker import Bounds
from app.snapshot import ConsoleEntry, Environment, Program, Recorded

_ATTEMPTS: Final = 3
_READY_SECONDS: Final = 30.0
CPU_SECONDS_BEYOND_WALL: Final = 6
"""Whoever runs that long has no server any more that would stop it."""
_ANSWER_BYTES_PER_RECORDED_BYTE: Final = 4
"""A float32 takes about 12 bytes of JSON."""
_ANSWER_BYTES_BEYOND: Final = 16 << 20
_RESERVE_PER_ANSWER_BYTE: Final = 2
"""While an answer is written, its tensors stand in memory as text, and one part of it once more."""


@dataclass(frozen=True)
class Answer:
    """What a run left. Milliseconds: `queued_ms` until a confined process took the program, `run_ms` from then on."""

    recorded: Recorded
    console: list[ConsoleEntry]
    queued_ms: float
    run_ms: float


class Runner(Protocol):
    """What runs programs."""

    @property
    def environment(self) -> Environment:
        """What programs run on."""

    async def run(self, program: Program) -> Answer:
        """Runs a program to its end, whatever that is. Cancelling ends the program.

        Raises Busy when the queue is full, SandboxUnavailable when no program can be run now.
        """

    async def check(self) -> None:
        """Raises SandboxUnavailable when no program can be run now."""


class Sandbox(Runner):
    """Runs programs in confined processes: one per processor at once, the others wait in a bounded queue."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(_confinement(settings), _bounds(settings), settings.spares)
        self._processors = len(os.sched_getaffinity(0))
        self._places = asyncio.Semaphore(self._processors)
        self._queued = 0
        self._usual_seconds = 0.0

    @property
    def environment(self) -> Environment:
        """What programs run on. Raises SandboxUnavailable before the start."""
        return self._pool.welcome.environment

    @property
    def layers(self) -> Layers:
        """Which layers of confinement hold here. Raises SandboxUnavailable before the start."""
        return self._pool.welcome.layers

    async def start(self) -> None:
        """Starts the zygote and tries to break out of it.

        Raises SandboxUnsafe when programs cannot be confined, SandboxUnavailable when nothing starts.
        """
        require_loopback_for_trust(self._settings)
        await self._pool.start()
        if self._settings.trust_programs:
            return
        try:
            await self._try_to_break_out()
        except BaseException:
            await self._pool.close()
            raise

    async def close(self) -> None:
        """Ends everything; no process is left."""
        await self._pool.close()

    async def check(self) -> None:
        """Raises SandboxUnavailable when no program can be run now."""
        if not self._pool.alive:
            raise SandboxUnavailable("The sandbox is starting.")

    async def run(self, program: Program) -> Answer:
        """See Runner.run."""
        if self._queued >= self._settings.queue_length:
            raise Busy("Too many programs are waiting. Try again in a moment.", self._retry_after())
        asked = time.perf_counter()
        self._queued += 1
        try:
            await self._places.acquire()
        finally:
            self._queued -= 1
        try:
            return await self._run_now(program, asked)
        finally:
            self._places.release()

    async def _run_now(self, program: Program, asked: float) -> Answer:
        for _ in range(_ATTEMPTS):
            answer = await self._attempt(program, asked)
            if answer is not None:
                return answer
        raise SandboxUnavailable("The sandbox loses its processes before they can start. Try again in a moment.")

    async def _attempt(self, program: Program, asked: float) -> Answer | None:
        """Null when the process died before the program started in it, as spares do when memory is short."""
        worker = await self._pool.acquire(_READY_SECONDS)
        try:
            started = time.perf_counter()
            ending = await worker.run(_job(program, self._settings))
            ended = time.perf_counter()
        finally:
            self._pool.release(worker)
        if not worker.started:
            return None
        self._usual_seconds += 0.1 * (ended - started - self._usual_seconds)
        recorded = await _judged(ending, self._settings)
        return Answer(recorded, worker.transcript.entries, 1e3 * (started - asked), 1e3 * (ended - started))

    async def _try_to_break_out(self) -> None:
        worker = await self._pool.acquire(_READY_SECONDS)
        try:
            found = await worker.probe()
        finally:
            self._pool.release(worker)
        holes = ["survive the self-test"] if found is None else json.loads(found)
        if holes:
            raise SandboxUnsafe(f"A confined program can {', '.join(holes)}: the server does not start.")

    def _retry_after(self) -> int:
        """Seconds in which the queue will be about half as long."""
        return max(1, math.ceil(self._queued * self._usual_seconds / self._processors / 2))


def require_loopback_for_trust(settings: Settings) -> None:
    """Raises SandboxUnsafe when unconfined programs could come from another machine."""
    if settings.trust_programs and not is_loopback(settings.host):
        raise SandboxUnsafe(
            f"Without confinement the server must listen on loopback only, not on {settings.host}. Use 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address. A name other than localhost may mean anything."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _judged(ending: Ending, settings: Settings) -> Recorded:
    bulk = Bulk.of(settings.recorded_steps, settings.recorded_mib << 20, settings.stored_elements)
    recorded = None if ending.answer is None else await read_answer(ending.answer, bulk)
    return judge(ending, recorded, Allowed(settings.wall_seconds, settings.memory_mib, settings.output_kib))


def _confinement(settings: Settings) -> Confinement:
    return Confinement(
        memory_bytes=settings.memory_mib << 20,
        reserve_bytes=_RESERVE_PER_ANSWER_BYTE * _answer_bytes(settings),
        cpu_seconds=math.ceil(settings.wall_seconds) + CPU_SECONDS_BEYOND_WALL,
        trusted=settings.trust_programs,
    )


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        wall_seconds=settings.wall_seconds,
        output_bytes=settings.output_kib << 10,
        answer_bytes=_answer_bytes(settings),
    )


def _answer_bytes(settings: Settings) -> int:
    return _ANSWER_BYTES_PER_RECORDED_BYTE * (settings.recorded_mib << 20) + _ANSWER_BYTES_BEYOND


def _job(program: Program, settings: Settings) -> bytes:
    source = program.source.encode("utf-8", "replace").decode()
    job = Job(
        program=program.model_copy(update={"source": source}),
        recorded_steps=settings.recorded_steps,
        recorded_bytes=settings.recorded_mib << 20,
        inline_elements=settings.inline_elements,
        stored_elements=settings.stored_elements,
        output_bytes=settings.output_kib << 10,
        answer_bytes=_answer_bytes(settings),
    )
    return job.model_dump_json().encode()
