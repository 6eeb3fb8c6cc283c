"""The sandbox's public face: it runs untrusted programs, some at once, and returns what each left."""

import json
import math
import os
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Protocol

from gradwalk.config import Settings
from gradwalk.contract.fields import Real
from gradwalk.contract.measurement import Remeasured, Wanted
from gradwalk.contract.perturbation import Perturbation
from gradwalk.contract.snapshot import ConsoleEntry, Environment, LoopTurn, Program, Recorded
from gradwalk.errors import SandboxUnavailable, SandboxUnsafe
from gradwalk.sandbox.answer_reader import JsonBudget, read_answer
from gradwalk.sandbox.fair_queue import FairQueue, QueueClient
from gradwalk.sandbox.pool import Pool
from gradwalk.sandbox.progress_receiver import ProgressReceiver
from gradwalk.sandbox.protocol import Confinement, IterationReport, Job, Layers
from gradwalk.sandbox.verdict import Allowed, Ending, judge
from gradwalk.sandbox.waiting_line import WaitingLine
from gradwalk.sandbox.worker import ChildBounds

_ATTEMPTS: Final = 3
_READY_SECONDS: Final = 30.0
CPU_SECONDS_BEYOND_WALL: Final = 6
"""A process that runs so much longer has lost the server that would stop it."""
_ANSWER_BYTES_PER_RECORDED_BYTE: Final = 4
"""A float32 takes about 12 bytes of JSON."""
_ANSWER_BYTES_BEYOND: Final = 16 << 20
_RESERVE_PER_ANSWER_BYTE: Final = 2
"""While an answer is written, its tensors are in memory as text, and one part of it once more."""


@dataclass(frozen=True)
class Answer:
    """The result of a run. Milliseconds: `queued_ms` until a process took the program, `run_ms` from then on."""

    recorded: Recorded
    console: list[ConsoleEntry]
    queued_ms: float
    run_ms: float


@dataclass(frozen=True)
class Load:
    """The load of a runner: runs that wait, programs that run, and confined processes that are ready for one."""

    queued: int
    running: int
    spares: int


class ProgressListener:
    """A callback object for the progress of a run. This base class does nothing."""

    def queued(self, position: int) -> None:
        """Handle that `position` others must end before the run starts. Called again whenever that changes."""

    def started(self, queued_ms: float) -> None:
        """Handle that the program runs now. Called once."""

    def iteration(self, index: int, loss: Real | None, turns: list[LoopTurn]) -> None:
        """Handle that an iteration has ended, in these turns of loops. Of many iterations not every one is reported;
        the last one is.
        """


class Runner(Protocol):
    """The interface of everything that runs programs."""

    @property
    def environment(self) -> Environment:
        """The environment that programs run in."""

    @property
    def load(self) -> Load:
        """The load now."""

    async def run(
        self,
        program: Program,
        client: QueueClient,
        listener: ProgressListener,
        perturbation: Perturbation | None = None,
    ) -> Answer:
        """Run a program to its end, whatever that is, when it is the client's turn. Cancelling ends the program.

        `perturbation`: one number that is changed, for a gradient check. Raises Busy when the queue is full,
        SandboxUnavailable when no program can be run now.
        """

    async def measure(self, program: Program, wanted: Wanted, client: QueueClient) -> Remeasured:
        """Run a program again, as far as the local derivative that is wanted. Return the measurement and, where there
        is none, the outcome. Raises as `run` does.
        """

    async def check(self) -> None:
        """Check that programs can be run now. Raises SandboxUnavailable when they cannot."""


class Sandbox(Runner):
    """A runner in confined processes: one per processor at once, the others wait in a bounded, fair queue."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(_confinement(settings), _bounds(settings), settings.spares)
        processors = len(os.sched_getaffinity(0))
        self._waiting_line = WaitingLine(FairQueue(processors, settings.queue_length, settings.client_queue_length))

    @property
    def environment(self) -> Environment:
        """The environment that programs run in. Raises SandboxUnavailable before the start."""
        return self._pool.welcome.environment

    @property
    def load(self) -> Load:
        """The load now, see Runner.load."""
        return Load(self._waiting_line.waiting, self._waiting_line.running, self._pool.ready)

    @property
    def layers(self) -> Layers:
        """The layers of confinement that hold here. Raises SandboxUnavailable before the start."""
        return self._pool.welcome.layers

    async def start(self) -> None:
        """Start the zygote and try to break out of it.

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
        """End everything; no process is left."""
        await self._pool.close()

    async def check(self) -> None:
        """Check that programs can be run now. Raises SandboxUnavailable when they cannot."""
        if not self._pool.alive:
            raise SandboxUnavailable("The sandbox is starting.")

    async def run(
        self,
        program: Program,
        client: QueueClient,
        listener: ProgressListener,
        perturbation: Perturbation | None = None,
    ) -> Answer:
        """See Runner.run."""
        relay = _ProgressRelay(listener, time.perf_counter())
        async with self._waiting_line.turn(client, listener.queued):
            return await self._run_now(_job(program, self._settings, perturbation=perturbation), relay)

    async def measure(self, program: Program, wanted: Wanted, client: QueueClient) -> Remeasured:
        """See Runner.measure."""
        listener = ProgressListener()
        async with self._waiting_line.turn(client, listener.queued):
            job = _job(program, self._settings, wanted=wanted)
            remeasured = (await self._run_now(job, _ProgressRelay(listener, time.perf_counter()), Remeasured)).recorded
        if isinstance(remeasured, Remeasured):
            return remeasured
        return Remeasured(outcome=remeasured.outcome, truncated=None, graphs=[], iterations=[], tensors={})

    async def _run_now(self, job: bytes, relay: "_ProgressRelay", kind: type[Recorded] = Recorded) -> Answer:
        for _ in range(_ATTEMPTS):
            answer = await self._attempt(job, relay, kind)
            if answer is not None:
                return answer
        raise SandboxUnavailable("The sandbox loses its processes before they can start. Try again in a moment.")

    async def _attempt(self, job: bytes, relay: "_ProgressRelay", kind: type[Recorded]) -> Answer | None:
        """Run the job once. Return null when the process died before the program started, as spares do when memory is
        short.
        """
        worker = await self._pool.acquire(_READY_SECONDS)
        try:
            started = time.perf_counter()
            ending = await worker.run(job, relay)
            ended = time.perf_counter()
        finally:
            self._pool.release(worker)
        if not worker.started:
            return None
        recorded = await _read_and_judge(ending, self._settings, kind)
        return Answer(
            recorded, worker.transcript.entries, 1e3 * (started - relay.requested_at), 1e3 * (ended - started)
        )

    async def _try_to_break_out(self) -> None:
        worker = await self._pool.acquire(_READY_SECONDS)
        try:
            found = await worker.probe()
        finally:
            self._pool.release(worker)
        holes = ["survive the self-test"] if found is None else json.loads(found)
        if holes:
            raise SandboxUnsafe(f"A confined program can {', '.join(holes)}: the server does not start.")


class _ProgressRelay(ProgressReceiver):
    """A relay of a worker's progress to a listener. `asked`: when the run was asked for, as perf_counter counts."""

    def __init__(self, listener: ProgressListener, requested_at: float) -> None:
        self._listener = listener
        self.requested_at = requested_at

    def program_started(self) -> None:
        self._listener.started(1e3 * (time.perf_counter() - self.requested_at))

    def iteration_ended(self, iteration: IterationReport) -> None:
        self._listener.iteration(iteration.index, iteration.loss, iteration.turns)


def require_loopback_for_trust(settings: Settings) -> None:
    """Raise SandboxUnsafe when unconfined programs could come from another machine."""
    if settings.trust_programs and not is_loopback(settings.host):
        raise SandboxUnsafe(
            f"Without confinement the server must listen on loopback only, not on {settings.host}. Use 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address. A name other than localhost may mean anything."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _read_and_judge(ending: Ending, settings: Settings, kind: type[Recorded]) -> Recorded:
    budget = JsonBudget.for_limits(settings.recorded_steps, settings.recorded_mib << 20, settings.stored_elements)
    recorded = None if ending.answer is None else await read_answer(ending.answer, budget, kind)
    return judge(ending, recorded, Allowed(settings.wall_seconds, settings.memory_mib, settings.output_kib))


def _confinement(settings: Settings) -> Confinement:
    return Confinement(
        memory_bytes=settings.memory_mib << 20,
        reserve_bytes=_RESERVE_PER_ANSWER_BYTE * answer_bytes(settings),
        cpu_seconds=math.ceil(settings.wall_seconds) + CPU_SECONDS_BEYOND_WALL,
        trusted=settings.trust_programs,
    )


def _bounds(settings: Settings) -> ChildBounds:
    return ChildBounds(
        wall_seconds=settings.wall_seconds,
        output_bytes=settings.output_kib << 10,
        answer_bytes=answer_bytes(settings),
    )


def answer_bytes(settings: Settings) -> int:
    """Return the most bytes of JSON that a child may answer with."""
    return _ANSWER_BYTES_PER_RECORDED_BYTE * (settings.recorded_mib << 20) + _ANSWER_BYTES_BEYOND


def _job(
    program: Program, settings: Settings, *, perturbation: Perturbation | None = None, wanted: Wanted | None = None
) -> bytes:
    source = program.source.encode("utf-8", "replace").decode()
    job = Job(
        program=program.model_copy(update={"source": source}),
        move=perturbation,
        wanted=wanted,
        recorded_steps=settings.recorded_steps,
        recorded_bytes=settings.recorded_mib << 20,
        inline_elements=settings.inline_elements,
        stored_elements=settings.stored_elements,
        # a second run must come as far as the first one, whatever the machine does meanwhile
        recorded_seconds=settings.wall_seconds if perturbation is None and wanted is None else None,
        output_bytes=settings.output_kib << 10,
        answer_bytes=answer_bytes(settings),
    )
    return job.model_dump_json().encode()
