"""From a program to a stored snapshot."""

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
from gradwalk.web.services.run_progress import Progress

_ID_BYTES = 18
"""144 random bits, 24 letters in a URL: nobody guesses the address of another one's snapshot."""


class RunService:
    """Runs programs and keeps what they leave. `largest`: bytes of UTF-8 that a program may have."""

    def __init__(self, runner: Runner, store: Store, journal: RunLog, largest: int) -> None:
        self._runner = runner
        self._store = store
        self._journal = journal
        self._largest = largest

    def begin(self, program: Program, client: QueueClient) -> "RunUnderWay":
        """Has a program run beside whoever asked for it. Raises ProgramEmpty, ProgramTooLarge."""
        self._refuse_unusable(program)
        return RunUnderWay(self, program, client)

    async def create(self, program: Program, client: QueueClient, listener: ProgressListener) -> RunCreated:
        """Runs a program and stores its snapshot. A program that fails leaves one too. Cancelling ends the program and
        leaves nothing, unless it has ended and its snapshot is being stored.

        Raises ProgramEmpty, ProgramTooLarge, Busy, SandboxUnavailable, StoreUnavailable.
        """
        with self._journal.noting_what_did_not_run():
            created = await self._create(program, client, listener)
        self._journal.ran(created)
        return created

    async def _create(self, program: Program, client: QueueClient, listener: ProgressListener) -> RunCreated:
        self._refuse_unusable(program)
        started = time.perf_counter()
        answer = await self._runner.run(program, client, listener)
        snapshot = assemble(program, answer, self._runner.environment)
        await _to_the_end(self._store.save(snapshot))
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


class RunUnderWay:
    """A run that somebody waits for. `progress`: what there is to tell of it. `given_up`: nobody waits any more."""

    def __init__(self, runs: RunService, program: Program, client: QueueClient) -> None:
        self.progress = Progress()
        self.given_up = False
        self._task = asyncio.create_task(runs.create(program, client, self.progress))
        self._task.add_done_callback(self._on_end)

    @property
    def is_over(self) -> bool:
        """Whether there is a result, a refusal or nothing any more."""
        return self._task.done()

    async def ended(self, seconds: float | None = None) -> None:
        """Waits for the end, at most so long. Never raises what the run raised."""
        await asyncio.wait([self._task], timeout=seconds)

    async def has_news(self, seconds: float) -> None:
        """Waits for something to tell or the end, at most so long."""
        # wait_for would swallow a cancellation that comes together with the news
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.progress.news.wait()

    def created(self) -> RunCreated:
        """What the run left, once it is over. Raises what the run raised."""
        return self._task.result()

    async def give_up(self) -> None:
        """Cancels the run if it is not over: its child is killed and its place free."""
        if not self._task.done():
            self.given_up = True
            self._task.cancel()
            await self.ended()

    def _on_end(self, task: asyncio.Task[RunCreated]) -> None:
        self.progress.news.set()
        if not task.cancelled():
            task.exception()  # somebody has looked at it, also when nobody waits any more


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Does it whole, even when it is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def assemble(program: Program, answer: Answer, environment: Environment) -> Snapshot:
    """The snapshot of a run, with an id of its own."""
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
