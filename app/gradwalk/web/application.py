"""The web application: its services, routes, middleware and error handlers."""

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
from gradwalk.web.http.origins import AllowedHosts, CrossOrigin
from gradwalk.web.http.problems import refusal_of, schemas
from gradwalk.web.http.security_headers import SecurityHeaders
from gradwalk.web.http.shutdown import Shutdown, ShutdownResponses
from gradwalk.web.http.unexpected_errors import UnexpectedErrors
from gradwalk.web.pages import API, Pages, wants_page
from gradwalk.web.routes import (
    explanations,
    exports,
    findings,
    glossary,
    gradchecks,
    health,
    lessons,
    metrics,
    observations,
    programs,
    questions,
    run_events,
    runs,
    snapshots,
)
from gradwalk.web.services.counters import Metrics
from gradwalk.web.services.findings_service import FindingsService
from gradwalk.web.services.gradcheck_service import GradcheckService
from gradwalk.web.services.housekeeping import Housekeeping, limits_of
from gradwalk.web.services.lesson_runs import LessonRuns
from gradwalk.web.services.observations_service import ObservationsService
from gradwalk.web.services.question_service import QuestionService
from gradwalk.web.services.run_log import RunLog
from gradwalk.web.services.run_service import RunService
from gradwalk.web.services.services import Services

_MOST_BYTES_PER_BYTE = 6
"""JSON may write one byte of a program as six: \\u0000."""
_BYTES_BESIDE_PROGRAM = 256 * 1024


def create_app(
    settings: Settings,
    runner: Runner,
    store: Store,
    assets: Assets | None = None,
    shutdown: Shutdown | None = None,
) -> FastAPI:
    """Create the application. The caller starts and closes the runner and the store, and begins the shutdown."""
    library = Lessons.built_in()
    counters = Metrics()
    run_service = RunService(runner, store, RunLog(counters), settings.program_bytes)
    lesson_runs = LessonRuns(library, run_service, runner, store, edition(settings))
    housekeeping = Housekeeping(store, limits_of(settings), lesson_runs.names)
    sessions = Sessions.load(settings.data_dir)
    assets = assets or Assets.load()
    pages = Pages(assets, library, store, lesson_runs.snapshot, settings.embed_origins)

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
        runner=runner,
        store=store,
        runs=run_service,
        lessons=library,
        lesson_runs=lesson_runs,
        findings=FindingsService(store),
        observations=ObservationsService(store),
        questions=QuestionService(store),
        gradcheck=GradcheckService(runner, store),
        sessions=sessions,
        metrics=counters,
        player=assets.player(),
    )
    app.router.routes.extend(pages.routes())
    for error in (GradwalkError, RequestValidationError, HTTPException):
        app.add_exception_handler(error, answer)
    _add_middleware(app, settings, answer, sessions)
    if shutdown is not None:
        app.add_middleware(ShutdownResponses, shutdown=shutdown)
    app.add_middleware(SecurityHeaders)
    return app


def _add_middleware(
    app: FastAPI, settings: Settings, answer: Callable[[Request, Exception], Response], sessions: Sessions
) -> None:
    """Add the middleware; the last one added is the outermost."""
    app.add_middleware(BodyLimit, largest=_MOST_BYTES_PER_BYTE * settings.program_bytes + _BYTES_BESIDE_PROGRAM)
    app.add_middleware(BodyDeadline, seconds=settings.body_seconds)
    app.add_middleware(UnexpectedErrors, answer=answer)
    app.add_middleware(SessionCookies, sessions=sessions)
    if settings.allowed_origins:
        app.add_middleware(CrossOrigin, origins=settings.allowed_origins, under=f"{API}/")
    if settings.allowed_hosts:
        app.add_middleware(AllowedHosts, hosts=settings.allowed_hosts)


def api(**options: Any) -> FastAPI:
    """Create the REST API alone, which is enough for its OpenAPI document."""
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
    for resource in (
        runs,
        programs,
        snapshots,
        observations,
        findings,
        exports,
        explanations,
        gradchecks,
        questions,
        lessons,
        glossary,
        health,
    ):
        routes.include_router(resource.router)
    app.include_router(routes)
    app.include_router(metrics.router)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with examples and with the schemas of problems that the routes refer to."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        document["components"]["schemas"].update(schemas() | run_events.schemas())
        add_examples(document)
        app.openapi_schema = document
    return app.openapi_schema
