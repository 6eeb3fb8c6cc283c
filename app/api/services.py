"""What the routes work with, put together once when the server starts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.api.asking import Asker
from app.api.clients import Sessions
from app.api.examining import Examiner
from app.api.lesson_runs import LessonRuns
from app.api.running import Runs
from app.exports.player import Player
from app.lessons import Lessons
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
    examiner: Examiner
    asker: Asker
    sessions: Sessions
    metrics: Metrics
    player: Player | None

    def title_of(self, snapshot_id: str) -> str:
        """What a snapshot is called in a file of its own: as its lesson, where it is one's own run."""
        of = self.lesson_runs.snapshot
        own = (lesson.title for lesson in self.lessons.all() if of(lesson.slug) == snapshot_id)
        return next(own, "A PyTorch program")


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(_services)]
"""The type of a route's parameter that receives the services."""
