"""Running a program in the sandbox and storing its snapshot."""

import asyncio
import secrets
import time
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from gradwalk.contract.snapshot import SCHEMA_VERSION, Environment, Program, Snapshot
from gradwalk.errors import ProgramEmpty, ProgramTooLarge
from gradwalk.sandbox import Answer, ProgressListener, QueueClient, Runner
from gradwalk.store import Store
from gradwalk.web.bodies import RunCreated, Timings
from gradwalk.web.services.run_log import RunLog
from gradwalk.web.services.run_progress import RunProgress

_ID_BYTES = 18
"""144 random bits, 24 letters in a URL: nobody can guess the address of another user's snapshot."""


class RunService:
    """Runs programs and stores their snapshots. `largest`: how many bytes of UTF-8 a program may have."""

    def __init__(self, runner: Runner, store: Store, log: RunLog, largest: int) -> None:
        self._runner = runner
        self._store = store
        self._log = log
        self._largest = largest

    def begin(self, program: Program, client: QueueClient) -> "BackgroundRun":
        """Start a run in a task of its own. Raises ProgramEmpty, ProgramTooLarge."""
        self._refuse_unusable(program)
        return BackgroundRun(self, program, client)

    async def create(self, program: Program, client: QueueClient, listener: ProgressListener) -> RunCreated:
        """Run a program and store its snapshot. A program that fails has a snapshot too. Cancelling this call kills the
        program and stores nothing, unless the program has ended and its snapshot is already being stored.

        Raises ProgramEmpty, ProgramTooLarge, Busy, SandboxUnavailable, StoreUnavailable.
        """
        with self._log.recording_failures():
            created = await self._create(program, client, listener)
        self._log.record_run(created)
        return created

    async def _create(self, program: Program, client: QueueClient, listener: ProgressListener) -> RunCreated:
        self._refuse_unusable(program)
        started = time.perf_counter()
        answer = await self._runner.run(program, client, listener)
        snapshot = assemble(program, answer, self._runner.environment)
        await _finish_even_if_cancelled(self._store.save(snapshot))
        total_ms = 1000 * (time.perf_counter() - started)
        timings = Timings(
            queued_ms=round(answer.queued_ms, 3), run_ms=round(answer.run_ms, 3), total_ms=round(total_ms, 3)
        )
        return RunCreated(snapshot=snapshot.id, outcome=snapshot.outcome, timings=timings)

    def _refuse_unusable(self, program: Program) -> None:
        if not program.source.strip():
            raise ProgramEmpty("Write at least one line of code, then run it again.")
        size = len(program.source.encode())
        if size > self._largest:
            raise ProgramTooLarge(
                f"Shorten the program: it has {size:,} bytes, at most {self._largest:,} are accepted."
            )


class BackgroundRun:
    """A run whose client waits for it. `progress`: the events that the client has not received yet. `cancelled`: the
    client has disconnected.
    """

    def __init__(self, runs: RunService, program: Program, client: QueueClient) -> None:
        self.progress = RunProgress()
        self.cancelled = False
        self._task = asyncio.create_task(runs.create(program, client, self.progress))
        self._task.add_done_callback(self._on_end)

    @property
    def is_over(self) -> bool:
        """True when the run has a result, was refused, or was cancelled."""
        return self._task.done()

    async def wait(self, seconds: float | None = None) -> None:
        """Wait for the end of the run, or for this many seconds. Never raises what the run raised."""
        await asyncio.wait([self._task], timeout=seconds)

    async def wait_for_news(self, seconds: float) -> None:
        """Wait for an event, for the end of the run, or for this many seconds."""
        # wait_for would swallow a cancellation that comes at the same moment as the news
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.progress.news.wait()

    def result(self) -> RunCreated:
        """Return the result of a run that is over. Raises what the run raised."""
        return self._task.result()

    async def cancel(self) -> None:
        """Cancel the run unless it is over: its process is killed and its place is free again."""
        if not self._task.done():
            self.cancelled = True
            self._task.cancel()
            await self.wait()

    def _on_end(self, task: asyncio.Task[RunCreated]) -> None:
        self.progress.news.set()
        if not task.cancelled():
            task.exception()  # retrieved here, or asyncio would log it when the client has disconnected


async def _finish_even_if_cancelled(work: Coroutine[Any, Any, None]) -> None:
    """Finish the work even when the caller is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def assemble(program: Program, answer: Answer, environment: Environment) -> Snapshot:
    """Return the snapshot of a run, with a new random id."""
    recorded = answer.recorded
    return Snapshot(
        schema_version=SCHEMA_VERSION,
        id=secrets.token_urlsafe(_ID_BYTES),
        created_at=datetime.now(UTC),
        program=program,
        environment=environment,
        console=answer.console,
        outcome=recorded.outcome,
        truncated=recorded.truncated,
        graphs=recorded.graphs,
        iterations=recorded.iterations,
        tensors=recorded.tensors,
        course=recorded.course,
    )
