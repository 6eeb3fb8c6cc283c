"""What the routes work with, put together once when the server starts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from gradwalk.exports.player_page import Player
from gradwalk.lessons import Lessons
from gradwalk.sandbox.runner import Runner
from gradwalk.store import Store
from gradwalk.web.http.client_identity import Sessions
from gradwalk.web.services.counters import Metrics
from gradwalk.web.services.findings_service import FindingsService
from gradwalk.web.services.lesson_runs import LessonRuns
from gradwalk.web.services.observations_service import ObservationsService
from gradwalk.web.services.question_service import QuestionService
from gradwalk.web.services.run_service import RunService


@dataclass(frozen=True)
class Services:
    """The parts of one server. `player`: null where the page was not built."""

    runner: Runner
    store: Store
    runs: RunService
    lessons: Lessons
    lesson_runs: LessonRuns
    examiner: FindingsService
    observations: ObservationsService
    asker: QuestionService
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


CurrentServices = Annotated[Services, Depends(_services)]
"""The type of a route's parameter that receives the services."""
