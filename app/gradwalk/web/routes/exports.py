"""The routes of the files that a snapshot can be saved as."""

import hashlib
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from gradwalk.contract.snapshot import Snapshot
from gradwalk.errors import Unavailable
from gradwalk.version import __version__
from gradwalk.web.http.negotiation import NOT_MODIFIED, stream_answer
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices
from gradwalk.web.routes.path_parameters import SnapshotId
from gradwalk.web.services.drawing_export import DOT, MERMAID, graph_file, svg_file
from gradwalk.web.services.html_export import IterationRange, player_file
from gradwalk.web.services.json_export import snapshot_file

router = APIRouter(prefix="/snapshots/{snapshot_id}", tags=["snapshots"])

GraphNumber = Annotated[int, Query(description="0 for the first structure of the program.")]
IterationNumbers = Annotated[
    str | None,
    Query(
        pattern=r"^\d{1,9}(-\d{1,9})?$",
        description="Which iterations go into the file: 3, or 0-9. All of them when it is left out.",
        examples=["0-9"],
    ),
]
IterationNumber = Annotated[int, Query(description="0 for the first iteration.")]
PassNumber = Annotated[
    int | None, Query(alias="pass", description="Whose gradients: 0 for the first backward pass; the last one else.")
]

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"Content-Disposition": {"description": "The name to save it by.", "schema": {"type": "string"}}}}
}


def _file_responses(media_type: str) -> dict[int | str, dict[str, Any]]:
    content = {media_type: {"schema": {"type": "string"}}}
    return {200: {**_FILE[200], "content": content}, **NOT_MODIFIED, **documented(404, 422, 503)}


@router.get(
    "/export/json",
    summary="A whole snapshot in one file",
    response_model=Snapshot,
    responses={**_FILE, **NOT_MODIFIED, **documented(404, 422, 503)},
)
async def export_json(snapshot_id: SnapshotId, services: CurrentServices, request: Request) -> Response:
    """Return the snapshot with every iteration and every large tensor, as `gradwalk trace` writes it."""
    file = await snapshot_file(services.store, snapshot_id)
    return await stream_answer(request, file, f"{snapshot_id}.export.json")


@router.get(
    "/export/dot",
    summary="A graph for Graphviz",
    response_class=Response,
    responses=_file_responses(DOT.media_type),
)
async def export_dot(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, graph: GraphNumber = 0
) -> Response:
    """Return nodes, edges and groups, without numbers."""
    file = await graph_file(services.store, snapshot_id, graph, DOT)
    return await stream_answer(request, file, f"{snapshot_id}.{__version__}.{graph}.dot")


@router.get(
    "/export/mermaid",
    summary="A graph for Mermaid",
    response_class=Response,
    responses=_file_responses(MERMAID.media_type),
)
async def export_mermaid(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, graph: GraphNumber = 0
) -> Response:
    """Return nodes, edges and groups, without numbers."""
    file = await graph_file(services.store, snapshot_id, graph, MERMAID)
    return await stream_answer(request, file, f"{snapshot_id}.{__version__}.{graph}.mermaid")


@router.get(
    "/export/html",
    summary="A page that plays the snapshot, in one file",
    response_class=Response,
    responses=_file_responses("text/html"),
)
async def export_html(
    snapshot_id: SnapshotId, services: CurrentServices, request: Request, iterations: IterationNumbers = None
) -> Response:
    """Return a page that opens from a disk, without this server and without a network. It has the stage, the timeline,
    the narration and the inspector.
    """
    if services.player is None:
        raise Unavailable(
            "The page that goes into the file was not built: run make build, then start the server again."
        )
    title = services.title_of(snapshot_id)
    chosen = IterationRange.parse(iterations)
    file = await player_file(services.store, snapshot_id, services.player, title, chosen)
    tag = f"{snapshot_id}.{services.player.digest}.{iterations or 'all'}.{_digest(title)}.html"
    return await stream_answer(request, file, tag, lasting=False)


@router.get(
    "/export/svg",
    summary="An iteration as a drawing",
    response_class=Response,
    responses=_file_responses("image/svg+xml"),
)
async def export_svg_drawing(
    snapshot_id: SnapshotId,
    services: CurrentServices,
    request: Request,
    iteration: IterationNumber = 0,
    backward_pass: PassNumber = None,
) -> Response:
    """Return the whole graph in one SVG file, with the value of each node above it and its gradient below it."""
    title = services.title_of(snapshot_id)
    file = await svg_file(services.store, snapshot_id, iteration, backward_pass, title)
    tag = f"{snapshot_id}.{__version__}.{iteration}.{backward_pass}.{_digest(title)}.svg"
    return await stream_answer(request, file, tag, lasting=False)


def _digest(title: str) -> str:
    """Return a short hash of a title for an ETag: a lesson's title stands in the file and may change."""
    return hashlib.sha256(title.encode()).hexdigest()[:8]
