"""The web application: routes, middleware and errors, put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from gradwalk.config import Settings
from gradwalk.edition import edition
from gradwalk.errors import GradwalkError
from gradwalk.lessons import Lessons
from gradwalk.sandbox.runner import Runner
from gradwalk.store import Store
from gradwalk.version import __version__
from gradwalk.web.assets import Assets
from gradwalk.web.examples import add_examples
from gradwalk.web.http.body_limits import BodyDeadline, BodyLimit
from gradwalk.web.http.client_identity import SessionCookies, Sessions
from gradwalk.web.http.middleware import SecurityHeaders, UnexpectedErrors
from gradwalk.web.http.origins import AllowedHosts, CrossOrigin
from gradwalk.web.http.problems import refusal_of, schemas
from gradwalk.web.http.shutdown import LastAnswers, Stopping
from gradwalk.web.pages import API, Pages, wants_page
from gradwalk.web.routes import (
    explanations,
    gradient_checks,
    health,
    lessons,
    metrics,
    observations,
    programs,
    questions,
    runs,
    snapshots,
)
from gradwalk.web.services import run_progress
from gradwalk.web.services.counters import Metrics
from gradwalk.web.services.findings_service import FindingsService
from gradwalk.web.services.housekeeping import Housekeeping, limits_of
from gradwalk.web.services.lesson_runs import LessonRuns
from gradwalk.web.services.observations_service import ObservationsService
from gradwalk.web.services.question_service import QuestionService
from gradwalk.web.services.run_log import RunLog
from gradwalk.web.services.run_service import RunService
from gradwalk.web.services.services import Services

_MOST_BYTES_PER_BYTE = 6
"""JSON may write one byte of a program as six: \\u0000."""
_ROOM_BESIDE_PROGRAM = 256 * 1024


def create_app(
    settings: Settings,
    runner: Runner,
    store: Store,
    assets: Assets | None = None,
    stopping: Stopping | None = None,
) -> FastAPI:
    """The application around a runner and a store that are started and closed by the caller, who also says when it is
    stopping.
    """
    taught = Lessons.load()
    counters = Metrics()
    made = RunService(runner, store, RunLog(counters), settings.program_bytes)
    lesson_runs = LessonRuns(taught, made, runner, store, edition(settings))
    housekeeping = Housekeeping(store, limits_of(settings), lesson_runs.names)
    sessions = Sessions.load(settings.data_dir)
    built = assets or Assets.load()
    pages = Pages(built, taught, store, lesson_runs.snapshot, settings.embed_origins)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with lesson_runs.in_background(), housekeeping.in_background():
            yield

    def answer(request: Request, error: Exception) -> Response:
        refusal = refusal_of(request, error)
        if not wants_page(request):
            return refusal.response()
        problem = refusal.problem
        return pages.error_page(request, problem.status, problem.title, problem.detail, refusal.headers)

    app = api(lifespan=lifespan)
    app.state.services = Services(
        runner,
        store,
        made,
        taught,
        lesson_runs,
        FindingsService(store),
        ObservationsService(store),
        QuestionService(store),
        sessions,
        counters,
        built.player(),
    )
    app.router.routes.extend(pages.routes())
    for error in (GradwalkError, RequestValidationError, HTTPException):
        app.add_exception_handler(error, answer)
    _surround(app, settings, answer, sessions)
    if stopping is not None:
        app.add_middleware(LastAnswers, stopping=stopping)
    app.add_middleware(SecurityHeaders)
    return app


def _surround(
    app: FastAPI, settings: Settings, answer: Callable[[Request, Exception], Response], sessions: Sessions
) -> None:
    """Middleware; the last one added is the outermost."""
    app.add_middleware(BodyLimit, largest=_MOST_BYTES_PER_BYTE * settings.program_bytes + _ROOM_BESIDE_PROGRAM)
    app.add_middleware(BodyDeadline, seconds=settings.body_seconds)
    app.add_middleware(UnexpectedErrors, answer=answer)
    app.add_middleware(SessionCookies, sessions=sessions)
    if settings.allowed_origins:
        app.add_middleware(CrossOrigin, origins=settings.allowed_origins, under=f"{API}/")
    if settings.allowed_hosts:
        app.add_middleware(AllowedHosts, hosts=settings.allowed_hosts)


def api(**options: Any) -> FastAPI:
    """The REST API alone: all that its OpenAPI document needs."""
    app = FastAPI(
        title="Gradwalk",
        version=__version__,
        description="Run PyTorch programs and read what really happened, as snapshots. Every refusal is a problem "
        "(RFC 9457) with a stable `code`.",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # FastAPI's own pages load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        **options,
    )
    routes = APIRouter(prefix=API)
    of_snapshots = (snapshots, observations, explanations, gradient_checks, questions)
    for resource in (runs, programs, *of_snapshots, lessons, health):
        routes.include_router(resource.router)
    app.include_router(routes)
    app.include_router(metrics.router)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the problems that the routes refer to, and with examples."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        document["components"]["schemas"].update(schemas() | run_progress.schemas())
        add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema
