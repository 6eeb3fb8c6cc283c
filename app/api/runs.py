"""Runs: a program goes in, a snapshot comes out."""

from fastapi import APIRouter, Request, Response

from app.api import problems, progress
from app.api.clients import Asking
from app.api.models import RunCreated, RunRequest
from app.api.negotiation import wants_events
from app.api.run_answers import RunAnswer, RunEvents
from app.api.services import Parts
from app.snapshot import Program

router = APIRouter(tags=["runs"])

_LOCATION = {"Location": {"description": "The address of the snapshot.", "schema": {"type": "string"}}}


@router.post(
    "/runs",
    status_code=201,
    summary="Run a program",
    response_model=RunCreated,
    responses={
        **progress.documented(),
        201: {"headers": _LOCATION},
        **problems.documented(400, 408, 413, 415, 422, 503),
    },
)
async def create_run(body: RunRequest, parts: Parts, client: Asking, request: Request) -> Response:
    """Runs a program in the sandbox and stores its snapshot. A program that fails is still answered with 201: its
    outcome says so, and what was recorded is kept. With `Accept: text/event-stream` the answer is a stream that tells
    how the run gets on. Closing the connection cancels the run.

    Programs run one at a time per client, in turns: a client is a browser's session, or whoever sends the same token of
    its own choice with `Authorization: Bearer`.
    """
    program = Program(source=body.source, seed=body.seed, overrides=body.overrides)
    run = parts.runs.begin(program, client)
    return RunEvents(run) if wants_events(request) else RunAnswer(run)
