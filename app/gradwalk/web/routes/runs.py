"""Runs: a program goes in, a snapshot comes out."""

from fastapi import APIRouter, Request, Response

from gradwalk.contract.snapshot import Program
from gradwalk.web.bodies import RunCreated, RunRequest
from gradwalk.web.http import problems
from gradwalk.web.http.client_identity import CurrentClient
from gradwalk.web.http.negotiation import wants_events
from gradwalk.web.services import run_progress
from gradwalk.web.services.run_responses import RunAnswer, RunEvents
from gradwalk.web.services.services import CurrentServices

router = APIRouter(tags=["runs"])

_LOCATION = {"Location": {"description": "The address of the snapshot.", "schema": {"type": "string"}}}


@router.post(
    "/runs",
    status_code=201,
    summary="Run a program",
    response_model=RunCreated,
    responses={
        **run_progress.documented(),
        201: {"headers": _LOCATION},
        **problems.documented(400, 408, 413, 415, 422, 503),
    },
)
async def create_run(body: RunRequest, services: CurrentServices, client: CurrentClient, request: Request) -> Response:
    """Runs a program in the sandbox and stores its snapshot. A program that fails is still answered with 201: its
    outcome says so, and what was recorded is kept. With `Accept: text/event-stream` the answer is a stream that tells
    how the run gets on. Closing the connection cancels the run.

    Programs run one at a time per client, in turns: a client is a browser's session, or whoever sends the same token of
    its own choice with `Authorization: Bearer`.
    """
    program = Program(source=body.source, seed=body.seed, overrides=body.overrides)
    run = services.runs.begin(program, client)
    return RunEvents(run) if wants_events(request) else RunAnswer(run)
