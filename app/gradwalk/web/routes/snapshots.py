"""The routes of snapshots. A snapshot never changes, so every cache may keep it for ever."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from gradwalk.contract.snapshot import Iteration, SnapshotHead, Tensor
from gradwalk.web.http.negotiation import NOT_MODIFIED, NPY, json_answer, npy_answer, wants_npy
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentServices
from gradwalk.web.routes.path_parameters import IterationIndex, SnapshotId

router = APIRouter(prefix="/snapshots/{snapshot_id}", tags=["snapshots"])

TensorId = Annotated[str, Path(description="The id of a tensor inside an iteration.", examples=["t3"])]

_RESPONSES: Final = {**NOT_MODIFIED, **documented(404, 422, 503)}
_NPY: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {NPY: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(
    "",
    summary="A snapshot without the bodies of its iterations",
    response_model=SnapshotHead,
    responses=_RESPONSES,
)
async def read_snapshot(snapshot_id: SnapshotId, services: CurrentServices, request: Request) -> Response:
    """Return the program, its outcome, console and graphs, and a summary of each iteration."""
    return await json_answer(request, await services.store.head(snapshot_id), snapshot_id)


@router.get(
    "/iterations/{index}",
    summary="The numbers of one iteration",
    response_model=Iteration,
    responses=_RESPONSES,
)
async def read_iteration(
    snapshot_id: SnapshotId, index: IterationIndex, services: CurrentServices, request: Request
) -> Response:
    """Return values, gradients, contributions, updates and steps."""
    body = await services.store.iteration(snapshot_id, index)
    return await json_answer(request, body, f"{snapshot_id}.i{index}")


@router.get(
    "/tensors/{tensor_id}",
    summary="One whole tensor",
    response_model=Tensor,
    responses={**_NPY, **_RESPONSES},
)
async def read_tensor(
    snapshot_id: SnapshotId, tensor_id: TensorId, services: CurrentServices, request: Request
) -> Response:
    """Return the tensor as JSON, or as a `.npy` file with `Accept: application/octet-stream`."""
    body = await services.store.tensor(snapshot_id, tensor_id)
    answer = npy_answer if wants_npy(request) else json_answer
    return await answer(request, body, f"{snapshot_id}.{tensor_id}")
