"""Checks: a gradient beside what finite differences of the same program give."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from app.api.checking import check
from app.api.clients import Asking
from app.api.models import CheckRequest
from app.api.problems import documented
from app.api.services import Parts
from app.api.snapshots import SnapshotId
from app.calculus.checks import Check

router = APIRouter(tags=["explanations"])

_GLANCE_SECONDS: Final = 0.2
"""Between two glances at whether somebody still waits."""
_NOBODY_WAITS: Final = 499
"""Written where nobody reads it."""


@router.post(
    "/snapshots/{snapshot_id}/checks",
    summary="Check a gradient by finite differences",
    response_model=Check,
    responses=documented(400, 404, 408, 413, 415, 422, 503),
)
async def check_gradient(
    snapshot_id: SnapshotId, body: CheckRequest, parts: Parts, client: Asking, request: Request
) -> Response:
    """Runs the program of the snapshot again, five times, in turns with all other runs: as it is, and with this number
    moved by a small step up and down and by twice that step. What is recorded is not kept. Closing the connection
    cancels the check.
    """
    asked = (body.iteration, body.node, body.backward_pass, body.output, body.element)
    task = asyncio.create_task(check(parts.runner, parts.store, client, snapshot_id, asked))
    try:
        if await _ended_before_going(task, request):
            return Response(task.result().model_dump_json(by_alias=True), media_type="application/json")
    finally:
        task.cancel()
    return Response(status_code=_NOBODY_WAITS)


async def _ended_before_going(task: asyncio.Task[Check], request: Request) -> bool:
    """Waits for the end, or until nobody waits for it any more; tells which."""
    while not task.done():
        await asyncio.wait([task], timeout=_GLANCE_SECONDS)
        if not task.done() and await request.is_disconnected():
            return False
    return True
