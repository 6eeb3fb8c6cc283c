"""The route of runs: it takes a program and answers with the address of its snapshot."""

from fastapi import APIRouter, Request, Response

from gradwalk.contract.snapshot import Program
from gradwalk.web.bodies import RunCreated, RunRequest
from gradwalk.web.http import problems
from gradwalk.web.http.negotiation import wants_events
from gradwalk.web.routes import run_events
from gradwalk.web.routes.dependencies import CurrentClient, CurrentServices
from gradwalk.web.routes.run_responses import RunEventStream, RunResponse

router = APIRouter(tags=["runs"])

_LOCATION = {"Location": {"description": "The address of the snapshot.", "schema": {"type": "string"}}}


@router.post(
    "/runs",
    status_code=201,
    summary="Run a program",
    response_model=RunCreated,
    responses={
        **run_events.documented(),
        201: {"headers": _LOCATION},
        **problems.documented(400, 408, 413, 415, 422, 503),
    },
)
async def create_run(body: RunRequest, services: CurrentServices, client: CurrentClient, request: Request) -> Response:
    """Run a program in the sandbox and store its snapshot. A program that fails is answered with 201 too: its outcome
    says so, and the steps before the failure are kept. With `Accept: text/event-stream` the response is a stream of
    events that report how the run gets on. Closing the connection cancels the run.

    The programs of one client run one at a time, in turns with those of other clients. A client is a browser's session,
    or all callers that send the same token of their own choice with `Authorization: Bearer`.
    """
    program = Program(source=body.source, seed=body.seed, overrides=body.overrides)
    run = services.runs.begin(program, client)
    return RunEventStream(run) if wants_events(request) else RunResponse(run)
