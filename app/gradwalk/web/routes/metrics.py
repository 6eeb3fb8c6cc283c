"""The route of the counters, at the address where Prometheus looks for them."""

from contextlib import suppress

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from gradwalk.errors import SandboxUnavailable
from gradwalk.web.routes.dependencies import CurrentServices

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def read_metrics(services: CurrentServices) -> Response:
    """Return the counters and the present load."""
    with suppress(SandboxUnavailable):  # the sandbox has not started yet
        services.metrics.set_environment(services.runner.environment)
    services.metrics.set_load(**vars(services.runner.load))
    services.metrics.set_holdings(**vars(await services.store.holdings()))
    return Response(services.metrics.text(), media_type=CONTENT_TYPE_LATEST)
