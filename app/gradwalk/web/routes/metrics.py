"""The counters, where Prometheus looks for them."""

from contextlib import suppress

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from gradwalk.errors import SandboxUnavailable
from gradwalk.web.services.services import CurrentServices

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def read_metrics(services: CurrentServices) -> Response:
    """How the server has done and how it is now."""
    with suppress(SandboxUnavailable):  # before its first start there is nothing to tell
        services.metrics.runs_on(services.runner.environment)
    services.metrics.is_now(**vars(services.runner.load))
    services.metrics.stores(**vars(await services.store.holdings()))
    return Response(services.metrics.text(), media_type=CONTENT_TYPE_LATEST)
