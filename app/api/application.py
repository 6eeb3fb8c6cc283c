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

from app import __version__
from app.api import checks, explanations, health, lessons, metrics, programs, progress, questions, runs, snapshots
from app.api.asking import Asker
from app.api.bodies import BodyDeadline, BodyLimit
from app.api.clients import SessionCookies, Sessions
from app.api.examining import Examiner
from app.api.examples import add_examples
from app.api.housekeeping import Housekeeping, limits_of
from app.api.journal import Journal
from app.api.lesson_runs import LessonRuns
from app.api.middleware import SecurityHeaders, UnexpectedErrors
from app.api.origins import AllowedHosts, CrossOrigin
from app.api.problems import refusal_of, schemas
from app.api.running import Runs
from app.api.services import Services
from app.api.stopping import LastAnswers, Stopping
from app.assets import Assets
from app.config import Settings
from app.edition import edition
from app.errors import GradwalkError
from app.lessons import Lessons
from app.metrics import Metrics
from app.pages import API, Pages, wants_page
from app.sandbox.runner import Runner
from app.store import Store

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
    made = Runs(runner, store, Journal(counters), settings.program_bytes)
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
        runner, store, made, taught, lesson_runs, Examiner(store), Asker(store), sessions, counters, built.player()
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
    for resource in (runs, programs, snapshots, explanations, checks, questions, lessons, health):
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
        document["components"]["schemas"].update(schemas() | progress.schemas())
        add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema
