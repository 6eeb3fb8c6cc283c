"""The routes of the prediction questions about a snapshot: each is asked before the step that shows the answer.

The server keeps no record of who was asked what: a question is found again by its id.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gradwalk.contract.models import json_of
from gradwalk.questions import Verdict
from gradwalk.web.bodies import AnswerRequest, QuestionList
from gradwalk.web.http.negotiation import NOT_MODIFIED, derived_answer
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices
from gradwalk.web.routes.path_parameters import SnapshotId

router = APIRouter(prefix="/snapshots/{snapshot_id}", tags=["questions"])

Seed = Annotated[int, Query(ge=0, lt=2**31, description="Who gives the same seed is asked the same.")]
WhichIteration = Annotated[int, Query(ge=0, lt=2**31, description="0 for the first iteration.")]


@router.get(
    "/questions",
    summary="Questions to answer before the steps are seen",
    response_model=QuestionList,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_questions(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, seed: Seed = 0, iteration: WhichIteration = 0
) -> Response:
    """Return at most seven questions about one iteration, in the order of its steps, without their answers."""
    return await derived_answer(request, await services.questions.questions(snapshot_id, seed, iteration))


@router.post(
    "/answers",
    summary="Whether an answer is right, and why",
    response_model=Verdict,
    responses=documented(400, 404, 408, 413, 415, 422, 503),
)
async def judge_answer(snapshot_id: SnapshotId, body: AnswerRequest, services: CurrentServices) -> Response:
    """Return the expected answer with the chain rule in sentences, and the address of the full explanation."""
    verdict = await services.questions.verdict(snapshot_id, body.question, body.answer)
    return Response(json_of(verdict), media_type="application/json")
