"""The route of the server's health: 200 only when a program can be run and its snapshot stored."""

from fastapi import APIRouter

from gradwalk.version import __version__
from gradwalk.web.bodies import Health
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices

router = APIRouter(tags=["health"])


@router.get("/health", summary="Whether the server can do its work", responses=documented(503))
async def read_health(services: CurrentServices) -> Health:
    """Check the sandbox, and write to the store."""
    await services.runner.check()
    await services.store.check_writable()
    return Health(status="ok", version=__version__, environment=services.runner.environment)
