"""The runs of the lessons, which the server makes after its start so that a newcomer sees a result and not an empty
stage.

A lesson's snapshot has a name in the store, a hash of everything that decides its content. So the next server, and
another one on the same database, finds it there. A lesson is run again only when its snapshot would be different.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gradwalk.contract.snapshot import Environment, Program
from gradwalk.errors import Busy, Unavailable
from gradwalk.lessons import Lesson, Lessons, StopPosition
from gradwalk.sandbox import ProgressListener
from gradwalk.sandbox.runner import Runner
from gradwalk.store import Store
from gradwalk.web.http.client_identity import SERVER
from gradwalk.web.services.lesson_stops import find_stop_positions
from gradwalk.web.services.run_service import RunService

_log = logging.getLogger(__name__)

_REPEATABLE = ("completed", "failed")
"""The outcomes that another run would have too. Other outcomes are temporary: the next server tries again."""


class LessonRuns:
    """Runs the lessons and holds the ids of their snapshots. `edition`: names the version of Gradwalk that runs
    them.
    """

    def __init__(self, lessons: Lessons, runs: RunService, runner: Runner, store: Store, edition: str) -> None:
        self._lessons = lessons
        self._runs = runs
        self._runner = runner
        self._store = store
        self._edition = edition
        self._snapshots: dict[str, str] = {}
        self._stop_positions: dict[str, list[StopPosition | None]] = {}
        self._names: list[str] = []
        self._stopping = asyncio.Event()

    def snapshot(self, slug: str) -> str | None:
        """Return the id of a lesson's snapshot; null until the lesson was run."""
        return self._snapshots.get(slug)

    def stop_positions(self, slug: str) -> list[StopPosition | None]:
        """Return the position of each stop in the lesson's snapshot, null where the stop names no place. Empty until
        the lesson was run.
        """
        return self._stop_positions.get(slug, [])

    def names(self) -> list[str]:
        """Return the names of the snapshots that must stay while this server runs."""
        return self._names

    @asynccontextmanager
    async def in_background(self) -> AsyncIterator[None]:
        """Run the lessons while the server already serves. At the end, wait for the lesson that is running."""
        task = asyncio.create_task(self.prepare())
        yield
        self._stopping.set()
        await task

    async def prepare(self) -> None:
        """Run every lesson, beginning with the one that a newcomer sees. Wait while programs cannot be run."""
        for lesson in sorted(self._lessons.all(), key=lambda lesson: lesson is not self._lessons.first()):
            try:
                await self._prepare(lesson)
            except Exception:  # nobody awaits this task: an error that is not logged here is lost
                _log.exception("The lesson %s could not be run.", lesson.slug)

    async def _prepare(self, lesson: Lesson) -> None:
        while lesson.slug not in self._snapshots and not self._stopping.is_set():
            try:
                snapshot = await self._find_or_run(Program(source=lesson.source))
                self._stop_positions[lesson.slug] = await find_stop_positions(lesson, snapshot, self._store)
                self._snapshots[lesson.slug] = snapshot
            except (Busy, Unavailable) as error:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), error.retry_after)

    async def _find_or_run(self, program: Program) -> str:
        name = snapshot_name(program, self._runner.environment, self._edition)
        found = await self._store.find_by_name(name)
        if found is None:
            created = await self._runs.create(program, SERVER, ProgressListener())
            if created.outcome.status not in _REPEATABLE:
                return created.snapshot
            found = await self._store.give_name(name, created.snapshot)
        self._names.append(name)
        return found


def snapshot_name(program: Program, environment: Environment, edition: str) -> str:
    """Return a hash, 64 hexadecimal digits, of everything that decides the content of a lesson's snapshot."""
    parts = (program.model_dump_json(), environment.model_dump_json(), edition)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
