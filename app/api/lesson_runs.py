"""Every lesson is run once when the server starts, so that a newcomer sees a result and not an empty stage."""

import asyncio
import logging

from app.api.running import Runs
from app.errors import Busy, GradwalkError, Unavailable
from app.lessons import Lesson, Lessons
from app.snapshot import Program

_log = logging.getLogger(__name__)


class LessonRuns:
    """The snapshots of the lessons, as they come in."""

    def __init__(self, lessons: Lessons, runs: Runs) -> None:
        self._lessons = lessons
        self._runs = runs
        self._snapshots: dict[str, str] = {}

    def snapshot(self, slug: str) -> str | None:
        """The id of a lesson's snapshot; null until it was run."""
        return self._snapshots.get(slug)

    async def prepare(self) -> None:
        """Runs every lesson, the first one that a newcomer sees first. Waits while programs cannot be run."""
        for lesson in sorted(self._lessons.all(), key=lambda lesson: lesson is not self._lessons.first()):
            try:
                await self._prepare(lesson)
            except GradwalkError:
                _log.exception("The lesson %s could not be run.", lesson.slug)

    async def _prepare(self, lesson: Lesson) -> None:
        while True:
            try:
                created = await self._runs.create(Program(source=lesson.source))
            except (Busy, Unavailable) as error:
                await asyncio.sleep(error.retry_after)
            else:
                self._snapshots[lesson.slug] = created.snapshot
                return
