"""Every lesson has been run when a newcomer comes, so that he sees a result and not an empty stage.

A lesson's snapshot has a name in the store, made of all that decides what is in it. So the next server, and the one
beside it on the same database, finds it there, and a lesson is run again only when it would give something else.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gradwalk.contract.snapshot import Environment, Program
from gradwalk.errors import Busy, Unavailable
from gradwalk.lessons import Lesson, Lessons, Spot
from gradwalk.sandbox import ProgressListener
from gradwalk.sandbox.runner import Runner
from gradwalk.store import Store
from gradwalk.web.http.client_identity import SERVER
from gradwalk.web.services.lesson_stops import spots_of
from gradwalk.web.services.run_service import RunService

_log = logging.getLogger(__name__)

_REPEATABLE = ("completed", "failed")
"""How a run ends that would end so again. The others tell of a bad moment: the next server tries anew."""


class LessonRuns:
    """The snapshots of the lessons, as they come in. `edition`: which Gradwalk runs them."""

    def __init__(self, lessons: Lessons, runs: RunService, runner: Runner, store: Store, edition: str) -> None:
        self._lessons = lessons
        self._runs = runs
        self._runner = runner
        self._store = store
        self._edition = edition
        self._snapshots: dict[str, str] = {}
        self._spots: dict[str, list[Spot | None]] = {}
        self._names: list[str] = []
        self._stopping = asyncio.Event()

    def snapshot(self, slug: str) -> str | None:
        """The id of a lesson's snapshot; null until it was run."""
        return self._snapshots.get(slug)

    def spots(self, slug: str) -> list[Spot | None]:
        """Where each stop of a lesson is in its snapshot, null where it names no place; empty until it was run."""
        return self._spots.get(slug, [])

    def names(self) -> list[str]:
        """The names of the snapshots that must stay while this server runs."""
        return self._names

    @asynccontextmanager
    async def in_background(self) -> AsyncIterator[None]:
        """Runs the lessons while the server already serves. At the end the run under way is finished, not cut."""
        task = asyncio.create_task(self.prepare())
        yield
        self._stopping.set()
        await task

    async def prepare(self) -> None:
        """Runs every lesson, the one that a newcomer sees first. Waits while programs cannot be run."""
        for lesson in sorted(self._lessons.all(), key=lambda lesson: lesson is not self._lessons.first()):
            try:
                await self._prepare(lesson)
            except Exception:  # nobody waits for this task: what goes wrong is told here or never
                _log.exception("The lesson %s could not be run.", lesson.slug)

    async def _prepare(self, lesson: Lesson) -> None:
        while lesson.slug not in self._snapshots and not self._stopping.is_set():
            try:
                snapshot = await self._found_or_made(Program(source=lesson.source))
                self._spots[lesson.slug] = await spots_of(lesson, snapshot, self._store)
                self._snapshots[lesson.slug] = snapshot
            except (Busy, Unavailable) as error:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), error.retry_after)

    async def _found_or_made(self, program: Program) -> str:
        name = name_of(program, self._runner.environment, self._edition)
        found = await self._store.find(name)
        if found is None:
            created = await self._runs.create(program, SERVER, ProgressListener())
            if created.outcome.status not in _REPEATABLE:
                return created.snapshot
            found = await self._store.name(name, created.snapshot)
        self._names.append(name)
        return found


def name_of(program: Program, environment: Environment, edition: str) -> str:
    """64 hexadecimal digits that are the same only where the snapshot would be."""
    parts = (program.model_dump_json(), environment.model_dump_json(), edition)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
