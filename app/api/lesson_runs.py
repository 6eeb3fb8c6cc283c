"""Every lesson is run once when the server starts, so that a newcomer sees a result and not an empty stage."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from app.api.clients import SERVER
from app.api.running import Runs
from app.errors import Busy, Unavailable
from app.lessons import Lesson, Lessons
from app.sandbox import Listener
from app.snapshot import Program

_log = logging.getLogger(__name__)


class LessonRuns:
    """The snapshots of the lessons, as they come in."""

    def __init__(self, lessons: Lessons, runs: Runs) -> None:
        self._lessons = lessons
        self._runs = runs
        self._snapshots: dict[str, str] = {}
        self._stopping = asyncio.Event()

    def snapshot(self, slug: str) -> str | None:
        """The id of a lesson's snapshot; null until it was run."""
        return self._snapshots.get(slug)

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
                created = await self._runs.create(Program(source=lesson.source), SERVER, Listener())
                self._snapshots[lesson.slug] = created.snapshot
            except (Busy, Unavailable) as error:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), error.retry_after)
