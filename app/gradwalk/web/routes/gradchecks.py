"""The route of gradient checks, which compare a gradient with finite differences of the same program."""

from fastapi import APIRouter, Request, Response

from gradwalk.explain.gradcheck import Check
from gradwalk.web.bodies import CheckRequest
from gradwalk.web.http.disconnect import CLIENT_CLOSED_REQUEST, cancel_on_disconnect
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentClient, CurrentServices
from gradwalk.web.routes.path_parameters import SnapshotId

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
    """Run the program of the snapshot again, five times, in turns with all other runs: unchanged, and with this number
    moved by a small step up and down and by twice that step. The recordings are not kept. Closing the connection
    cancels the check.
    """
    found = await cancel_on_disconnect(request, services.gradcheck.check(client, snapshot_id, body))
    if found is None:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    return Response(found.model_dump_json(by_alias=True), media_type="application/json")
