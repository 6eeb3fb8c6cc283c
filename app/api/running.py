"""From a program to a stored snapshot."""

import secrets
import time
from datetime import UTC, datetime

from app.api.models import RunCreated, Timings
from app.errors import ProgramEmpty, ProgramTooLarge
from app.sandbox.runner import Answer, Runner
from app.snapshot import SCHEMA_VERSION, Environment, Program, Snapshot
from app.store import Store

_ID_BYTES = 18
"""144 random bits, 24 letters in a URL: nobody guesses the address of another one's snapshot."""


class Runs:
    """Runs programs and keeps what they leave. `largest`: bytes of UTF-8 that a program may have."""

    def __init__(self, runner: Runner, store: Store, largest: int) -> None:
        self._runner = runner
        self._store = store
        self._largest = largest

    async def create(self, program: Program) -> RunCreated:
        """Runs a program and stores its snapshot. A program that fails leaves one too.

        Raises ProgramEmpty, ProgramTooLarge, Busy, SandboxUnavailable, StoreUnavailable.
        """
        self._refuse_unusable(program)
        started = time.perf_counter()
        answer = await self._runner.run(program)
        snapshot = assemble(program, answer, self._runner.environment)
        await self._store.save(snapshot)
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
