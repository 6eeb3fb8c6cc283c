"""The counters, where Prometheus looks for them."""

from contextlib import suppress

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from gradwalk.errors import SandboxUnavailable
from gradwalk.web.services.services import Parts

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
async def read_metrics(parts: Parts) -> Response:
    """How the server has done and how it is now."""
    with suppress(SandboxUnavailable):  # before its first start there is nothing to tell
        parts.metrics.runs_on(parts.runner.environment)
    parts.metrics.is_now(**vars(parts.runner.load))
    parts.metrics.stores(**vars(await parts.store.holdings()))
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE_LATEST)
