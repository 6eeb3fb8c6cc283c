"""The routes of explanations: why a contribution, a gradient, a value or an update is the number that it is. They are
computed from a snapshot on request.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath

from gradwalk.contract.models import Model, json_of
from gradwalk.contract.snapshot import Program, Tensor
from gradwalk.explain.addressing import Subject, read_element
from gradwalk.explain.chain_rule import explain, needed
from gradwalk.explain.explanation import Explanation, NodeExplanation, UpdateExplanation
from gradwalk.explain.measured_derivative import explain_measured, wanted
from gradwalk.explain.node_explanation import explain_gradient, explain_value, node_needed
from gradwalk.explain.update_explanation import explain_update, update_needed
from gradwalk.iteration.indexed_graph import IndexedGraph
from gradwalk.iteration.indexed_iteration import IndexedIteration
from gradwalk.store import CompressedJson, Store
from gradwalk.web.http.disconnect import CLIENT_CLOSED_REQUEST, cancel_on_disconnect
from gradwalk.web.http.negotiation import NOT_MODIFIED, derived_answer
from gradwalk.web.http.problems import documented
from gradwalk.web.routes.dependencies import CurrentClient, CurrentServices
from gradwalk.web.routes.path_parameters import IterationIndex, SnapshotId
from gradwalk.web.services.snapshot_parts import read_iteration, whole_tensors

router = APIRouter(prefix="/snapshots/{snapshot_id}/iterations/{index}/explanations", tags=["explanations"])

EdgeId = Annotated[str, InPath(description="The id of an edge of the iteration's graph.", examples=["e0"])]
NodeId = Annotated[str, InPath(description="The id of a node of the iteration's graph.", examples=["n0"])]
PassNumber = Annotated[int, Query(alias="pass", ge=0, description="0 for the iteration's first backward pass.")]
Element = Annotated[
    str | None,
    Query(description="Its position, `0,1` in a matrix; by default that of the largest magnitude.", examples=["0,1"]),
]
Output = Annotated[int, Query(ge=0, description="Which of the operation's results.")]
Number = Annotated[int, Query(ge=0, description="0 for the leaf's first update in the iteration.")]

_RESPONSES: Final = {**NOT_MODIFIED, **documented(404, 422, 503)}
Needed = Callable[[IndexedIteration], list[Tensor]]
Explain = Callable[[IndexedIteration], Model]


@router.get("/{edge_id}", summary="Why a contribution is what it is", response_model=Explanation, responses=_RESPONSES)
async def explain_edge(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    edge_id: EdgeId,
    services: CurrentServices,
    request: Request,
    backward_pass: PassNumber = 0,
    element: Element = None,
) -> Response:
    """Return the chain rule at one edge in four stages: symbols, local derivatives, inserted numbers, result."""
    subject = Subject(edge_id, backward_pass, element=read_element(element))
    return await _answer(
        request,
        services.store,
        (snapshot_id, index),
        lambda iteration: needed(iteration, edge_id, backward_pass),
        lambda iteration: explain(iteration, subject),
    )


@router.post(
    "/{edge_id}/measurements",
    summary="Measure a local derivative",
    response_model=Explanation,
    responses=documented(404, 422, 503),
)
async def measure_edge(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    edge_id: EdgeId,
    services: CurrentServices,
    client: CurrentClient,
    request: Request,
    backward_pass: PassNumber = 0,
    element: Element = None,
) -> Response:
    """Run the snapshot's program again in the sandbox, up to this backward pass, and call the operation's backward on
    basis vectors. This explains an operation for which Gradwalk has no formula, above all a custom
    `torch.autograd.Function`. Nothing of that run is kept. It waits for the client's turn, as `POST /runs` does.
    Closing the connection cancels it.
    """
    subject = Subject(edge_id, backward_pass, element=read_element(element))
    source = await _read_source(
        services.store,
        (snapshot_id, index),
        lambda iteration: needed(iteration, edge_id, backward_pass),
    )
    wish = await asyncio.to_thread(wanted, source.iteration, subject)
    if wish is None:
        return _as_json(await asyncio.to_thread(explain_measured, source.iteration, subject))
    left = await cancel_on_disconnect(request, services.runner.measure(source.program, wish, client))
    if left is None:
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    return _as_json(await asyncio.to_thread(explain_measured, source.iteration, subject, left.measured, left.outcome))


@router.get(
    "/nodes/{node_id}",
    summary="Why a value or a gradient is what it is",
    response_model=NodeExplanation,
    responses=_RESPONSES,
)
async def explain_node(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    node_id: NodeId,
    services: CurrentServices,
    request: Request,
    backward_pass: Annotated[
        int | None, Query(alias="pass", ge=0, description="Left out, the value is explained.")
    ] = None,
    output: Output = 0,
    element: Element = None,
) -> Response:
    """Explain the node's value by its formula and numbers, or, with `pass`, its gradient as the sum of
    contributions.
    """
    subject = Subject(node_id, backward_pass or 0, output, read_element(element))
    return await _answer(
        request,
        services.store,
        (snapshot_id, index),
        lambda iteration: node_needed(iteration, node_id, backward_pass),
        lambda iteration: (
            explain_value(iteration, subject) if backward_pass is None else explain_gradient(iteration, subject)
        ),
    )


@router.get(
    "/updates/{node_id}",
    summary="Why an update changed a leaf as it did",
    response_model=UpdateExplanation,
    responses=_RESPONSES,
)
async def explain_leaf_update(
    snapshot_id: SnapshotId,
    index: IterationIndex,
    node_id: NodeId,
    services: CurrentServices,
    request: Request,
    number: Number = 0,
    element: Element = None,
) -> Response:
    """Return the optimizer's rule with its settings, its state and the gradient."""
    place = read_element(element)
    return await _answer(
        request,
        services.store,
        (snapshot_id, index),
        lambda iteration: update_needed(iteration, node_id, number),
        lambda iteration: explain_update(iteration, node_id, number, place),
    )


def _as_json(said: Explanation) -> Response:
    return Response(json_of(said), media_type="application/json")


async def _answer(
    request: Request, store: Store, where: tuple[str, int], needs: Needed, explained: Explain
) -> Response:
    """Compute an explanation and return it as JSON."""
    source = await _read_source(store, where, needs)
    said = asyncio.to_thread(lambda: CompressedJson.of(json_of(explained(source.iteration))))
    return await derived_answer(request, await said)


@dataclass(frozen=True)
class _Source:
    """The parts of a snapshot that an explanation is computed from. `program`: the snapshot's program."""

    program: Program
    iteration: IndexedIteration


async def _read_source(store: Store, where: tuple[str, int], needs: Needed) -> _Source:
    """Read an iteration and the tensors that `needs` returns. Raises SnapshotNotFound, IterationNotFound, and what
    `needs` raises.
    """
    snapshot_id, index = where
    head, graph, body = await read_iteration(store, snapshot_id, index)
    indexed = await asyncio.to_thread(IndexedGraph, graph)
    tensors = await whole_tensors(store, snapshot_id, needs(IndexedIteration(indexed, body)))
    return _Source(head.program, IndexedIteration(indexed, body, tensors))
