"""The route of the findings about a snapshot."""

from fastapi import APIRouter, Request, Response

from gradwalk.web.bodies import FindingList
from gradwalk.web.http.negotiation import NOT_MODIFIED, derived_answer
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices
from gradwalk.web.routes.path_parameters import SnapshotId

router = APIRouter(prefix="/snapshots/{snapshot_id}", tags=["snapshots"])


@router.get(
    "/findings",
    summary="What goes wrong in the program",
    response_model=FindingList,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_findings(snapshot_id: SnapshotId, services: CurrentServices, request: Request) -> Response:
    """Return each finding with its node and line, a sentence that gives the reason and one that says what to do; `docs`
    names the section of the documentation that explains it.
    """
    return await derived_answer(request, await services.findings.findings(snapshot_id))
