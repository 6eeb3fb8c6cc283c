"""Questions about a snapshot, each asked before the step that shows the answer; and whether an answer is right.

Nothing is kept of who was asked what: a question is found again by its id.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.models import AnswerRequest, QuestionList
from app.api.negotiation import derived_answer
from app.api.problems import documented
from app.api.services import Parts
from app.api.snapshots import NOT_MODIFIED, SnapshotId
from app.calculus.questions import Verdict, check, choose, iteration_of
from app.calculus.questions.scene import Scene
from app.errors import IterationNotFound, QuestionNotFound
from app.models import json_of
from app.snapshot import Iteration, SnapshotHead
from app.store import CompressedJson, Store

router = APIRouter(prefix="/snapshots/{snapshot_id}", tags=["questions"])

Seed = Annotated[int, Query(ge=0, lt=2**31, description="Who gives the same seed is asked the same.")]
WhichIteration = Annotated[int, Query(ge=0, lt=2**31, description="0 for the first iteration.")]

_NOTHING_RECORDED = "There is nothing to ask: no operation of this program was recorded."
_NOTHING_TO_ASK = "There is nothing to ask here: no step of this iteration has an answer that is found by head."


@router.get(
    "/questions",
    summary="Questions to answer before the steps are seen",
    response_model=QuestionList,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_questions(
    snapshot_id: SnapshotId, parts: Parts, request: Request, seed: Seed = 0, iteration: WhichIteration = 0
) -> Response:
    """At most seven about one iteration, in the order of its steps, without their answers."""
    head = await _head(parts.store, snapshot_id)
    if not head.iterations and iteration == 0:
        listed = QuestionList(iteration=iteration, seed=seed, questions=[], note=_NOTHING_RECORDED)
    else:
        scene = await _scene(parts.store, head, iteration)
        questions = await asyncio.to_thread(choose, scene, seed)
        note = None if questions else _NOTHING_TO_ASK
        listed = QuestionList(iteration=iteration, seed=seed, questions=questions, note=note)
    body = await asyncio.to_thread(lambda: CompressedJson.of(listed.model_dump_json(by_alias=True).encode()))
    return await derived_answer(request, body)


@router.post(
    "/answers",
    summary="Whether an answer is right, and why",
    response_model=Verdict,
    responses=documented(400, 404, 408, 413, 415, 422, 503),
)
async def judge_answer(snapshot_id: SnapshotId, body: AnswerRequest, parts: Parts) -> Response:
    """The expected answer with the chain rule in sentences, and where the full explanation of it is."""
    head = await _head(parts.store, snapshot_id)
    try:
        scene = await _scene(parts.store, head, iteration_of(body.question))
    except IterationNotFound as error:
        raise QuestionNotFound("This snapshot has no question with this id: take one from its questions.") from error
    verdict = await asyncio.to_thread(check, scene, body.question, body.answer)
    return Response(json_of(verdict), media_type="application/json")


async def _head(store: Store, snapshot_id: str) -> SnapshotHead:
    body = await store.head(snapshot_id)
    return await asyncio.to_thread(lambda: SnapshotHead.model_validate_json(body.json()))


async def _scene(store: Store, head: SnapshotHead, index: int) -> Scene:
    """Raises IterationNotFound."""
    stored = await store.iteration(head.id, index)
    body = await asyncio.to_thread(lambda: Iteration.model_validate_json(stored.json()))
    if not 0 <= body.graph < len(head.graphs):
        raise IterationNotFound(f"Iteration {index} of this snapshot has no graph: take another one.")
    first = next((one.index for one in head.iterations if one.graph == body.graph), index)
    return Scene(head.graphs[body.graph], body, first == index)
