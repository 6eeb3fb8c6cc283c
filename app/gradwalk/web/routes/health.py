"""Health: 200 only when a program can be run and its snapshot stored."""

from fastapi import APIRouter

from gradwalk.version import __version__
from gradwalk.web.bodies import Health
from gradwalk.web.http.problems import documented
from gradwalk.web.services.services import Parts

router = APIRouter(tags=["health"])


@router.get("/health", summary="Whether the server can do its work", responses=documented(503))
async def read_health(parts: Parts) -> Health:
    """Asks the sandbox, and writes something to the store."""
    await parts.runner.check()
    await parts.store.check()
    return Health(status="ok", version=__version__, environment=parts.runner.environment)
