"""Snapshots: what a run left. They never change, so every answer may be kept for ever."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from gradwalk.contract.snapshot import Iteration, Snapshot, SnapshotHead, Tensor
from gradwalk.errors import Unavailable
from gradwalk.version import __version__
from gradwalk.web.bodies import FindingList
from gradwalk.web.http.negotiation import NPY, derived_answer, json_answer, npy_answer, stream_answer, wants_npy
from gradwalk.web.http.problems import documented
from gradwalk.web.services.html_export import export_player
from gradwalk.web.services.json_export import DOT, MERMAID, Language, export, export_drawing, export_svg
from gradwalk.web.services.services import CurrentServices

router = APIRouter(prefix="/snapshots/{snapshot_id}", tags=["snapshots"])

SnapshotId = Annotated[str, Path(description="The id that the run was answered with.")]
IterationIndex = Annotated[int, Path(description="0 for the first iteration.")]
TensorId = Annotated[str, Path(description="The id of a tensor inside an iteration.", examples=["t3"])]

GraphNumber = Annotated[int, Query(description="0 for the first structure of the program.")]

Range = Annotated[
    str | None,
    Query(
        pattern=r"^\d{1,9}(-\d{1,9})?$",
        description="Which iterations go into the file: 3, or 0-9. All of them when it is left out.",
        examples=["0-9"],
    ),
]

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The client has it already (If-None-Match)."}}
_BINARY: dict[int | str, dict[str, Any]] = {200: {"content": {NPY: {"schema": {"type": "string", "format": "binary"}}}}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"Content-Disposition": {"description": "The name to save it by.", "schema": {"type": "string"}}}}
}


def _file_of(language: Language) -> dict[int | str, dict[str, Any]]:
    content = {language.media_type: {"schema": {"type": "string"}}}
    return {200: {**_FILE[200], "content": content}, **NOT_MODIFIED, **documented(404, 422, 503)}


@router.get(
    "",
    summary="A snapshot without the bodies of its iterations",
    response_model=SnapshotHead,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_snapshot(snapshot_id: SnapshotId, services: CurrentServices, request: Request) -> Response:
    """Program, outcome, console, graphs, and a line about each iteration."""
    return await json_answer(request, await services.store.head(snapshot_id), snapshot_id)


@router.get(
    "/iterations/{index}",
    summary="The numbers of one iteration",
    response_model=Iteration,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_iteration(
    snapshot_id: SnapshotId, index: IterationIndex, services: CurrentServices, request: Request
) -> Response:
    """Values, gradients, contributions, updates and steps."""
    body = await services.store.iteration(snapshot_id, index)
    return await json_answer(request, body, f"{snapshot_id}.i{index}")


@router.get(
    "/tensors/{tensor_id}",
    summary="One whole tensor",
    response_model=Tensor,
    responses={**_BINARY, **NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_tensor(
    snapshot_id: SnapshotId, tensor_id: TensorId, services: CurrentServices, request: Request
) -> Response:
    """As JSON, or as a `.npy` file with `Accept: application/octet-stream`."""
    body = await services.store.tensor(snapshot_id, tensor_id)
    answer = npy_answer if wants_npy(request) else json_answer
    return await answer(request, body, f"{snapshot_id}.{tensor_id}")


@router.get(
    "/findings",
    summary="What goes wrong in the program",
    response_model=FindingList,
    responses={**NOT_MODIFIED, **documented(404, 422, 503)},
)
async def read_findings(snapshot_id: SnapshotId, services: CurrentServices, request: Request) -> Response:
    """Each with its node and line, one sentence why and one what to do; `docs` names the section that explains it."""
    return await derived_answer(request, await services.examiner.findings(snapshot_id))


@router.get(
    "/export/json",
    summary="A whole snapshot in one file",
    response_model=Snapshot,
    responses={**_FILE, **NOT_MODIFIED, **documented(404, 422, 503)},
)
async def export_json(snapshot_id: SnapshotId, services: CurrentServices, request: Request) -> Response:
    """With every iteration and every large tensor, as `gradwalk trace` writes it."""
    return await stream_answer(request, await export(services.store, snapshot_id), f"{snapshot_id}.export.json")


@router.get("/export/dot", summary="A graph for Graphviz", response_class=Response, responses=_file_of(DOT))
async def export_dot(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, graph: GraphNumber = 0
) -> Response:
    """Nodes, edges and groups, without numbers."""
    drawn = await export_drawing(services.store, snapshot_id, graph, DOT)
    return await stream_answer(request, drawn, f"{snapshot_id}.{__version__}.{graph}.dot")


@router.get("/export/mermaid", summary="A graph for Mermaid", response_class=Response, responses=_file_of(MERMAID))
async def export_mermaid(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, graph: GraphNumber = 0
) -> Response:
    """Nodes, edges and groups, without numbers."""
    drawn = await export_drawing(services.store, snapshot_id, graph, MERMAID)
    return await stream_answer(request, drawn, f"{snapshot_id}.{__version__}.{graph}.mermaid")


@router.get(
    "/export/html",
    summary="A page that plays the snapshot, in one file",
    response_class=Response,
    responses={
        200: {**_FILE[200], "content": {"text/html": {"schema": {"type": "string"}}}},
        **NOT_MODIFIED,
        **documented(404, 422, 503),
    },
)
async def export_html(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, iterations: Range = None
) -> Response:
    """Opens from a disk, without this server and without a network: stage, timeline, narration and inspector."""
    if services.player is None:
        raise Unavailable(
            "The page that goes into the file was not built: run make build, then start the server again."
        )
    title = services.title_of(snapshot_id)
    bounds = [int(bound) for bound in iterations.split("-")] if iterations else [None]
    page = await export_player(services.store, snapshot_id, services.player, title, bounds[0], bounds[-1])
    tag = f"{snapshot_id}.{services.player.digest}.{iterations or 'all'}.{_digest(title)}.html"
    return await stream_answer(request, page, tag, lasting=False)


@router.get(
    "/export/svg",
    summary="An iteration as a drawing",
    response_class=Response,
    responses={
        200: {**_FILE[200], "content": {"image/svg+xml": {"schema": {"type": "string"}}}},
        **NOT_MODIFIED,
        **documented(404, 422, 503),
    },
)
async def export_svg_drawing(
    snapshot_id: SnapshotId,
    services: CurrentServices,
    request: Request,
    iteration: Annotated[int, Query(description="0 for the first iteration.")] = 0,
    backward_pass: Annotated[
        int | None,
        Query(alias="pass", description="Whose gradients: 0 for the first backward pass; the last one else."),
    ] = None,
) -> Response:
    """The whole graph with the value of each node above it and its gradient below it, in one SVG file."""
    title = services.title_of(snapshot_id)
    drawing = await export_svg(services.store, snapshot_id, iteration, backward_pass, title)
    tag = f"{snapshot_id}.{__version__}.{iteration}.{backward_pass}.{_digest(title)}.svg"
    return await stream_answer(request, drawing, tag, lasting=False)


def _digest(title: str) -> str:
    """Of a title, which a lesson may change: it is a part of the file."""
    return hashlib.sha256(title.encode()).hexdigest()[:8]
