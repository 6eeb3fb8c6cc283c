"""What the routes work with, put together once when the server starts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.api.clients import Sessions
from app.api.lesson_runs import LessonRuns
from app.api.running import Runs
from app.exports.player import Player
from app.lessons import Lesson, Lessons
from app.metrics import Metrics
from app.sandbox.runner import Runner
from app.store import Store


@dataclass(frozen=True)
class Services:
    """The parts of one server. `player`: null where the page was not built."""

    runner: Runner
    store: Store
    runs: Runs
    lessons: Lessons
    lesson_runs: LessonRuns
    sessions: Sessions
    metrics: Metrics
    player: Player | None

    def lesson_of(self, snapshot_id: str) -> Lesson | None:
        """The lesson whose own run this snapshot is."""
        runs = self.lesson_runs
        return next((lesson for lesson in self.lessons.all() if runs.snapshot(lesson.slug) == snapshot_id), None)


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(_services)]
"""The type of a route's parameter that receives the services."""
