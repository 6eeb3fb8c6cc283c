"""What the routes work with, put together once when the server starts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.api.clients import Sessions
from app.api.examining import Examiner
from app.api.lesson_runs import LessonRuns
from app.api.running import Runs
from app.lessons import Lessons
from app.metrics import Metrics
from app.sandbox.runner import Runner
from app.store import Store


@dataclass(frozen=True)
class Services:
    """The parts of one server."""

    runner: Runner
    store: Store
    runs: Runs
    lessons: Lessons
    lesson_runs: LessonRuns
    examiner: Examiner
    sessions: Sessions
    metrics: Metrics


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(_services)]
"""The type of a route's parameter that receives the services."""
