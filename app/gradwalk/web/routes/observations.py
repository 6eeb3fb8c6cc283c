"""The route of the observations about an iteration."""

from fastapi import APIRouter, Request, Response

from gradwalk.iteration.iteration_observations import Observations
from gradwalk.web.http.negotiation import NOT_MODIFIED, derived_answer
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices
from gradwalk.web.routes.path_parameters import IterationIndex, SnapshotId

router = APIRouter(prefix="/snapshots/{snapshot_id}/iterations/{index}", tags=["snapshots"])


@router.get(
    "/observations",
    summary="What is remarkable in one iteration",
    response_model=Observations,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_observations(
    snapshot_id: SnapshotId, index: IterationIndex, services: CurrentServices, request: Request
) -> Response:
    """Return where NaN and infinity began, which nodes no gradient reaches and why, which `.grad` was not cleared, and
    what happens in each step, in words.
    """
    return await derived_answer(request, await services.observations.observations(snapshot_id, index))
