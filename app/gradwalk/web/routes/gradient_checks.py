"""Checks: a gradient beside what finite differences of the same program give."""

from fastapi import APIRouter, Request, Response

from gradwalk.explain.gradcheck import Check
from gradwalk.web.bodies import CheckRequest
from gradwalk.web.http.client_identity import CurrentClient
from gradwalk.web.http.disconnect import NOBODY_WAITS, cancel_on_disconnect
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.snapshots import SnapshotId
from gradwalk.web.services.gradcheck_service import check
from gradwalk.web.services.services import CurrentServices

router = APIRouter(tags=["explanations"])


@router.post(
    "/snapshots/{snapshot_id}/checks",
    summary="Check a gradient by finite differences",
    response_model=Check,
    responses=documented(400, 404, 408, 413, 415, 422, 503),
)
async def check_gradient(
    snapshot_id: SnapshotId, body: CheckRequest, services: CurrentServices, client: CurrentClient, request: Request
) -> Response:
    """Runs the program of the snapshot again, five times, in turns with all other runs: as it is, and with this number
    moved by a small step up and down and by twice that step. What is recorded is not kept. Closing the connection
    cancels the check.
    """
    asked = (body.iteration, body.node, body.backward_pass, body.output, body.element)
    found = await cancel_on_disconnect(request, check(services.runner, services.store, client, snapshot_id, asked))
    if found is None:
        return Response(status_code=NOBODY_WAITS)
    return Response(found.model_dump_json(by_alias=True), media_type="application/json")
