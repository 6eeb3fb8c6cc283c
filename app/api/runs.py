"""Runs: a program goes in, a snapshot comes out."""

from fastapi import APIRouter, Response

from app.api.models import RunCreated, RunRequest
from app.api.problems import documented
from app.api.services import Parts
from app.snapshot import Program

router = APIRouter(tags=["runs"])

_LOCATION = {"Location": {"description": "The address of the snapshot.", "schema": {"type": "string"}}}


@router.post(
    "/runs",
    status_code=201,
    summary="Run a program",
    responses={201: {"headers": _LOCATION}, **documented(400, 408, 413, 415, 422, 503)},
)
async def create_run(body: RunRequest, parts: Parts, response: Response) -> RunCreated:
    """Runs a program in the sandbox and stores its snapshot. A program that fails is still answered with 201: its
    outcome says so, and what was recorded is kept.
    """
    program = Program(source=body.source, seed=body.seed, overrides=body.overrides)
    created = await parts.runs.create(program)
    response.headers["Location"] = f"/api/v1/snapshots/{created.snapshot}"
    return created
